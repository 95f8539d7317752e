//! Partners: the people and companies that one deals with, and how to reach them.
//!
//! Owns the tables `partners`, `contacts` and `partner_tags`.
//!
//! **Invariant:** a contact is a part of its partner: whoever may see or change the one may see or
//! change the other.

mod contact;
mod partner;
mod partner_tag;

mod access;

mod demo;

use artel_core::{Module, Setup, Texts};

pub use crate::{
    contact::{Contact, ContactKind},
    partner::{Partner, PartnerKind},
    partner_tag::PartnerTag,
};

/// The module.
pub const MODULE: Module =
    Module { name: "partners", depends: &[&security::MODULE, &users::MODULE], setup };

fn setup(to: &mut Setup) {
    to.rights(access::rights)
        .demo(|session| Box::pin(demo::fill(session)))
        .large_demo(|session, progress| Box::pin(demo::fill_large(session, progress)))
        .texts(Texts { en: include_str!("../i18n/en.ftl"), ru: include_str!("../i18n/ru.ftl") });
}
