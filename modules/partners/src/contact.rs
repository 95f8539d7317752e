//! The addresses and numbers of partners: parts of them, with no rights of their own.

use orm::{Many2One, Model, Selection};

use crate::Partner;

/// A way to reach a partner.
#[derive(Debug, Model)]
#[model(
    table = "contacts",
    display = "value",
    order = "partner, -is_primary",
    child_of = "partner"
)]
pub struct Contact {
    /// Whose it is.
    pub partner: Many2One<Partner>,
    pub kind: ContactKind,
    /// The address or number itself.
    #[field(max = 254, search)]
    pub value: String,
    /// The one to try first.
    #[field(default = false)]
    pub is_primary: bool,
}

/// What a contact goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Selection)]
pub enum ContactKind {
    Email,
    Phone,
    Telegram,
    Whatsapp,
    Website,
}
