//! What users and chats are called.

use std::collections::{BTreeMap, BTreeSet};

use http::Method;
use serde_json::Value;

use crate::terminal::{account::Account, server::Trouble};

/// Names that have been asked for.
#[derive(Default)]
pub(super) struct Names {
    users: BTreeMap<i64, String>,
    chats: BTreeMap<i64, String>,
}

impl Names {
    /// The name of a user; without one, the system has spoken.
    pub(super) fn user(&self, id: Option<i64>) -> String {
        let Some(id) = id else { return "the system".to_owned() };
        self.users.get(&id).cloned().unwrap_or_else(|| format!("user {id}"))
    }

    /// The name of a chat.
    pub(super) fn chat(&self, id: i64) -> String {
        self.chats.get(&id).cloned().unwrap_or_else(|| format!("chat {id}"))
    }

    pub(super) fn call_chat(&mut self, id: i64, name: impl Into<String>) {
        self.chats.insert(id, name.into());
    }

    /// Asks for the names of those users in some JSON that are not known. Whoever may not be seen, or
    /// is not found because the server is away, is called by their number.
    pub(super) async fn learn(&mut self, account: &mut Account, from: &Value) {
        let mut users = BTreeSet::new();
        gather(from, &mut users);
        users.retain(|it| !self.users.contains_key(it));
        let users: Vec<String> = users.iter().map(ToString::to_string).collect();
        for some in users.chunks(200) {
            let path = format!("/users?fields=id,name&limit=200&id%5Bin%5D={}", some.join(","));
            let found = match account.ask(Method::GET, &path, None).await {
                Ok(found) => found,
                Err(Trouble::Refused(_)) => Value::Null,
                Err(Trouble::Away(_)) => return,
            };
            for user in found["data"].as_array().into_iter().flatten() {
                if let (Some(id), Some(name)) = (user["id"].as_i64(), user["name"].as_str()) {
                    self.users.insert(id, name.to_owned());
                }
            }
            let unseen = some.iter().filter_map(|it| it.parse().ok());
            unseen.for_each(|id: i64| _ = self.users.entry(id).or_insert(format!("user {id}")));
        }
    }
}

/// The users that some JSON of the chat names.
fn gather(json: &Value, users: &mut BTreeSet<i64>) {
    match json {
        Value::Object(members) => {
            for (name, value) in members {
                match (name.as_str(), value.as_i64()) {
                    ("author_id" | "user_id" | "by_id", Some(id)) => _ = users.insert(id),
                    _ => gather(value, users),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|it| gather(it, users)),
        _ => {}
    }
}
