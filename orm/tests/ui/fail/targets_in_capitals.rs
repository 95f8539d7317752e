//! A target is the table of a model, not its name in Rust.

use orm::{AnyRecord, Model};

#[derive(Debug, Model)]
#[model(table = "remarks")]
pub struct Remark {
    #[field(targets = "remarks, Product")]
    subject: AnyRecord,
}

fn main() {}
