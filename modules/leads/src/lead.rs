//! A chance of a sale.

use orm::{Decimal, Many2One, Model, Selection};
use partners::Partner;
use users::User;

use crate::{LeadStage, Team};

/// A chance of a sale.
#[derive(Debug, Model)]
#[model(table = "leads", display = "name", order = "-id", scope_index = "owner")]
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
    /// Who works on it; without one, everybody may take it.
    #[field(on_delete = "set_null")]
    pub owner: Option<Many2One<User>>,
    #[field(on_delete = "set_null")]
    pub team: Option<Many2One<Team>>,
    /// What it would bring.
    #[field(min = 0, scale = 2, index)]
    pub amount: Option<Decimal>,
    /// How likely it is, in per cent.
    #[field(min = 0, max = 100)]
    pub probability: Option<i16>,
    #[field(default = true)]
    pub active: bool,
}

/// Whether it is worth work yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Selection)]
pub enum LeadKind {
    Lead,
    Opportunity,
}
