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
    pub(crate) is_private: bool,
    pub(crate) routes: Option<LitStr>,
    pub(crate) signal: Option<LitStr>,
    pub(crate) options: Option<LitStr>,
    pub(crate) check: Option<Path>,
    pub(crate) check_change: Option<Path>,
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
    pub(crate) unique: bool,
    pub(crate) index: bool,
    pub(crate) search: bool,
    pub(crate) heavy: bool,
    pub(crate) on_delete: Option<LitStr>,
    pub(crate) inverse: Option<LitStr>,
    pub(crate) keeps: bool,
    pub(crate) read: Option<LitStr>,
    pub(crate) write: Option<LitStr>,
    pub(crate) seal: Option<Path>,
    pub(crate) ids: Option<LitStr>,
}

impl ModelInput {
    /// The declared names of the fields.
    pub(crate) fn field_names(&self) -> Vec<String> {
        self.fields.iter().map(|it| it.name.to_string()).collect()
    }
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
