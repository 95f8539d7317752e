//! Rights as rows, changed while the program runs; one behaviour a file.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod desk;

mod field_right;
mod grant;
mod role;
mod role_circle;
mod role_closure;
mod rule;
mod rule_broken;
mod rule_macro;
mod rule_refused;
mod seed;
mod would_open;

mod freshness;
