//! Names of constraints are made of the table's.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products_that_the_company_buys_or_makes_and_sells")]
pub struct Product {
    name: String,
}

fn main() {}
