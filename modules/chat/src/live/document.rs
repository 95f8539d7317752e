//! What is said over sockets, described: made from the types that say it.

use artel_core::http::socket::{FrameDocument, SocketDocument};
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Value, json};

use crate::{
    EventKind,
    live::frame::{FromClient, ToClient},
    log::event_data,
};

const ABOUT: &str = "Chats, live. The server says `hello`; the client says who it is with `auth`, \
    unless a ticket has; the server says `ready`, with the chats of the user. Then the client asks with \
    `subscribe` for chats, each from the last event that it has seen; what it missed comes, then \
    `subscribed`, then what happens.\n\n\
    Events of a chat come in the order of their `seq`, without gaps but where `reset` says so. How to \
    write a client stands in `docs/CHAT-PROTOCOL.md`.";

/// What is said over the sockets of chats.
pub(super) fn document() -> SocketDocument {
    let mut reads = generator(SchemaSettings::draft07().for_deserialize());
    let mut writes = generator(SchemaSettings::draft07().for_serialize());
    let from_client = frames::<FromClient>(&mut reads);
    let mut to_client = frames::<ToClient<'static>>(&mut writes);
    to_client.extend(EventKind::ALL.map(|it| event(it, &mut writes)));
    let mut schemas = reads.take_definitions(true);
    schemas.extend(writes.take_definitions(true));
    SocketDocument { about: ABOUT.to_owned(), from_client, to_client, schemas }
}

fn generator(settings: SchemaSettings) -> SchemaGenerator {
    settings.with(|it| it.definitions_path = "/components/schemas".into()).into_generator()
}

/// The frames of one side: the variants of a type that has its name in `type`.
fn frames<T: JsonSchema>(generator: &mut SchemaGenerator) -> Vec<FrameDocument> {
    let mut schema = T::json_schema(generator);
    generator.transforms_mut().for_each(|it| it.transform(&mut schema));
    let variants = schema.remove("oneOf").unwrap_or_default();
    let variants = variants.as_array().into_iter().flatten();
    variants.filter_map(|it| frame(it.clone())).collect()
}

fn frame(mut schema: Value) -> Option<FrameDocument> {
    let summary = schema.as_object_mut()?.remove("description").unwrap_or_default();
    let name = schema.pointer("/properties/type/const")?.as_str()?.to_owned();
    let summary = summary.as_str().unwrap_or_default().trim_end_matches('.').to_owned();
    Some(FrameDocument { name, summary, schema })
}

/// What [`crate::live::frame::event`] puts together.
fn event(kind: EventKind, generator: &mut SchemaGenerator) -> FrameDocument {
    let data = event_data::shape(kind, generator);
    let number = json!({ "type": "integer", "format": "int64" });
    let schema = json!({
        "type": "object",
        "properties": {
            "type": { "const": "event" },
            "chat_id": number,
            "seq": number,
            "kind": { "const": kind.as_str() },
            "at": { "type": "string", "format": "date-time" },
            "data": data,
        },
        "required": ["type", "chat_id", "seq", "kind", "at", "data"],
    });
    let name = format!("event.{}", kind.as_str());
    FrameDocument { name, summary: format!("An event: `{}`", kind.as_str()), schema }
}
