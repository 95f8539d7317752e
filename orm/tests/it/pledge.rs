//! Hooks that write down what they see, and refuse what is named so.

use std::sync::Mutex;

use orm::{ChangeSet, Error, Model, Result, Session};

use crate::{library::Pledge, shelf::pledges};

/// What hooks have seen, a line each.
#[derive(Debug, Default)]
pub(crate) struct Diary(pub(crate) Mutex<Vec<String>>);

pub(crate) async fn before(session: &Session, set: &ChangeSet<Pledge>) -> Result<()> {
    note("before", session, set).await
}

pub(crate) async fn after(session: &Session, set: &ChangeSet<Pledge>) -> Result<()> {
    note("after", session, set).await
}

/// Notes the verb, the records, the names of the fields, and all rows as they stand now; refuses
/// when a row is called like the moment.
async fn note(when: &str, session: &Session, set: &ChangeSet<Pledge>) -> Result<()> {
    let Some(diary) = session.host::<Diary>() else { return Ok(()) };
    let system = session.as_system("write a diary");
    let rows = pledges(&system).await;
    let forced = if set.has_option("force") { " forced" } else { "" };
    let named: Vec<&str> = [
        set.names(Pledge::NAME).then_some("name"),
        set.names(Pledge::GENRE).then_some("genre"),
        set.names(Pledge::TAGS).then_some("tags"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let (verb, ids, named) = (set.verb(), set.ids(), named.join(" "));
    let line = format!("{when} {verb:?} {ids:?} {named}{forced}: {rows}");
    diary.0.lock().unwrap().push(line);
    if Pledge::query(&system).filter(Pledge::NAME.eq(format!("not {when}"))).exists().await? {
        return Err(Error::refused("unwanted"));
    }
    Ok(())
}
