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
    pub(crate) index: bool,
    pub(crate) search: bool,
    pub(crate) heavy: bool,
    pub(crate) on_delete: Option<LitStr>,
    pub(crate) inverse: Option<LitStr>,
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

/// The parts of a list in quotes: `"company, number"`.
pub(crate) fn listed(text: &LitStr) -> Vec<String> {
    text.value().split(',').map(|it| it.trim().to_owned()).collect()
}
