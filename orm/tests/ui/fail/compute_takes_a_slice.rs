//! Many values come as Many, each of the type of its field.

use orm::{Computed, Many2One, Model, One2Many};

fn sum(weights: &[i32]) -> i32 {
    weights.iter().sum()
}

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    weight: i32,
    whole: Many2One<Product>,
    #[field(inverse = "whole")]
    parts: One2Many<Product>,
    #[field(compute = sum(parts.weight), stored)]
    total: Computed<i32>,
}

fn main() {}
