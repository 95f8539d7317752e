//! What is done by requests: looking at chats, joining one, changing what was said.

use artel_core::cli::print;
use http::Method;
use serde_json::{Value, json};

use crate::terminal::{
    page,
    server::Trouble,
    talk::{End, Going, Talk},
    typed::Typed,
};

/// Messages that are shown of a chat that is joined.
const WINDOW: usize = 20;
/// Messages that are read at once where some were missed.
const PAGE: usize = 200;

impl Talk {
    /// Shows a chat, and has lines be for it from now on. Whether that went well: if not, why is said.
    pub(super) async fn join(&mut self, chat: i64) -> Result<bool, End> {
        let window = format!("/chats/{chat}/messages?limit={WINDOW}");
        let window = match self.account.ask(Method::GET, &window, None).await {
            Ok(window) => window,
            Err(Trouble::Refused(it)) => {
                self.fail(&format!("chat {chat}: {}", it.message));
                return Ok(false);
            }
            Err(Trouble::Away(why)) if self.has_begun => {
                self.fail(&format!("not done, the server is away: {why}"));
                return Ok(false);
            }
            Err(away) => return Err(away.into()),
        };
        self.learn_chats().await;
        self.current = Some(chat);
        let title = self.names.chat(chat);
        print(&page::plain(&format!("* {title}")));
        self.show_window(chat, &window).await;
        Ok(true)
    }

    /// What is known of a chat is worth nothing, or has gaps: reads what stands.
    ///
    /// In the same epoch numbers mean what they meant, so that what was shown is not shown again.
    pub(super) async fn read_anew(&mut self, chat: i64, (seq, epoch): (i64, i64)) -> Going {
        let Some(place) = self.places.of(chat) else { return Ok(()) };
        if place.epoch != epoch || seq < place.seq {
            let window = format!("/chats/{chat}/messages?limit={WINDOW}");
            let window = self.account.ask(Method::GET, &window, None).await?;
            self.show(chat, "* the chat was set back; this is what it holds now\n");
            self.show_window(chat, &window).await;
            return Ok(());
        }
        let mut after = place.seq;
        loop {
            let page = format!("/chats/{chat}/messages?after={after}&limit={PAGE}");
            let page = self.account.ask(Method::GET, &page, None).await?;
            let last = page["data"].as_array().and_then(|it| it.last());
            let last = last.and_then(|it| it["seq"].as_i64());
            self.show_messages(chat, &page["data"]).await;
            match (page["page"]["has_more"].as_bool(), last) {
                (Some(true), Some(last)) => {
                    after = last;
                    self.places.put(chat, (last, place.epoch));
                }
                _ => {
                    self.go_on(chat, &page);
                    return Ok(());
                }
            }
        }
    }

    async fn show_window(&mut self, chat: i64, window: &Value) {
        self.show_messages(chat, &window["data"]).await;
        self.go_on(chat, window);
    }

    async fn show_messages(&mut self, chat: i64, messages: &Value) {
        self.names.learn(&mut self.account, messages).await;
        for message in messages.as_array().into_iter().flatten() {
            self.show(chat, &page::message(message, &self.names));
        }
    }

    /// Goes on with a chat where a window ends.
    fn go_on(&mut self, chat: i64, window: &Value) {
        let number = |name: &str| window[name].as_i64().unwrap_or_default();
        let (seq, epoch) = (number("as_of_seq"), number("epoch"));
        self.places.put(chat, (seq, epoch));
        self.note_shown(chat, seq);
    }

    /// Carries out a command that is a request, and says what came of it. It is not tried again: what
    /// a lost answer would have said shows in the chat.
    pub(super) async fn carry_out(&mut self, deed: Typed) {
        if let Typed::Chats = deed {
            return self.list_chats().await;
        }
        let Some(chat) = self.current else {
            return self.fail("join a chat first: /chats lists yours, /join 17 joins one");
        };
        let said = match &deed {
            Typed::Edit(id, body) => {
                self.request(Method::PATCH, message(chat, *id), Some(json!({ "body": body }))).await
            }
            Typed::Delete(id) => self.request(Method::DELETE, message(chat, *id), None).await,
            Typed::React(id, sign) => {
                let path = message(chat, *id) + "/reactions";
                self.request(Method::POST, path, Some(json!({ "emoji": sign }))).await
            }
            Typed::Read(seq) => {
                let shown = self.places.of(chat).map_or(0, |it| it.seq);
                let body = json!({ "seq": seq.unwrap_or(shown) });
                self.request(Method::POST, format!("/chats/{chat}/read"), Some(body)).await
            }
            Typed::Who => self.request(Method::GET, format!("/chats/{chat}/members"), None).await,
            _ => None,
        };
        match (deed, said) {
            (Typed::Read(_), Some(it)) => {
                print(&format!("* read up to {}, {} unread\n", it["read_seq"], it["unread"]));
            }
            (Typed::Who, Some(it)) => self.list_members(&it["data"]).await,
            _ => {}
        }
    }

    /// What a request answers; if it is refused, or nobody is there, that is said.
    async fn request(
        &mut self,
        method: Method,
        path: String,
        body: Option<Value>,
    ) -> Option<Value> {
        match self.account.ask(method, &path, body).await {
            Ok(answer) => Some(answer),
            Err(Trouble::Refused(it)) => {
                self.fail(&it.message);
                None
            }
            Err(Trouble::Away(why)) => {
                self.fail(&format!("not done, the server is away: {why}"));
                None
            }
        }
    }

    async fn list_members(&mut self, members: &Value) {
        self.names.learn(&mut self.account, members).await;
        for member in members.as_array().into_iter().flatten() {
            let name = self.names.user(member["user_id"].as_i64());
            let runs = if member["is_admin"] == true { ", runs the chat" } else { "" };
            print(&page::plain(&format!("* {name}{runs}")));
        }
    }

    async fn list_chats(&mut self) {
        let Some(mine) = self.learn_chats().await else {
            return self.fail("your chats cannot be listed now");
        };
        for chat in mine["data"].as_array().into_iter().flatten() {
            let id = chat["chat_id"].as_i64().unwrap_or_default();
            let unread = match chat["unread"].as_i64() {
                Some(unread @ 1..) => format!(", {unread} unread"),
                _ => String::new(),
            };
            print(&page::plain(&format!("* {id}  {}{unread}", self.names.chat(id))));
        }
        if mine["page"]["has_more"] == true {
            print("* … and more\n");
        }
    }

    /// Asks for one's chats, and what they are called: those of two after the other one.
    async fn learn_chats(&mut self) -> Option<Value> {
        let mine = self.account.ask(Method::GET, "/chats/mine?limit=200", None).await.ok()?;
        let chats = mine["data"].as_array().into_iter().flatten();
        let of_two = chats.clone().filter(|it| it["kind"] == "direct");
        let of_two: Vec<String> = of_two.map(|it| it["chat_id"].to_string()).collect();
        let mut members = Value::Null;
        if !of_two.is_empty() {
            let of_two = of_two.join(",");
            let path = format!("/chat_members?limit=500&chat_id%5Bin%5D={of_two}");
            members = self.account.ask(Method::GET, &path, None).await.unwrap_or_default();
            self.names.learn(&mut self.account, &members).await;
        }
        for chat in chats {
            let others = members["data"].as_array().into_iter().flatten().find(|it| {
                it["chat_id"] == chat["chat_id"] && it["user_id"] != self.account.user_id
            });
            let kind = chat["kind"].as_str().unwrap_or_default();
            let name = match (chat["name"].as_str(), others) {
                (Some(name), _) => format!("{name} ({kind})"),
                (None, Some(it)) => format!("with {}", self.names.user(it["user_id"].as_i64())),
                (None, None) => format!("chat {} ({kind})", chat["chat_id"]),
            };
            self.names.call_chat(chat["chat_id"].as_i64().unwrap_or_default(), name);
        }
        Some(mine)
    }
}

fn message(chat: i64, id: i64) -> String {
    format!("/chats/{chat}/messages/{id}")
}
