//! What the author of a model wrote, as plain data; not yet known to make sense.

use proc_macro2::{Ident, TokenStream};
use syn::{Expr, LitStr, Path};

use crate::setting::Whole;

/// A struct with its `#[model(...)]`.
pub(crate) struct ModelInput {
    pub(crate) name: Ident,
    pub(crate) help: String,
    /// Whether `table` was said at all; its value may have been refused.
    pub(crate) has_table: bool,
    pub(crate) table: Option<LitStr>,
    pub(crate) display: Option<LitStr>,
    pub(crate) order: Option<LitStr>,
    pub(crate) unique: Vec<LitStr>,
    pub(crate) scope_index: Vec<LitStr>,
    pub(crate) child_of: Option<LitStr>,
    pub(crate) touch: Option<Ident>,
    pub(crate) archivable: Option<Ident>,
    pub(crate) company_owned: Option<Ident>,
    pub(crate) check_sql: Vec<LitStr>,
    pub(crate) is_private: bool,
    pub(crate) routes: Option<LitStr>,
    pub(crate) signal: Option<LitStr>,
    pub(crate) options: Option<LitStr>,
    pub(crate) check: Option<Path>,
    pub(crate) check_change: Option<Path>,
    pub(crate) onchange: Option<Path>,
    pub(crate) before: Option<Path>,
    pub(crate) after: Option<Path>,
    pub(crate) after_commit: Option<Path>,
    pub(crate) history: Option<LitStr>,
    pub(crate) fields: Vec<FieldInput>,
}

/// A field with its `#[field(...)]`.
pub(crate) struct FieldInput {
    pub(crate) name: Ident,
    /// The type as written, but for `Self`, which is the model's name here.
    pub(crate) kind: TokenStream,
    pub(crate) help: String,
    pub(crate) label: Option<LitStr>,
    pub(crate) min: Option<Whole>,
    pub(crate) max: Option<Whole>,
    pub(crate) scale: Option<Whole>,
    pub(crate) default: Option<Expr>,
    pub(crate) filled: Option<Ident>,
    pub(crate) unique: bool,
    /// Whether archived records do not count there.
    pub(crate) unless_archived: Option<LitStr>,
    pub(crate) index: bool,
    pub(crate) search: bool,
    pub(crate) heavy: bool,
    pub(crate) read_only: bool,
    pub(crate) on_delete: Option<LitStr>,
    pub(crate) inverse: Option<LitStr>,
    pub(crate) targets: Option<LitStr>,
    pub(crate) keeps: bool,
    pub(crate) read: Option<LitStr>,
    pub(crate) write: Option<LitStr>,
    pub(crate) seal: Option<Path>,
    /// The call that says what it follows from: `margin(price, cost)`.
    pub(crate) compute: Option<Expr>,
    pub(crate) stored: Option<Ident>,
    pub(crate) revision: Option<Whole>,
    pub(crate) sql: Option<LitStr>,
    pub(crate) reveals: bool,
    pub(crate) ids: Option<LitStr>,
}

impl ModelInput {
    /// The declared names of the fields.
    pub(crate) fn field_names(&self) -> Vec<String> {
        self.fields.iter().map(|it| it.name.to_string()).collect()
    }
}

/// What `unique` says of those that are put aside.
pub(crate) const UNLESS_ARCHIVED: &str = "unless archived";

/// The sets of fields that no two records share: of all, and of those that are not archived.
pub(crate) struct UniqueSets {
    pub(crate) of_all: Vec<Vec<String>>,
    pub(crate) unless_archived: Vec<Vec<String>>,
}

/// What `unique` of a model or an extension says, and that of its fields for records that are
/// not archived.
pub(crate) fn sets_of(sets: &[LitStr], fields: &[FieldInput]) -> UniqueSets {
    let (of_some, of_all): (Vec<_>, Vec<_>) = sets.iter().map(unique_set).partition(|it| it.1);
    let names = |it: Vec<(Vec<String>, bool)>| it.into_iter().map(|it| it.0);
    let single = fields.iter().filter(|it| it.unless_archived.is_some());
    let single = single.map(|it| vec![it.name.to_string()]);
    UniqueSets {
        of_all: names(of_all).collect(),
        unless_archived: names(of_some).chain(single).collect(),
    }
}

/// The fields of one `unique`, and whether archived records do not count there.
pub(crate) fn unique_set(text: &LitStr) -> (Vec<String>, bool) {
    let value = text.value();
    let (fields, is_unless_archived) = match value.trim_end().strip_suffix(UNLESS_ARCHIVED) {
        Some(fields) => (fields.to_owned(), true),
        None => (value, false),
    };
    (fields.split(',').map(|it| it.trim().to_owned()).collect(), is_unless_archived)
}

/// The name and the expression of a `check_sql`: `dates: starts_on <= ends_on`.
pub(crate) fn named_check(text: &LitStr) -> Option<(String, String)> {
    let value = text.value();
    let (name, expression) = value.split_once(':')?;
    Some((name.trim().to_owned(), expression.trim().to_owned()))
}

/// The parts of a list in quotes: `"company, number"`.
pub(crate) fn listed(text: &LitStr) -> Vec<String> {
    text.value().split(',').map(|it| it.trim().to_owned()).collect()
}

/// How long what was changed is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Retention {
    Days(u32),
    Forever,
}

/// The value of `history`: `365 days`, or `forever`; nothing else is one.
pub(crate) fn retention(text: &LitStr) -> Option<Retention> {
    let text = text.value();
    if text == "forever" {
        return Some(Retention::Forever);
    }
    let days = text.strip_suffix(" days")?;
    let is_plain = days.bytes().all(|it| it.is_ascii_digit()) && days.len() <= 5;
    days.parse().ok().filter(|it| is_plain && *it > 0).map(Retention::Days)
}
