//! One socket, from its first frame to its last.
//!
//! **Invariant:** nothing is sent to whoever is signed in no longer, nor while nobody can say whether
//! they are.
//!
//! **Invariant:** a socket over which nobody speaks has no room for what asks the database: that is in
//! boxes, which live as long as the question.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use artel_core::{
    App, Error,
    auth::{HeldLogin, LoginStanding},
    http::{
        in_a_sentence,
        socket::{
            Draining, Incoming, Opening, Socket, SocketOver, SocketReader, SocketText,
            SocketWriter, close,
        },
    },
    pubsub,
};
use tokio::time::{self, Instant};

use crate::{
    bucket::{self, Bucket, Verdict},
    live::{
        Live,
        frame::{FromClient, Limits, ReadyChat, Refusal, ToClient},
        presence::{AWAY_AFTER, Standing},
        queue::Next,
        seat::Seat,
    },
    log,
    message::send::BODY_MAX,
};

/// How long a socket may take to say who it is.
const PATIENCE: Duration = Duration::from_secs(5);
/// So long before a token expires its socket is told.
const WARN_S: i64 = 60;
/// When a socket may come back whose server ends: after so long, and up to so much longer.
const DRAIN_PAUSE: Duration = Duration::from_millis(200);
const DRAIN_SPREAD: Duration = Duration::from_secs(2);
/// Bytes of a frame.
const FRAME_BYTES: usize = 64 * 1024;

/// Why a conversation ends: the socket is closed, or closing.
#[derive(Debug)]
pub(super) struct Ended;

pub(super) type Said<T = ()> = Result<T, Ended>;

/// A socket that is signed in.
pub(super) struct Conversation<'a> {
    pub(super) live: &'a Live,
    pub(super) app: &'a Arc<App>,
    pub(super) login: HeldLogin,
    pub(super) language: Option<&'static str>,
    pub(super) seat: Arc<Seat>,
    /// The chats that it listens to.
    pub(super) chats: BTreeSet<i64>,
    /// Those of whom it is told whether they are there.
    pub(super) watched: BTreeSet<i64>,
    /// What it was told of them last.
    pub(super) told: BTreeMap<i64, Standing>,
    /// When others were last told that it is writing, by chat.
    pub(super) typed: BTreeMap<i64, Instant>,
    pub(super) writer: SocketWriter,
    bucket: Bucket,
    /// Whether it was told that its token expires.
    is_warned: bool,
    /// The rights by which it was last looked at.
    revision: u64,
}

impl From<SocketOver> for Ended {
    fn from(_: SocketOver) -> Self {
        Self
    }
}

/// Speaks with a socket until either side ends it.
pub(super) async fn converse(live: &Live, app: &Arc<App>, opening: Opening, socket: Socket) {
    let draining = socket.draining();
    let (mut reader, mut writer) = socket.split();
    let limits = Limits {
        frame_bytes: FRAME_BYTES,
        frames_per_s: bucket::PER_SECOND,
        frames_at_once: bucket::AT_ONCE,
        body_chars: BODY_MAX,
    };
    let heartbeat_s = live.heartbeat.as_secs();
    let hello =
        ToClient::Hello { protocol: "artel.v1", node: &live.node, heartbeat_s, limits }.text();
    if writer.send(hello).await.is_err() {
        return;
    }
    let Opening { login, language, .. } = opening;
    let login = match login {
        Some(it) => Ok(it),
        None => Box::pin(sign_in((live, app), &mut reader, &mut writer, &draining)).await,
    };
    let Ok(login) = login else { return };
    writer.signed_in(login.user_id());
    let now = app.clock.now();
    let Some(seat) = live.hub.sit(login.clone(), live.sockets_per_user, now) else {
        return writer.close(close::TOO_FAST, "you have too many sockets open");
    };
    let mut conversation = Conversation {
        live,
        app,
        revision: login.revision(),
        login,
        language,
        seat,
        chats: BTreeSet::new(),
        watched: BTreeSet::new(),
        told: BTreeMap::new(),
        typed: BTreeMap::new(),
        writer,
        bucket: Bucket::full(Instant::now()),
        is_warned: false,
    };
    let Ended = conversation.run(&mut reader, &draining).await;
}

/// Waits for the frame that says who it is.
async fn sign_in(
    (live, app): (&Live, &Arc<App>),
    reader: &mut SocketReader,
    writer: &mut SocketWriter,
    draining: &Draining,
) -> Said<HeldLogin> {
    let first = tokio::select! {
        first = time::timeout(PATIENCE, reader.next()) => first,
        () = draining.begun() => return Err(drain(writer).await),
    };
    let token = match first {
        Ok(Incoming::Text(text)) => match serde_json::from_str(&text) {
            Ok(FromClient::Auth { token }) => token,
            Ok(_) => {
                writer.close(close::SIGNED_OUT, "say who you are first: {\"type\":\"auth\"}");
                return Err(Ended);
            }
            Err(error) => return Err(bad_frame(writer, &error)),
        },
        Ok(_) => return Err(Ended),
        Err(_) => {
            writer.close(close::SIGNED_OUT, "nobody has signed in");
            return Err(Ended);
        }
    };
    let turn = live.turn().await;
    let held = match app.authenticator() {
        Ok(authenticator) => authenticator.hold(&token).await,
        Err(error) => Err(error),
    };
    drop(turn);
    held.map_err(|error| {
        let reason = match error.is_unavailable() {
            true => "nobody can say who you are now; try again later",
            false => "the token is no good",
        };
        let code = if error.is_unavailable() { close::DRAINING } else { close::SIGNED_OUT };
        writer.close(code, reason);
        Ended
    })
}

async fn drain(writer: &mut SocketWriter) -> Ended {
    // Spread out, so that those who come back do not all come at once.
    let spread = (pubsub::Options::default().chance)(DRAIN_SPREAD);
    let retry_after_ms = u64::try_from((DRAIN_PAUSE + spread).as_millis()).unwrap_or(u64::MAX);
    let _ = writer.send(ToClient::Drain { retry_after_ms }.text()).await;
    writer.close(close::DRAINING, "the server ends; come back");
    Ended
}

fn bad_frame(writer: &SocketWriter, error: &serde_json::Error) -> Ended {
    let reason: String = error.to_string().chars().take(60).collect();
    writer.close(close::BAD_FRAME, &reason);
    Ended
}

impl Conversation<'_> {
    /// From the frame that says who is there to the end, which this returns.
    async fn run(&mut self, reader: &mut SocketReader, draining: &Draining) -> Ended {
        if let Err(ended) = Box::pin(self.ready()).await {
            return ended;
        }
        let mut is_held = false;
        loop {
            let wakes_at = self.next_look();
            let step = tokio::select! {
                incoming = reader.next() => match incoming {
                    Incoming::Text(text) => Box::pin(self.hear(&text)).await,
                    Incoming::TooLarge | Incoming::NotText | Incoming::Bad | Incoming::Closed => {
                        Err(Ended)
                    }
                },
                next = self.seat.queue.next(is_held) => match next {
                    Next::Frame(text) => self.pass_on(text, &mut is_held).await,
                    Next::Presence(user) => self.tell_of(user, &mut is_held).await,
                    Next::Woken => self.look(&mut is_held).await,
                    Next::TooSlow => {
                        self.writer.close(close::TOO_SLOW, "too slow: come back and catch up");
                        Err(Ended)
                    }
                },
                () = time::sleep_until(wakes_at) => self.look(&mut is_held).await,
                () = draining.begun() => Err(drain(&mut self.writer).await),
            };
            if let Err(ended) = step {
                return ended;
            }
        }
    }

    /// When it is time to look at the token again.
    fn next_look(&self) -> Instant {
        let left = (self.login.expires_at() - self.app.clock.now()).num_milliseconds();
        let left = if self.is_warned { left } else { left - WARN_S * 1_000 };
        // Never at once again: whoever has expired is closed by the look.
        Instant::now() + Duration::from_millis(u64::try_from(left).unwrap_or(0).max(20))
    }

    /// Looks whether they are signed in still, and warns them in time.
    async fn look(&mut self, is_held: &mut bool) -> Said {
        match self.login.standing() {
            LoginStanding::In => *is_held = false,
            LoginStanding::Unknown => *is_held = true,
            LoginStanding::Over(_) => {
                self.writer.close(close::SIGNED_OUT, "you are signed in no longer");
                return Err(Ended);
            }
        }
        let in_s = (self.login.expires_at() - self.app.clock.now()).num_seconds();
        if in_s <= WARN_S && !self.is_warned {
            self.is_warned = true;
            self.say(&ToClient::AuthExpiring { in_s: in_s.max(0) }).await?;
        }
        if self.login.revision() != self.revision && !*is_held {
            self.revision = self.login.revision();
            Box::pin(self.look_at_rights()).await?;
        }
        Ok(())
    }

    /// Passes a frame on that has waited, if they may have it still.
    async fn pass_on(&mut self, text: SocketText, is_held: &mut bool) -> Said {
        self.look(is_held).await?;
        if *is_held {
            self.seat.queue.give_back(text);
            return Ok(());
        }
        Ok(self.writer.send(text).await?)
    }

    /// Says whether somebody is there, if they may know it still.
    async fn tell_of(&mut self, user: i64, is_held: &mut bool) -> Said {
        self.look(is_held).await?;
        if *is_held {
            self.seat.queue.look_for([user]);
            return Ok(());
        }
        if !self.watched.contains(&user) {
            return Ok(());
        }
        // The roll hears of those who are here a moment later.
        let here = self.live.hub.standing(user, self.app.clock.now() - AWAY_AFTER);
        let state = self.live.presence.of(user).max(here);
        if self.told.insert(user, state) == Some(state) {
            return Ok(());
        }
        self.say(&ToClient::Presence { user_id: user, state }).await
    }

    async fn ready(&mut self) -> Said {
        let turn = self.live.turn().await;
        let own = match self.login.ctx(self.language).await {
            Ok(ctx) => log::own_chats(&ctx).await,
            Err(error) => Err(error),
        };
        drop(turn);
        match own {
            Ok(own) => {
                let chat = |it: log::OwnChat| ReadyChat {
                    chat_id: it.head.chat_id,
                    last_seq: it.head.last_seq,
                    read_seq: it.read_seq,
                    unread: it.unread,
                    epoch: it.head.epoch,
                };
                let known = own.iter().map(|it| (it.head.chat_id, it.head.last_seq)).collect();
                self.seat.was_told(known);
                let chats = own.into_iter().map(chat).collect();
                self.say(&ToClient::Ready { user_id: self.seat.user, chats }).await
            }
            Err(error) => Err(self.close_for(&error)),
        }
    }

    /// Ends the socket where it cannot even begin.
    pub(super) fn close_for(&self, error: &Error) -> Ended {
        let (code, reason) = match error {
            it if it.is_unauthenticated() => (close::SIGNED_OUT, "you are signed in no longer"),
            it if it.is_denied() => (close::FORBIDDEN, "you may not read chats"),
            _ => (close::DRAINING, "the database is away; come back"),
        };
        self.writer.close(code, reason);
        Ended
    }

    async fn hear(&mut self, text: &str) -> Said {
        match self.bucket.take(Instant::now()) {
            Verdict::Passes => {}
            Verdict::Refused(after) => {
                let (code, message) = ("rate_limited", "too many frames; slow down");
                let id = id_of(text);
                let after = u64::try_from(after.as_millis()).unwrap_or(u64::MAX);
                let retry_after_ms = Some(after.max(1));
                let id = id.as_deref();
                let refusal = Refusal { id, chat_id: None, code, message, retry_after_ms };
                return self.say(&ToClient::Error(refusal)).await;
            }
            Verdict::TooFast(_) => {
                self.writer.close(close::TOO_FAST, "too many frames");
                return Err(Ended);
            }
        }
        let frame = serde_json::from_str(text).map_err(|it| bad_frame(&self.writer, &it))?;
        // What clients send by themselves, as long as they run, says nothing of their users.
        if !matches!(frame, FromClient::Ping {} | FromClient::Auth { .. }) {
            self.seat.use_at(self.app.clock.now());
        }
        match frame {
            FromClient::Auth { token } => self.sign_in_again(&token).await,
            FromClient::Subscribe { id, chats } => self.subscribe(&id, chats).await,
            FromClient::Unsubscribe { chats } => {
                self.unsubscribe(&chats);
                Ok(())
            }
            FromClient::Send(message) => self.send(*message).await,
            FromClient::Read { chat_id, seq } => self.read(chat_id, seq).await,
            FromClient::Typing { chat_id } => self.typing(chat_id).await,
            FromClient::Watch { users } => self.watch(users).await,
            FromClient::Ping {} => self.say(&ToClient::Pong).await,
        }
    }

    async fn sign_in_again(&mut self, token: &str) -> Said {
        match self.login.renew(token).await {
            Ok(()) => {
                self.is_warned = false;
                self.seat.renew(self.login.clone());
                Ok(())
            }
            Err(error) => self.refuse((None, None), &error).await,
        }
    }

    /// Says at once what is for this socket alone.
    pub(super) async fn say(&mut self, frame: &ToClient<'_>) -> Said {
        Ok(self.writer.send(frame.text()).await?)
    }

    /// Says why a frame was not carried out; whoever is signed in no longer is closed.
    pub(super) async fn refuse(
        &mut self,
        (id, chat_id): (Option<&str>, Option<i64>),
        error: &Error,
    ) -> Said {
        if error.is_unauthenticated() {
            return Err(self.close_for(error));
        }
        let said = in_a_sentence(error, &self.app.texts, self.language.unwrap_or("en"));
        let refusal = Refusal {
            id,
            chat_id,
            code: &said.code,
            message: &said.message,
            retry_after_ms: said.retry_after.map(|it| it.as_millis() as u64),
        };
        self.say(&ToClient::Error(refusal)).await
    }
}

impl Drop for Conversation<'_> {
    fn drop(&mut self) {
        self.live.presence.unwatch(&self.seat, &self.watched);
        self.live.hub.leave(&self.seat, self.chats.iter().copied());
    }
}

/// The id of a frame that is not carried out, if it has one.
fn id_of(text: &str) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Named {
        id: Option<String>,
    }
    serde_json::from_str::<Named>(text).ok()?.id
}
