//! Somebody who reads: comes back to whatever server answers and goes on where they were, drops what
//! they have seen, and reads windows when told to begin anew.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::atomic::Ordering,
};

use artel_testing::Client;
use chat::log::catch_up::GAP_MAX;
use http::Method;
use serde_json::{Value, json};
use tokio::time;

use crate::{
    line::{Line, Next, PATIENCE, PAUSE, pause_after},
    picture::Picture,
    request::Requests,
    world::{CHATS, World},
};

pub(super) struct Reader<'a> {
    world: &'a World,
    client: &'a Client,
    name: String,
    /// Whether it is sent away at times.
    is_guest: bool,
    server: usize,
    requests: Requests<'a>,
    known: BTreeMap<i64, Known>,
    /// How often it has asked for chats.
    asked: u64,
}

/// What a reader has of one chat.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The last event that it knows of.
    pub(super) seq: i64,
    /// What it began anew from, if it had to: of what lies before, it has seen no events.
    pub(super) anew_from: i64,
    /// What makes each event the same, by their numbers.
    pub(super) events: BTreeMap<i64, u64>,
    /// What the chat looks like to it.
    pub(super) picture: Picture,
    /// Whether it was told that it may read the chat no longer, and was not let in since.
    is_out: bool,
    /// What it has called its last wish to hear the chat, as long as that is not answered.
    asked: Option<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn of(world: &'a World, number: usize) -> Self {
        let client = &world.members[number % world.members.len()];
        Self::named(world, client, (format!("reader {number}"), number))
    }

    /// Who is sent away at times.
    pub(super) fn guest(world: &'a World) -> Self {
        Self { is_guest: true, ..Self::named(world, &world.guest, ("the guest".to_owned(), 0)) }
    }

    fn named(world: &'a World, client: &'a Client, (name, number): (String, usize)) -> Self {
        let known = world.chats.iter().map(|it| (*it, Known::default())).collect();
        let requests = Requests::of(world, client, number);
        let server = number % world.servers.len();
        Self { world, client, name, is_guest: false, server, requests, known, asked: 0 }
    }

    /// Reads until nobody says anything any more and all of it has come.
    pub(super) async fn read(mut self) -> (String, BTreeMap<i64, Known>) {
        let too_late = async {
            self.world.closed().await;
            time::sleep(PATIENCE).await;
        };
        let (name, world) = (self.name.clone(), self.world);
        let following = async {
            self.follow().await;
            self.known
        };
        tokio::select! {
            known = following => (name, known),
            () = too_late => panic!("{name} has not heard all: {}", world.state()),
        }
    }

    async fn follow(&mut self) {
        while !self.has_all() {
            if let Some(mut line) = Line::open(self.world, self.client, self.server).await {
                self.world.tally.opened.fetch_add(1, Ordering::Relaxed);
                let _ = self.listen(&mut line).await;
            }
            self.server = (self.server + 1) % self.world.servers.len();
            time::sleep(PAUSE).await;
        }
    }

    /// Listens until the socket ends, or all has come.
    async fn listen(&mut self, line: &mut Line<'_>) -> Option<()> {
        self.subscribe(line).await?;
        let mut is_asked = false;
        while !self.has_all() {
            let world = self.world;
            let next = tokio::select! {
                next = line.next() => next,
                _ = world.closed(), if world.ends().is_none() => continue,
            };
            match next {
                Next::Frame(frame) => {
                    is_asked = false;
                    self.hear(line, frame).await?;
                }
                Next::Silence if is_asked => return None,
                Next::Silence => {
                    is_asked = true;
                    line.say(json!({ "type": "ping" })).await?;
                }
                Next::Over => return None,
            }
        }
        Some(())
    }

    /// Asks for all chats from where it stands.
    async fn subscribe(&mut self, line: &mut Line<'_>) -> Option<()> {
        let chats: Vec<i64> = self.known.keys().copied().collect();
        self.subscribe_to(line, &chats).await
    }

    async fn subscribe_to(&mut self, line: &mut Line<'_>, chats: &[i64]) -> Option<()> {
        self.asked += 1;
        let (id, mut places) = (self.asked.to_string(), BTreeMap::new());
        for (chat, known) in self.known.iter_mut().filter(|(chat, _)| chats.contains(chat)) {
            known.asked = Some(id.clone());
            places.insert(chat.to_string(), json!({ "seq": known.seq, "epoch": 1 }));
        }
        line.say(json!({ "type": "subscribe", "id": id, "chats": places })).await
    }

    async fn hear(&mut self, line: &mut Line<'_>, frame: Value) -> Option<()> {
        match (frame["type"].as_str(), frame["code"].as_str()) {
            (Some("event"), _) => return self.take(line, &frame).await,
            (Some("reset"), _) => return self.begin_anew(&frame).await,
            (Some("error"), Some("unavailable" | "rate_limited")) => {
                time::sleep(pause_after(&frame)).await;
                let is_asked = |known: &Known| known.asked.as_deref() == frame["id"].as_str();
                let chats = self.known.iter().filter(|(_, known)| is_asked(known));
                let chats: Vec<i64> = match frame["chat_id"].as_i64() {
                    Some(chat) => vec![chat],
                    None => chats.map(|it| *it.0).collect(),
                };
                self.subscribe_to(line, &chats).await?;
            }
            (Some("error"), Some("not_found" | "access_denied")) if self.is_guest => {
                let known = frame["chat_id"].as_i64().and_then(|it| self.known.get_mut(&it));
                // What it asks for is decided by the answer.
                let known = known.filter(|it| it.asked.is_none());
                known.into_iter().for_each(|it| it.is_out = true);
                self.world.tally.sent_away.fetch_add(1, Ordering::Relaxed);
            }
            (Some("subscribed"), _) => self.answered(&frame),
            (Some("pong" | "drain"), _) => {}
            _ => self.strike(&format!("was told {frame}")),
        }
        Some(())
    }

    /// Notes which of the chats it hears that it has asked for.
    fn answered(&mut self, subscribed: &Value) {
        let id = subscribed["id"].as_str();
        for (chat, known) in &mut self.known {
            if known.asked.is_some() && known.asked.as_deref() == id {
                known.asked = None;
                known.is_out = subscribed["chats"].get(chat.to_string()).is_none();
                if known.is_out && !self.is_guest {
                    self.world.strike(format!("{} was not let in by {subscribed}", self.name));
                }
            }
        }
    }

    async fn take(&mut self, line: &mut Line<'_>, event: &Value) -> Option<()> {
        let (chat, seq) = (event["chat_id"].as_i64()?, event["seq"].as_i64()?);
        let is_welcome = self.is_guest
            && event["kind"] == "member.joined"
            && event["data"]["member"]["user_id"] == self.world.guest_id;
        let Some(known) = self.known.get_mut(&chat) else {
            self.strike(&format!("was told of a chat that it did not ask for: {event}"));
            return Some(());
        };
        let expected = known.seq + 1;
        let is_out = known.is_out && known.asked.is_none();
        if is_welcome && (is_out || seq > expected) {
            // It is in again, and goes on from where it was.
            return self.subscribe_to(line, &[chat]).await;
        }
        if is_out {
            self.strike(&format!("was sent away, and was told {event}"));
        } else if seq == expected {
            known.seq = seq;
            known.events.insert(seq, essence(event));
            let heard = known.picture.hear(event);
            if let Err(why) = heard {
                self.strike(&format!("was told {event}: {why}"));
            }
        } else if seq > expected {
            self.strike(&format!("was told {seq} of {chat} instead of {expected}"));
        } else if known.events.get(&seq).is_some_and(|it| *it != essence(event)) {
            self.strike(&format!("was told otherwise before: {event}"));
        }
        Some(())
    }

    /// Drops what it has of a chat and reads it again; nothing where it was sent away meanwhile.
    async fn begin_anew(&mut self, reset: &Value) -> Option<()> {
        let (chat, from) = (reset["chat_id"].as_i64()?, reset["as_of_seq"].as_i64()?);
        let had = self.known.get(&chat).map_or(0, |it| it.seq);
        if from - had <= GAP_MAX {
            self.strike(&format!("had {had} and was told {reset} without need"));
        }
        self.world.tally.begun_anew.fetch_add(1, Ordering::Relaxed);
        let picture = read_picture(&mut self.requests, chat, self.is_guest).await?;
        let known = Known { seq: from, anew_from: from, picture, ..Known::default() };
        self.known.insert(chat, known);
        Some(())
    }

    fn has_all(&self) -> bool {
        let Some(ends) = self.world.ends() else { return false };
        ends.iter().all(|(chat, end)| self.known.get(chat).is_some_and(|it| it.seq >= *end))
    }

    fn strike(&self, what: &str) {
        self.world.strike(format!("{} {what}", self.name));
    }
}

/// A chat as it stands; nothing where the asker may not read it.
pub(super) async fn read_picture(
    requests: &mut Requests<'_>,
    chat: i64,
    may_be_out: bool,
) -> Option<Picture> {
    let expected = if may_be_out { &[200, 404][..] } else { &[200] };
    let (mut picture, mut after) = (Picture::default(), 0);
    loop {
        let path = format!("{CHATS}/{chat}/messages?after={after}&limit=1000");
        let window = requests.ask((Method::GET, &path), None, expected).await;
        let window = (window.status == 200).then(|| window.json())?;
        for message in window["data"].as_array().into_iter().flatten() {
            after = message["seq"].as_i64().unwrap_or(i64::MAX);
            picture.show(message);
        }
        if window["page"]["has_more"] != true {
            break;
        }
    }
    let path = format!("{CHATS}/{chat}/members");
    let members = requests.ask((Method::GET, &path), None, expected).await;
    let members = (members.status == 200).then(|| members.json())?;
    members["data"].as_array().into_iter().flatten().for_each(|it| picture.seat(it));
    let named = requests.ask((Method::GET, &format!("{CHATS}/{chat}")), None, expected).await;
    picture.call((named.status == 200).then(|| named.json())?["name"].clone());
    Some(picture)
}

/// What an event is, however often and whenever it is told: all but what is read when it is told.
pub(super) fn essence(event: &Value) -> u64 {
    let data = &event["data"];
    let about = [
        &data["message"]["id"],
        &data["message_id"],
        &data["message_seq"],
        &data["by_id"],
        &data["user_id"],
        &data["emoji"],
        &data["member"]["user_id"],
        &data["chat"]["id"],
    ];
    let mut hasher = DefaultHasher::new();
    for part in ["chat_id", "seq", "kind", "at"].map(|it| &event[it]).into_iter().chain(about) {
        part.to_string().hash(&mut hasher);
    }
    hasher.finish()
}
