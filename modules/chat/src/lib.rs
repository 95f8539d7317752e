//! Chat: conversations of two, of groups, on channels and about records, and the log of all that
//! happens in them.
//!
//! Owns the tables `chats`, `chat_members`, `chat_marks`, `chat_messages`, `chat_reactions`,
//! `chat_events` and `chat_lineages`.
//!
//! **Invariant:** each change of a chat that lasts is an event in its log, numbered without gaps in
//! the order of commits; no write goes around it.
//! **Invariant:** a chat is seen by its members alone, by administrators as little as by others.

pub mod attachment;
pub mod chat;
pub mod log;
pub mod member;
pub mod message;

mod access;
mod acquaintance;
mod gate;
mod row;

mod bucket;
mod throttle;

pub mod passing;

mod live;

mod attachment_routes;
mod chat_routes;
mod member_routes;
mod message_routes;

mod page;

mod demo;

mod command;
mod terminal;

use artel_core::{Module, Setup, Texts};

pub use crate::{
    attachment::ChatAttachment,
    chat::{Chat, ChatKind},
    gate::{visible, visible_of},
    log::{
        Bell, Rung,
        event::{ChatEvent, EventKind},
        lineage::ChatLineage,
    },
    member::{ChatMember, mark::ChatMark},
    message::{ChatMessage, reaction::ChatReaction},
};

/// The module.
pub const MODULE: Module =
    Module { name: "chat", depends: &[&security::MODULE, &users::MODULE], setup };

fn setup(to: &mut Setup) {
    let sockets = live::Sockets::default();
    to.socket("/ws", sockets.clone()).service(live::LiveService::new(sockets));
    to.rights(access::rights)
        .routes(attachment_routes::Routes)
        .routes(chat_routes::Routes)
        .routes(member_routes::Routes)
        .routes(message_routes::Routes)
        .page(page::PAGE)
        .service(log::retention::Retention::default())
        .command::<command::ChatCommand>()
        .demo(|session| Box::pin(demo::fill(session)))
        .texts(Texts { en: include_str!("../i18n/en.ftl"), ru: include_str!("../i18n/ru.ftl") });
}
