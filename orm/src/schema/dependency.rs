//! What follows from what: stored computed fields in the order in which they are worked out, and
//! for every model, whose fields a write of its records makes stale.
//!
//! **Invariant:** a stage reads only what earlier stages write, so each record is worked out once
//! in a stage, whatever brought it there.

use std::collections::{BTreeMap, HashMap};

use crate::{
    Kind,
    schema::{FieldId, ModelId, SchemaField, SchemaModel, Storage},
};

/// All that the engine must know to keep stored computed fields up to date.
#[derive(Debug, Default)]
pub(crate) struct Dependencies {
    /// In the order in which they are worked out.
    pub(crate) stages: Vec<Stage>,
    /// By model: who follows from fields of its records.
    dependents: Vec<Vec<Dependent>>,
    /// By model: who follows from its records being there.
    leaving: Vec<Vec<(usize, Vec<Back>)>>,
}

/// Fields of one model that are worked out together.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) model: ModelId,
    /// Each behind those of its own record that it follows from.
    pub(crate) fields: Vec<ComputedField>,
}

/// A stored computed field with its inputs found.
#[derive(Debug)]
pub(crate) struct ComputedField {
    pub(crate) field: FieldId,
    pub(crate) inputs: Vec<InputPath>,
}

/// Where an input is found, from the record on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InputPath {
    /// The relations on the way, each a field of the model that the one before leads to.
    pub(crate) hops: Vec<FieldId>,
    /// The field at the end.
    pub(crate) leaf: FieldId,
    /// Whether there can be any number of them.
    pub(crate) is_many: bool,
}

/// Records that go stale when a field of a model is written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Dependent {
    pub(crate) stage: usize,
    /// The field whose change makes them stale.
    pub(crate) on: FieldId,
    /// Where the way back to them begins.
    pub(crate) start: Start,
    /// The way back.
    pub(crate) back: Vec<Back>,
}

/// Where the way back begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// At the record that was written.
    Record,
    /// At the records at the other end of the links that came or went.
    OtherEnd,
}

/// One step back, from records to those that reach them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Back {
    /// The model whose relation leads here.
    pub(crate) model: ModelId,
    /// The relation.
    pub(crate) field: FieldId,
}

impl Dependencies {
    /// Of models whose paths were verified.
    pub(super) fn of(models: &[SchemaModel]) -> Self {
        let computed = computed_fields(models);
        let levels = levels(models, &computed);
        let mut grouped: BTreeMap<(usize, ModelId), Vec<ComputedField>> = BTreeMap::new();
        for (at, (model, field)) in computed.into_iter().enumerate() {
            grouped.entry((levels[at], model)).or_default().push(field);
        }
        let stages: Vec<Stage> = grouped
            .into_iter()
            .map(|((_, model), fields)| Stage { model, fields: in_order(fields) })
            .collect();
        let mut dependents: Vec<Vec<Dependent>> = models.iter().map(|_| Vec::new()).collect();
        let mut leaving: Vec<Vec<(usize, Vec<Back>)>> = models.iter().map(|_| Vec::new()).collect();
        for (at, stage) in stages.iter().enumerate() {
            for path in stage.fields.iter().flat_map(|it| &it.inputs) {
                for (model, dependent) in dependents_of(models, (at, stage.model), path) {
                    put(&mut dependents[model.index()], dependent);
                }
                for (model, back) in steps_of(models, stage.model, path) {
                    put(&mut leaving[model.index()], (at, back));
                }
            }
        }
        Self { stages, dependents, leaving }
    }

    /// Who follows from the records of a model.
    pub(crate) fn of_model(&self, model: ModelId) -> &[Dependent] {
        self.dependents.get(model.index()).map_or(&[], Vec::as_slice)
    }

    /// Who goes stale when records of a model are deleted: stages, and the ways back.
    pub(crate) fn on_leaving(&self, model: ModelId) -> &[(usize, Vec<Back>)] {
        self.leaving.get(model.index()).map_or(&[], Vec::as_slice)
    }

    /// The stages of a model's own fields, in order.
    pub(crate) fn stages_of(&self, model: ModelId) -> impl Iterator<Item = &Stage> {
        self.stages.iter().filter(move |it| it.model == model)
    }
}

/// A path from a model on, if every name of it is there.
pub(crate) fn resolve(
    models: &[SchemaModel],
    from: &SchemaModel,
    path: &str,
) -> Result<InputPath, &'static str> {
    let mut model = from;
    let mut input = InputPath { hops: Vec::new(), leaf: FieldId(0), is_many: false };
    let mut names = path.split('.').peekable();
    while let Some(name) = names.next() {
        let field = model.field(name).ok_or("names no field")?;
        if names.peek().is_none() {
            if !field.is_stored() {
                return Err("ends at what the table has no column for");
            }
            input.leaf = field.id;
            return Ok(input);
        }
        let target = field.target.ok_or("goes on behind a field that is no relation")?;
        input.is_many |= field.def.kind.is_to_many();
        input.hops.push(field.id);
        model = &models[target.index()];
    }
    Err("is empty")
}

/// Every field that a computed one follows from, however far.
pub(super) fn inputs_of(
    models: &[SchemaModel],
    model: &SchemaModel,
    field: &SchemaField,
) -> Vec<(ModelId, FieldId)> {
    let mut found = vec![(model.id, field.id)];
    let mut at = 0;
    while let Some((model, field)) = found.get(at).copied() {
        let model = &models[model.index()];
        let compute = model.at(field).def.compute;
        let inputs = compute.map_or(&[] as &[&str], |it| it.inputs);
        for path in inputs.iter().filter_map(|it| resolve(models, model, it).ok()) {
            let mut place = model.id;
            for step in path.hops.iter().chain([&path.leaf]) {
                if !found.contains(&(place, *step)) {
                    found.push((place, *step));
                }
                place = models[place.index()].at(*step).target.unwrap_or(place);
            }
        }
        at += 1;
    }
    found.split_off(1)
}

/// The stored computed fields of all models.
fn computed_fields(models: &[SchemaModel]) -> Vec<(ModelId, ComputedField)> {
    let mut computed = Vec::new();
    for model in models {
        for field in model.fields() {
            let Some(compute) = field.def.compute.filter(|it| it.stored().is_some()) else {
                continue;
            };
            let path = |it: &&str| resolve(models, model, it).ok();
            let inputs = compute.inputs.iter().filter_map(path).collect();
            computed.push((model.id, ComputedField { field: field.id, inputs }));
        }
    }
    computed
}

/// How far each field is from those that follow from no computed field of another record.
fn levels(models: &[SchemaModel], computed: &[(ModelId, ComputedField)]) -> Vec<usize> {
    let positions: HashMap<(ModelId, FieldId), usize> =
        computed.iter().enumerate().map(|(at, it)| ((it.0, it.1.field), at)).collect();
    let mut levels = vec![0; computed.len()];
    // No circle: a level rises at most as often as there are fields.
    for _ in 0..=computed.len() {
        for (at, (model, field)) in computed.iter().enumerate() {
            for path in &field.inputs {
                let Some(on) = positions.get(&(end_of(models, *model, path), path.leaf)) else {
                    continue;
                };
                let step = usize::from(!path.hops.is_empty());
                levels[at] = levels[at].max(levels[*on] + step);
            }
        }
    }
    levels
}

/// The model at the end of a path.
pub(crate) fn end_of(models: &[SchemaModel], from: ModelId, path: &InputPath) -> ModelId {
    path.hops.iter().fold(from, |model, hop| {
        models[model.index()].at(*hop).target.expect("only relations are passed")
    })
}

/// Fields of one record, each behind those that it follows from.
fn in_order(mut fields: Vec<ComputedField>) -> Vec<ComputedField> {
    let mut ordered: Vec<ComputedField> = Vec::with_capacity(fields.len());
    while !fields.is_empty() {
        let waits = |it: &ComputedField| {
            let own = it.inputs.iter().filter(|path| path.hops.is_empty());
            own.into_iter().any(|path| fields.iter().any(|other| other.field == path.leaf))
        };
        let next = fields.iter().position(|it| !waits(it)).unwrap_or(0);
        ordered.push(fields.remove(next));
    }
    ordered
}

/// Adds what is not there yet.
fn put<T: PartialEq>(list: &mut Vec<T>, it: T) {
    if !list.contains(&it) {
        list.push(it);
    }
}

/// Every model that a path reaches, and the way back from it.
fn steps_of(models: &[SchemaModel], from: ModelId, path: &InputPath) -> Vec<(ModelId, Vec<Back>)> {
    let mut back = Vec::new();
    let mut model = from;
    let mut steps = Vec::new();
    for hop in &path.hops {
        back.insert(0, Back { model, field: *hop });
        model = models[model.index()].at(*hop).target.expect("only relations are passed");
        steps.push((model, back.clone()));
    }
    steps
}

/// Whose records a change along one path makes stale, by the model that is written.
fn dependents_of(
    models: &[SchemaModel],
    (stage, from): (usize, ModelId),
    path: &InputPath,
) -> Vec<(ModelId, Dependent)> {
    let mut found = Vec::new();
    let mut model = from;
    let mut way: Vec<Back> = Vec::new();
    for (hop, (target, back)) in path.hops.iter().zip(steps_of(models, from, path)) {
        let field = models[model.index()].at(*hop);
        match &field.storage {
            Storage::Inverse { key } => {
                let reference = models[target.index()].by_key(key).map(|it| it.id);
                let start = Start::Record;
                let on_reference = |on| Dependent { stage, on, start, back: back.clone() };
                found.extend(reference.map(|on| (target, on_reference(on))));
            }
            Storage::Link { .. } => {
                let of_links = |on, start| Dependent { stage, on, start, back: way.clone() };
                found.push((model, of_links(*hop, Start::Record)));
                let other = other_end(models, model, field.def.name, target);
                found.extend(other.map(|on| (target, of_links(on, Start::OtherEnd))));
            }
            // The record's own reference: worked out before it is written.
            _ if way.is_empty() => {}
            _ => {
                let start = Start::Record;
                found.push((model, Dependent { stage, on: *hop, start, back: way }));
            }
        }
        way = back;
        model = target;
    }
    if !way.is_empty() {
        found.push((model, Dependent { stage, on: path.leaf, start: Start::Record, back: way }));
    }
    found
}

/// The field of the target that shares the links of this one.
fn other_end(
    models: &[SchemaModel],
    model: ModelId,
    name: &str,
    target: ModelId,
) -> Option<FieldId> {
    let own = models[model.index()].field(name)?;
    let is_other = |inverse: Option<&str>, of: &str| inverse == Some(of);
    models[target.index()]
        .fields()
        .iter()
        .filter(|it| it.target == Some(model) && matches!(it.def.kind, Kind::Many2Many(_)))
        .find(|it| is_other(it.def.inverse, name) || is_other(own.def.inverse, it.def.name))
        .map(|it| it.id)
}
