//! Watching whether users are there.

use std::{collections::BTreeSet, mem};

use orm::{Error as DataError, Violation};

use crate::{
    acquaintance,
    live::{
        conversation::{Conversation, Said},
        presence::WATCHED_MAX,
    },
};

impl Conversation<'_> {
    /// Has it told of these users and no others any more; of those who share no chat with it nothing
    /// is said.
    pub(super) async fn watch(&mut self, users: Vec<i64>) -> Said {
        if users.len() > WATCHED_MAX {
            let too_many = Violation::at_pointer("/users", "too_many").with("max", WATCHED_MAX);
            return self.refuse((None, None), &DataError::invalid(vec![too_many]).into()).await;
        }
        self.told.clear();
        self.watch_known(users.into_iter().collect()).await
    }

    /// Looks whom of those that it watches it may still know about: rights have changed.
    pub(super) async fn look_at_watched(&mut self) -> Said {
        match self.watched.is_empty() {
            true => Ok(()),
            false => self.watch_known(self.watched.clone()).await,
        }
    }

    async fn watch_known(&mut self, users: BTreeSet<i64>) -> Said {
        let known = match self.login.ctx(self.language).await {
            Ok(ctx) => acquaintance::of(&ctx, &users).await,
            Err(error) => Err(error),
        };
        let known = match known {
            Ok(known) => known,
            Err(error) => return self.refuse((None, None), &error).await,
        };
        let presence = &self.live.presence;
        presence.unwatch(&self.seat, &mem::take(&mut self.watched));
        self.seat.queue.look_for_nobody();
        presence.watch(&self.seat, &known);
        self.watched = known;
        Ok(())
    }
}
