//! Rights as their tables hold them.

use artel_core::{
    Error, Grant as Verbs, Result, Session,
    access::{FieldRightRow, GrantRow, RightsRows, RightsSource, RoleRow, RuleRow},
};
use futures_util::future::BoxFuture;
use orm::Verb;
use serde::{Deserialize, de::DeserializeOwned};

/// Everything in one statement: one snapshot, so that rows and their counter belong together.
const RIGHTS: &str = include_str!("rights.sql");

/// The tables of this module and of `users`.
pub(crate) struct RightsTables;

impl RightsSource for RightsTables {
    fn load<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<RightsRows>> {
        Box::pin(async move {
            let rows = session.sql(RIGHTS, &[]).await?;
            let row = rows.into_iter().next().unwrap_or_default();
            let texts: Option<Vec<String>> = row.into_iter().collect();
            let texts = texts.ok_or_else(|| Error::broken("rights came without a value"))?;
            let [version, roles, grants, rules, field_rights] = &texts[..] else {
                return Err(Error::broken("rights came in other columns"));
            };
            Ok(RightsRows {
                version: read(version)?,
                roles: list(roles, Role::row)?,
                grants: list(grants, Grant::row)?,
                rules: list(rules, Rule::row)?,
                field_rights: list(field_rights, FieldRight::row)?,
            })
        })
    }
}

#[derive(Deserialize)]
struct Role {
    id: i64,
    name: String,
    implies: Vec<i64>,
}

#[derive(Deserialize)]
struct Grant {
    id: i64,
    role: i64,
    model: String,
    /// In the order of [`Verb::ALL`].
    verbs: [bool; 4],
}

#[derive(Deserialize)]
struct Rule {
    id: i64,
    name: String,
    model: String,
    verbs: [bool; 4],
    roles: Vec<i64>,
    filter: String,
}

#[derive(Deserialize)]
struct FieldRight {
    id: i64,
    model: String,
    field: String,
    can_read: bool,
    can_write: bool,
    roles: Vec<i64>,
}

impl Role {
    fn row(self) -> RoleRow {
        RoleRow { id: self.id, name: self.name, implies: self.implies }
    }
}

impl Grant {
    fn row(self) -> GrantRow {
        let verbs = verbs(self.verbs);
        GrantRow { id: self.id, role: self.role, model: self.model, verbs }
    }
}

impl Rule {
    fn row(self) -> RuleRow {
        let Self { id, name, model, roles, filter, .. } = self;
        RuleRow { id, name, model, verbs: verbs(self.verbs), roles, filter }
    }
}

impl FieldRight {
    fn row(self) -> FieldRightRow {
        let Self { id, model, field, can_read, can_write, roles } = self;
        FieldRightRow { id, model, field, can_read, can_write, roles }
    }
}

fn verbs(flags: [bool; 4]) -> Verbs {
    Verbs::where_so(|it: Verb| flags[it as usize])
}

fn list<T: DeserializeOwned, R>(text: &str, row: fn(T) -> R) -> Result<Vec<R>> {
    let rows: Vec<T> = read(text)?;
    Ok(rows.into_iter().map(row).collect())
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    let broken = |error| orm::Error::broken("rights are no rows of ours").because(error);
    serde_json::from_str(text).map_err(|error: serde_json::Error| broken(error).into())
}
