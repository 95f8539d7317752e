//! Sales: what partners have ordered, line by line, with discounts and taxes, down to the cent.
//!
//! Owns the tables `sales`, `sale_lines`, `sale_stages`, `taxes` and `sale_counters`.
//!
//! **Invariant:** the amounts of a sale are the sums of its lines, at every commit.

mod sale;
mod sale_line;
mod sale_stage;
mod tax;

mod line_defaults;
mod sale_counter;
mod sale_number;

mod access;

mod demo;
mod seed;

use artel_core::{Module, Setup, Texts};

pub use crate::{
    sale::Sale, sale_counter::SaleCounter, sale_line::SaleLine, sale_stage::SaleStage, tax::Tax,
};

/// The module.
pub const MODULE: Module = Module {
    name: "sales",
    depends: &[&security::MODULE, &users::MODULE, &partners::MODULE, &products::MODULE],
    setup,
};

fn setup(to: &mut Setup) {
    to.rights(access::rights)
        .seed(|session| Box::pin(seed::fill(session)))
        .demo(|session| Box::pin(demo::fill(session)))
        .large_demo(|session, progress| Box::pin(demo::fill_large(session, progress)))
        .texts(Texts { en: include_str!("../i18n/en.ftl"), ru: include_str!("../i18n/ru.ftl") });
}
