//! What is asked to be written of one record, made ready before a connection is taken: fields
//! resolved, secrets sealed, defaults put in, limits checked.

use crate::{
    Error, RawChanges, Result, Value, Violation,
    engine::links::{self, Links},
    schema::{FieldId, FieldSet, SchemaField, SchemaModel},
};

/// Fields and their values, each field once.
pub(crate) type Prepared = Vec<(FieldId, Value)>;

/// What becomes of one record.
#[derive(Debug, Clone, Default)]
pub(crate) struct Request {
    /// What its columns are set to; of a new record, every column that can be written.
    pub(crate) values: Prepared,
    /// The fields that somebody named.
    pub(crate) named: FieldSet,
    /// What becomes of its links.
    pub(crate) links: Vec<Links>,
    /// What is said yes to, beside the fields.
    pub(crate) options: Vec<&'static str>,
    /// Where it stands in the body; empty when it is the body.
    pub(crate) pointer: String,
}

impl Request {
    /// The changes of a record that exists.
    ///
    /// # Errors
    /// Invalid with every fault.
    pub(crate) async fn change(model: &SchemaModel, changes: RawChanges) -> Result<Self> {
        let mut request = Self::resolve(model, changes)?;
        accept(request.values.iter().filter_map(|(id, value)| fault(model.at(*id), value)))?;
        seal(model, &mut request.values).await?;
        Ok(request)
    }

    /// A new record: every writable column, in the order of the table, and its links.
    ///
    /// # Errors
    /// Invalid with every fault.
    pub(crate) async fn new_record(model: &SchemaModel, changes: RawChanges) -> Result<Self> {
        let mut request = Self::resolve(model, changes)?;
        let mut named = std::mem::take(&mut request.values);
        let mut faults = Vec::new();
        let is_set = |it: &&SchemaField| it.is_stored() && !it.is_framework;
        for field in model.columns().filter(is_set) {
            let given = named.iter().position(|(id, _)| *id == field.id);
            let value = match given {
                Some(at) => named.swap_remove(at).1,
                None => default_of(field),
            };
            // What the author fills in is asked for behind their `before`.
            let is_awaited = given.is_none() && field.def.filled;
            if field.is_writable() && !is_awaited {
                faults.extend(fault(field, &value));
            }
            request.values.push((field.id, value));
        }
        accept(faults.into_iter())?;
        seal(model, &mut request.values).await?;
        Ok(request)
    }

    /// Adds what a hook says of the record; it counts more than what was asked.
    ///
    /// # Errors
    /// Invalid with every fault.
    pub(crate) async fn add(&mut self, model: &SchemaModel, changes: RawChanges) -> Result<()> {
        let more = Self::change(model, changes).await?;
        for (field, value) in more.values {
            self.named.insert(field);
            put(&mut self.values, field, value);
        }
        for links in more.links {
            links::put(&mut self.links, links);
        }
        Ok(())
    }

    /// What a field is set to, by somebody or as it begins.
    pub(crate) fn value(&self, field: FieldId) -> Option<&Value> {
        self.values.iter().find(|it| it.0 == field).map(|it| &it.1)
    }

    /// The fields that its author was to fill in and did not, as faults of the body.
    pub(crate) fn unfilled(&self, model: &SchemaModel) -> impl Iterator<Item = Violation> {
        let is_open = |it: &&(FieldId, Value)| it.1.is_null() && model.at(it.0).def.filled;
        let open = self.values.iter().filter(is_open);
        open.filter_map(|it| fault(model.at(it.0), &it.1)).map(|it| it.within(&self.pointer))
    }

    fn resolve(model: &SchemaModel, changes: RawChanges) -> Result<Self> {
        let mut request = Self { options: changes.options, ..Self::default() };
        for (name, value) in changes.values {
            let field = model
                .field(name)
                .filter(|it| it.is_stored() && it.is_writable())
                .ok_or_else(|| Error::broken(format!("{}.{name} cannot be set", model.def.table)))?
                .id;
            request.named.insert(field);
            put(&mut request.values, field, value);
        }
        request.links = links::resolve(model, changes.links)?;
        request.links.iter().for_each(|it| request.named.insert(it.field));
        Ok(request)
    }
}

/// Sets a field, which may have been set before.
pub(crate) fn put(values: &mut Prepared, field: FieldId, value: Value) {
    match values.iter_mut().find(|it| it.0 == field) {
        Some(earlier) => earlier.1 = value,
        None => values.push((field, value)),
    }
}

/// What a field starts with when nobody says.
pub(crate) fn default_of(field: &SchemaField) -> Value {
    field.def.default.map_or(Value::Null, |it| it())
}

fn accept(faults: impl Iterator<Item = Violation>) -> Result<()> {
    let faults: Vec<Violation> = faults.collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

fn fault(field: &SchemaField, value: &Value) -> Option<Violation> {
    let pointer = format!("/{}", field.def.key);
    if value.is_null() {
        return (!field.def.nullable).then(|| Violation::at_pointer(pointer, "required"));
    }
    let fault = (field.def.kind.rules().check)(field.def, value).err()?;
    Some(Violation { params: fault.params, ..Violation::at_pointer(pointer, fault.code) })
}

async fn seal(model: &SchemaModel, values: &mut Prepared) -> Result<()> {
    for (id, value) in values {
        if let (Some(seal), Value::Text(text)) = (model.at(*id).def.seal, &mut *value) {
            *value = Value::Text(seal(std::mem::take(text)).await?);
        }
    }
    Ok(())
}
