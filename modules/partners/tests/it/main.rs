//! Partners as those meet them who look after them; one model a file.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod address_book;

mod contact;
mod demo;
mod partner;
mod partner_history;
mod partner_path;
mod partner_tag;
mod partner_write;
