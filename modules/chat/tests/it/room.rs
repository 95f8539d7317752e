//! Those who talk, arranged anew for each test.
//!
//! ```text
//! ann     runs the group
//! boris   is a member
//! clara   is in no chat
//! root    is an administrator, and in no chat either
//! ```

use std::time::Duration;

use artel_testing::{Client, Reply, TestApp};
use orm::{Id, Model};
use serde_json::{Value, json};
use tokio::time;
use users::User;

pub(crate) const CHATS: &str = "/api/v1/chats";

pub(crate) struct Room {
    pub(crate) app: TestApp,
    pub(crate) ann: Client,
    pub(crate) boris: Client,
    pub(crate) clara: Client,
    pub(crate) root: Client,
    /// Of Ann, with Boris.
    pub(crate) group: i64,
}

impl Room {
    pub(crate) async fn arrange() -> Self {
        Self::of(TestApp::start(&[auth_token::MODULE, chat::MODULE]).await).await
    }

    pub(crate) async fn of(app: TestApp) -> Self {
        let (ann, boris) = (app.user("ann").await, app.user("boris").await);
        let (clara, root) = (app.user("clara").await, app.admin().await);
        let members = [id_of(&app, "boris").await];
        let body = json!({ "kind": "group", "name": "Hall", "member_ids": members });
        let group = ann.post(CHATS, body).await.expect(201).id();
        Self { app, ann, boris, clara, root, group }
    }

    /// The key of a user.
    pub(crate) async fn user(&self, login: &str) -> i64 {
        id_of(&self.app, login).await
    }

    /// What somebody says in the group; who says too much at once goes on a moment later.
    pub(crate) async fn say(&self, client: &Client, text: &str) -> i64 {
        self.say_all(client, json!({ "body": text })).await
    }

    /// The same with whatever belongs to a message.
    pub(crate) async fn say_all(&self, client: &Client, body: Value) -> i64 {
        loop {
            let said = self.send(client, body.clone()).await;
            if said.status != 429 {
                return said.expect(201).id();
            }
            time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub(crate) async fn send(&self, client: &Client, body: Value) -> Reply {
        client.post(&self.path("/messages"), body).await
    }

    /// Behind the path of the group.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("{CHATS}/{}{rest}", self.group)
    }

    /// The events of the group after a number, each `seq kind`.
    pub(crate) async fn log(&self, client: &Client, after: i64) -> Vec<String> {
        let path = self.path(&format!("/events?after={after}&limit=1000"));
        let events = client.get(&path).await.expect(200).at("data");
        let line = |it: &Value| format!("{} {}", it["seq"], it["kind"].as_str().unwrap());
        events.as_array().unwrap().iter().map(line).collect()
    }

    /// Somebody else in the group, with these flags.
    pub(crate) async fn invite(&self, login: &str, flags: Value) -> Reply {
        let body = json!({ "user_id": self.user(login).await, "flags": flags });
        self.ann.post(&self.path("/members"), body).await
    }

    /// The row of a member of the group, as Ann sees it.
    pub(crate) async fn member(&self, login: &str) -> Value {
        let user = self.user(login).await;
        let path = format!("/api/v1/chat_members?chat_id={}&user_id={user}", self.group);
        self.ann.get(&path).await.expect(200).at("data")[0].clone()
    }
}

pub(crate) async fn id_of(app: &TestApp, login: &str) -> i64 {
    let found = User::query(&app.session()).filter(User::LOGIN.eq(login)).first().await;
    let id: Id<User> = found.unwrap().unwrap().id();
    id.get()
}
