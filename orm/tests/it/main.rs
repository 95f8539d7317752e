//! What the engine does with a real PostgreSQL, seen through the crate's public face.
//!
//! The models are those of a small library; each test has a database and sets the rights it needs.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod fine;
#[expect(dead_code, reason = "what a test does not read of a model, the engine writes")]
mod library;
mod nested;
mod oracle;
mod outcome;
mod pledge;
mod rights;
mod shelf;
#[expect(dead_code, reason = "what a test does not read of a model, the engine writes")]
mod shop;
mod stage;
#[expect(dead_code, reason = "what a test does not read of a model, the engine writes")]
mod yard;

mod after_commit;
mod computed;
mod computed_faults;
mod concurrency;
mod constraint;
mod elevated;
mod expand;
mod extension;
mod field_operators;
mod filter_logic;
mod filter_operators;
mod filter_parameter;
mod filter_parse;
mod filter_write;
mod history;
mod hook;
mod keeps;
mod kept;
mod linked;
mod list_arms;
mod list_count;
mod list_order;
mod outbox;
mod recompute;
mod reference_kinds;
mod rule_child;
mod rule_computed;
mod rule_read;
mod rule_write;
mod signal;
mod statements;
mod transaction;
mod translated;
mod two_wholes;
mod write_changes;
mod write_conflict;
mod write_lines;
mod write_lines_body;
mod write_lines_model;
mod write_lines_rights;
mod write_links;
mod write_many;
mod write_touch;
mod write_values;
