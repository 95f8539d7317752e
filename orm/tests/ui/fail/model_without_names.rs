//! A column has a name.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "prices")]
pub struct Price(i64);

fn main() {}
