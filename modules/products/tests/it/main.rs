//! The catalogue as its readers and its managers meet it; one model a file.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod catalogue;

mod category;
mod demo;
mod product;
mod product_cost;
mod product_filter;
mod product_margin;
mod product_tag;
mod product_tags;
mod unit;
