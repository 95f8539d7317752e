//! Chats as those meet them who talk there; one topic a file.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod listener;
mod protocol;
mod room;

mod attachment;
mod bell;
mod change;
mod chat;
mod conformance;
mod crowd;
mod deleted;
mod demo;
mod direct;
mod lineage;
mod live;
mod log;
mod member;
mod message;
mod mine;
mod order;
mod page;
mod presence;
mod privacy;
mod reading;
mod record;
mod retention;
mod rights;
mod send;
mod window;
