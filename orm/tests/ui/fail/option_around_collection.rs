//! A collection may be empty, and is never absent.

use orm::{Many2One, Model, One2Many};

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    whole: Many2One<Product>,
    #[field(inverse = "whole")]
    parts: Option<One2Many<Product>>,
}

fn main() {}
