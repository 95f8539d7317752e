//! What a module adds to a model of another: fields, choices of its open selections, defaults.
//!
//! An extension is data, as a model is: [`Schema::extended`](crate::Schema::extended) puts it
//! into the description of its model, and from there on nobody can tell its fields from others.

use crate::{
    Cells, Column, FieldDef, FieldType, Model, ModelDef, Result, SelectionChoice, SelectionDef,
    Value,
    engine::{Check, Hook},
    field::{OpenSelection, Selection},
};

/// What one extension adds, as its author declared it.
#[derive(Debug)]
pub struct ExtendDef {
    /// The Rust name: `PartnerTax`.
    pub name: &'static str,
    /// The crate it stands in, and so the module it belongs to.
    pub krate: &'static str,
    /// The model that it extends.
    pub model: fn() -> &'static ModelDef,
    /// In the order of declaration; each is optional or has a default.
    pub fields: &'static [FieldDef],
    /// Sets of fields that no two records share.
    pub unique: &'static [&'static [&'static str]],
    /// Sets of fields that no two records share which are not archived.
    pub unique_unless_archived: &'static [&'static [&'static str]],
    /// More choices of a field of the model.
    pub choices: Option<AddedChoices>,
    /// What fields of the model start with that have no default of their own.
    pub defaults: &'static [AddedDefault],
    /// What a record must be, judged as it was written.
    pub check: Option<Check>,
    /// What is to be said before records of the model are written, after the model's own.
    pub before: Option<Hook>,
    /// What is to be said of what was written, before it is committed.
    pub after: Option<Hook>,
}

/// Choices for a field whose selection is open.
#[derive(Debug, Clone, Copy)]
pub struct AddedChoices {
    /// The field, by declared name.
    pub field: &'static str,
    /// Its selection, as its author declared it.
    pub selection: &'static SelectionDef,
    /// The choices, in the order of screens.
    pub choices: &'static [SelectionChoice],
}

/// A default for a field of the model.
#[derive(Debug, Clone, Copy)]
pub struct AddedDefault {
    /// The field, by declared name.
    pub field: &'static str,
    /// What a new record has where nobody says.
    pub value: fn() -> Value,
}

/// A struct whose fields another module's model has, too; `#[derive(Extend)]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` extends no model",
    label = "no extension",
    note = "an extension is a struct with `#[derive(Extend)]` and `#[extend(...)]`"
)]
pub trait Extension: Sized + Send + Sync + 'static {
    /// The model that it extends.
    type Model: Model;

    /// The description of the extension.
    fn def() -> &'static ExtendDef;

    /// The struct out of the values of one row, in the order of declaration.
    ///
    /// # Errors
    /// When a value is not of its field's kind: a table that is not ours.
    fn read(cells: &mut Cells<'_>) -> Result<Self>;
}

/// How the derive tells the program of an extension.
pub struct RegisteredExtension(pub fn() -> &'static ExtendDef);

inventory::collect!(RegisteredExtension);

impl ExtendDef {
    /// An extension of `M` with nothing said about it yet.
    pub const fn of<M: Model>(name: &'static str, krate: &'static str) -> Self {
        Self {
            name,
            krate,
            model: M::def,
            fields: &[],
            unique: &[],
            unique_unless_archived: &[],
            choices: None,
            defaults: &[],
            check: None,
            before: None,
            after: None,
        }
    }

    /// An extension of the choices of a field.
    pub const fn of_choices<M: Model, F: FieldType<Base: OpenSelection>>(
        name: &'static str,
        krate: &'static str,
        column: Column<M, F>,
        choices: &'static [SelectionChoice],
    ) -> Self {
        let (field, selection) = (column.name(), <F::Base as Selection>::DEF);
        let choices = Some(AddedChoices { field, selection, choices });
        Self { choices, ..Self::of::<M>(name, krate) }
    }

    /// Where it stands: `taxes::PartnerTax`.
    pub(crate) fn path(&self) -> String {
        format!("{}::{}", self.krate, self.name)
    }
}

/// The choice of an open selection with this word that some extension adds.
///
/// Extensions are static, so their words are: what a row holds becomes a
/// [`Choice`](crate::Choice) without keeping anything.
pub(crate) fn added_choice(selection: &SelectionDef, word: &str) -> Option<&'static str> {
    let added = inventory::iter::<RegisteredExtension>().filter_map(|it| (it.0)().choices);
    let mut words = added.filter(|it| it.selection == selection).flat_map(|it| it.choices);
    words.find(|it| it.value == word).map(|it| it.value)
}

/// The key of a field that some extension adds to a model.
pub(crate) fn key_of_added(model: &ModelDef, name: &str) -> Option<&'static str> {
    let all = inventory::iter::<RegisteredExtension>().map(|it| (it.0)());
    let mut fields = all.filter(|it| (it.model)().table == model.table).flat_map(|it| it.fields);
    fields.find(|it| it.name == name).map(|it| it.key)
}
