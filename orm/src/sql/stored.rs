//! Values on their way to their columns: as they are, but for texts in several languages, which are
//! JSON on the way and in their columns.

use sea_query::{Expr, ExprTrait};

use crate::{
    PgType, Session, Value,
    field::translated,
    filter::Shape,
    schema::{SchemaField, SchemaModel},
    sql::{place::Place, write::Named},
};

/// What fields are set to.
pub(super) fn set(shape: &mut Shape, session: &Session, model: &SchemaModel, named: Named<'_>) {
    for (field, value) in named {
        shape.value(stored(session, model.at(*field), value.clone()));
    }
}

/// A value of a field.
pub(super) fn stored(session: &Session, field: &SchemaField, value: Value) -> Value {
    match field.def.is_translated() {
        true => translated::stored(&value, session.language()),
        false => value,
    }
}

/// The type in which a value comes.
pub(super) fn written_type(field: &SchemaField) -> PgType {
    if field.def.is_translated() { PgType::Json } else { field.def.kind.rules().pg_type }
}

/// What the column of a new row holds.
pub(super) fn begins(field: &SchemaField, value: Expr) -> Expr {
    if field.def.is_translated() { value.cast_as("jsonb") } else { value }
}

/// What the column of a row that stands holds once a value is set: of texts by language, those
/// that are not set stay.
pub(super) fn becomes(root: &Place<'_>, field: &SchemaField, value: Expr) -> Expr {
    if !field.def.is_translated() {
        return value;
    }
    let pattern = "COALESCE($1, '{}'::jsonb) || $2::jsonb";
    Expr::cust_with_exprs(pattern, [root.column(field.def.key), value])
}
