//! The limits of a field as an expression that every row must fulfil.
//!
//! **Invariant:** spelled as PostgreSQL itself spells a stored expression (`pg_get_expr`), but for
//! the quotes around names: what a database has can be compared with what is wanted as text.

use crate::{
    FieldDef, Kind,
    migrate::{
        layout::{Constraint, Rule, name_of},
        statement::{quoted, text},
        wanted::Draft,
    },
    model::SqlCheck,
    schema::names_in,
};

/// The expression, if the field has limits.
pub(crate) fn check_of(field: &FieldDef) -> Option<String> {
    let column = quoted(field.key);
    let parts: Vec<String> = match field.kind {
        Kind::Text => {
            field.max.map(|it| format!("char_length({column}) <= {it}")).into_iter().collect()
        }
        Kind::Translated => vec![format!("jsonb_typeof({column}) = 'object'::text")],
        Kind::AnyRecord => vec![format!("{column} ~ '^[a-z][a-z0-9_]*/[1-9][0-9]*$'::text")],
        Kind::Selection(selection) => {
            let values = selection.choices.iter().map(|it| format!("{}::text", text(it.value)));
            let values = values.collect::<Vec<_>>().join(", ");
            vec![format!("{column} = ANY (ARRAY[{values}])")]
        }
        _ => [(">=", field.min), ("<=", field.max)]
            .into_iter()
            .filter_map(|(sign, limit)| Some(format!("{column} {sign} {}", number(field, limit?)?)))
            .collect(),
    };
    (!parts.is_empty()).then(|| parts.join(" AND "))
}

/// A condition of the author's own, `<table>_<name>_ck`, over the columns that it names.
pub(crate) fn written_check(draft: &Draft, check: &SqlCheck) -> Constraint {
    let names = names_in(check.expression).unwrap_or_default();
    let is_named = |it: &&&FieldDef| it.has_column() && names.iter().any(|name| name == it.key);
    let columns = draft.fields.iter().filter(is_named).map(|it| it.key.to_owned()).collect();
    Constraint {
        name: name_of(draft.model.table, &[check.name], "ck"),
        columns,
        rule: Rule::Written(check.expression.to_owned()),
    }
}

/// A limit as a constant of the type that the column is compared in.
fn number(field: &FieldDef, limit: i64) -> Option<String> {
    let sign_free = limit >= 0;
    Some(match field.kind {
        Kind::Int2 | Kind::Int4 if sign_free => limit.to_string(),
        Kind::Int2 | Kind::Int4 => format!("'{limit}'::integer"),
        Kind::Int8 => format!("'{limit}'::bigint"),
        Kind::Decimal if sign_free => format!("{limit}::numeric"),
        Kind::Decimal => format!("'{limit}'::numeric"),
        Kind::Float => format!("'{limit}'::double precision"),
        _ => return None,
    })
}
