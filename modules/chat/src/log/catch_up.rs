//! What a member has missed, or that they had better begin anew.

use artel_core::Result;
use chrono::{DateTime, Utc};
use orm::{Error, Session};
use serde_json::Value;

use crate::{
    EventKind, gate,
    log::{heads::Head, read},
};

/// Whoever is further behind begins anew.
pub const GAP_MAX: i64 = 500;

/// What there is behind a number.
#[derive(Debug, Clone)]
pub struct CatchUp {
    /// How far the log has come.
    pub head: Head,
    /// The events, in rising order; none at all when what is known must be dropped.
    pub events: Option<Vec<Missed>>,
    /// Whether there are more.
    pub has_more: bool,
}

/// An event that was missed.
#[derive(Debug, Clone)]
pub struct Missed {
    /// Its number.
    pub seq: i64,
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub at: DateTime<Utc>,
    /// What there is to say of it.
    pub data: Value,
}

/// What has happened in a chat after a number. Whoever knows of more than there is, is too far
/// behind, or asks for what was trimmed, begins anew.
///
/// # Errors
/// Missing when the asker does not see the chat.
pub async fn events(session: &Session, chat: i64, (after, limit): (i64, i64)) -> Result<CatchUp> {
    let chat = gate::see(session, chat).await?.id().get();
    let system = session.as_system("chat.events");
    // Never none: the first says whether the log reaches that far back.
    let logged = read::select(&system, &[(chat, after)], limit.max(1)).await?;
    let head = logged.first().map(|it| it.head).ok_or_else(Error::missing)?;
    let mut events: Vec<Missed> = logged
        .into_iter()
        .filter_map(|it| it.event)
        .map(|it| Missed { seq: it.seq, kind: it.kind, at: it.at, data: it.data })
        .collect();
    if must_begin_anew(head, after, events.first().map(|it| it.seq)) {
        return Ok(CatchUp { head, events: None, has_more: false });
    }
    events.truncate(usize::try_from(limit).unwrap_or_default());
    let last = events.last().map_or(after, |it| it.seq);
    Ok(CatchUp { head, has_more: last < head.last_seq, events: Some(events) })
}

/// Whether somebody who has seen a chat up to `seen` cannot be told the rest, when `next` is the
/// first event behind it that is still known.
pub fn must_begin_anew(head: Head, seen: i64, next: Option<i64>) -> bool {
    let gap = head.last_seq - seen;
    !(0..=GAP_MAX).contains(&gap) || (gap > 0 && next != Some(seen + 1))
}
