//! Which records of a model lead to certain others, over one of its fields.

use crate::{
    Error, PgType, Result, Session, Value,
    pg::{Lane, ParamType, Statement},
    schema::{SchemaModel, Storage},
};

/// Pairs of a record of `model` and the one of `targets` that its `field` leads to, whoever may
/// see them.
///
/// # Errors
/// Denied for anyone but the system.
pub async fn leading_to(
    session: &Session,
    model: &SchemaModel,
    field: &str,
    targets: &[i64],
) -> Result<Vec<(i64, i64)>> {
    if !session.is_system() {
        return Err(Error::denied());
    }
    let unknown = || Error::broken(format!("{}.{field} leads nowhere", model.def.table));
    let field = model.field(field).filter(|it| it.target.is_some()).ok_or_else(unknown)?;
    let (table, from, to) = match &field.storage {
        Storage::Column => (model.def.table, "id", field.def.key),
        Storage::Link { table, near, far } => (table.as_str(), *near, *far),
        Storage::Inverse { .. } | Storage::Expression(_) | Storage::Nowhere => {
            return Err(unknown());
        }
    };
    // Names of ours, which need no quotes but where a word of SQL is one of them.
    let sql = format!(
        "SELECT \"{from}\", \"{to}\" FROM \"{table}\" WHERE \"{to}\" = ANY($1) ORDER BY 1, 2"
    );
    let params = [Value::List(targets.iter().copied().map(Value::Int).collect())];
    let types = [ParamType::list(PgType::Int8)];
    let statement = Statement { sql: &sql, lane: Lane::ByKey, params: &params, types: &types };
    let rows = session.link().await?.fetch(&statement).await?;
    rows.iter().map(|it| Ok((it.int(0)?, it.int(1)?))).collect()
}
