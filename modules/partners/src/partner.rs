//! Whoever is written to, called, sold to or bought from: people and companies in one table.

use orm::{Choice, Many2Many, Many2One, Model, One2Many, Selection};
use users::{Company, User};

use crate::{Contact, PartnerTag};

/// Somebody the company deals with.
#[derive(Debug, Model)]
#[model(table = "partners", display = "name", order = "name", scope_index = "owner")]
#[model(archivable, company_owned, history = "730 days")]
pub struct Partner {
    /// As it stands on letters.
    #[field(max = 200, search)]
    pub name: String,
    #[field(default = PartnerKind::Person)]
    pub kind: PartnerKind,
    /// The company that a person works for, or that a company is a part of.
    #[field(on_delete = "set_null")]
    pub parent: Option<Many2One<Self>>,
    /// Who looks after them; without one, whoever comes first.
    #[field(on_delete = "set_null")]
    pub owner: Option<Many2One<User>>,
    /// Our company that deals with them; without one, each does.
    #[field(on_delete = "restrict")]
    pub company: Option<Many2One<Company>>,
    #[field(max = 254, search, label = "E-mail")]
    pub email: Option<String>,
    #[field(max = 40, search)]
    pub phone: Option<String>,
    /// The number that tax offices know them by.
    #[field(max = 32, search, label = "VAT number")]
    pub vat: Option<String>,
    #[field(max = 10_000, heavy)]
    pub notes: Option<String>,
    /// Whether there is still anything to do with them.
    #[field(default = true)]
    pub active: bool,
    /// Words to find them by.
    pub tags: Many2Many<PartnerTag>,
    /// How to reach them.
    #[field(inverse = "partner")]
    pub contacts: One2Many<Contact>,
}

/// Whether somebody is one or many, or what else modules tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Selection)]
#[selection(open)]
pub enum PartnerKind {
    Person,
    Company,
    /// What other modules know beside.
    Other(Choice),
}
