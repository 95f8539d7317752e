//! Documents of hand-made sockets.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::*;
use crate::{
    App,
    http::socket::{Opening, Socket, SocketDocument, SocketHandler},
};

/// Says what it is given to say of itself.
struct Described {
    frames: &'static [&'static str],
    shape: &'static str,
}

impl SocketHandler for Described {
    fn summary(&self) -> &'static str {
        "Tells the time"
    }

    fn document(&self) -> Option<SocketDocument> {
        let frame = |it: &&str| FrameDocument {
            name: (*it).to_owned(),
            summary: format!("Says {it}"),
            schema: json!({ "$ref": "#/components/schemas/Time" }),
        };
        Some(SocketDocument {
            about: "A frame each second.".to_owned(),
            from_client: self.frames.iter().map(frame).collect(),
            to_client: vec![frame(&"tick")],
            schemas: Map::from_iter([("Time".to_owned(), json!({ "type": self.shape }))]),
        })
    }

    fn serve<'a>(&'a self, _: &'a Arc<App>, _: Opening, _: Socket) -> BoxFuture<'a, ()> {
        Box::pin(async {})
    }
}

#[test]
fn a_socket_is_a_channel_that_receives_and_sends() {
    let found = parsed([("/clock", Described { frames: &["set", "stop"], shape: "string" })]);
    let channel = &found["channels"]["clock"];
    assert_eq!(channel["address"], "/api/v1/clock");
    assert_eq!(channel["summary"], "Tells the time");
    assert_eq!(channel["x-protocols"], json!(["artel.v1"]));
    let names: Vec<_> = channel["messages"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["client.set", "client.stop", "server.tick"]);
    let receive = &found["operations"]["clock.receive"];
    assert_eq!(receive["action"], "receive");
    assert_eq!(
        receive["messages"],
        json!([
            { "$ref": "#/channels/clock/messages/client.set" },
            { "$ref": "#/channels/clock/messages/client.stop" },
        ])
    );
    assert_eq!(found["operations"]["clock.send"]["action"], "send");
    assert_eq!(found["components"]["schemas"]["Time"], json!({ "type": "string" }));
}

#[test]
fn frames_of_one_name_are_an_error() {
    let twice = routes([("/clock", Described { frames: &["set", "set"], shape: "string" })]);
    assert!(document(&twice).unwrap_err().to_string().contains("client.set"));
}

#[test]
fn shapes_of_one_name_are_one_shape() {
    let socket = |path, shape| (path, Described { frames: &[], shape });
    let same = routes([socket("/clock", "string"), socket("/watch", "string")]);
    assert!(document(&same).is_ok());
    let other = routes([socket("/clock", "string"), socket("/watch", "integer")]);
    assert!(document(&other).unwrap_err().to_string().contains("Time"));
}

#[test]
fn without_sockets_there_is_a_document_without_channels() {
    let found = parsed([]);
    assert_eq!((&found["asyncapi"], &found["channels"]), (&json!("3.0.0"), &json!({})));
}

fn routes<const N: usize>(sockets: [(&'static str, Described); N]) -> [SocketRoute; N] {
    sockets.map(|(path, handler)| SocketRoute::new("clocks", path, handler))
}

fn parsed<const N: usize>(sockets: [(&'static str, Described); N]) -> Value {
    serde_json::from_slice(&document(&routes(sockets)).unwrap()).unwrap()
}
