//! All of them are said, so that one run of the compiler is enough.

use orm::Model;

#[derive(Debug, Model)]
#[model(display = "nam", touch)]
pub struct Product {
    #[field(uniqe, max = "200")]
    name: String,
    version: i64,
}

fn main() {}
