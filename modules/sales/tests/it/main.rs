//! Sales as those meet them who make them; one topic a file.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod counter;

mod arithmetic;
mod demo;
mod number;
mod sale;
mod sale_line;
mod totals;
