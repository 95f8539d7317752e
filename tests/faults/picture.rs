//! What a chat looks like: put together from events and windows by those who listen, or read as it
//! stands.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// A chat as somebody shows it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Picture {
    /// By their keys.
    messages: BTreeMap<i64, Message>,
    /// Those who take part.
    members: BTreeSet<i64>,
    /// What it is called, once that was said.
    name: Value,
}

/// A message as somebody shows it.
#[derive(Debug, Clone, Default, PartialEq)]
struct Message {
    seq: i64,
    author: i64,
    body: Option<String>,
    is_pinned: bool,
    is_edited: bool,
    is_deleted: bool,
    reactions: BTreeMap<String, i64>,
}

impl Picture {
    /// Takes in an event; what is wrong with it if it makes no sense.
    pub(super) fn hear(&mut self, event: &Value) -> Result<(), String> {
        let data = &event["data"];
        match event["kind"].as_str().unwrap_or_default() {
            "message.created" | "message.edited" | "message.pinned" | "message.unpinned" => {
                self.show(&data["message"]);
            }
            "message.deleted" => {
                let message = self.message(data)?;
                *message = Message {
                    body: None,
                    is_pinned: false,
                    is_deleted: true,
                    reactions: BTreeMap::new(),
                    ..message.clone()
                };
            }
            "reaction.added" | "reaction.removed" => {
                let counts = counts(&data["counts"]);
                self.message(data)?.reactions = counts;
            }
            "member.joined" | "member.left" | "member.changed" => self.seat(&data["member"]),
            "chat.changed" => self.name = data["chat"]["name"].clone(),
            other => return Err(format!("{other} is no kind of event")),
        }
        Ok(())
    }

    /// Takes in a message as it stands.
    pub(super) fn show(&mut self, message: &Value) {
        let shown = Message {
            seq: message["seq"].as_i64().unwrap_or_default(),
            author: message["author_id"].as_i64().unwrap_or_default(),
            body: message["body"].as_str().map(str::to_owned),
            is_pinned: message["pinned"] == true,
            is_edited: !message["edited_at"].is_null(),
            is_deleted: !message["deleted_at"].is_null(),
            reactions: counts(&message["reactions"]),
        };
        self.messages.insert(message["id"].as_i64().unwrap_or_default(), shown);
    }

    /// Takes in a member as they stand.
    pub(super) fn seat(&mut self, member: &Value) {
        let user = member["user_id"].as_i64().unwrap_or_default();
        match member["active"] == true {
            true => self.members.insert(user),
            false => self.members.remove(&user),
        };
    }

    /// Takes in what the chat is called.
    pub(super) fn call(&mut self, name: Value) {
        self.name = name;
    }

    /// The first message in which another picture differs, or what else does.
    pub(super) fn difference(&self, other: &Self) -> Option<String> {
        let ids: BTreeSet<_> = self.messages.keys().chain(other.messages.keys()).collect();
        let differs = |id: &&&i64| self.messages.get(id) != other.messages.get(id);
        if let Some(id) = ids.iter().find(differs) {
            let (one, two) = (self.messages.get(id), other.messages.get(id));
            return Some(format!("message {id}: {one:?} and {two:?}"));
        }
        let is_same = (&self.members, &self.name) == (&other.members, &other.name);
        (!is_same).then(|| {
            let (one, two) = ((&self.members, &self.name), (&other.members, &other.name));
            format!("members and name: {one:?} and {two:?}")
        })
    }

    fn message(&mut self, data: &Value) -> Result<&mut Message, String> {
        let id = data["message_id"].as_i64().unwrap_or_default();
        self.messages.get_mut(&id).ok_or_else(|| format!("there is no message {id} yet"))
    }
}

fn counts(counts: &Value) -> BTreeMap<String, i64> {
    let counts = counts.as_object().into_iter().flatten();
    counts.map(|(sign, count)| (sign.clone(), count.as_i64().unwrap_or_default())).collect()
}
