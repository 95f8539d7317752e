//! Change sets made ready to be written, before a connection is taken: fields resolved, secrets
//! sealed, defaults put in, limits checked.

use crate::{
    Error, RawChanges, Result, Session, Value, Violation,
    engine::links::{self, Links},
    schema::{FieldId, SchemaField, SchemaModel},
};

/// Fields and their values, each field once.
pub(crate) type Prepared = Vec<(FieldId, Value)>;

/// The changes of a record that exists.
pub(crate) async fn changes(
    model: &SchemaModel,
    changes: RawChanges,
) -> Result<(Prepared, Vec<Links>)> {
    let links = links::resolve(model, changes.links)?;
    let mut prepared = resolve(model, changes.values)?;
    let faults: Vec<Violation> =
        prepared.iter().filter_map(|(id, value)| fault(model.at(*id), value)).collect();
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    seal(model, &mut prepared).await?;
    Ok((prepared, links))
}

/// A new record: every writable column, in the order of the table, and its links.
pub(crate) async fn new_record(
    model: &SchemaModel,
    changes: RawChanges,
) -> Result<(Prepared, Vec<Links>)> {
    let links = links::resolve(model, changes.links)?;
    let mut named = resolve(model, changes.values)?;
    let mut prepared = Vec::new();
    let mut faults = Vec::new();
    for field in model.columns().filter(|it| !it.is_framework) {
        let given = named.iter().position(|(id, _)| *id == field.id);
        let value = match given {
            Some(at) => named.swap_remove(at).1,
            None => default_of(field),
        };
        faults.extend(fault(field, &value));
        prepared.push((field.id, value));
    }
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    seal(model, &mut prepared).await?;
    Ok((prepared, links))
}

/// The same with the asker's own company, where the model's records have one and nobody says
/// which.
pub(crate) fn in_own_company(
    session: &Session,
    model: &SchemaModel,
    mut changes: RawChanges,
) -> RawChanges {
    if let Some(field) = model.def.company_owned
        && changes.values.iter().all(|(name, _)| *name != field)
        && let Some(company @ Value::Int(_)) = session.access().parameter("my_company")
    {
        changes.values.push((field, company));
    }
    changes
}

/// What a field starts with when nobody says.
pub(crate) fn default_of(field: &SchemaField) -> Value {
    field.def.default.map_or(Value::Null, |it| it())
}

fn resolve(model: &SchemaModel, values: Vec<(&'static str, Value)>) -> Result<Prepared> {
    let mut prepared: Prepared = Vec::with_capacity(values.len());
    for (name, value) in values {
        let field = model
            .field(name)
            .filter(|it| it.has_column() && !it.is_framework)
            .ok_or_else(|| Error::broken(format!("{}.{name} cannot be set", model.def.table)))?;
        match prepared.iter_mut().find(|(id, _)| *id == field.id) {
            Some((_, earlier)) => *earlier = value,
            None => prepared.push((field.id, value)),
        }
    }
    Ok(prepared)
}

fn fault(field: &SchemaField, value: &Value) -> Option<Violation> {
    let pointer = format!("/{}", field.def.key);
    if value.is_null() {
        return (!field.def.nullable).then(|| Violation::at_pointer(pointer, "required"));
    }
    let fault = (field.def.kind.rules().check)(field.def, value).err()?;
    Some(Violation { params: fault.params, ..Violation::at_pointer(pointer, fault.code) })
}

async fn seal(model: &SchemaModel, prepared: &mut Prepared) -> Result<()> {
    for (id, value) in prepared {
        if let (Some(seal), Value::Text(text)) = (model.at(*id).def.seal, &mut *value) {
            *value = Value::Text(seal(std::mem::take(text)).await?);
        }
    }
    Ok(())
}
