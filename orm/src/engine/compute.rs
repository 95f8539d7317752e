//! Stored computed fields of records whose own values are at hand: their inputs are gathered, a
//! statement for each way that leads out of the record, and their functions run.
//!
//! Inputs are raw rows: what follows from them must not depend on who happened to write.

use std::{
    collections::{BTreeMap, HashMap},
    mem,
    panic::{self, AssertUnwindSafe},
};

use crate::{
    Error, FieldDef, Result, Session, Value, Violation,
    engine::at_hand::AtHand,
    field::{Function, Input},
    schema::{
        FieldId, ModelId, SchemaModel,
        dependency::{ComputedField, InputPath},
    },
    sql,
};

/// A record while its fields are worked out.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    /// None before it is created: nothing leads to it yet.
    pub(super) id: Option<i64>,
    /// What its columns hold, by position of the field; nothing where there is no column.
    pub(super) values: Vec<Value>,
}

/// Where inputs of many records are read together: through one relation, from one model on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    root: ModelId,
    /// The reference of the record that leads to the root; none when it is the record itself.
    by: Option<FieldId>,
    hops: Vec<FieldId>,
}

/// What was read along one way: the fields, and for each root the rows.
#[derive(Default)]
struct Found {
    leaves: Vec<FieldId>,
    rows: HashMap<i64, Vec<Vec<Value>>>,
}

/// Where the inputs of records are taken from.
#[derive(Clone, Copy)]
pub(super) struct Inputs<'a> {
    pub(super) hold: Hold,
    pub(super) at_hand: &'a AtHand<'a>,
}

/// Whether what records refer to is held while their fields are worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hold {
    /// It is: whoever changes it would not find records that are not written yet, or that refer to
    /// another one still, and so would not work them out anew.
    Referred,
    /// It is not: whoever changes it finds these records, and waits for them.
    Nothing,
}

/// Works out fields of one model, in their order, and puts them into the drafts.
///
/// # Errors
/// When the database is away; whatever an author's function fails with.
pub(super) async fn work_out(
    system: &Session,
    (model, inputs): (&SchemaModel, Inputs<'_>),
    fields: &[&ComputedField],
    drafts: &mut [Draft],
) -> Result<()> {
    let mut ways: BTreeMap<Way, Found> = BTreeMap::new();
    for path in fields.iter().flat_map(|it| &it.inputs) {
        if let Some(way) = Way::of(model, path) {
            let leaves = &mut ways.entry(way).or_default().leaves;
            if !leaves.contains(&path.leaf) {
                leaves.push(path.leaf);
            }
        }
    }
    for (way, found) in &mut ways {
        let roots = drafts.iter().filter_map(|it| way.root_of(it)).collect();
        found.read(system, way, (roots, inputs)).await?;
    }
    for draft in drafts {
        for field in fields {
            let value = value_of(model, field, draft, &ways)?;
            draft.values[field.field.index()] = value;
        }
    }
    Ok(())
}

impl Way {
    fn of(model: &SchemaModel, path: &InputPath) -> Option<Self> {
        let first = model.at(*path.hops.first()?);
        Some(match first.def.kind.is_to_many() {
            true => Self { root: model.id, by: None, hops: path.hops.clone() },
            false => {
                let hops = path.hops[1..].to_vec();
                Self { root: first.target?, by: Some(first.id), hops }
            }
        })
    }

    fn root_of(&self, draft: &Draft) -> Option<i64> {
        match self.by {
            None => draft.id,
            Some(reference) => draft.values[reference.index()].as_int(),
        }
    }
}

impl Found {
    async fn read(
        &mut self,
        system: &Session,
        way: &Way,
        (mut roots, Inputs { hold, at_hand }): (Vec<i64>, Inputs<'_>),
    ) -> Result<()> {
        roots.sort_unstable();
        roots.dedup();
        let schema = system.schema();
        let root = schema.model(way.root);
        for id in mem::take(&mut roots) {
            match at_hand.behind(schema, (root, id), &way.hops, &self.leaves)? {
                Some(rows) => drop(self.rows.insert(id, rows)),
                None => roots.push(id),
            }
        }
        if roots.is_empty() {
            return Ok(());
        }
        let end = way.hops.iter().fold(root, |model, hop| schema.target(model.at(*hop)));
        let is_held = hold == Hold::Referred && way.by.is_some();
        let what = (&*way.hops, &*self.leaves);
        let statement = sql::inputs(system, root, what, (roots, is_held))?;
        for row in system.link().await?.fetch(&statement.statement()).await? {
            let mut values = Vec::with_capacity(self.leaves.len());
            for (at, leaf) in self.leaves.iter().enumerate() {
                let read = end.at(*leaf).def.kind.rules().read;
                values.push(row.raw(1 + at).map_or(Ok(Value::Null), read)?);
            }
            self.rows.entry(row.int(0)?).or_default().push(values);
        }
        Ok(())
    }

    /// The values of a field behind a root.
    fn values(&self, root: Option<i64>, leaf: FieldId) -> Vec<Value> {
        let at = self.leaves.iter().position(|it| *it == leaf);
        let rows = root.and_then(|it| self.rows.get(&it)).map_or(&[] as &[_], Vec::as_slice);
        rows.iter().filter_map(|row| row.get(at?).cloned()).collect()
    }
}

fn value_of(
    model: &SchemaModel,
    field: &ComputedField,
    draft: &Draft,
    ways: &BTreeMap<Way, Found>,
) -> Result<Value> {
    let input = |path: &InputPath| {
        let Some(way) = Way::of(model, path) else {
            return Input::One(draft.values[path.leaf.index()].clone());
        };
        let root = way.root_of(draft);
        let mut values = ways.get(&way).map_or_else(Vec::new, |it| it.values(root, path.leaf));
        match path.is_many {
            true => Input::Many(values),
            false => Input::One(values.pop().unwrap_or(Value::Null)),
        }
    };
    let inputs = field.inputs.iter().map(input).collect();
    let def = model.at(field.field).def;
    let function = def.compute.as_ref().and_then(|it| it.stored());
    let function = function.ok_or_else(|| Error::broken("no stored field is worked out"))?;
    let value = called(model, def, function, inputs)?;
    fits(model, field.field, value)
}

/// What an author's function gives. Arithmetic that has no room panics, and the values that leave
/// it none were somebody's to send: that is a fault of the field, and said in the log.
fn called(
    model: &SchemaModel,
    def: &FieldDef,
    function: &Function,
    inputs: Vec<Input>,
) -> Result<Value> {
    let call = AssertUnwindSafe(|| (function.call)(inputs));
    panic::catch_unwind(call).unwrap_or_else(|_| {
        tracing::error!(model = model.def.table, field = def.name, "a computed field panicked");
        let violation = Violation::at_pointer(format!("/{}", def.key), "invalid");
        Err(Error::invalid(vec![violation]))
    })
}

/// A value that the column can hold: what a function gives beyond it is the author's fault, said
/// to whoever writes as a fault of the field.
fn fits(model: &SchemaModel, field: FieldId, value: Value) -> Result<Value> {
    let def = model.at(field).def;
    if value.is_null() {
        return Ok(value);
    }
    match (def.kind.rules().check)(def, &value) {
        Ok(()) => Ok(value),
        Err(fault) => {
            let violation = Violation::at_pointer(format!("/{}", def.key), fault.code);
            Err(Error::invalid(vec![Violation { params: fault.params, ..violation }]))
        }
    }
}
