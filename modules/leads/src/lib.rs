//! Leads: chances of a sale, from the first word to the decision.
//!
//! Owns the tables `leads`, `lead_stages` and `teams`.

mod lead;
mod lead_stage;
mod team;

mod access;

mod demo;
mod seed;

use artel_core::{Module, Setup, Texts};

pub use crate::{
    lead::{Lead, LeadKind},
    lead_stage::LeadStage,
    team::Team,
};

/// The module.
pub const MODULE: Module = Module {
    name: "leads",
    depends: &[&security::MODULE, &users::MODULE, &partners::MODULE],
    setup,
};

fn setup(to: &mut Setup) {
    to.rights(access::rights)
        .seed(|session| Box::pin(seed::fill(session)))
        .demo(|session| Box::pin(demo::fill(session)))
        .large_demo(|session, progress| Box::pin(demo::fill_large(session, progress)))
        .texts(Texts { en: include_str!("../i18n/en.ftl"), ru: include_str!("../i18n/ru.ftl") });
}
