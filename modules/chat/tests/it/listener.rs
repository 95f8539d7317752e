//! Somebody who listens over a socket, as a client would.

use artel_testing::{Client, TestSocket};
use serde_json::{Value, json};

use crate::protocol;

pub(crate) const WS: &str = "/api/v1/ws";

/// A socket that is signed in.
pub(crate) struct Listener {
    pub(crate) socket: TestSocket,
    /// What it was told of its chats when it had signed in.
    pub(crate) ready: Value,
    client: Client,
}

impl Listener {
    /// Opens a socket and says who it is.
    pub(crate) async fn of(client: &Client) -> Self {
        Self::over(client.socket(WS).protocols("artel.v1").open().await, client).await
    }

    /// Says over a socket that has just opened who it is.
    pub(crate) async fn over(mut socket: TestSocket, client: &Client) -> Self {
        let hello = socket.frame().await;
        assert_eq!(hello["type"], "hello", "{hello}");
        socket.say(json!({ "type": "auth", "token": client.token() })).await;
        let ready = socket.frame().await;
        assert_eq!(ready["type"], "ready", "{ready}");
        protocol::check(client, &hello).await;
        protocol::check(client, &ready).await;
        Self { socket, ready, client: client.clone() }
    }

    /// One that listens to a chat from now on.
    pub(crate) async fn to(client: &Client, chat: i64) -> Self {
        let mut listener = Self::of(client).await;
        listener.subscribe(chat, Value::Null).await;
        assert_eq!(listener.frame().await["type"], "subscribed");
        listener
    }

    pub(crate) async fn say(&mut self, frame: Value) {
        self.socket.say(frame).await;
    }

    pub(crate) async fn subscribe(&mut self, chat: i64, seen: Value) {
        let chats = json!({ chat.to_string(): seen });
        self.say(json!({ "type": "subscribe", "id": "s", "chats": chats })).await;
    }

    /// The next frame, which has the shape that the document promises.
    pub(crate) async fn frame(&mut self) -> Value {
        let frame = self.socket.frame().await;
        protocol::check(&self.client, &frame).await;
        frame
    }

    /// The next frame, which is an event: `seq kind text`.
    pub(crate) async fn event(&mut self) -> String {
        let frame = self.frame().await;
        assert_eq!(frame["type"], "event", "{frame}");
        let body = frame["data"]["message"]["body"].as_str().unwrap_or_default();
        format!("{} {} {body}", frame["seq"], frame["kind"].as_str().unwrap()).trim().to_owned()
    }

    /// Sees that nothing came before the answer to a ping.
    pub(crate) async fn hears_nothing(&mut self) {
        self.say(json!({ "type": "ping" })).await;
        assert_eq!(self.frame().await, json!({ "type": "pong" }));
    }
}
