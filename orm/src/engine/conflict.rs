//! What PostgreSQL refuses, said in fields: constraints carry the names of their columns.
//!
//! **Invariant:** neither a message nor a value of the database reaches whoever asked.

use std::borrow::Cow;

use crate::{
    Error, ErrorKind, Filter, Kind, OnDelete, Op, Operand, Quantifier, Result, Scope, Session,
    Value, Verb, Violation,
    engine::list,
    pg::Failure,
    schema::{SchemaField, SchemaModel, Storage, names_in},
};

/// The error of a write of `model` that failed.
pub(crate) fn of_write(model: &SchemaModel, failure: Failure) -> Error {
    let constraint = failure.constraint.as_deref().unwrap_or_default().to_owned();
    let kind = match failure.sqlstate.as_deref() {
        Some("23505") => fields_of(model, &constraint, "uq")
            .map(|fields| ErrorKind::NotUnique { fields, record: String::new() }),
        Some("23503") => violation(model, &constraint, "fk", "not_found"),
        Some("23514") => of_check(model, &constraint),
        Some("23502") => {
            let column = failure.column.as_deref().unwrap_or_default();
            let field = model.columns().find(|it| it.def.key == column);
            field.map(|it| {
                let pointer = format!("/{}", it.def.key);
                ErrorKind::Invalid(vec![Violation::at_pointer(pointer, "required")])
            })
        }
        // A row of an index holds some 2700 bytes, and PostgreSQL does not say of which column.
        Some("54000") => Some(ErrorKind::Invalid(
            indexed_texts(model)
                .map(|it| Violation::at_pointer(format!("/{}", it.def.key), "invalid"))
                .collect(),
        )),
        _ => None,
    };
    match kind.or_else(|| of_unknown(&failure)) {
        Some(kind) => Error::from(kind).because(failure),
        None => failure.into(),
    }
}

/// The error of links that could not be made: the other end went away meanwhile.
pub(crate) fn of_links(field: &SchemaField, failure: Failure) -> Error {
    match failure.sqlstate.as_deref() {
        Some("23503") => {
            let gone = Violation::at_pointer(format!("/{}", field.def.key), "not_found");
            Error::invalid(vec![gone]).because(failure)
        }
        _ => failure.into(),
    }
}

/// A constraint or a trigger that no model declares refused the values: what was sent does not
/// fit, and nobody can say where.
fn of_unknown(failure: &Failure) -> Option<ErrorKind> {
    let code = failure.sqlstate.as_deref()?;
    let is_of_values = code.starts_with("22") || code.starts_with("23") || code == "P0001";
    if is_of_values {
        let constraint = failure.constraint.as_deref().unwrap_or_default();
        tracing::warn!(code, constraint, "a write is refused by what no model declares");
    }
    is_of_values.then(|| ErrorKind::Invalid(Vec::new()))
}

/// The columns of text of any length that an index holds.
fn indexed_texts(model: &SchemaModel) -> impl Iterator<Item = &SchemaField> {
    let is_sorted_by = |it: &SchemaField| model.order.iter().any(|key| key.field == it.id);
    model.columns().filter(move |it| {
        let is_indexed = it.def.unique || it.def.index || is_sorted_by(it);
        matches!(it.def.kind, Kind::Text) && it.def.max.is_none() && is_indexed
    })
}

/// What the database's check of a field, or one that the author wrote in SQL, refused: a field's
/// limits are said as the engine says them.
fn of_check(model: &SchemaModel, constraint: &str) -> Option<ErrorKind> {
    let table = model.def.table;
    let is_of = |name: &str| constraint == format!("{table}_{name}_ck");
    if let Some(check) = model.def.sql_checks.iter().find(|it| is_of(it.name)) {
        let names = names_in(check.expression).unwrap_or_default();
        let mut named = model.columns().filter(|it| names.iter().any(|name| name == it.def.key));
        let pointer = match (named.next(), named.next()) {
            (Some(only), None) => format!("/{}", only.def.key),
            _ => String::new(),
        };
        let violation = Violation::at_pointer(pointer, "check").with("name", check.name);
        return Some(ErrorKind::Invalid(vec![violation.with("model", table)]));
    }
    let field = model.columns().find(|it| is_of(it.def.key))?.def;
    let at = |code| Violation::at_pointer(format!("/{}", field.key), code);
    let violation = match (field.kind, field.min, field.max) {
        (Kind::Selection(it), ..) => {
            let choices: Vec<_> = it.choices.iter().map(|it| it.value).collect();
            at("choice").with("choices", choices.join(", "))
        }
        (Kind::Text, _, Some(max)) => at("too_long").with("max", max),
        (_, Some(min), None) => at("greater_than_or_equal").with("min", min),
        (_, None, Some(max)) => at("less_than_or_equal").with("max", max),
        (_, Some(min), Some(max)) => at("out_of_range").with("min", min).with("max", max),
        _ => at("check"),
    };
    Some(ErrorKind::Invalid(vec![violation]))
}

fn violation(
    model: &SchemaModel,
    constraint: &str,
    suffix: &str,
    code: &'static str,
) -> Option<ErrorKind> {
    let fields = fields_of(model, constraint, suffix)?;
    let at = fields.first()?;
    Some(ErrorKind::Invalid(vec![Violation::at_pointer(format!("/{at}"), code)]))
}

/// The columns that the constraint `<table>_<columns>_<suffix>` speaks of.
fn fields_of(
    model: &SchemaModel,
    constraint: &str,
    suffix: &str,
) -> Option<Vec<Cow<'static, str>>> {
    let keys_of = |names: &[&str]| -> Vec<&'static str> {
        names.iter().filter_map(|it| model.field(it)).map(|it| it.def.key).collect()
    };
    let single = model.columns().map(|it| vec![it.def.key]);
    let sets = model.def.unique.iter().chain(model.def.unique_unless_archived);
    let several = sets.map(|it| keys_of(it));
    single
        .chain(several)
        .find(|keys| constraint == format!("{}_{}_{suffix}", model.def.table, keys.join("_")))
        .map(|keys| keys.into_iter().map(Cow::Borrowed).collect())
}

/// The error of a delete that failed; who points at the record is not known yet.
pub(crate) fn of_delete(failure: Failure) -> Error {
    match failure.sqlstate.as_deref() {
        // PostgreSQL 18 tells `restrict` from `no action`.
        Some("23503" | "23001") => {
            Error::from(ErrorKind::StillReferenced { models: Vec::new() }).because(failure)
        }
        _ => match of_unknown(&failure) {
            Some(kind) => Error::from(kind).because(failure),
            None => failure.into(),
        },
    }
}

/// The models that the asker may see and whose records still point at some of these.
pub(crate) async fn still_referenced(
    session: &Session,
    records: &[(&SchemaModel, Vec<i64>)],
) -> Result<Error> {
    let mut models = Vec::new();
    for (model, ids) in records {
        pointing_at(session, model, ids, &mut models).await?;
    }
    Ok(ErrorKind::StillReferenced { models }.into())
}

async fn pointing_at(
    session: &Session,
    model: &SchemaModel,
    ids: &[i64],
    models: &mut Vec<&'static str>,
) -> Result<()> {
    for from in session.schema().models() {
        let is_hidden = matches!(session.scope(from, Verb::Read), Scope::Denied);
        if is_hidden || models.contains(&from.def.table) {
            continue;
        }
        for field in from.fields().iter().filter(|it| restricts(model, from, it)) {
            let is_one = |field| Filter::Compare {
                field,
                op: Op::In,
                operand: Operand::List(
                    ids.iter().map(|it| Operand::Value(Value::Int(*it))).collect(),
                ),
            };
            let points_here = match field.storage {
                Storage::Column => is_one(field.def.name),
                _ => Filter::Related {
                    field: field.def.name,
                    quantifier: Quantifier::Some,
                    inner: Box::new(is_one("id")),
                },
            };
            if list::exists(session, from, &points_here).await? {
                models.push(from.def.table);
                break;
            }
        }
    }
    Ok(())
}

/// Whether a reference from another model keeps this one from being deleted.
fn restricts(model: &SchemaModel, from: &SchemaModel, field: &SchemaField) -> bool {
    let is_restricting = match field.storage {
        Storage::Column => {
            field.def.on_delete == OnDelete::Restrict && from.parent != Some(field.id)
        }
        Storage::Link { .. } => field.def.keeps,
        Storage::Inverse { .. } | Storage::Expression(_) | Storage::Nowhere => false,
    };
    is_restricting && field.target == Some(model.id)
}
