//! The AsyncAPI 3.0 document: the sockets of all modules and what is said over them, made once at
//! start.
//!
//! It is written from the side of the server: what clients send it receives.
//!
//! **Invariant:** the same project gives the same bytes, in every build.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::{
    Error, Result,
    http::{
        API_PREFIX,
        socket::{FrameDocument, SocketRoute, close},
    },
};

const ABOUT: &str = "What is said over the WebSockets of this server: texts in UTF-8, one JSON object \
    each. The requests that are answered once stand in the OpenAPI document.\n\n\
    A page of another origin is refused (403) before the socket opens. Access tokens do not stand in \
    addresses: sign in with a ticket from `POST /api/v1/auth/ws_ticket`, or with the first frame. A \
    ticket that is not good is told after the socket has opened: it is closed with 4401.\n\n\
    Frames may come to have more members, and there may be more of them: a client passes over what it \
    does not know.";

/// With which codes sockets are closed, and what a client does then.
const CLOSE_CODES: [(u16, &str, &str); 9] = [
    (close::NORMAL, "All was said.", "Nothing."),
    (close::SILENT, "The client was silent for too long.", "Connect again and resume."),
    (close::BROKEN, "A fault of the server.", "Connect again after a while and resume."),
    (close::BAD_FRAME, "A frame that is none, or too large.", "Mend the client: it comes again."),
    (
        close::SIGNED_OUT,
        "Not signed in, or not any more.",
        "Get a fresh token, then connect again.",
    ),
    (close::FORBIDDEN, "Signed in, without the right to be here.", "Stay away; tell the user."),
    (close::TOO_SLOW, "The client did not take what it was sent.", "Connect again and resume."),
    (close::TOO_FAST, "Too many frames, or too many sockets.", "Connect again after a while."),
    (close::DRAINING, "The server ends, or cannot serve now.", "Connect again after a pause."),
];

/// The whole document: a channel for each socket.
///
/// # Errors
/// When two frames of one side of a socket, or two different shapes, have one name.
pub(crate) fn document(sockets: &[SocketRoute]) -> Result<Bytes> {
    let mut draft = Draft::default();
    sockets.iter().try_for_each(|it| draft.add(it))?;
    Ok(Bytes::from(draft.finish().to_string()))
}

#[derive(Default)]
struct Draft {
    channels: Map<String, Value>,
    operations: Map<String, Value>,
    schemas: Map<String, Value>,
}

impl Draft {
    fn add(&mut self, route: &SocketRoute) -> Result<()> {
        let path = route.path();
        let below = path.strip_prefix(API_PREFIX).unwrap_or(&path).trim_matches('/');
        let name = below.replace('/', "_");
        let document = route.document().unwrap_or_default();
        let mut messages = Map::new();
        for (action, side, frames) in
            [("receive", "client", &document.from_client), ("send", "server", &document.to_client)]
        {
            let mut refs = Vec::new();
            for frame in frames {
                let key = format!("{side}.{}", frame.name);
                refs.push(json!({ "$ref": format!("#/channels/{name}/messages/{key}") }));
                if messages.insert(key.clone(), message(frame)).is_some() {
                    return Err(Error::broken(format!(
                        "{path}: two frames are called `{key}`; rename one"
                    )));
                }
            }
            let operation = json!({
                "action": action,
                "channel": { "$ref": format!("#/channels/{name}") },
                "messages": refs,
            });
            self.operations.insert(format!("{name}.{action}"), operation);
        }
        for (name, schema) in document.schemas {
            if self.schemas.get(&name).is_some_and(|it| *it != schema) {
                return Err(Error::broken(format!(
                    "{path}: another socket has another shape `{name}`; rename one"
                )));
            }
            self.schemas.insert(name, schema);
        }
        self.channels.insert(name, channel(route, &document.about, &messages));
        Ok(())
    }

    fn finish(self) -> Value {
        let server = |protocol: &str| {
            let host = json!({ "default": "127.0.0.1:8000", "description": "Where it listens." });
            json!({ "host": "{host}", "protocol": protocol, "variables": { "host": host } })
        };
        json!({
            "asyncapi": "3.0.0",
            "info": { "title": "Artel", "version": "1", "description": ABOUT },
            "defaultContentType": "application/json",
            "servers": { "plain": server("ws"), "encrypted": server("wss") },
            "channels": self.channels,
            "operations": self.operations,
            "components": { "schemas": self.schemas },
        })
    }
}

fn channel(route: &SocketRoute, about: &str, messages: &Map<String, Value>) -> Value {
    let ticket = json!({
        "type": "string",
        "description": "Signs in: good once, from `POST /api/v1/auth/ws_ticket`.",
    });
    let query = json!({
        "type": "object",
        "properties": { "ticket": ticket },
        "additionalProperties": false,
    });
    let closes = CLOSE_CODES
        .map(|(code, means, cure)| json!({ "code": code, "means": means, "then": cure }));
    json!({
        "address": route.path(),
        "summary": route.summary(),
        "description": about,
        "messages": messages,
        "bindings": { "ws": { "method": "GET", "query": query, "bindingVersion": "0.1.0" } },
        "x-protocols": route.protocols(),
        "x-close-codes": closes,
    })
}

fn message(frame: &FrameDocument) -> Value {
    json!({ "name": frame.name, "summary": frame.summary, "payload": frame.schema })
}

#[cfg(test)]
mod tests;
