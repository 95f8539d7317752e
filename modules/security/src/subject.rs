//! What a right is about: a model that can have rights.

use orm::{ChangeSet, Error, Model, Result, Schema, Session, Verb, Violation, schema::SchemaModel};

/// The system, for looking at what people write; none where nobody but the system writes.
pub(crate) fn of_people(session: &Session, reason: &'static str) -> Option<Session> {
    (!session.is_system()).then(|| session.as_system(reason))
}

/// The same for looking at what they have saved; none where nothing is left to look at.
pub(crate) fn saved_by_people<M: Model>(
    session: &Session,
    set: &ChangeSet<M>,
    reason: &'static str,
) -> Option<Session> {
    of_people(session, reason).filter(|_| set.verb() != Verb::Delete)
}

/// A model that has rights of its own.
///
/// # Errors
/// Invalid at `/model` for a name of no model, and for a model that follows its parent.
pub(crate) fn model<'a>(schema: &'a Schema, name: &str) -> Result<&'a SchemaModel> {
    let model = any_model(schema, name)?;
    match model.parent {
        None => Ok(model),
        Some(parent) => {
            let parent = schema.target(model.at(parent)).def.table;
            let violation = Violation::at_pointer("/model", "follows_parent");
            Err(Error::invalid(vec![violation.with("parent", parent)]))
        }
    }
}

/// A model, whether or not it has rights of its own.
///
/// # Errors
/// Invalid at `/model` for a name of no model.
pub(crate) fn any_model<'a>(schema: &'a Schema, name: &str) -> Result<&'a SchemaModel> {
    schema
        .by_table(name)
        .ok_or_else(|| Error::invalid(vec![Violation::at_pointer("/model", "unknown_model")]))
}
