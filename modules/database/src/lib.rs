//! Database: the PostgreSQL that the environment uses, and the state of its tables.
//!
//! Owns no table of its own.

mod address;
mod database_service;
mod preparation;

use artel_core::{Module, Setup};

/// The module.
pub const MODULE: Module = Module { name: "database", depends: &[&logger::MODULE], setup };

fn setup(to: &mut Setup) {
    to.service(database_service::DatabaseService::default());
}
