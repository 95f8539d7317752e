//! What a right is about: a model that can have rights.

use orm::{Error, Result, Session, Verb, Violation, WriteSet, schema::SchemaModel};

/// The system, for looking at what people write; none where nobody but the system writes, or
/// where nothing is left to look at.
pub(crate) fn of_people(
    session: &Session,
    set: &WriteSet<'_>,
    reason: &'static str,
) -> Option<Session> {
    let is_over = set.verb == Verb::Delete && set.ids.is_empty();
    (!session.is_system() && !is_over).then(|| session.as_system(reason))
}

/// A model that has rights of its own.
///
/// # Errors
/// Invalid at `/model` for a name of no model, and for a model that follows its parent.
pub(crate) fn model<'a>(session: &'a Session, name: &str) -> Result<&'a SchemaModel> {
    let model = any_model(session, name)?;
    match model.parent {
        None => Ok(model),
        Some(parent) => {
            let parent = session.schema().target(model.at(parent)).def.table;
            let violation = Violation::at_pointer("/model", "follows_parent");
            Err(Error::invalid(vec![violation.with("parent", parent)]))
        }
    }
}

/// A model, whether or not it has rights of its own.
///
/// # Errors
/// Invalid at `/model` for a name of no model.
pub(crate) fn any_model<'a>(session: &'a Session, name: &str) -> Result<&'a SchemaModel> {
    session
        .schema()
        .by_table(name)
        .ok_or_else(|| Error::invalid(vec![Violation::at_pointer("/model", "unknown_model")]))
}
