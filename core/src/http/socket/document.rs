//! What a module says of the frames of its sockets: for the AsyncAPI document.

use serde_json::{Map, Value};

/// What is said over the sockets of one path.
#[derive(Debug, Default)]
pub struct SocketDocument {
    /// How a conversation goes, in Markdown.
    pub about: String,
    /// The frames that clients send.
    pub from_client: Vec<FrameDocument>,
    /// The frames that the server sends.
    pub to_client: Vec<FrameDocument>,
    /// Shapes with a name (JSON Schema, draft 7), which the frames refer to as
    /// `#/components/schemas/{name}`.
    pub schemas: Map<String, Value>,
}

/// A frame.
#[derive(Debug)]
pub struct FrameDocument {
    /// What it is called; once on each side: letters, digits, `.`, `_` and `-`.
    pub name: String,
    /// What it says, in one line.
    pub summary: String,
    /// Its shape (JSON Schema, draft 7).
    pub schema: Value,
}
