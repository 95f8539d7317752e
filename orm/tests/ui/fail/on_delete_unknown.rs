//! There are three things to do when the target goes.

use orm::{Many2One, Model};

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    #[field(on_delete = "delete")]
    parent: Option<Many2One<Self>>,
}

fn main() {}
