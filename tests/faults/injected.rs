//! A connection breaks off at one place of a message after the other, until there are no more: said
//! again, it is there once, and everybody hears it once.
//!
//! The places are every statement of the message to PostgreSQL, from the one that begins to the one
//! that commits, and everything that the server writes to the client; each before it has come, halfway,
//! and when all of it has come and nothing of the answer.

use std::time::Duration;

use artel_testing::{
    Client, Dialect, Heard, Moment, Place, Proxy, TestApp, TestSocket, Upstream, in_time,
};
use http::Method;
use serde_json::{Value, json};
use tokio::time;

use crate::{
    TURN,
    line::{PAUSE, WS},
    world::{CHATS, id_of},
};

const MOMENTS: [Moment; 3] = [Moment::Before, Moment::Halfway, Moment::After];
/// How long a client waits for an answer before it asks again.
const ANSWER: Duration = Duration::from_secs(5);

/// What one message costs at the least: it begins, holds the chat, judges, looks whether it is there
/// already, writes it and its event, and commits.
const STATEMENTS_MIN: usize = 6;
/// Far more messages than there are statements of one.
const TRIES_MAX: usize = 60;
/// What a server writes to a socket: that it opens, who it is, what it was told, the message, and that
/// it stands.
const WRITES_MIN: usize = 5;

/// A server behind a proxy, another one, and those who listen on either.
struct Stage {
    base: TestApp,
    app: TestApp,
    /// Between the server and the database.
    database: Proxy,
    /// Ann, who speaks on the server.
    ann: Client,
    chat: i64,
    listeners: Vec<Ear>,
    said: usize,
}

/// Somebody who hears everything once.
struct Ear {
    socket: TestSocket,
    seq: i64,
}

impl Stage {
    async fn arrange() -> Self {
        let modules = [auth_token::MODULE, chat::MODULE];
        // What nobody was told of is found soon.
        let builder = || TestApp::builder().setting("ARTEL_CHAT__POLL_MS", 100);
        let base = builder().start(&modules).await;
        let database = Proxy::speaking(Dialect::Postgres, base.database().upstream()).await;
        let app = builder().start_on(base.database().url_through(&database), &modules).await;
        let (ann, boris) = (base.user("ann").await, base.user("boris").await);
        let body = json!({ "kind": "group", "member_ids": [id_of(&base, "boris").await] });
        let chat = ann.post(CHATS, body).await.expect(201).id();
        let mut listeners = Vec::new();
        for server in [app.address(), base.address()] {
            let mut socket = sign_in(&boris.at(server)).await.unwrap();
            subscribe(&mut socket, chat).await;
            listeners.push(Ear { socket, seq: 2 });
        }
        let ann = ann.at(app.address());
        Self { base, app, database, ann, chat, listeners, said: 0 }
    }

    /// A message that nobody has said yet.
    fn message(&mut self) -> Value {
        self.said += 1;
        let name = format!("00000000-0000-4000-8000-{:012x}", self.said);
        json!({ "body": format!("message {}", self.said), "client_msg_id": name })
    }

    fn path(&self) -> String {
        format!("{CHATS}/{}/messages", self.chat)
    }

    /// Says it until it is acknowledged, and sees that everybody hears it as the next event.
    async fn settle(&mut self, message: &Value) {
        in_time(async { while !request(&self.ann, &self.path(), message).await {} }).await;
        for ear in &mut self.listeners {
            let event = loop {
                let frame = ear.socket.frame().await;
                if frame["type"] == "event" {
                    break frame;
                }
            };
            ear.seq += 1;
            assert_eq!(
                (event["seq"].as_i64(), &event["kind"]),
                (Some(ear.seq), &json!("message.created"))
            );
            assert_eq!(event["data"]["message"]["client_msg_id"], message["client_msg_id"]);
        }
    }

    /// The same; what was being said to the database when that broke off, if it has.
    async fn settled(&mut self, message: &Value) -> Option<String> {
        let broken = self.database.broken_off();
        self.settle(message).await;
        broken
    }

    /// Sees that each was said once, and nothing else.
    async fn end(self) {
        let path = format!("{}?limit=1000", self.path());
        let messages = self.ann.at(self.base.address()).get(&path).await.expect(200).json();
        assert_eq!(messages["data"].as_array().unwrap().len(), self.said);
        assert_eq!(messages["as_of_seq"].as_i64().unwrap(), 2 + self.said as i64);
        self.app.stop().await;
        self.base.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_said_once_whichever_statement_breaks_off() {
    let _turn = TURN.lock().await;
    let mut stage = Stage::arrange().await;
    for moment in MOMENTS {
        let mut broken = Broken::default();
        while !broken.is_over() {
            let message = stage.message();
            stage.database.break_off(broken.next(moment));
            let is_said = request(&stage.ann, &stage.path(), &message).await;
            broken.note(stage.settled(&message).await, is_said);
        }
    }
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_is_said_once_whichever_statement_breaks_off() {
    let _turn = TURN.lock().await;
    let mut stage = Stage::arrange().await;
    for moment in MOMENTS {
        let mut broken = Broken::default();
        while !broken.is_over() {
            let message = stage.message();
            let mut socket = sign_in(&stage.ann).await.unwrap();
            stage.database.break_off(broken.next(moment));
            let is_said = speak(&mut socket, stage.chat, &message).await;
            broken.note(stage.settled(&message).await, is_said);
        }
    }
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_said_once_wherever_its_answer_breaks_off() {
    let _turn = TURN.lock().await;
    let mut stage = Stage::arrange().await;
    for moment in MOMENTS {
        let door = Proxy::to(Upstream::Tcp(stage.app.address().to_string())).await;
        let token = stage.ann.token().unwrap().to_owned();
        let broken = writes(&mut stage, &door, moment, async |stage, message| {
            // A connection of its own.
            let ann = Client::guest(door.address()).with_token(&token);
            request(&ann, &stage.path(), message).await;
        });
        assert!(!broken.await.is_empty(), "the answer is written at once, or in parts");
    }
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_is_said_once_wherever_the_socket_breaks_off() {
    let _turn = TURN.lock().await;
    let mut stage = Stage::arrange().await;
    for moment in MOMENTS {
        let upstream = Upstream::Tcp(stage.app.address().to_string());
        let door = Proxy::speaking(Dialect::WebSocket, upstream).await;
        let broken = writes(&mut stage, &door, moment, async |stage, message| {
            let Some(mut socket) = sign_in(&stage.ann.at(door.address())).await else { return };
            subscribe(&mut socket, stage.chat).await;
            speak(&mut socket, stage.chat, message).await;
        });
        let broken = broken.await;
        assert!(broken.len() >= WRITES_MIN, "{moment:?}: {broken:?}");
        for kind in ["HTTP/1.1 101", "hello", "ready", "subscribed", "ack"] {
            assert!(broken.iter().any(|it| it.contains(kind)), "{moment:?} of {kind}: {broken:?}");
        }
    }
    stage.end().await;
}

/// The statements of a message at which the connection to the database has broken off, in their order.
#[derive(Debug, Default)]
struct Broken {
    at: Vec<String>,
    tries: usize,
    /// How often a message has passed since: it has no more statements than those, on a connection
    /// that knows them already.
    passed: usize,
}

impl Broken {
    /// The statement behind those, of the next transaction.
    fn next(&mut self, moment: Moment) -> Place {
        self.tries += 1;
        assert!(self.tries <= TRIES_MAX, "{moment:?}: {self:?}");
        match self.passed {
            0..2 => Place { since: "BEGIN", until: "COMMIT", nth: self.at.len() + 1, moment },
            _ => Place { since: "COMMIT", until: "COMMIT", nth: 1, moment },
        }
    }

    /// Notes where it broke off. If the message was said all the same, that was in a transaction of
    /// somebody else: the server has some each second.
    fn note(&mut self, at: Option<String>, is_said: bool) {
        self.passed += usize::from(at.is_none());
        self.at.extend(at.filter(|_| !is_said));
    }

    /// Whether it has broken off at all of them, which begin and commit.
    fn is_over(&self) -> bool {
        let is_over = self.at.last().is_some_and(|it| it.contains("COMMIT"));
        if is_over {
            assert!(self.at.len() >= STATEMENTS_MIN && self.at[0].contains("BEGIN"), "{self:?}");
        }
        is_over
    }
}

/// Says a message for everything that the server writes to its client; what was being said there.
async fn writes(
    stage: &mut Stage,
    door: &Proxy,
    moment: Moment,
    attempt: impl AsyncFn(&Stage, &Value),
) -> Vec<String> {
    let mut broken = Vec::new();
    for nth in 1.. {
        let message = stage.message();
        door.break_off(Place { since: "", until: "", nth, moment });
        attempt(stage, &message).await;
        let at = door.broken_off();
        stage.settle(&message).await;
        match at {
            Some(said) => broken.push(said),
            None => break,
        }
    }
    broken
}

/// Says a message by a request; whether it is acknowledged. What is said is never wrong.
async fn request(client: &Client, path: &str, message: &Value) -> bool {
    let json = [("content-type", "application/json")];
    let asking = async {
        loop {
            let asked = client.try_send(Method::POST, path, &json, message.to_string()).await;
            // Whoever says too much at once goes on a moment later; nothing was asked of the database.
            match asked {
                Ok(reply) if reply.status == 429 => time::sleep(PAUSE).await,
                asked => return asked,
            }
        }
    };
    let Ok(Ok(reply)) = time::timeout(ANSWER, asking).await else { return false };
    assert!(matches!(reply.status, 200 | 201 | 503), "{} {}", reply.status, reply.text());
    reply.is_success()
}

/// A socket that is signed in; nothing where it breaks off before.
async fn sign_in(client: &Client) -> Option<TestSocket> {
    let mut socket = client.socket(WS).protocols("artel.v1").try_open().await.ok()?;
    socket.say(json!({ "type": "auth", "token": client.token() })).await;
    until(&mut socket, "ready").await.map(|_| socket)
}

async fn subscribe(socket: &mut TestSocket, chat: i64) {
    let chats = json!({ chat.to_string(): null });
    socket.say(json!({ "type": "subscribe", "id": "s", "chats": chats })).await;
    until(socket, "subscribed").await;
}

/// Says a message by a frame, and waits for its answer or the end of the socket; whether it is
/// acknowledged.
async fn speak(socket: &mut TestSocket, chat: i64, message: &Value) -> bool {
    let mut frame = json!({ "type": "send", "id": "m", "chat_id": chat });
    let members = message.as_object().into_iter().flatten();
    members.for_each(|(name, value)| frame[name] = value.clone());
    socket.say(frame).await;
    let Some(answer) = until(socket, "ack").await else { return false };
    assert!(answer["type"] == "ack" || answer["code"] == "unavailable", "{answer}");
    answer["type"] == "ack"
}

/// The next frame of a kind, or the one that refuses it; nothing where the socket ends before.
async fn until(socket: &mut TestSocket, kind: &str) -> Option<Value> {
    loop {
        match socket.heard().await {
            Heard::Frame(frame) if frame["type"] == kind || frame["type"] == "error" => {
                return Some(frame);
            }
            Heard::Frame(_) | Heard::Ping => {}
            Heard::Closed(_) => return None,
        }
    }
}
