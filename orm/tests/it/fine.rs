//! Hooks that give each record something of its own, and tell somebody once it stands.

use orm::{ChangeSet, Error, Id, Model, Result, Session, Verb};
use tokio::sync::mpsc::UnboundedSender;

use crate::library::Fine;

/// Whoever is told after a commit.
#[derive(Debug)]
pub(crate) struct Listener(pub(crate) UnboundedSender<String>);

/// Whoever has messages sent of each write.
#[derive(Debug)]
pub(crate) struct Sender;

/// Gives every record a code that says what it was called and what it will be.
pub(crate) async fn encode(session: &Session, set: &mut ChangeSet<Fine>) -> Result<()> {
    if session.host::<Listener>().is_none() || set.verb() == Verb::Delete {
        return Ok(());
    }
    let mut codes = Vec::new();
    for record in set.iter() {
        let old = record.old()?.map(|it| it.name).unwrap_or_default();
        let new = record.value(Fine::NAME).and_then(|it| it.as_text()).unwrap_or(&old);
        codes.push(format!("{old}>{new}"));
    }
    for (at, code) in codes.into_iter().enumerate() {
        set.set_at(at, Fine::CODE.set(code));
    }
    Ok(())
}

pub(crate) async fn send(session: &Session, set: &ChangeSet<Fine>) -> Result<()> {
    if session.host::<Sender>().is_some() {
        for id in set.ids() {
            session.enqueue("fines", Id::<Fine>::new(id), &format!("{:?}", set.verb())).await?;
        }
    }
    Ok(())
}

/// Says what it sees; fails or panics when a record is called so.
pub(crate) async fn tell(session: &Session, set: &ChangeSet<Fine>) -> Result<()> {
    let Some(listener) = session.host::<Listener>() else { return Ok(()) };
    let names = set.iter().map(|it| Ok(it.new()?.map(|it| it.name).unwrap_or_default()));
    let names = names.collect::<Result<Vec<String>>>()?.join(" ");
    assert!(names != "panic", "on purpose");
    if names == "failure" {
        return Err(Error::refused("unwanted"));
    }
    let is_inside = session.is_in_transaction();
    let seen = Fine::query(session).count().await?;
    let line = format!("{:?} {:?} {names} of {seen} {is_inside}", set.verb(), set.ids());
    let _ = listener.0.send(line);
    Ok(())
}
