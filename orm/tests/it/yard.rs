//! A model with constraints and behaviours of every sort, and what another module adds to it.

use orm::{
    ChangeSet, Choice, Computed, Error, Extend, Invalid, Many2Many, Many2One, Model, Result,
    Selection, Session, Value, chrono::NaiveDate,
};

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
#[extend(Plot, default(kind = PlotKind::Other(WaterKind::POND)), unique = "deed", check = judge)]
pub(crate) struct PlotDeed {
    #[field(max = 8)]
    pub deed: Option<String>,
    #[field(default = 3, max = 9)]
    pub rank: i16,
    pub keeper: Option<Many2One<Reader>>,
    pub words: Many2Many<Tag>,
    /// Follows from a field of the model and one of the extension.
    #[field(compute = address(street, rank), stored)]
    pub address: Computed<String>,
}

fn address(street: Option<String>, rank: i16) -> String {
    format!("{} {rank}", street.unwrap_or_default())
}

/// Of another module still; it comes after the register by name.
#[derive(Debug, Extend)]
#[extend(Plot, before = prepare, after = settle)]
pub(crate) struct PlotTax {
    #[field(default = false)]
    pub is_free: bool,
}

/// Somebody keeps what is nowhere.
fn judge(plot: &Plot, deed: &PlotDeed, invalid: &mut Invalid) {
    if plot.street.as_deref() == Some("Nowhere") && deed.keeper.is_none() {
        invalid.field(PlotDeed::KEEPER, "required");
    }
}

/// What is called free is.
async fn prepare(_: &Session, set: &mut ChangeSet<Plot>) -> Result<()> {
    let is_free = |it: &Value| it.as_text() == Some("free");
    let free: Vec<bool> = set.iter().map(|it| it.value(Plot::CODE).is_some_and(is_free)).collect();
    for (at, _) in free.iter().enumerate().filter(|it| *it.1) {
        set.set_at(at, PlotTax::IS_FREE.set(true));
    }
    Ok(())
}

/// What was free once stays so.
async fn settle(_: &Session, set: &ChangeSet<Plot>) -> Result<()> {
    for it in set.iter() {
        let (old, new) = (it.old_ext::<PlotTax>()?, it.new_ext::<PlotTax>()?);
        if old.is_some_and(|it| it.is_free) && new.is_some_and(|it| !it.is_free) {
            return Err(Error::denied());
        }
    }
    Ok(())
}

/// What is wet.
#[derive(Extend)]
#[extend(Plot::KIND)]
pub(crate) enum WaterKind {
    Pond,
    #[selection(value = "lake-big", label = "A big lake")]
    Lake,
}
