//! Whether a field may be absent is said by `Option`.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    #[field(colour = "red")]
    name: String,
}

fn main() {}
