//! The whole installation, as its operator and its users meet it; one story a file.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod process;

mod chat_terminal;
mod closed_order;
mod commands;
mod database_away;
mod migrate;
mod openapi;
mod outbox;
mod outbox_command;
mod recompute_command;
mod refusal;
mod serve;
mod socket_log;
mod user_command;

mod access;
mod askers;

mod examples;
mod story;

mod office;

mod field_kinds;

mod decisions;
mod threats;

mod mistakes;
mod tidy;
