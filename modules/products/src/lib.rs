//! Products: what the company sells, how it is grouped, and how it is counted.
//!
//! Owns the tables `products`, `categories`, `units` and `product_tags`.
//!
//! **Invariant:** quantities are not here. This module says what a thing is; a stock module would
//! say how many of it there are and where.

mod category;
mod product;
mod product_tag;
mod unit;

mod access;

mod demo;
mod seed;

use artel_core::{Module, Setup, Texts};

pub use crate::{
    category::Category,
    product::{Product, ProductKind},
    product_tag::ProductTag,
    unit::Unit,
};

/// The module.
pub const MODULE: Module = Module { name: "products", depends: &[&security::MODULE], setup };

fn setup(to: &mut Setup) {
    to.rights(access::rights)
        .seed(|session| Box::pin(seed::fill(session)))
        .demo(|session| Box::pin(demo::fill(session)))
        .large_demo(|session, progress| Box::pin(demo::fill_large(session, progress)))
        .texts(Texts { en: include_str!("../i18n/en.ftl"), ru: include_str!("../i18n/ru.ftl") });
}
