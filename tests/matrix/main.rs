//! Nobody sees what they may not: every path, against an oracle that knows nothing of the program.
//!
//! `docs/PROOF.md` says what is proven, how to try more, and how to add a path.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod oracle;
mod world;

mod chance;
mod random;

mod probe;
mod probers;
mod report;
mod sending;
mod stage;

mod everything;
mod hidden_values;
mod opposites;
mod routes;
mod separation;
