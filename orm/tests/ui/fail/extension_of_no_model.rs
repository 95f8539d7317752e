//! Only models are extended.

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

pub struct Plain;

#[derive(Extend)]
#[extend(Plain)]
pub struct PlainTax {
    pub inn: Option<String>,
}

fn main() {}
