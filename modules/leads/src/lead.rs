//! What sales people work on: from the first word of interest to won or lost.

use orm::{Decimal, Many2One, Model, Selection};
use partners::Partner;
use users::User;

use crate::{LeadStage, Team};

/// A chance of a sale.
#[derive(Debug, Model)]
#[model(table = "leads", display = "name", order = "-id", scope_index = "owner", archivable)]
#[model(history = "730 days")]
pub struct Lead {
    /// What it is about.
    #[field(max = 200, search)]
    pub name: String,
    #[field(default = LeadKind::Lead)]
    pub kind: LeadKind,
    /// How far it has come.
    #[field(on_delete = "restrict")]
    pub stage: Many2One<LeadStage>,
    /// Whoever would buy.
    #[field(on_delete = "set_null")]
    pub partner: Option<Many2One<Partner>>,
    /// Who works on it; without one, whoever takes it first.
    #[field(on_delete = "set_null")]
    pub owner: Option<Many2One<User>>,
    /// Those who work on it together.
    #[field(on_delete = "set_null")]
    pub team: Option<Many2One<Team>>,
    /// What it would bring.
    #[field(min = 0, scale = 2, index)]
    pub amount: Option<Decimal>,
    /// How likely it is, in per cent.
    #[field(min = 0, max = 100)]
    pub probability: Option<i16>,
    /// Whether it is still on the table.
    #[field(default = true)]
    pub active: bool,
}

/// Whether it is worth work yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Selection)]
pub enum LeadKind {
    Lead,
    Opportunity,
}
