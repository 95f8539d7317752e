//! What options are called elsewhere is known, and what is written here.

use orm::Model;

#[derive(Debug, Model)]
#[model(db_table = "products", table = "products", ordering = "name")]
pub struct Product {
    #[field(max_length = 200, null, related_name = "parts")]
    name: String,
    #[field(unique = true)]
    number: i64,
}

fn main() {}
