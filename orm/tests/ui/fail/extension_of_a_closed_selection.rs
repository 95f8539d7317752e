//! Only open selections get more choices.

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
#[extend(Partner::KIND)]
pub enum SupplyKind {
    Supplier,
}

fn main() {}
