//! A column of an extension belongs to the model that it extends.

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
    pub inn: Option<String>,
}

#[derive(Model)]
#[model(table = "notes")]
pub struct Note {}

pub fn wrong(session: &orm::Session) -> orm::Query<'_, Note> {
    Note::query(session).filter(PartnerTax::INN.eq("1"))
}

fn main() {}
