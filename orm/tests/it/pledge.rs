//! Hooks that write down what they see, refuse what is named so, and mark what is named so.

use std::sync::Mutex;

use orm::{ChangeSet, Error, Model, Result, Session, Value, Verb};

use crate::{
    library::{Pledge, Tag},
    shelf::pledges,
};

/// What hooks have seen, a line each.
#[derive(Debug, Default)]
pub(crate) struct Diary(pub(crate) Mutex<Vec<String>>);

pub(crate) async fn before(session: &Session, set: &mut ChangeSet<Pledge>) -> Result<()> {
    mark(session, set).await?;
    note("before", session, set).await
}

/// Links new ones that are called so to the first of all tags, whoever may see it.
async fn mark(session: &Session, set: &mut ChangeSet<Pledge>) -> Result<()> {
    let is_marked = |it: &Value| it.as_text() == Some("marked");
    let marked = set.iter().map(|it| it.value(Pledge::NAME).is_some_and(is_marked));
    let marked: Vec<usize> = marked.enumerate().filter(|it| it.1).map(|it| it.0).collect();
    if set.verb() != Verb::Create || marked.is_empty() {
        return Ok(());
    }
    let system = session.as_system("mark pledges");
    if let Some(first) = Tag::query(&system).order(Tag::ID).first().await? {
        marked.into_iter().for_each(|at| set.set_at(at, Pledge::TAGS.add(&[first.id()])));
    }
    Ok(())
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
