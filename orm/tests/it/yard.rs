//! A model with constraints and behaviours of every sort, and what another module adds to it.

use orm::{Choice, Extend, Many2Many, Many2One, Model, Selection, chrono::NaiveDate};

use crate::library::{Reader, Tag};

/// A piece of land that is rented out.
#[derive(Debug, Model)]
#[model(table = "plots", display = "code", order = "code", archivable, company_owned)]
#[model(unique = "street, number unless archived")]
#[model(check_sql = "dates: starts_on <= ends_on", check_sql = "street: street <> 'Elm'")]
pub(crate) struct Plot {
    #[field(unique = "unless archived", max = 20)]
    pub code: String,
    pub street: Option<String>,
    #[field(min = 1, max = 99)]
    pub number: Option<i32>,
    pub kind: PlotKind,
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
    pub company: Option<Many2One<Reader>>,
    #[field(default = true)]
    pub active: bool,
}

/// What grows there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Selection)]
#[selection(open)]
pub(crate) enum PlotKind {
    Meadow,
    Field,
    Other(Choice),
}

/// What the land register knows.
#[derive(Debug, Extend)]
#[extend(Plot, default(kind = PlotKind::Other(WaterKind::POND)), unique = "deed")]
pub(crate) struct PlotDeed {
    #[field(max = 8)]
    pub deed: Option<String>,
    #[field(default = 3, max = 9)]
    pub rank: i16,
    pub keeper: Option<Many2One<Reader>>,
    pub words: Many2Many<Tag>,
}

/// Of another module still; it comes after the register by name.
#[derive(Debug, Extend)]
#[extend(Plot)]
pub(crate) struct PlotTax {
    #[field(default = false)]
    pub is_free: bool,
}

/// What is wet.
#[derive(Extend)]
#[extend(Plot::KIND)]
pub(crate) enum WaterKind {
    Pond,
    #[selection(value = "lake-big", label = "A big lake")]
    Lake,
}
