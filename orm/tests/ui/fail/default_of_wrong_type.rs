//! A default is of its field's type.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    #[field(default = "yes")]
    active: bool,
}

fn main() {}
