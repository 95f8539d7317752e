//! A default is of the type of its field.

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
#[extend(Partner, default(size = "large"))]
pub struct PartnerTax {}

fn main() {}
