//! The catalogue is for everyone to read and for its managers to write.
//!
//! What a product costs the company is closed where it is declared, at the field.

use artel_core::{Grant, Rights, access::EVERYONE};

use crate::{Category, Product, ProductTag, Unit};

const MANAGER: &str = "products.manager";

pub(crate) fn rights(to: &mut Rights) {
    to.role(MANAGER, "Products: manager");

    to.grant::<Product>(EVERYONE, Grant::READ);
    to.grant::<Category>(EVERYONE, Grant::READ);
    to.grant::<Unit>(EVERYONE, Grant::READ);
    to.grant::<ProductTag>(EVERYONE, Grant::READ);

    to.grant::<Product>(MANAGER, Grant::ALL);
    to.grant::<Category>(MANAGER, Grant::ALL);
    to.grant::<Unit>(MANAGER, Grant::ALL);
    to.grant::<ProductTag>(MANAGER, Grant::ALL);
}
