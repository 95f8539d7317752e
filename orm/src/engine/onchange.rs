//! What follows from a form that is being filled in; nothing is saved.
//!
//! **Invariant:** it tells nothing that a saved record would not tell the same asker: references
//! lead to records that they may see, and what is closed to them is left out.

use crate::{
    RawChanges, Result, Session, Value, Verb, Violation,
    engine::{change_set::RawSet, hook, recompute, reference, request::Request},
    schema::{FieldId, FieldSet, SchemaModel},
};

/// What follows from what was entered.
#[derive(Debug, Clone, Default)]
pub struct Onchange {
    /// The fields that hold something else than was entered, with what they hold.
    pub values: Vec<(FieldId, Value)>,
    /// What whoever fills it in should know.
    pub warnings: Vec<Violation>,
}

/// Asks the author what follows from `entered`, of which `changed` were entered last, and works
/// out the computed fields whose inputs are all there.
///
/// # Errors
/// Invalid when a reference leads to no record that the asker may see; whatever the author says.
pub async fn onchange(
    session: &Session,
    model: &SchemaModel,
    entered: RawChanges,
    changed: FieldSet,
) -> Result<Onchange> {
    let mut request = Request::entered(session.schema(), model, entered)?;
    request.lines.clear();
    reference::check(session, model, &request).await?;
    let before = request.values.clone();
    request.named = changed;
    let set = RawSet::new(session, model, Verb::Create, [(None, request)].into_iter());
    let mut set = hook::onchange(session, set).await?;
    recompute::guess(session, &mut set).await?;
    let readable = session.access().readable(model.id);
    let is_open = |field: FieldId| {
        readable.as_ref().is_none_or(|it| it.contains(field)) && !model.at(field).def.is_secret()
    };
    let warnings = std::mem::take(&mut set.warnings);
    let follows = std::mem::take(&mut set.only()?.request.values);
    let is_new = |it: &(FieldId, Value)| is_open(it.0) && !before.contains(it);
    Ok(Onchange { values: follows.into_iter().filter(is_new).collect(), warnings })
}
