//! Whole databases: made as copies of a template, renamed, dropped, listed. For test kits, which
//! give each test a database of its own.
//!
//! `admin` is a pool on another database of the same cluster.

use crate::{
    PgType, Result, Value,
    migrate::statement::quoted,
    pg::{Lane, ParamType, Pool, Statement},
};

/// Makes an empty database.
///
/// # Errors
/// When there is one of this name.
pub async fn create_database(admin: &Pool, name: &str) -> Result<()> {
    run(admin, &format!("create database {} template template0", quoted(name))).await
}

/// Makes a database with all that is in `template`, to which nobody may be connected.
///
/// # Errors
/// When there is one of this name, or somebody uses the template.
pub async fn create_database_from_template(admin: &Pool, name: &str, template: &str) -> Result<()> {
    run(admin, &format!("create database {} template {}", quoted(name), quoted(template))).await
}

/// Gives a database another name: what is made under a name that nobody looks for is never found
/// half done.
///
/// # Errors
/// When somebody is connected to it, or the other name is taken.
pub async fn rename_database(admin: &Pool, from: &str, to: &str) -> Result<()> {
    run(admin, &format!("alter database {} rename to {}", quoted(from), quoted(to))).await
}

/// Takes a database away, and the connections to it; nothing happens when there is none.
///
/// # Errors
/// When the database cannot be asked.
pub async fn drop_database(admin: &Pool, name: &str) -> Result<()> {
    run(admin, &format!("drop database if exists {} with (force)", quoted(name))).await
}

/// The names of all databases that begin so.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list_databases(admin: &Pool, prefix: &str) -> Result<Vec<String>> {
    let statement = Statement {
        sql: "select datname::text from pg_database where starts_with(datname::text, $1) \
              order by datname",
        lane: Lane::Fresh,
        params: &[Value::Text(prefix.to_owned())],
        types: &[ParamType::one(PgType::Text)],
    };
    let rows = admin.acquire().await?.fetch(&statement).await?;
    rows.iter().map(|it| it.text(0)).collect()
}

async fn run(admin: &Pool, sql: &str) -> Result<()> {
    Ok(admin.acquire().await?.batch(sql).await?)
}
