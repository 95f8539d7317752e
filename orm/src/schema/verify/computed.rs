//! Computed fields: their inputs are there and of the types that their functions take, and none
//! follows from itself.

use std::collections::HashMap;

use crate::{
    Compute, ComputeSort, FieldDef, Kind, ModelDef,
    field::ParamDef,
    schema::{
        FieldId, ModelId, SchemaFault, SchemaModel,
        dependency::{InputPath, end_of, resolve},
        verify::Faults,
    },
};

/// What a declaration shows by itself.
pub(super) fn verify_declared(def: &ModelDef, field: &FieldDef, faults: &mut Faults) {
    if let Some(what) = declared(field) {
        faults.of_field(def, field, what);
    }
}

fn declared(field: &FieldDef) -> Option<String> {
    let what = match (field.is_computed, &field.compute) {
        (false, None) => return None,
        (true, None) => {
            "is `Computed` and nobody says how: write #[field(compute = total(price), stored)] or \
             #[field(sql = \"{price} * 2\")]"
        }
        (false, Some(_)) => "is computed: write `Computed<…>` around its type",
        (true, Some(_)) if !field.write.is_empty() => {
            "is computed, nobody writes it: take `write` away"
        }
        (true, Some(_)) if is_relation(field.kind) => {
            "is computed: compute a number, a text or a date, not a relation"
        }
        (true, Some(it)) if matches!(it.sort, ComputeSort::Read(_)) && is_used_by_sql(field) => {
            "is worked out at read: take `unique`, `index` and `search` away, or write `stored`"
        }
        (true, Some(it)) if matches!(it.sort, ComputeSort::Sql(_)) && is_in_an_index(field) => {
            "has no column: take `unique` and `index` away, or write `compute = …, stored`"
        }
        (true, Some(_)) => return None,
    };
    Some(what.to_owned())
}

const fn is_relation(kind: Kind) -> bool {
    kind.is_to_one() || kind.is_to_many() || matches!(kind, Kind::Secret)
}

const fn is_used_by_sql(field: &FieldDef) -> bool {
    is_in_an_index(field) || field.search
}

const fn is_in_an_index(field: &FieldDef) -> bool {
    field.unique || field.index
}

/// What only all models together show.
pub(crate) fn verify(models: &[SchemaModel]) -> Vec<SchemaFault> {
    let mut faults = Vec::new();
    for model in models {
        for field in model.fields() {
            let Some(compute) = &field.def.compute else { continue };
            let found = inputs(models, model, compute);
            faults.extend(found.into_iter().map(|what| SchemaFault {
                model: model.def.table,
                field: Some(field.def.name),
                what,
            }));
        }
    }
    if faults.is_empty() {
        faults.extend(circle(models));
    }
    faults
}

/// The faults of the inputs of one field.
fn inputs(models: &[SchemaModel], model: &SchemaModel, compute: &Compute) -> Vec<String> {
    let (params, is_read) = match &compute.sort {
        ComputeSort::Stored(function) => (function.params, false),
        ComputeSort::Read(function) => (function.params, true),
        ComputeSort::Sql(_) => (&[] as &[ParamDef], false),
    };
    let fault = |(at, path): (usize, &&'static str)| -> Option<String> {
        let input = match resolve(models, model, path) {
            Ok(input) => input,
            Err(why) => return Some(format!("its input `{path}` {why}: {}", cure(model, path))),
        };
        let is_own = input.hops.is_empty();
        match &compute.sort {
            ComputeSort::Sql(_) if !is_own => {
                Some(format!("its input `{path}` is not a column of this table: write `stored`"))
            }
            ComputeSort::Sql(_) => None,
            _ if is_read && !is_own => {
                Some(format!("its input `{path}` is not of this record: write `stored`"))
            }
            _ => unfit(models, model, (path, &input), params.get(at)?),
        }
    };
    compute.inputs.iter().enumerate().filter_map(fault).collect()
}

/// Which names there are, at the place where one is wrong.
fn cure(model: &SchemaModel, path: &str) -> String {
    let first = path.split('.').next().unwrap_or_default();
    match model.field(first) {
        Some(_) => "name a relation, a point, and a field with a column behind it".to_owned(),
        None => {
            let names: Vec<&str> = model.def.fields.iter().map(|it| it.name).collect();
            format!("{} has {}", model.def.name, names.join(", "))
        }
    }
}

/// Why a parameter cannot take what its path gives.
fn unfit(
    models: &[SchemaModel],
    model: &SchemaModel,
    (path, input): (&str, &InputPath),
    param: &ParamDef,
) -> Option<String> {
    let leaf = models[end_of(models, model.id, input).index()].at(input.leaf).def;
    let mut from = model;
    let mut can_be_absent = leaf.nullable;
    for hop in &input.hops {
        let hop = from.at(*hop);
        can_be_absent |= hop.def.nullable && hop.def.kind.is_to_one();
        from = &models[hop.target?.index()];
    }
    let [given, taken] = [leaf.kind, param.kind].map(|it| it.rules().name);
    if is_other(leaf.kind, param.kind) {
        return Some(format!("its input `{path}` is {given}, and its function takes {taken}"));
    }
    let (wanted, cure) = match (input.is_many, param.is_many) {
        (true, false) => ("any number of values", "take `Many<…>`"),
        (false, true) => ("one value", "take it without `Many`"),
        _ if can_be_absent && !param.nullable => ("maybe nothing", "take an `Option`"),
        _ => return None,
    };
    Some(format!("its input `{path}` gives {wanted}: {cure} in its function"))
}

/// Whether values of one kind are none of the other.
fn is_other(one: Kind, other: Kind) -> bool {
    match (one, other) {
        (Kind::Selection(one), Kind::Selection(other)) => !std::ptr::eq(one, other),
        (one, other) if one.is_to_one() || other.is_to_one() => {
            one.is_to_one() != other.is_to_one()
        }
        (one, other) => one.rules().name != other.rules().name,
    }
}

/// Fields that follow from themselves.
fn circle(models: &[SchemaModel]) -> Option<SchemaFault> {
    let mut on: HashMap<(ModelId, FieldId), Vec<(ModelId, FieldId)>> = HashMap::new();
    for model in models {
        for field in model.fields() {
            let Some(compute) = &field.def.compute else { continue };
            let ends = compute.inputs.iter().filter_map(|it| resolve(models, model, it).ok());
            let ends = ends.map(|it| (end_of(models, model.id, &it), it.leaf)).collect();
            on.insert((model.id, field.id), ends);
        }
    }
    let mut starts: Vec<_> = on.keys().copied().collect();
    starts.sort_unstable();
    let found = starts.into_iter().find_map(|it| way_back(&on, it))?;
    let name = |(model, field): &(ModelId, FieldId)| {
        let model = &models[model.index()];
        format!("{}.{}", model.def.table, model.at(*field).def.name)
    };
    let (model, field) = found[0];
    let model = &models[model.index()];
    Some(SchemaFault {
        model: model.def.table,
        field: Some(model.at(field).def.name),
        what: format!(
            "follows from itself: {}; take one of these inputs away",
            found.iter().map(name).collect::<Vec<_>>().join(" → ")
        ),
    })
}

type Node = (ModelId, FieldId);

/// The way from a field over its inputs back to it.
fn way_back(on: &HashMap<Node, Vec<Node>>, start: Node) -> Option<Vec<Node>> {
    let mut seen = Vec::new();
    let mut ways = vec![vec![start]];
    while let Some(way) = ways.pop() {
        for next in way.last().and_then(|it| on.get(it)).into_iter().flatten() {
            let longer = || way.iter().copied().chain([*next]).collect::<Vec<_>>();
            if *next == start {
                return Some(longer());
            }
            if !seen.contains(next) {
                seen.push(*next);
                ways.push(longer());
            }
        }
    }
    None
}
