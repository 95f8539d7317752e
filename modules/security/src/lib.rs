//! Security: who may do what, in tables that administrators change while the program runs.
//!
//! Owns the tables `grants`, `rules` and `field_rights`; what modules declare becomes their first
//! rows. Nothing is allowed that no grant gives; administrators pass.
//!
//! **Invariant:** rights that do not fit the models close, and never open.

mod field_right;
mod grant;
mod rule;

mod seeded;
mod subject;

mod access;
mod rights_tables;
mod seed;
mod service;

use artel_core::{Module, Setup, Texts};

pub use crate::{field_right::FieldRight, grant::Grant, rule::Rule};

/// The module.
pub const MODULE: Module = Module { name: "security", depends: &[&users::MODULE], setup };

fn setup(to: &mut Setup) {
    to.rights(access::rights)
        .rights_source(rights_tables::RightsTables)
        .service(service::SecurityService)
        .seed(|session| Box::pin(seed::fill(session)))
        .texts(Texts { en: include_str!("../i18n/en.ftl"), ru: include_str!("../i18n/ru.ftl") });
}
