//! What a managed cluster promises, tried with real processes that come, go and are killed.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod holder;
mod programs;
mod scratch;
mod session;
mod signal;

mod account;
mod directory;
mod end;
mod kill;
mod rounds;
mod start;
