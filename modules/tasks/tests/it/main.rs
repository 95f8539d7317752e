//! Tasks as those meet them who do them; one topic a file.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod workshop;

mod demo;
mod hours;
mod place;
mod task;
