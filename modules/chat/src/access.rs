//! A chat is seen by its members; what they may change of it is a matter of their flags.
//!
//! Chats about records are seen through the routes of chats alone: these ask for the record each
//! time, which no rule can. Marks are seen by their owners.

use artel_core::{Cond, Grant, ME, Model, Rights, access::EVERYONE};

use crate::{Chat, ChatKind, ChatLineage, ChatMark, ChatMember};

pub(crate) fn rights(to: &mut Rights) {
    to.grant::<Chat>(EVERYONE, Grant::CREATE | Grant::READ | Grant::UPDATE);
    to.grant::<ChatMark>(EVERYONE, Grant::READ);
    to.reserve::<ChatLineage>(&[]);

    let reads = ChatMember::CAN_READ.eq(true).or(ChatMember::IS_ADMIN.eq(true));
    // For everyone, so that no rule of a role can show more.
    to.rule("chats that one reads", &[], Grant::READ, not_of_record().and(member(reads)));
    let runs = ChatMember::IS_ADMIN.eq(true);
    to.rule("chats that one runs", &[], Grant::UPDATE, not_of_record().and(member(runs)));
    // An administrator needs no grant, and a model that is private has rules for them, too.
    let around = Grant::CREATE | Grant::DELETE;
    to.rule("chats come and go by their own routes", &[], around, no_chat());
    to.rule("own marks", &[], Grant::READ, ChatMark::USER.is(ME));
    let none = ChatMark::ID.one_of(Vec::<i64>::new());
    let writing = Grant::CREATE | Grant::UPDATE | Grant::DELETE;
    to.rule("marks are moved by their own routes", &[], writing, none);
}

fn member(of: Cond<ChatMember>) -> Cond<Chat> {
    Chat::MEMBERS.some(ChatMember::is_me().and(of))
}

fn not_of_record() -> Cond<Chat> {
    Chat::KIND.ne(ChatKind::Record)
}

fn no_chat() -> Cond<Chat> {
    Chat::ID.one_of(Vec::<i64>::new())
}
