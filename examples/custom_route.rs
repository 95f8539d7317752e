//! Routes of one's own beside the generated ones, in the whole product.
//!
//! `cargo run --example custom_route`, and find both routes in the docs at the address that it
//! prints. A path without parameters wins over the generated `/products/{id}`.

use std::process::ExitCode;

use artel_core::{
    Answer, Ctx, Id, Model, Module, Record, Result, Setup, cli,
    http::poem_openapi::{self, OpenApi, param::Path},
};
use products::Product;

const MODULE: Module = Module { name: "custom_route", depends: &[&products::MODULE], setup };

fn setup(to: &mut Setup) {
    to.routes(Routes);
}

struct Routes;

// No check of rights can be forgotten here: records are read and changed as whoever asks may, and
// `Answer` leaves out the fields that are closed to them.
#[OpenApi(prefix_path = "/products")]
impl Routes {
    /// The three cheapest products on sale.
    #[oai(path = "/cheapest", method = "get")]
    async fn list_cheapest_products(&self, ctx: Ctx) -> Result<Answer<Vec<Record<Product>>>> {
        let on_sale = Product::query(&ctx).filter(Product::ACTIVE.eq(true));
        Ok(Answer(on_sale.order(Product::PRICE).limit(3).all().await?))
    }

    /// Takes a product off sale; orders that already hold it are left as they are.
    #[oai(path = "/:id/archive", method = "post")]
    async fn archive_product(&self, ctx: Ctx, id: Path<i64>) -> Result<Answer<Record<Product>>> {
        let archived = Product::update(&ctx, Id::new(id.0), [Product::ACTIVE.set(false)]).await?;
        Ok(Answer(archived))
    }
}

fn main() -> ExitCode {
    cli::main(|settings| project_setup::environment(settings).module(MODULE))
}
