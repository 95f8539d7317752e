//! A default is for a field of the model.

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
#[extend(Partner, default(weight = 3))]
pub struct PartnerTax {}

fn main() {}
