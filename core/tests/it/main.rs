//! The framework as its modules and its operator meet it; one behaviour a file.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod environment_order;
mod environment_port;
mod probe;
