//! A module that only tests have: papers in folders, with every kind of right that there is.
//!
//! `office/rights.rs` says who may do what; `office/arranged.rs` arranges a few papers and those
//! who ask for them.

#![expect(dead_code, reason = "only the descriptions of the models are read")]

mod arranged;
mod rights;
mod routes;

use artel_core::{Module, Setup};
use orm::{
    AnyRecord, Computed, Decimal, Many2Many, Many2One, Model, One2Many, One2One, Secret, Translated,
};
use users::{Company, User};

pub(crate) use crate::office::arranged::{Office, PIN, path};

/// The module. Models belong to the module that is called like their crate.
pub(crate) const MODULE: Module =
    Module { name: "it", depends: &[&auth_token::MODULE, &users::MODULE], setup };

fn setup(to: &mut Setup) {
    to.rights(rights::rights).routes(routes::Routes);
}

/// Where papers lie.
#[derive(Debug, Model)]
#[model(table = "folders", display = "name", order = "name", scope_index = "owner")]
pub(crate) struct Folder {
    #[field(max = 60, unique, search)]
    pub(crate) name: String,
    pub(crate) owner: Option<Many2One<User>>,
    #[field(default = 0)]
    pub(crate) level: i32,
    /// Closed.
    #[field(max = 60, read = "office.auditor", write = "office.auditor")]
    pub(crate) code: Option<String>,
}

/// Everything is tried on these.
#[derive(Debug, Model)]
#[model(table = "papers", display = "name", order = "name", scope_index = "owner")]
#[model(history = "365 days")]
pub(crate) struct Paper {
    #[field(max = 60, unique, search)]
    pub(crate) name: String,
    pub(crate) owner: Option<Many2One<User>>,
    #[field(on_delete = "restrict")]
    pub(crate) folder: Option<Many2One<Folder>>,
    /// What it is about has no grant for most.
    pub(crate) vault: Option<Many2One<Vault>>,
    /// What rules look at.
    #[field(default = 0, min = 0, max = 99)]
    pub(crate) level: i32,
    /// Closed, and marked for searches.
    #[field(max = 60, search, read = "office.auditor", write = "office.auditor")]
    pub(crate) note: Option<String>,
    /// Closed.
    #[field(min = 0, scale = 2, read = "office.auditor", write = "office.auditor")]
    pub(crate) cost: Option<Decimal>,
    /// Written by all and read by few.
    #[field(read = "office.auditor")]
    pub(crate) stamp: Option<i32>,
    pub(crate) pin: Option<Secret>,
    pub(crate) labels: Many2Many<Label>,
    #[field(inverse = "paper")]
    pub(crate) lines: One2Many<Line>,
}

/// A part of a paper.
#[derive(Debug, Model)]
#[model(table = "lines", display = "text", order = "paper, id", child_of = "paper", touch)]
pub(crate) struct Line {
    pub(crate) paper: Many2One<Paper>,
    #[field(max = 60, search)]
    pub(crate) text: String,
    /// Closed.
    #[field(read = "office.auditor", write = "office.auditor")]
    pub(crate) weight: Option<i32>,
}

/// What papers are found by; of an owner, as they are.
#[derive(Debug, Model)]
#[model(table = "labels", display = "name", order = "name")]
pub(crate) struct Label {
    #[field(max = 60, unique, search)]
    pub(crate) name: String,
    pub(crate) owner: Option<Many2One<User>>,
}

/// Nobody but auditors may read these.
#[derive(Debug, Model)]
#[model(table = "vaults", display = "name", order = "name")]
pub(crate) struct Vault {
    #[field(max = 60, unique)]
    pub(crate) name: String,
    #[field(on_delete = "restrict")]
    pub(crate) folder: Option<Many2One<Folder>>,
}

/// Hangs on the wall, in every language, and is about something.
#[derive(Debug, Model)]
#[model(table = "notices", display = "title", order = "title")]
pub(crate) struct Notice {
    #[field(max = 10, search)]
    pub(crate) title: Translated,
    pub(crate) text: Option<Translated>,
    #[field(targets = "papers, folders")]
    pub(crate) subject: Option<AnyRecord>,
    #[field(on_delete = "set_null")]
    pub(crate) folder: Option<One2One<Folder>>,
}

/// Its rule looks at its folder.
#[derive(Debug, Model)]
#[model(table = "memos", display = "text", order = "text")]
pub(crate) struct Memo {
    #[field(max = 60, search)]
    pub(crate) text: String,
    #[field(on_delete = "restrict")]
    pub(crate) folder: Many2One<Folder>,
}

/// All that is searched of these is closed.
#[derive(Debug, Model)]
#[model(table = "chests", order = "id")]
pub(crate) struct Chest {
    #[field(max = 60, search, read = "office.auditor", write = "office.auditor")]
    pub(crate) content: String,
    /// Closed with what it follows from.
    #[field(compute = length(content), stored)]
    pub(crate) length: Computed<i64>,
    /// Open all the same.
    #[field(compute = is_full(content), stored, reveals)]
    pub(crate) is_full: Computed<bool>,
}

fn length(content: String) -> i64 {
    content.into_bytes().len() as i64
}

fn is_full(content: String) -> bool {
    !content.into_bytes().is_empty()
}

/// Its rules name the asker's companies.
#[derive(Debug, Model)]
#[model(table = "desks", display = "name", order = "name")]
pub(crate) struct Desk {
    #[field(max = 60)]
    pub(crate) name: String,
    pub(crate) company: Option<Many2One<Company>>,
}
