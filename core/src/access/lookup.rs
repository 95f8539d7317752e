//! By which columns the rows of a rule are looked up, and whether an index begins with each.

use orm::{
    Filter, Kind, Op, Quantifier, Schema, migrate,
    schema::{SchemaField, SchemaModel, Storage},
};

/// The columns that a rule needs an index on and that have none: `leads.owner_id`.
pub(crate) fn without_index(schema: &Schema, model: &SchemaModel, rule: &Filter) -> Vec<String> {
    lacking(schema, model, rule).unwrap_or_default()
}

/// `None` for what is no look-up: an index would be of no use.
fn lacking(schema: &Schema, model: &SchemaModel, rule: &Filter) -> Option<Vec<String>> {
    let parts = |list: &[Filter]| -> Vec<Vec<String>> {
        list.iter().filter_map(|it| lacking(schema, model, it)).collect()
    };
    let column = |table: &str, key: &str| {
        let has_index = migrate::has_index(schema, table, key);
        Some(if has_index { Vec::new() } else { vec![format!("{table}.{key}")] })
    };
    let own = |name: &str| {
        let field = model.field(name).filter(|it| divides(it))?;
        column(model.def.table, field.def.key)
    };
    match rule {
        // One part that is looked up will do.
        Filter::And(list) => {
            let parts = parts(list);
            let is_served = parts.iter().any(Vec::is_empty);
            if parts.is_empty() {
                None
            } else if is_served {
                Some(Vec::new())
            } else {
                Some(parts.concat())
            }
        }
        Filter::Or(list) => Some(parts(list).concat()),
        Filter::Compare { field, op: Op::Eq | Op::In, .. } | Filter::Absent { field } => own(field),
        Filter::Hop { field, .. } => own(field),
        Filter::Related { field, quantifier: Quantifier::Some, .. } => {
            let field = model.field(field)?;
            match &field.storage {
                Storage::Column | Storage::Expression(_) | Storage::Nowhere => None,
                Storage::Inverse { key } => column(schema.target(field).def.table, key),
                Storage::Link { table, near, .. } => column(table, near),
            }
        }
        Filter::Compare { .. }
        | Filter::Not(_)
        | Filter::NoRecord { .. }
        | Filter::Related { .. }
        | Filter::Given { .. } => None,
    }
}

/// Whether an index on the field could find few rows among many: on a flag it does not, and texts
/// in several languages have none.
fn divides(field: &SchemaField) -> bool {
    field.has_column() && !matches!(field.def.kind, Kind::Bool | Kind::Translated)
}
