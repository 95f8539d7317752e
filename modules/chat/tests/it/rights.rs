//! Who may do what by which route, as a table, held against every flag that a member may have.

use std::collections::BTreeSet;

use artel_testing::{Client, Reply, seen};
use http::Method;
use serde_json::{Value, json};

use crate::room::Room;

/// What a route asks for, beside seeing the chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    Write,
    Pin,
    Invite,
    DeleteOthers,
    Run,
    /// It is refused to everybody here: what they touch is another's.
    Own,
}
use Needs::{DeleteOthers, Invite, Nothing, Own, Pin, Run, Write};

/// Every route of one chat: how it is asked, what it needs, how it answers. `M` is a message of
/// Ann's, `U` a member who may be removed or has gone, `F` a file, `R` the row of a member.
const ROUTES: [(&str, &str, Needs, &str, u16); 20] = [
    ("GET", "/chats/{id}", Nothing, "", 200),
    ("PATCH", "/chats/{id}", Run, r#"{"name":"Hall"}"#, 200),
    ("GET", "/chats/{id}/events", Nothing, "", 200),
    ("GET", "/chats/{id}/members", Nothing, "", 200),
    ("POST", "/chats/{id}/members", Invite, r#"{"user_id":U}"#, 201),
    ("DELETE", "/chats/{id}/members/U", Run, "", 204),
    ("GET", "/chats/{id}/messages", Nothing, "", 200),
    ("POST", "/chats/{id}/messages", Write, r#"{"body":"Hello"}"#, 201),
    ("PATCH", "/chats/{id}/messages/M", Own, r#"{"body":"Other"}"#, 200),
    ("DELETE", "/chats/{id}/messages/M", DeleteOthers, "", 204),
    ("POST", "/chats/{id}/messages/M/pin", Pin, r#"{"pinned":true}"#, 200),
    ("POST", "/chats/{id}/messages/M/reactions", Nothing, r#"{"emoji":"👍"}"#, 200),
    ("GET", "/chats/{id}/messages/M/attachments", Nothing, "", 200),
    ("POST", "/chats/{id}/attachments?name=a", Write, "bytes", 201),
    ("GET", "/chats/{id}/attachments/F", Nothing, "", 200),
    ("POST", "/chats/{id}/mute", Nothing, r#"{"until":null}"#, 200),
    ("POST", "/chats/{id}/read", Nothing, r#"{"seq":3}"#, 200),
    ("GET", "/chat_members/R", Nothing, "", 200),
    ("PATCH", "/chat_members/R", Run, r#"{"can_pin":true}"#, 200),
    ("GET", "/chat_messages/M", Nothing, "", 200),
];

/// Those that belong to no chat, or of which the asker sees only what is theirs, and where they are
/// tried.
const ELSEWHERE: [(&str, &str); 10] = [
    ("/chats", "chat.rs"),
    ("/chats/direct", "direct.rs"),
    ("/chats/mine", "mine.rs"),
    ("/chats/record", "record.rs"),
    ("/chat_marks", "privacy.rs"),
    ("/chat_marks/{id}", "privacy.rs"),
    ("/chat_events/{id}", "here, by `seen`"),
    ("/chat_members/{id}", "here"),
    ("/chat_messages/{id}", "here"),
    ("/chat_reactions/{id}", "here, by `seen`"),
];

/// Members of the group by their flags, and whether they take part; then those who are none.
const ASKERS: [(&str, &[&str], bool); 9] = [
    ("reader", &["can_read"], true),
    ("writer", &["can_read", "can_write"], true),
    ("pinner", &["can_read", "can_pin"], true),
    ("inviter", &["can_read", "can_invite"], true),
    ("moderator", &["can_read", "can_delete_others"], true),
    ("runner", &["is_admin"], true),
    ("blind", &["can_write", "can_pin", "can_invite", "can_delete_others"], true),
    ("gone", &["can_read", "can_write", "can_pin", "can_invite"], false),
    ("stranger", &[], false),
];

/// What the table says of somebody, by their flags alone.
fn expected(flags: &[&str], is_active: bool, needs: Needs) -> Result<(), u16> {
    let has = |flag| flags.contains(&flag) || flags.contains(&"is_admin");
    if !is_active || !has("can_read") {
        return Err(404);
    }
    let may = match needs {
        Nothing => true,
        Write => has("can_write"),
        Pin => has("can_pin"),
        Invite => has("can_invite"),
        DeleteOthers => has("can_delete_others"),
        Run => flags.contains(&"is_admin"),
        Own => false,
    };
    if may { Ok(()) } else { Err(403) }
}

/// What stands in the places of a route.
struct Places {
    message: i64,
    file: i64,
    row: i64,
    guest: i64,
}

#[tokio::test]
async fn every_route_asks_for_what_the_table_says() {
    let room = Room::arrange().await;
    room.app.user("guest").await;
    for (login, flags, is_active) in ASKERS {
        let client = room.app.user(login).await;
        join(&room, (login, flags, is_active)).await;
        for route in &ROUTES {
            let (method, path, needs, _, good) = *route;
            let places = places(&room, path).await;
            let status = ask(&room, &client, (route, &places)).await.status;
            let wanted = expected(flags, is_active, needs).map_or_else(|it| it, |()| good);
            assert_eq!(status, wanted, "{login}: {method} {path}");
        }
    }
    // An administrator who is in no chat is a stranger.
    for route in &ROUTES {
        let places = places(&room, route.1).await;
        let status = ask(&room, &room.root, (route, &places)).await.status;
        assert_eq!(status, 404, "{} {}", route.0, route.1);
    }
    room.app.stop().await;
}

#[tokio::test]
async fn lists_show_a_chat_to_those_who_see_it() {
    let room = Room::arrange().await;
    let said = room.say(&room.ann, "Hello").await;
    let path = room.path(&format!("/messages/{said}/reactions"));
    room.boris.post(&path, json!({ "emoji": "👍" })).await.expect(200);
    for (login, flags, is_active) in ASKERS {
        let client = room.app.user(login).await;
        join(&room, (login, flags, is_active)).await;
        lists(&room, &client, expected(flags, is_active, Nothing).is_ok()).await;
    }
    lists(&room, &room.root, false).await;
    room.app.stop().await;
}

#[tokio::test]
async fn the_table_has_every_route() {
    let room = Room::arrange().await;
    let document = room.app.guest().get("/api/openapi.json").await.expect(200).json();
    let known: BTreeSet<String> = ROUTES
        .iter()
        .map(|it| format!("{} {}", it.0, it.1.split('?').next().unwrap()))
        .map(|it| it.replace("/members/U", "/members/{user_id}"))
        .map(|it| it.replace("/messages/M", "/messages/{message_id}"))
        .map(|it| it.replace("/attachments/F", "/attachments/{attachment_id}"))
        .map(|it| it.replace("/chat_members/R", "/chat_members/{id}"))
        .map(|it| it.replace("/chat_messages/M", "/chat_messages/{id}"))
        .collect();
    for (path, operations) in document["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api/v1").unwrap_or(path);
        // What models look like is no secret, lists are held to what `seen` says of the same rules,
        // and why somebody sees a record is told to those who look after rights.
        let is_general = ["/schema", "/search", "/access"].iter().any(|it| path.ends_with(it));
        let is_list = ["/chat_events", "/chat_members", "/chat_messages", "/chat_reactions"];
        if !path.starts_with("/chat") || is_general || is_list.contains(&path) {
            continue;
        }
        let methods = operations.as_object().unwrap().keys().map(|it| it.to_uppercase());
        for method in methods.filter(|it| it != "PARAMETERS") {
            assert!(
                known.contains(&format!("{method} {path}"))
                    || ELSEWHERE.iter().any(|it| it.0 == path),
                "{method} {path} is in no table: say in ROUTES what it needs"
            );
        }
    }
    room.app.stop().await;
}

/// Somebody in the group with just these flags.
async fn join(room: &Room, (login, flags, is_active): (&str, &[&str], bool)) {
    if flags.is_empty() {
        return;
    }
    room.invite(login, json!({})).await.expect(201);
    let row = room.member(login).await["id"].as_i64().unwrap();
    let all = ["can_read", "can_write", "can_pin", "can_invite", "can_delete_others", "is_admin"];
    let changes = all.map(|it| (it.to_owned(), Value::Bool(flags.contains(&it))));
    let path = format!("/api/v1/chat_members/{row}");
    room.ann.patch(&path, Value::Object(changes.into_iter().collect())).await.expect(200);
    if !is_active {
        let out = room.path(&format!("/members/{}", room.user(login).await));
        room.ann.delete(&out).await.expect(204);
    }
}

/// What a route is about, made anew where asking may take it away.
async fn places(room: &Room, path: &str) -> Places {
    let guest = room.user("guest").await;
    let headers = [("content-type", "application/octet-stream")];
    let (mut message, mut file) = (0, 0);
    if path.contains("/M") || path.ends_with("/F") {
        let bring = room.path("/attachments?name=a");
        file = room.ann.send(Method::POST, &bring, &headers, "a").await.expect(201).id();
        let body = json!({ "body": "Of Ann", "attachment_ids": [file] });
        message = room.say_all(&room.ann, body).await;
    }
    let mut row = 0;
    if path.ends_with("/R") || path.ends_with("/U") {
        room.invite("guest", json!({})).await;
        row = room.member("guest").await["id"].as_i64().unwrap();
    } else if path.ends_with("/members") {
        room.ann.delete(&room.path(&format!("/members/{guest}"))).await;
    }
    Places { message, file, row, guest }
}

async fn ask(
    room: &Room,
    client: &Client,
    (route, places): (&(&str, &str, Needs, &str, u16), &Places),
) -> Reply {
    let (method, path, _, body, _) = *route;
    let fill = |text: &str| {
        text.replace("{id}", &room.group.to_string())
            .replace("/M", &format!("/{}", places.message))
            .replace("/F", &format!("/{}", places.file))
            .replace("/R", &format!("/{}", places.row))
            .replace("/U", &format!("/{}", places.guest))
            .replace(":U", &format!(":{}", places.guest))
    };
    let is_file = path.contains("?name=");
    let kind = if is_file { "application/octet-stream" } else { "application/json" };
    let path = format!("/api/v1{}", fill(path));
    let method: Method = method.parse().unwrap();
    client.send(method, &path, &[("content-type", kind)], fill(body)).await
}

/// Whether somebody finds in lists and searches all that Ann finds there, or nothing.
async fn lists(room: &Room, client: &Client, sees: bool) {
    for collection in ["chats", "chat_members", "chat_messages", "chat_reactions", "chat_events"] {
        let path = format!("/api/v1/{collection}?fields=id&limit=1000");
        let list = room.ann.get(&path).await.expect(200).at("data");
        let mut all: Vec<i64> =
            list.as_array().unwrap().iter().map(|it| it["id"].as_i64().unwrap()).collect();
        all.sort_unstable();
        let found = seen(client, collection, &all).await;
        assert_eq!(found, if sees { all } else { Vec::new() }, "{collection}");
    }
}
