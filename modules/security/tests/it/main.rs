//! Roles as rows; one behaviour a file.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod explain;
mod role;
