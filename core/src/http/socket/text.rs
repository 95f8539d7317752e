//! The text of a frame.

use std::{fmt, sync::Arc};

use bytes::Bytes;

/// A text to be sent. Cloning it is cheap: what goes to thousands of sockets is written once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SocketText(
    /// UTF-8.
    pub(super) Bytes,
);

impl SocketText {
    /// Its bytes.
    #[expect(clippy::len_without_is_empty, reason = "whether it is empty concerns nobody")]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl fmt::Display for SocketText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

impl From<&str> for SocketText {
    fn from(text: &str) -> Self {
        Self(Bytes::copy_from_slice(text.as_bytes()))
    }
}

impl From<String> for SocketText {
    fn from(text: String) -> Self {
        Self(Bytes::from(text))
    }
}

impl From<Arc<str>> for SocketText {
    fn from(text: Arc<str>) -> Self {
        Self(Bytes::from_owner(Shared(text)))
    }
}

/// Lets the bytes of a shared text be shared.
struct Shared(Arc<str>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}
