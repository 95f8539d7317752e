//! Users as others see them, and as those who look after them make them; one behaviour a file.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod staff;

mod first_administrator;
mod keeper;
mod keeper_denied;
mod last_administrator;
mod user;
