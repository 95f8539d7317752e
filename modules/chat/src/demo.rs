//! A few conversations between those who can sign in.

use artel_core::{Result, Session};
use orm::{Id, Model};
use users::User;

use crate::{
    Chat, ChatKind, ChatMember, ChatMessage, EventKind,
    log::append::{Entry, append},
};

/// A chat, with those in it and what they say.
struct DemoChat {
    key: &'static str,
    kind: ChatKind,
    name: Option<&'static str>,
    /// The first runs it, if somebody does.
    members: &'static [&'static str],
    /// Who says what.
    said: &'static [(usize, &'static str)],
}

const CHATS: [DemoChat; 3] = [
    DemoChat {
        key: "office",
        kind: ChatKind::Group,
        name: Some("Office"),
        members: &["diana", "ann", "boris", "clara"],
        said: &[
            (0, "Good morning! The samples have arrived."),
            (1, "Доброе утро! Заберу после обеда."),
            (3, "Please keep two of them for Southern Works."),
            (0, "I put them on your desk."),
        ],
    },
    DemoChat {
        key: "news",
        kind: ChatKind::Channel,
        name: Some("News"),
        members: &["diana", "ann", "boris", "clara", "emil", "fedor", "grace"],
        said: &[(0, "From Monday on the warehouse opens at eight.")],
    },
    DemoChat {
        key: "ann and boris",
        kind: ChatKind::Direct,
        name: None,
        members: &["ann", "boris"],
        said: &[(0, "Ты видел новую заявку?"), (1, "Да, позвоню им сегодня.")],
    },
];

pub(crate) async fn fill(session: &Session) -> Result<()> {
    for chat in &CHATS {
        make(session, chat).await?;
    }
    Ok(())
}

async fn make(session: &Session, demo: &DemoChat) -> Result<()> {
    let mut users = Vec::with_capacity(demo.members.len());
    for login in demo.members {
        let found = User::query(session).filter(User::LOGIN.eq(*login)).first().await?;
        // Whoever has no such users has no use for what they say.
        let Some(user) = found else { return Ok(()) };
        users.push(user.id());
    }
    let new = [Chat::KIND.set(demo.kind), Chat::NAME.set(demo.name.map(str::to_owned))];
    let key = format!("demo chat {}", demo.key);
    let chat = Chat::seeded(session, crate::MODULE.name, &key, new).await?;
    for (at, user) in users.iter().enumerate() {
        ChatMember::join(session, (chat, demo.kind), user.get()).await?;
        if at == 0 && matches!(demo.kind, ChatKind::Group | ChatKind::Channel) {
            promote(session, chat, user.get()).await?;
        }
    }
    for (who, text) in demo.said {
        if let Some(author) = users.get(*who) {
            say(session, (chat, *author), text).await?;
        }
    }
    Ok(())
}

async fn promote(session: &Session, chat: Id<Chat>, user: i64) -> Result<()> {
    if let Some(member) = ChatMember::of(session, chat, user).await? {
        ChatMember::update(session, member.id(), ChatMember::IS_ADMIN.set(true)).await?;
    }
    Ok(())
}

async fn say(session: &Session, (chat, author): (Id<Chat>, Id<User>), text: &str) -> Result<()> {
    let said = session.on_behalf_of(author.get());
    said.transaction(async |tx| {
        // Somebody may be talking there already.
        let held = Chat::query(tx).filter(Chat::ID.eq(chat)).for_update().first().await?;
        let message = [
            ChatMessage::CHAT.set(chat),
            ChatMessage::AUTHOR.set(author),
            ChatMessage::SEQ.set(held.map_or(1, |it| it.last_seq + 1)),
            ChatMessage::BODY.set(text),
        ];
        let message = ChatMessage::create(tx, message).await?;
        let created = Entry::of_message(EventKind::MessageCreated, message.id().get());
        append(tx, chat, &[created]).await?;
        Ok(())
    })
    .await
}
