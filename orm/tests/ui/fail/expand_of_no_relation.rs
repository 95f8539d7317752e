//! Only relations lead to records that can be loaded.

use orm::{Expansion, Model};

#[derive(Model)]
#[model(table = "products")]
struct Product {
    name: String,
}

fn main() {
    let _: Expansion<Product> = Product::NAME.into();
    let _ = Product::NAME.with(|it| it);
}
