//! A conversation, and what holds for all of it: its kind, its name, how far its log has come.

pub mod create;
pub mod direct;
pub mod mine;
pub mod of_record;

use orm::{ChangeSet, Id, Model, One2Many, RecordChange, Result, Selection, Session, Value, Verb};

use crate::{
    ChatMember, EventKind,
    log::append::{Entry, note},
};

/// A conversation: of two, of a group, on a channel, or about a record.
#[derive(Debug, Model)]
#[model(table = "chats", display = "name", order = "-id", archivable, private)]
#[model(unique = "record_model, record_id", routes = "changing", before = count, after = log)]
pub struct Chat {
    /// What it is called; a chat of two, or about a record, needs no name.
    #[field(max = 200, search)]
    pub name: Option<String>,
    #[field(read_only)]
    pub kind: ChatKind,
    /// Whether it is still in use.
    #[field(default = true)]
    pub active: bool,
    /// The collection of the record that it is about.
    #[field(max = 63, read_only)]
    pub record_model: Option<String>,
    /// The record that it is about.
    #[field(read_only, label = "Record")]
    pub record_id: Option<i64>,
    /// The number of the last event.
    #[field(default = 0, read_only)]
    pub last_seq: i64,
    /// Rises when what clients know of the chat may be wrong: after a restore from a backup.
    #[field(default = 1, read_only)]
    pub epoch: i64,
    /// Those who take part, or did.
    // Those of users are what a new chat takes as `member_ids`; these are ids of rows.
    #[field(inverse = "chat", ids = "membership_ids")]
    pub members: One2Many<ChatMember>,
}

/// Who meets in a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Selection)]
pub enum ChatKind {
    /// Two, and nobody else.
    Direct,
    /// Those who were invited; all write.
    Group,
    /// Those who were invited; its administrators write.
    Channel,
    /// Whoever may read a record.
    Record,
}

/// Counts a change of the chat as an event of its log, in the same write.
async fn count(_: &Session, set: &mut ChangeSet<Chat>) -> Result<()> {
    if set.verb() != Verb::Update {
        return Ok(());
    }
    let mut counted = Vec::new();
    for (at, it) in set.iter().enumerate() {
        if let Some(old) = it.old()?.filter(|old| differs(&it, old)) {
            counted.push((at, old.last_seq + 1));
        }
    }
    for (at, seq) in counted {
        set.set_at(at, Chat::LAST_SEQ.set(seq));
    }
    Ok(())
}

/// Whether a change makes anything of the chat different that its members are told of.
fn differs(it: &RecordChange<'_, Chat>, old: &Chat) -> bool {
    let name = it.value(Chat::NAME).is_some_and(|new| new.as_text() != old.name.as_deref());
    let active = it.value(Chat::ACTIVE).is_some_and(|new| *new != Value::Bool(old.active));
    name || active
}

async fn log(session: &Session, set: &ChangeSet<Chat>) -> Result<()> {
    if set.verb() != Verb::Update {
        return Ok(());
    }
    for it in set.iter() {
        let (Some(id), Some(old), Some(new)) = (it.id(), it.old()?, it.new()?) else { continue };
        if (&old.name, old.active) != (&new.name, new.active) {
            let system = session.as_system("chat.change");
            let entry = Entry::of(EventKind::ChatChanged);
            note(&system, Id::new(id), new.last_seq, &entry).await?;
        }
    }
    Ok(())
}
