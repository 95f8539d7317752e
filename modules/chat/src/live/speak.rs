//! What a socket does in chats: the same that requests do, with the same rights.

use std::time::Duration;

use tokio::time::Instant;

use crate::{
    live::{
        conversation::{Conversation, Said},
        frame::{NewMessage, ToClient},
    },
    member::mark,
    message::send,
    passing::Passing,
};

/// Others are told once in this time that somebody is writing.
const TYPING_EVERY: Duration = Duration::from_secs(2);

impl Conversation<'_> {
    /// A message: acknowledged once it stands.
    pub(super) async fn send(&mut self, message: NewMessage) -> Said {
        let NewMessage { id, chat_id, client_msg_id, body, reply_to_id, attachment_ids } = message;
        let client_msg_id = Some(client_msg_id);
        let new = send::NewMessage { body, client_msg_id, reply_to_id, attachment_ids };
        let sent = match self.login.ctx(self.language).await {
            Ok(ctx) => send::send(&ctx, chat_id, new).await,
            Err(error) => Err(error),
        };
        match sent {
            Ok(sent) => {
                let (id, seq, message_id) = (&*id, sent.message.seq, sent.message.id);
                self.say(&ToClient::Ack { id, chat_id, seq, message_id }).await
            }
            Err(error) => self.refuse((Some(&id), Some(chat_id)), &error).await,
        }
    }

    /// How far it has read: all devices of its user are told.
    pub(super) async fn read(&mut self, chat_id: i64, seq: i64) -> Said {
        let reading = match self.login.ctx(self.language).await {
            Ok(ctx) => mark::mark_read(&ctx, chat_id, seq).await,
            Err(error) => Err(error),
        };
        match reading {
            Ok(_) => Ok(()),
            Err(error) => self.refuse((None, Some(chat_id)), &error).await,
        }
    }

    /// That it is writing: the others who listen to the chat are told, now and then.
    pub(super) async fn typing(&mut self, chat_id: i64) -> Said {
        let now = Instant::now();
        let is_early = |it: &Instant| now.duration_since(*it) < TYPING_EVERY;
        if self.live.hub.listens(&self.seat, chat_id)
            && !self.typed.get(&chat_id).is_some_and(is_early)
        {
            self.typed.insert(chat_id, now);
            self.live.board.tell(Passing::Typing { chat_id, user_id: self.seat.user });
        }
        Ok(())
    }
}
