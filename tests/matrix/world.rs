//! A module of the tests' own: models that nobody is granted anything on.
//!
//! `oracle/tables.rs` writes the same down a second time, on purpose.

#![expect(dead_code, reason = "records are asked for over HTTP and rows by SQL")]

use artel_core::{Module, Setup};
use orm::{Decimal, Many2Many, Many2One, Model, One2Many};
use users::{Company, Role, User};

/// The module; it declares no rights.
pub(crate) const WORLD: Module =
    Module { name: "matrix", depends: &[&security::MODULE], setup: |_: &mut Setup| {} };

/// Where notes are.
#[derive(Debug, Model)]
#[model(table = "spaces", display = "name", order = "name")]
pub(crate) struct Space {
    #[field(max = 60)]
    pub name: String,
    #[field(on_delete = "set_null")]
    pub owner: Option<Many2One<User>>,
    #[field(on_delete = "set_null")]
    pub company: Option<Many2One<Company>>,
    #[field(on_delete = "restrict")]
    pub parent: Option<Many2One<Self>>,
    #[field(on_delete = "set_null")]
    pub audience: Option<Many2One<Role>>,
    #[field(inverse = "space")]
    pub notes: One2Many<Note>,
}

/// What is written down.
#[derive(Debug, Model)]
#[model(table = "notes", display = "title", order = "title", history = "forever")]
pub(crate) struct Note {
    #[field(max = 60, search)]
    pub title: String,
    #[field(search)]
    pub secret: Option<String>,
    pub level: Option<i32>,
    #[field(scale = 2)]
    pub amount: Option<Decimal>,
    #[field(default = true)]
    pub active: bool,
    #[field(on_delete = "set_null")]
    pub owner: Option<Many2One<User>>,
    #[field(on_delete = "restrict")]
    pub space: Option<Many2One<Space>>,
    pub tags: Many2Many<Tag>,
    #[field(inverse = "note")]
    pub lines: One2Many<NoteLine>,
}

/// A part of a note.
#[derive(Debug, Model)]
#[model(table = "note_lines", display = "label", child_of = "note", touch)]
#[model(history = "forever")]
pub(crate) struct NoteLine {
    pub note: Many2One<Note>,
    #[field(max = 60)]
    pub label: String,
    pub amount: Option<i32>,
    #[field(on_delete = "set_null")]
    pub owner: Option<Many2One<User>>,
}

/// What administrators see by rules only, too.
#[derive(Debug, Model)]
#[model(table = "diaries", display = "title", private)]
#[model(history = "forever")]
pub(crate) struct Diary {
    #[field(max = 60, search)]
    pub title: String,
    pub mood: Option<i32>,
    #[field(on_delete = "set_null")]
    pub owner: Option<Many2One<User>>,
}

/// A word that notes are found by.
#[derive(Debug, Model)]
#[model(table = "tags", display = "name", order = "name")]
pub(crate) struct Tag {
    #[field(max = 60, search)]
    pub name: String,
    pub hue: Option<i32>,
    #[field(inverse = "tags")]
    pub notes: Many2Many<Note>,
}
