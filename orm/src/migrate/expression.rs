//! Whether PostgreSQL can work out what computed fields say in SQL, asked before anybody reads one.
//!
//! **Invariant:** no row is looked at: each expression is worked out once, over absent values.

use crate::{
    ComputeSort, Error, Result, Schema,
    migrate::{found, statement},
    pg::Transaction,
    schema::{SchemaField, SchemaModel},
    sql::expression_of,
};

/// Asks about every expression; inside a transaction in which all tables stand.
///
/// # Errors
/// The first expression that the database refuses, or that gives another type than its field.
pub(super) async fn prove(tx: &Transaction, schema: &Schema) -> Result<()> {
    for model in schema.models() {
        for field in model.fields() {
            if let Some(ComputeSort::Sql(expression)) = field.def.compute.map(|it| it.sort) {
                prove_one(tx, (model, field), expression).await?;
            }
        }
    }
    Ok(())
}

async fn prove_one(
    tx: &Transaction,
    (model, field): (&SchemaModel, &SchemaField),
    expression: &str,
) -> Result<()> {
    let (table, name) = (model.def.table, field.def.name);
    let worked_out = expression_of(model, expression);
    let wanted = (field.def.kind.rules().column_type)(field.def);
    let question = format!(
        "select format_type(pg_typeof({worked_out}), null), format_type({wanted}::regtype, null) \
         from (select (null::\"{table}\").*) as \"{table}\"",
        wanted = statement::text(&wanted),
    );
    let answer = found::pair(tx, &question).await.map_err(|error| {
        if error.is_unavailable() || error.is_busy() {
            return error;
        }
        let what = format!("{table}.{name}: the database refuses its `sql`, `{expression}`");
        Error::broken(what).because(error)
    })?;
    match answer {
        Some((found, wanted)) if found != wanted => Err(Error::broken(format!(
            "{table}.{name}: its `sql` gives {found}, and the field is {wanted}; write \
             `({expression})::{wanted}`, or give the field another type"
        ))),
        _ => Ok(()),
    }
}
