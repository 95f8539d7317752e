//! Choices are an enum that says so.

use orm::Model;

#[derive(Debug, Clone, Copy)]
pub enum State {
    Draft,
    Sold,
}

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    state: State,
}

fn main() {}
