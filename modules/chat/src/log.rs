//! The log of a chat: all that happens in it and lasts, numbered without gaps in the order of
//! commits.
//!
//! **Invariant:** the log holds what an event is about, never what was said: that is read from the
//! rows as they are when somebody asks.

pub mod append;
pub mod bell;
pub mod catch_up;
pub mod epoch;
pub mod event;
pub(crate) mod event_data;
pub mod heads;
pub mod joined;
pub mod lineage;
pub mod read;
pub mod retention;

pub use crate::log::{
    bell::{Bell, Rung},
    heads::{Head, OwnChat, heads, own_chats},
    joined::{Joined, joined},
    read::{Event, read},
};
