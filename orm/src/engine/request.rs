//! What is asked to be written of one record, made ready before a connection is taken: fields
//! resolved, secrets sealed, defaults put in, limits checked. Its lines are requests, too.

use crate::{
    Error, Purpose, RawChanges, Result, Schema, Value, Violation,
    engine::{
        lines::{self, Lines},
        links::{self, Links},
    },
    field::translated,
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
    /// What becomes of its lines.
    pub(crate) lines: Vec<Lines>,
    /// What is said yes to, beside the fields.
    pub(crate) options: Vec<&'static str>,
    /// Where it stands in the body; empty when it is the body.
    pub(crate) pointer: String,
}

/// Where a request belongs.
#[derive(Clone, Copy)]
pub(crate) struct Belongs<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) model: &'a SchemaModel,
    /// The reference of a line to the record around it, which the engine sets.
    pub(crate) whole: Option<FieldId>,
    pub(crate) purpose: Purpose,
}

impl Request {
    /// The changes of a record that exists.
    ///
    /// # Errors
    /// Invalid with every fault.
    pub(crate) async fn change(
        schema: &Schema,
        model: &SchemaModel,
        changes: RawChanges,
    ) -> Result<Self> {
        let of = Belongs { schema, model, whole: None, purpose: Purpose::Update };
        Self::prepare(of, changes, String::new()).await
    }

    /// A new record: every writable column, in the order of the table, its links and its lines.
    ///
    /// # Errors
    /// Invalid with every fault.
    pub(crate) async fn new_record(
        schema: &Schema,
        model: &SchemaModel,
        changes: RawChanges,
    ) -> Result<Self> {
        let of = Belongs { schema, model, whole: None, purpose: Purpose::Create };
        Self::prepare(of, changes, String::new()).await
    }

    async fn prepare(of: Belongs<'_>, changes: RawChanges, pointer: String) -> Result<Self> {
        let mut faults = Vec::new();
        let mut request = Self::resolve(of, changes, pointer, &mut faults)?;
        if !faults.is_empty() {
            return Err(Error::invalid(faults));
        }
        request.seal(of.schema, of.model).await?;
        Ok(request)
    }

    /// What stands in a form: taken as it is, with gaps.
    ///
    /// # Errors
    /// Invalid with every fault; broken when a field cannot be set.
    pub(crate) fn entered(
        schema: &Schema,
        model: &SchemaModel,
        entered: RawChanges,
    ) -> Result<Self> {
        let of = Belongs { schema, model, whole: None, purpose: Purpose::Update };
        let mut faults = Vec::new();
        let request = Self::resolve(of, entered, String::new(), &mut faults)?;
        if faults.is_empty() { Ok(request) } else { Err(Error::invalid(faults)) }
    }

    /// Adds what a hook says of the record; it counts more than what was asked.
    ///
    /// # Errors
    /// Invalid with every fault of what they said.
    pub(crate) async fn add(
        &mut self,
        schema: &Schema,
        model: &SchemaModel,
        changes: RawChanges,
    ) -> Result<()> {
        let of = Belongs { schema, model, whole: None, purpose: Purpose::Update };
        let more = Self::prepare(of, changes, self.pointer.clone()).await?;
        for (field, value) in more.values {
            self.named.insert(field);
            put(&mut self.values, field, value);
        }
        for links in more.links {
            self.named.insert(links.field);
            links::put(&mut self.links, links);
        }
        for lines in more.lines {
            self.named.insert(lines.field);
            lines::put(&mut self.lines, lines);
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

    /// Makes a request of what was said; what is wrong with it goes to `faults`, whichever level
    /// of its lines it is of.
    ///
    /// # Errors
    /// When a field is named that cannot be set: nobody's fault but the caller's.
    pub(crate) fn resolve(
        of: Belongs<'_>,
        changes: RawChanges,
        pointer: String,
        faults: &mut Vec<Violation>,
    ) -> Result<Self> {
        let model = of.model;
        let mut request = Self { options: changes.options, pointer, ..Self::default() };
        let mut named = Prepared::with_capacity(changes.values.len());
        for (name, value) in changes.values {
            let field =
                model.field(name).filter(|it| it.is_stored() && it.is_writable()).ok_or_else(
                    || Error::broken(format!("{}.{name} cannot be set", model.def.table)),
                )?;
            if of.whole == Some(field.id) {
                let at = format!("{}/{}", request.pointer, field.def.key);
                faults.push(Violation::at_pointer(at, "read_only"));
                continue;
            }
            request.named.insert(field.id);
            let earlier = named.iter().find(|it| it.0 == field.id);
            let value = match earlier.filter(|_| field.def.is_translated()) {
                Some((_, earlier)) => translated::followed_by(earlier, value),
                None => value,
            };
            put(&mut named, field.id, value);
        }
        request.values = match of.purpose {
            Purpose::Create => with_defaults(model, named),
            Purpose::Update => named,
        };
        let is_asked = |it: &FieldId| of.whole != Some(*it) && model.at(*it).is_writable();
        // What the author fills in is asked for behind their `before`.
        let is_awaited = |(id, value): &(FieldId, Value)| {
            value.is_null() && model.at(*id).def.filled && !request.named.contains(*id)
        };
        let own = request.values.iter().filter(|it| is_asked(&it.0) && !is_awaited(it));
        let own = own.filter_map(|(id, value)| fault(model.at(*id), value));
        faults.extend(own.map(|it| it.within(&request.pointer)));
        request.links = links::resolve(model, changes.links)?;
        request.links.iter().for_each(|it| request.named.insert(it.field));
        request.lines = lines::resolve(of, changes.lines, &request.pointer, faults)?;
        request.lines.iter().for_each(|it| request.named.insert(it.field));
        Ok(request)
    }

    async fn seal(&mut self, schema: &Schema, model: &SchemaModel) -> Result<()> {
        for (id, value) in &mut self.values {
            if let (Some(seal), Value::Text(text)) = (model.at(*id).def.seal, &mut *value) {
                *value = Value::Text(seal(std::mem::take(text)).await?);
            }
        }
        for lines in &mut self.lines {
            let (model, _) = lines.ends(schema, model)?;
            for request in lines.requests_mut() {
                Box::pin(request.seal(schema, model)).await?;
            }
        }
        Ok(())
    }
}

/// Sets a field, which may have been set before.
pub(crate) fn put(values: &mut Prepared, field: FieldId, value: Value) {
    match values.iter_mut().find(|it| it.0 == field) {
        Some(earlier) => earlier.1 = value,
        None => values.push((field, value)),
    }
}

/// Every column that can be written, in the order of the table: as it was said, or as it begins.
fn with_defaults(model: &SchemaModel, mut named: Prepared) -> Prepared {
    let set = model.columns().filter(|it| it.is_stored() && !it.is_framework);
    let value = |field: &SchemaField| match named.iter().position(|(id, _)| *id == field.id) {
        Some(at) => (field.id, named.swap_remove(at).1),
        None => (field.id, default_of(field)),
    };
    set.map(value).collect()
}

/// What a field starts with when nobody says.
pub(crate) fn default_of(field: &SchemaField) -> Value {
    field.def.default.map_or(Value::Null, |it| it())
}

fn fault(field: &SchemaField, value: &Value) -> Option<Violation> {
    let pointer = format!("/{}", field.def.key);
    if value.is_null() {
        return (!field.def.nullable).then(|| Violation::at_pointer(pointer, "required"));
    }
    let fault = (field.def.kind.rules().check)(field.def, value).err()?;
    Some(Violation { params: fault.params, ..Violation::at_pointer(pointer, fault.code) })
}
