//! The talk itself: what is typed, what comes over the socket, and the socket lost and opened again.

use std::{collections::BTreeMap, future, process::ExitCode, time::Duration};

use artel_core::cli::{Failure, complain, print};
use futures_util::{SinkExt, StreamExt};
use orm::Uuid;
use serde_json::{Value, json};
use tokio::{
    sync::mpsc,
    time::{self, Instant},
};
use tokio_tungstenite::tungstenite::Message as SocketMessage;

use crate::terminal::{
    account::Account,
    names::Names,
    page,
    places::{Places, Step},
    server::{ServerSocket, Trouble},
    typed::{self, HELP, Typed},
    unsent::{Message, Unsent},
};

/// The first and the longest pause before the socket is opened again.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(30)];
/// How long a frame may take to be taken.
const SEND_PATIENCE: Duration = Duration::from_secs(10);
/// After so long what was shown counts as read.
const READ_AFTER: Duration = Duration::from_millis(500);

/// One talk, from the first socket to the end of the input.
pub(super) struct Talk {
    pub(super) account: Account,
    typed: mpsc::Receiver<String>,
    is_input_over: bool,
    pub(super) places: Places,
    pub(super) names: Names,
    unsent: Unsent,
    /// The chat that lines are for.
    pub(super) current: Option<i64>,
    /// The chat to begin with, until that is done.
    wanted: Option<i64>,
    pub(super) has_begun: bool,
    /// Whether something that was typed could not be done.
    pub(super) has_failed: bool,
    /// How far chats have been shown, where the server does not know yet.
    shown: BTreeMap<i64, i64>,
    read_at: Instant,
    limits: Limits,
    pause: Duration,
    /// Whether somebody knows that the connection is lost.
    is_lost_said: bool,
}

/// What the server says of itself.
struct Limits {
    frame_bytes: usize,
    body_chars: usize,
    /// Nothing for so long, not even a ping, means that nobody is there.
    silence: Duration,
}

/// Why a socket is of no use any more.
pub(super) enum End {
    /// All is said and done.
    Done,
    /// It is opened again: after this pause, if the server has said so.
    Lost(String, Option<Duration>),
    /// It is opened again with another token.
    SignedOut,
    /// It would be of no use to open it again.
    Told(String),
}

pub(super) type Going = Result<(), End>;

impl From<Trouble> for End {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Away(why) => Self::Lost(why, None),
            Trouble::Refused(it) => Self::Told(it.message),
        }
    }
}

impl Talk {
    pub(super) fn new(
        account: Account,
        typed: mpsc::Receiver<String>,
        wanted: Option<i64>,
    ) -> Self {
        let silence = Duration::from_secs(60);
        Self {
            account,
            typed,
            is_input_over: false,
            places: Places::default(),
            names: Names::default(),
            unsent: Unsent::new(),
            current: None,
            wanted,
            has_begun: false,
            has_failed: false,
            shown: BTreeMap::new(),
            read_at: Instant::now(),
            limits: Limits { frame_bytes: 64 * 1024, body_chars: 16_000, silence },
            pause: PAUSES[0],
            is_lost_said: false,
        }
    }

    /// Talks until the input has ended and everything is acknowledged.
    pub(super) async fn run(mut self) -> Result<ExitCode, Failure> {
        loop {
            let opened = self.account.open().await;
            let end = match opened {
                Ok(socket) => self.live(socket).await,
                Err(trouble) => trouble.into(),
            };
            self.unsent.lost();
            let end = match end {
                End::SignedOut => match self.account.renew().await {
                    Ok(_) => End::Lost("signed in no longer".to_owned(), None),
                    Err(trouble) => trouble.into(),
                },
                end => end,
            };
            let waited = match end {
                End::Lost(why, pause) => self.wait(&why, pause).await,
                end => Err(end),
            };
            match waited {
                Ok(()) | Err(End::Lost(..) | End::SignedOut) => {}
                Err(End::Told(why)) => return Err(Failure::new(why)),
                Err(End::Done) if self.has_failed => return Ok(ExitCode::FAILURE),
                Err(End::Done) => return Ok(ExitCode::SUCCESS),
            }
        }
    }

    /// Waits before the socket is opened again; what is typed meanwhile is kept.
    async fn wait(&mut self, why: &str, pause: Option<Duration>) -> Going {
        if !self.is_lost_said {
            complain(&format!("* the connection is lost ({why}); trying again"));
            self.is_lost_said = true;
        }
        let pause = pause.unwrap_or(self.pause);
        let until = Instant::now() + pause + by_chance(pause);
        self.pause = (self.pause * 2).min(PAUSES[1]);
        loop {
            if self.is_done() {
                return Err(End::Done);
            }
            tokio::select! {
                () = time::sleep_until(until) => return Ok(()),
                line = self.typed.recv(), if self.takes_lines() => self.type_line(line, None).await?,
            }
        }
    }

    /// One socket, from its first frame to its end.
    async fn live(&mut self, mut socket: ServerSocket) -> End {
        let mut is_ready = false;
        let mut heard_at = Instant::now();
        loop {
            if is_ready && self.is_done() {
                let _ = self.say_read(&mut socket).await;
                let _ = time::timeout(SEND_PATIENCE, socket.close(None)).await;
                return End::Done;
            }
            let due = self.unsent.due().filter(|_| is_ready);
            let is_read_due = is_ready && !self.shown.is_empty();
            let silent_at = heard_at + self.limits.silence;
            let going = tokio::select! {
                incoming = socket.next() => {
                    heard_at = Instant::now();
                    match incoming {
                        Some(Ok(SocketMessage::Text(text))) => {
                            self.hear(&text, &mut socket, &mut is_ready).await
                        }
                        Some(Ok(SocketMessage::Close(frame))) => {
                            Err(ended(frame.map_or(1005, |it| it.code.into())))
                        }
                        Some(Ok(_)) => Ok(()),
                        Some(Err(error)) => Err(End::Lost(error.to_string(), None)),
                        None => Err(ended(1006)),
                    }
                }
                line = self.typed.recv(), if is_ready && self.takes_lines() => {
                    self.type_line(line, Some(&mut socket)).await
                }
                () = at(due) => self.say_unsent(&mut socket).await,
                () = time::sleep_until(self.read_at), if is_read_due => {
                    self.say_read(&mut socket).await
                }
                () = time::sleep_until(silent_at) => {
                    Err(End::Lost("the server says nothing".to_owned(), None))
                }
            };
            if let Err(end) = going {
                return end;
            }
        }
    }

    fn takes_lines(&self) -> bool {
        self.has_begun && !self.is_input_over && self.unsent.has_room()
    }

    fn is_done(&self) -> bool {
        self.is_input_over && self.unsent.len() == 0 && self.places.have_shown_own()
    }

    // ---- what is typed ----------------------------------------------------------------------

    async fn type_line(
        &mut self,
        line: Option<String>,
        socket: Option<&mut ServerSocket>,
    ) -> Going {
        let typed = match line.as_deref().map(typed::read) {
            None => Typed::Quit,
            Some(Ok(typed)) => typed,
            Some(Err(usage)) => {
                self.fail(&usage);
                return Ok(());
            }
        };
        match typed {
            Typed::Nothing => {}
            Typed::Help => print(HELP),
            Typed::Quit => self.is_input_over = true,
            Typed::Say { body, reply_to } => match self.current {
                Some(chat) => self.keep(Message::new(chat, body, reply_to)),
                None => self.fail("join a chat first: /chats lists yours, /join 17 joins one"),
            },
            Typed::Join(chat) => {
                if self.join(chat).await?
                    && let Some(socket) = socket
                {
                    self.subscribe(socket, Some(chat)).await?;
                }
            }
            deed => self.carry_out(deed).await,
        }
        Ok(())
    }

    /// Keeps a message until it is acknowledged, if the server would take it.
    fn keep(&mut self, message: Message) {
        let is_long = message.body.chars().count() > self.limits.body_chars
            || message.frame().to_string().len() > self.limits.frame_bytes;
        match is_long {
            true => self.fail("not said: that is too long for one message"),
            false => self.unsent.add(message),
        }
    }

    pub(super) fn fail(&mut self, why: &str) {
        complain(&format!("* {}", page::plain(why).trim_end()));
        self.has_failed = true;
    }

    // ---- what is said -----------------------------------------------------------------------

    async fn say(&self, socket: &mut ServerSocket, frame: &Value) -> Going {
        let sent = socket.send(SocketMessage::text(frame.to_string()));
        match time::timeout(SEND_PATIENCE, sent).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(End::Lost(error.to_string(), None)),
            Err(_) => Err(End::Lost("the server takes nothing".to_owned(), None)),
        }
    }

    async fn say_unsent(&mut self, socket: &mut ServerSocket) -> Going {
        match self.unsent.send(Instant::now()) {
            Some(frame) => self.say(socket, &frame).await,
            None => Ok(()),
        }
    }

    async fn say_read(&mut self, socket: &mut ServerSocket) -> Going {
        while let Some((chat, seq)) = self.shown.pop_first() {
            let frame = json!({ "type": "read", "chat_id": chat, "seq": seq });
            self.say(socket, &frame).await?;
        }
        Ok(())
    }

    async fn subscribe(&self, socket: &mut ServerSocket, only: Option<i64>) -> Going {
        match self.places.subscription(only) {
            Some(frame) => self.say(socket, &frame).await,
            None => Ok(()),
        }
    }

    /// What was shown of the chat that somebody looks at counts as read, a little later.
    pub(super) fn note_shown(&mut self, chat: i64, seq: i64) {
        if self.current == Some(chat) {
            if self.shown.is_empty() {
                self.read_at = Instant::now() + READ_AFTER;
            }
            self.shown.insert(chat, seq);
        }
    }

    // ---- what is heard ----------------------------------------------------------------------

    async fn hear(&mut self, text: &str, socket: &mut ServerSocket, is_ready: &mut bool) -> Going {
        let Ok(frame) = serde_json::from_str::<Value>(text) else { return Ok(()) };
        let number = |name: &str| frame[name].as_i64().unwrap_or_default();
        let chat = number("chat_id");
        match frame["type"].as_str().unwrap_or_default() {
            "hello" => self.hear_limits(&frame),
            "ready" => {
                self.begin().await?;
                self.subscribe(socket, None).await?;
                *is_ready = true;
            }
            "event" => return self.hear_event(&frame, chat).await,
            "subscribed" => {
                for (chat, place) in frame["chats"].as_object().into_iter().flatten() {
                    let number = |name: &str| place[name].as_i64().unwrap_or_default();
                    if let Ok(chat) = chat.parse() {
                        self.places.subscribed(chat, (number("as_of_seq"), number("epoch")));
                    }
                }
            }
            "reset" if self.places.of(chat).is_some() => {
                self.read_anew(chat, (number("as_of_seq"), number("epoch"))).await?;
            }
            "ack" => {
                if let Some(message) =
                    self.unsent.answered(frame["id"].as_str().unwrap_or_default())
                {
                    self.places.acknowledged(message.chat, number("seq"));
                }
            }
            "typing" if self.places.of(chat).is_some() => {
                self.names.learn(&mut self.account, &frame).await;
                let whose = self.names.user(frame["user_id"].as_i64());
                self.show(chat, &page::plain(&format!("* {whose} is writing")));
            }
            "error" => return self.hear_error(&frame),
            "auth_expiring" => {
                let token = self.account.renew().await?;
                self.say(socket, &json!({ "type": "auth", "token": token })).await?;
            }
            "drain" => {
                let after =
                    Duration::from_millis(frame["retry_after_ms"].as_u64().unwrap_or(1_000));
                return Err(End::Lost("the server ends".to_owned(), Some(after)));
            }
            _ => {}
        }
        Ok(())
    }

    fn hear_limits(&mut self, hello: &Value) {
        let limit = |name: &str, usual: u64| hello["limits"][name].as_u64().unwrap_or(usual);
        self.unsent.go_by(limit("frames_per_s", 20), limit("frames_at_once", 40));
        let size = |it: u64| usize::try_from(it).unwrap_or(usize::MAX);
        let heartbeat = hello["heartbeat_s"].as_u64().unwrap_or(25).clamp(1, 3_600);
        self.limits = Limits {
            frame_bytes: size(limit("frame_bytes", 64 * 1024)),
            body_chars: size(limit("body_chars", 16_000)),
            silence: Duration::from_secs(2 * heartbeat + 10),
        };
    }

    /// Shows what there is to begin with; after a lost connection, nothing.
    async fn begin(&mut self) -> Going {
        self.pause = PAUSES[0];
        if self.is_lost_said {
            complain("* connected again");
            self.is_lost_said = false;
        }
        if self.has_begun {
            return Ok(());
        }
        match self.wanted {
            Some(chat) => {
                if !self.join(chat).await? {
                    return Err(End::Done);
                }
            }
            None => self.carry_out(Typed::Chats).await,
        }
        self.has_begun = true;
        Ok(())
    }

    async fn hear_event(&mut self, frame: &Value, chat: i64) -> Going {
        let seq = frame["seq"].as_i64().unwrap_or_default();
        match self.places.take(chat, seq) {
            Step::Next => {
                self.names.learn(&mut self.account, &frame["data"]).await;
                if let Some(text) = page::event(frame, &self.names) {
                    self.show(chat, &text);
                }
                let author = frame["data"]["message"]["author_id"].as_i64();
                if frame["kind"] == "message.created" && author != Some(self.account.user_id) {
                    self.note_shown(chat, seq);
                }
            }
            Step::Known => {
                let who = &frame["data"]["member"]["user_id"];
                let is_new = self.places.of(chat).is_none() && *who == self.account.user_id;
                if is_new && frame["kind"] == "member.joined" {
                    print(&format!("* you are in a chat that you have not joined: /join {chat}\n"));
                }
            }
            Step::TooFar => {
                let epoch = self.places.of(chat).map_or(0, |it| it.epoch);
                self.read_anew(chat, (seq, epoch)).await?;
            }
        }
        Ok(())
    }

    fn hear_error(&mut self, frame: &Value) -> Going {
        let text = |name: &str| frame[name].as_str().unwrap_or_default();
        let (id, code, why) = (text("id"), text("code"), text("message"));
        let after = Duration::from_millis(frame["retry_after_ms"].as_u64().unwrap_or(1_000));
        let is_passing = matches!(code, "rate_limited" | "unavailable" | "busy");
        if self.unsent.is_first(id) {
            match is_passing {
                true => self.unsent.again(id, after),
                false => {
                    let body = self.unsent.answered(id).map(|it| it.body).unwrap_or_default();
                    self.fail(&format!("not said, {why}: {body}"));
                }
            }
        } else if is_passing && id == "s" {
            // The next socket subscribes anew.
            return Err(End::Lost(why.to_owned(), Some(after)));
        } else if is_passing {
            // That something was read is said again with what is shown next.
        } else if let Some(chat) = frame["chat_id"].as_i64() {
            self.places.forget(chat);
            self.shown.remove(&chat);
            let name = self.names.chat(chat);
            self.fail(&format!("{name}: {why}"));
            if self.current == Some(chat) {
                self.current = None;
            }
        }
        Ok(())
    }

    /// Prints a text of a chat; where it is not the one that lines are for, under its name.
    pub(super) fn show(&self, chat: i64, text: &str) {
        match self.current == Some(chat) {
            true => print(text),
            false => print(&format!("[{}] {text}", page::plain(&self.names.chat(chat)).trim_end())),
        }
    }
}

/// What the code of a close means, as the protocol has it.
fn ended(code: u16) -> End {
    match code {
        4400 => End::Told("the server does not understand this program".to_owned()),
        4403 => End::Told("you may not read chats".to_owned()),
        4401 => End::SignedOut,
        code => End::Lost(format!("it was closed with {code}"), None),
    }
}

/// Done then; never, where there is no such time.
async fn at(due: Option<Instant>) {
    match due {
        Some(due) => time::sleep_until(due).await,
        None => future::pending().await,
    }
}

/// Up to so long, by chance: those who were lost together do not come back together.
fn by_chance(most: Duration) -> Duration {
    let share = f64::from(Uuid::new_v4().as_fields().0) / f64::from(u32::MAX);
    most.mul_f64(share)
}
