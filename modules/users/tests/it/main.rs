//! Users as others see them, and as administrators make them; one behaviour a file.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod first_administrator;
mod user;
