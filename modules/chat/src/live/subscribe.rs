//! Listening to chats: what was missed is read from the log, at the socket's own pace, until the rest
//! can come with what is handed out to all.

use std::collections::BTreeMap;

use artel_core::{Error, Result};
use orm::{Error as DataError, Session};

use crate::{
    gate,
    live::{
        conversation::{Conversation, Said},
        frame::{self, ChatKey, Place, Seen, ToClient},
        hub::{Listening, no_longer},
    },
    log::{self, Event, Head, catch_up},
};

/// Missed events that are read at once.
const BATCH: i64 = 100;

/// What became of a chat that somebody wants to listen to.
enum Outcome {
    Listening(Place),
    /// They may read it no longer, by an event that they have been told of.
    Left,
}

impl Conversation<'_> {
    /// Has it told of chats from where it stands in each.
    pub(super) async fn subscribe(&mut self, id: &str, wanted: BTreeMap<ChatKey, Seen>) -> Said {
        let heads = match self.heads(wanted.keys().map(|it| it.0).collect()).await {
            Ok(heads) => heads,
            Err(error) => return self.refuse((Some(id), None), &error).await,
        };
        let mut begun = BTreeMap::new();
        for (ChatKey(chat), seen) in wanted {
            let Some(head) = heads.iter().find(|it| it.chat_id == chat) else {
                self.refuse((Some(id), Some(chat)), &Error::from(DataError::missing())).await?;
                continue;
            };
            match self.begin(*head, seen).await? {
                Ok(Outcome::Listening(place)) => _ = begun.insert(chat, place),
                Ok(Outcome::Left) => {}
                Err(error) => self.refuse((Some(id), Some(chat)), &error).await?,
            }
        }
        self.say(&ToClient::Subscribed { id, chats: begun }).await
    }

    /// Has it told of chats no longer.
    pub(super) fn unsubscribe(&mut self, chats: &[i64]) {
        for chat in chats {
            self.chats.remove(chat);
            self.live.hub.unlisten(&self.seat, *chat);
        }
    }

    /// Looks which of its chats it may still read: rights have changed.
    pub(super) async fn look_at_rights(&mut self) -> Said {
        let hub = &self.live.hub;
        let chats = self.chats.iter().copied().filter(|it| hub.listens(&self.seat, *it));
        let chats: Vec<i64> = chats.collect();
        let visible = match self.login.ctx(self.language).await {
            Ok(ctx) => gate::visible_of(&ctx, &chats).await,
            Err(error) => Err(error),
        };
        match visible {
            Ok(visible) => {
                for chat in chats.into_iter().filter(|it| !visible.contains(it)) {
                    hub.expel(&self.seat, chat);
                    self.chats.remove(&chat);
                }
                self.look_at_watched().await
            }
            Err(error) => Err(self.close_for(&error)),
        }
    }

    /// How far those of some chats are that it may read.
    async fn heads(&self, chats: Vec<i64>) -> Result<Vec<Head>> {
        let _turn = self.live.turn().await;
        let ctx = self.login.ctx(self.language).await?;
        // In this order: whoever loses their right in between is refused, and whoever loses it later
        // is told so by an event behind these.
        let mut heads = log::heads(&ctx.as_system("chat.subscribe"), &chats).await?;
        let mut visible = gate::visible_of(&ctx, &chats).await?;
        // Listening may be the first use of a chat about a record.
        for head in heads.iter().filter(|it| it.is_of_record) {
            if visible.contains(&head.chat_id) {
                continue;
            }
            match gate::see(&ctx, head.chat_id).await {
                Ok(_) => visible.push(head.chat_id),
                Err(error) if error.is_missing() => {}
                Err(error) => return Err(error),
            }
        }
        heads.retain(|it| visible.contains(&it.chat_id));
        Ok(heads)
    }

    /// Tells it what it has missed of a chat and has it listen behind that.
    async fn begin(&mut self, head: Head, seen: Seen) -> Said<Result<Outcome>> {
        let Head { chat_id, mut last_seq, epoch, .. } = head;
        let (seen, epoch_seen) = seen.last().unwrap_or((last_seq, None));
        let ctx = match self.login.ctx(self.language).await {
            Ok(ctx) => ctx,
            Err(error) => return Ok(Err(error)),
        };
        let system = ctx.as_system("chat.subscribe");
        let mut place = Place { as_of_seq: seen, epoch };
        if seen > last_seq || epoch_seen.is_some_and(|it| it != epoch) {
            place.as_of_seq = last_seq;
            self.reset(chat_id, place).await?;
        }
        loop {
            while place.as_of_seq < last_seq {
                let head = Head { last_seq, ..head };
                let turn = self.live.turn().await;
                let missed = missed(&system, head, place.as_of_seq).await;
                drop(turn);
                let missed = match missed {
                    Ok(missed) => missed,
                    Err(error) => return Ok(Err(error)),
                };
                let Some(events) = missed else {
                    place.as_of_seq = last_seq;
                    self.reset(chat_id, place).await?;
                    break;
                };
                for event in events {
                    place.as_of_seq = event.seq;
                    self.writer.send(frame::event(&event)).await?;
                    if event.member != Some(self.seat.user) || event.can_read != Some(false) {
                        continue;
                    }
                    // Who has come back since hears of that, too.
                    match gate::visible_of(&ctx, &[chat_id]).await {
                        Ok(visible) if !visible.is_empty() => {}
                        Ok(_) => {
                            self.writer.send(no_longer(chat_id)).await?;
                            return Ok(Ok(Outcome::Left));
                        }
                        Err(error) => return Ok(Err(error)),
                    }
                }
            }
            match self.live.hub.listen(&self.seat, head, place.as_of_seq) {
                Listening::Begun => break,
                Listening::Behind(seq) => last_seq = seq,
                Listening::OtherEpoch => {
                    return Ok(Err(Error::unavailable("the chat begins anew")));
                }
            }
        }
        self.chats.insert(chat_id);
        Ok(Ok(Outcome::Listening(place)))
    }

    async fn reset(&mut self, chat_id: i64, place: Place) -> Said {
        let Place { as_of_seq, epoch } = place;
        self.say(&ToClient::Reset { chat_id, as_of_seq, epoch }).await
    }
}

/// The next events that were missed; nothing when the client has to begin anew.
async fn missed(system: &Session, head: Head, seen: i64) -> Result<Option<Vec<Event>>> {
    let events = log::read(system, &[(head.chat_id, seen)], BATCH).await?;
    let next = events.first().map(|it| it.seq);
    Ok((!catch_up::must_begin_anew(head, seen, next)).then_some(events))
}
