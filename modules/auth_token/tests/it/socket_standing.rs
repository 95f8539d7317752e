//! T32: whoever is out is out of their sockets too, in every process, without being asked.
//!
//! Nothing here helps the services: that they look every second is what is tested.

use artel_testing::{Client, TestApp, TestSocket, in_time};
use serde_json::{Value, json};

use crate::{
    ME, PASSWORD, SIGN_OUT, bearer,
    door::{DOOR, ask, enter, thrown_out},
    make_user, sign_in,
};

const NEW: &str = "another horse";

/// Takes away what the look of every second reads, and gives it back.
const AWAY: &str = "alter table sessions rename to sessions_away";
const BACK: &str = "alter table sessions_away rename to sessions";

/// Two processes on one database, and somebody with a socket in both.
struct Pair {
    here: TestApp,
    there: TestApp,
    ann: Client,
    sockets: [TestSocket; 2],
}

impl Pair {
    async fn start() -> Self {
        let here = TestApp::start(&DOOR).await;
        let there = here.beside(&DOOR).await;
        make_user(&here, "ann").await;
        let ann = bearer(&here, &sign_in(&here, "ann", PASSWORD).await.expect(200));
        let sockets = [enter(&here, &ann).await, enter(&there, &ann).await];
        Self { here, there, ann, sockets }
    }

    /// Another sign-in of hers, with a socket there.
    async fn other(&self) -> (Client, TestSocket) {
        let other = bearer(&self.here, &sign_in(&self.here, "ann", PASSWORD).await.expect(200));
        let socket = enter(&self.there, &other).await;
        (other, socket)
    }

    async fn is_in(&mut self) -> bool {
        let mut is_in = true;
        for socket in &mut self.sockets {
            is_in &= ask(socket, "who").await["who"].is_i64();
        }
        is_in
    }

    async fn all_out(self) {
        for socket in self.sockets {
            assert_eq!(thrown_out(socket).await, 4401);
        }
        self.there.stop().await;
        self.here.stop().await;
    }
}

#[tokio::test]
async fn t32_signing_out_ends_the_sockets_of_that_sign_in_alone() {
    let pair = Pair::start().await;
    let (_, mut other) = pair.other().await;
    pair.ann.post(SIGN_OUT, json!({})).await.expect(204);
    pair_out_but(pair, &mut other).await;
}

#[tokio::test]
async fn t32_a_new_password_ends_the_sockets_of_other_sign_ins() {
    let mut pair = Pair::start().await;
    let (_, other) = pair.other().await;
    let body = json!({ "old": PASSWORD, "new": NEW });
    pair.ann.post("/api/v1/auth/password", body).await.expect(204);
    assert_eq!(thrown_out(other).await, 4401);
    assert!(pair.is_in().await);
    pair.ann.post(SIGN_OUT, json!({})).await.expect(204);
    pair.all_out().await;
}

#[tokio::test]
async fn t32_a_sign_in_that_is_ended_from_another_one_loses_its_sockets() {
    let pair = Pair::start().await;
    let (other, mut stays) = pair.other().await;
    other.post("/api/v1/auth/sessions/terminate_others", json!({})).await.expect(204);
    pair_out_but(pair, &mut stays).await;
}

#[tokio::test]
async fn t32_whoever_is_blocked_loses_all_sockets() {
    let pair = Pair::start().await;
    let mut bob = enter(&pair.there, &pair.here.user("bob").await).await;
    let id = pair.ann.get(ME).await.expect(200).json()["id"].clone();
    let root = pair.here.admin().await;
    root.patch(&format!("/api/v1/users/{id}"), json!({ "active": false })).await.expect(200);
    pair_out_but(pair, &mut bob).await;
}

#[tokio::test]
async fn t32_what_another_program_writes_counts_too() {
    let pair = Pair::start().await;
    let mut bob = enter(&pair.there, &pair.here.user("bob").await).await;
    let revoke = "update sessions set revoked_at = now() where user_id = \
                  (select id from users where login = 'ann') returning id::text";
    assert!(!pair.here.session().sql(revoke, &[]).await.unwrap().is_empty());
    pair_out_but(pair, &mut bob).await;
}

#[tokio::test]
async fn a_change_of_rights_is_news_in_every_process() {
    let pair = Pair::start().await;
    let Pair { here, there, ann, sockets: [mut one, mut two] } = pair;
    let before = [revision(&mut one).await, revision(&mut two).await];
    assert_eq!(ask(&mut one, "who").await["roles"], 1);
    let id = ann.get(ME).await.expect(200).json()["id"].clone();
    let root = here.admin().await;
    let roles = root.get("/api/v1/roles?name=security.admin").await.expect(200).json();
    let body = json!({ "role_ids": { "add": [roles["data"][0]["id"]] } });
    root.patch(&format!("/api/v1/users/{id}"), body).await.expect(200);
    for (socket, before) in [(&mut one, before[0]), (&mut two, before[1])] {
        // Until then there may be news of others.
        in_time(async { while news(socket).await["revision"] == before {} }).await;
        assert_eq!(ask(socket, "who").await["roles"], 2);
    }
    there.stop().await;
    here.stop().await;
}

#[tokio::test]
async fn rights_that_a_message_changes_are_in_force_with_the_next_request() {
    let app = TestApp::start(&DOOR).await;
    let (mut root, bob) = (enter(&app, &app.admin().await).await, app.user("bob").await);
    let me = bob.get(ME).await.expect(200);
    assert_eq!(me.at("is_admin"), false);
    root.say(json!({ "type": "promote", "user": me.id() })).await;
    // Its answer, whatever news there are before.
    in_time(async { while root.frame().await["promoted"] != true {} }).await;
    assert_eq!(bob.get(ME).await.expect(200).at("is_admin"), true);
    app.stop().await;
}

#[tokio::test]
async fn what_cannot_be_confirmed_is_unknown_until_it_can() {
    let pair = Pair::start().await;
    let Pair { here, there, ann: _, sockets: [ann, _elsewhere] } = pair;
    let mut bob = enter(&here, &here.user("bob").await).await;
    let mut ann = ann;
    here.session().sql(AWAY, &[]).await.unwrap();
    for socket in [&mut ann, &mut bob] {
        in_time(async { while ask(socket, "standing").await["standing"] != "unknown" {} }).await;
        assert_eq!(ask(socket, "who").await["error"], "unavailable");
    }
    let revoke = "update sessions_away set revoked_at = now() where user_id = \
                  (select id from users where login = 'ann') returning id::text";
    assert!(!here.session().sql(revoke, &[]).await.unwrap().is_empty());
    assert_eq!(ask(&mut ann, "standing").await["standing"], "unknown");
    here.session().sql(BACK, &[]).await.unwrap();
    in_time(async { while news(&mut bob).await["news"] != "in" {} }).await;
    assert_eq!(thrown_out(ann).await, 4401);
    assert!(ask(&mut bob, "who").await["who"].is_i64());
    there.stop().await;
    here.stop().await;
}

/// Both sockets of a pair end, and this one does not.
async fn pair_out_but(pair: Pair, stays: &mut TestSocket) {
    let Pair { here, there, sockets, .. } = pair;
    for socket in sockets {
        assert_eq!(thrown_out(socket).await, 4401);
    }
    assert!(ask(stays, "who").await["who"].is_i64());
    there.stop().await;
    here.stop().await;
}

async fn revision(socket: &mut TestSocket) -> u64 {
    ask(socket, "standing").await["revision"].as_u64().unwrap()
}

/// The next news.
async fn news(socket: &mut TestSocket) -> Value {
    let frame = socket.frame().await;
    assert!(frame.get("news").is_some(), "{frame}");
    frame
}
