//! Rows that stand have no value for a new field.

use orm::{Extend, Model, Selection};

#[derive(Model)]
#[model(table = "partners")]
pub struct Partner {
    pub name: String,
    pub size: i32,
    pub kind: Kind,
}

#[derive(Clone, Copy, Selection)]
pub enum Kind {
    Person,
}

#[derive(Extend)]
#[extend(Partner)]
pub struct PartnerTax {
    pub inn: String,
}

fn main() {}
