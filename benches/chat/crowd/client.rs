//! One of the crowd: comes, listens, and comes back.

use std::{
    collections::BTreeMap,
    hash::{BuildHasher, RandomState},
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::Ordering},
    time::Duration,
};

use serde::Deserialize;
use tokio::{sync::watch, time};

use crate::{
    Result,
    chat::{
        crowd::{CHANNEL, Shared, Target},
        socket::{Heard, Line, event, is},
    },
};

/// How long somebody waits who was not let in; twice as long each time, up to the second.
const PAUSE: Duration = Duration::from_secs(1);
const PAUSE_MAX: Duration = Duration::from_secs(30);

/// An end that is none of the protocol: the server could not be reached, or refused to listen.
const NO_SOCKET: u16 = 0;
const NOT_NOW: u16 = 1;

/// A client, wherever it is.
pub(crate) struct Client {
    /// None for one that everybody lets in.
    pub(crate) token: Option<String>,
    /// Its chats and the last event that it has heard of each; -1 before it knows of any.
    places: Mutex<Vec<(i64, i64)>>,
}

/// A line of the server that ends a subscription.
#[derive(Deserialize)]
struct Subscribed {
    chats: BTreeMap<i64, Place>,
}

#[derive(Deserialize)]
struct Place {
    as_of_seq: i64,
}

impl Client {
    /// One that has no name and no chats.
    pub(crate) fn nobody() -> Self {
        Self { token: None, places: Mutex::default() }
    }

    /// A member, out of a line with a token and chats.
    pub(crate) fn of(line: &str) -> Result<Self> {
        let (token, chats) = line.split_once(' ').ok_or("a member has a token and chats")?;
        let chats = chats.split(' ').map(|it| Ok((it.parse()?, -1)));
        let places = Mutex::new(chats.collect::<Result<_>>()?);
        Ok(Self { token: Some(token.to_owned()), places })
    }

    pub(crate) fn places(&self) -> MutexGuard<'_, Vec<(i64, i64)>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wish(&self) -> String {
        let place = |(chat, seq): &(i64, i64)| match seq {
            -1 => format!(r#""{chat}":null"#),
            seq => format!(r#""{chat}":{{"seq":{seq},"epoch":1}}"#),
        };
        let places: Vec<String> = self.places().iter().map(place).collect();
        format!(r#"{{"type":"subscribe","id":"s","chats":{{{}}}}}"#, places.join(","))
    }

    /// Notes an event; false when those before it are missing.
    fn take(&self, (chat, seq): (i64, i64)) -> bool {
        let mut places = self.places();
        let Some(place) = places.iter_mut().find(|it| it.0 == chat) else { return false };
        // The first of all may come before it is known which one that is.
        let is_next = place.1 == -1 || seq <= place.1 + 1;
        place.1 = place.1.max(seq);
        is_next
    }

    /// Notes where a subscription has begun; false when a chat is missing.
    fn begin(&self, text: &str) -> Result<bool> {
        let begun: Subscribed = serde_json::from_str(text)?;
        let mut places = self.places();
        for (chat, seq) in places.iter_mut() {
            let Some(place) = begun.chats.get(chat) else { return Ok(false) };
            *seq = (*seq).max(place.as_of_seq);
        }
        Ok(true)
    }
}

/// Lives for ever.
pub(crate) async fn live(shared: Arc<Shared>, at: usize) {
    let mut target = shared.target.subscribe();
    let mut pause = PAUSE;
    let mut turn = 0;
    loop {
        let now = target.borrow_and_update().clone();
        if now.turn != turn {
            (turn, pause) = (now.turn, PAUSE);
        }
        if let Some(address) = now.address {
            shared.note(turn, |it| it.attempts += 1);
            let mut visit = Visit { shared: &shared, turn, is_ready: false, is_listening: false };
            let end = visit.attend((address, at), &now, &mut target).await;
            drop(visit);
            let code = match end {
                Ok(None) => continue,
                Ok(Some(code)) => code,
                Err(_) => NO_SOCKET,
            };
            shared.note(turn, |it| *it.ends.entry(code).or_default() += 1);
        }
        let is_known = now.address.is_some();
        tokio::select! {
            _ = target.changed() => {}
            () = time::sleep(by_chance(pause)), if is_known => pause = PAUSE_MAX.min(2 * pause),
        }
    }
}

/// A pause, and up to as much again.
fn by_chance(pause: Duration) -> Duration {
    let chance = RandomState::new().hash_one(0) % 1024;
    pause + pause * u32::try_from(chance).unwrap_or_default() / 1024
}

/// A socket of a client, as far as it has come.
struct Visit<'a> {
    shared: &'a Shared,
    turn: u64,
    is_ready: bool,
    is_listening: bool,
}

impl Visit<'_> {
    /// From its first byte to the end; the code of that, or none when it is sent somewhere else.
    async fn attend(
        &mut self,
        (address, at): (SocketAddr, usize),
        begun: &Target,
        target: &mut watch::Receiver<Target>,
    ) -> Result<Option<u16>> {
        let client = &self.shared.clients[at];
        let permit = begun.gate.acquire().await?;
        let mut line = match &client.token {
            None => Line::open(address, "/").await?,
            Some(token) => match Line::sign_in(address, token).await? {
                Ok(line) => line,
                Err(code) => return Ok(Some(code)),
            },
        };
        self.is_ready = true;
        self.shared.note(self.turn, |it| it.ready += 1);
        let mut permit = Some(permit);
        let mut is_asked = false;
        loop {
            let wants = target.borrow_and_update().clone();
            if wants.turn != self.turn {
                return Ok(None);
            }
            if wants.listens && !is_asked && client.token.is_some() {
                is_asked = true;
                line.say(&client.wish()).await?;
            } else if !wants.listens {
                drop(permit.take());
            }
            tokio::select! {
                _ = target.changed() => {}
                heard = line.next() => match heard? {
                    Heard::Text(text) if is(&text, "subscribed") => {
                        if !client.begin(&text)? {
                            return Ok(Some(NOT_NOW));
                        }
                        drop(permit.take());
                        self.is_listening = true;
                        self.shared.note(self.turn, |it| it.listening += 1);
                    }
                    Heard::Text(text) => {
                        if let Some(code) = self.hear(client, &text) {
                            return Ok(Some(code));
                        }
                    }
                    Heard::Over(code) => return Ok(Some(code)),
                },
            }
        }
    }

    /// Takes a text; gives a code when it is the end of what can be done over this socket.
    fn hear(&self, client: &Client, text: &str) -> Option<u16> {
        let found = event(text);
        if let Some(found) = found
            && !client.take(found)
        {
            self.shared.gaps.fetch_add(1, Ordering::Relaxed);
        }
        if client.token.is_none() || found.is_some_and(|it| it.0 == CHANNEL) {
            self.shared.heard();
        }
        if is(text, "reset") {
            // It may be right, and is not what is measured: nobody is so far behind.
            self.shared.gaps.fetch_add(1, Ordering::Relaxed);
        }
        is(text, "error").then_some(NOT_NOW)
    }
}

impl Drop for Visit<'_> {
    fn drop(&mut self) {
        let (ready, listening) = (usize::from(self.is_ready), usize::from(self.is_listening));
        self.shared.note(self.turn, |it| {
            it.ready -= ready;
            it.listening -= listening;
        });
    }
}
