//! Of a user, others see the name; administrators make and change them.

use artel_testing::{Client, TestApp};
use serde_json::{Value, json};

const USERS: &str = "/api/v1/users";

#[tokio::test]
async fn others_see_names_and_nothing_else() {
    let app = start().await;
    let ann = app.user("ann").await;
    let users = list(&ann, USERS).await;
    assert!(!users.is_empty());
    for user in users {
        let mut keys: Vec<&String> = user.as_object().unwrap().keys().collect();
        keys.sort();
        assert_eq!(
            keys,
            ["created_at", "created_by_id", "id", "name", "updated_at", "updated_by_id", "version"]
        );
    }
    app.stop().await;
}

#[tokio::test]
async fn a_closed_field_cannot_be_asked_about() {
    let app = start().await;
    let ann = app.user("ann").await;
    for query in
        ["login=admin", "login[starts]=a", "sort=login", "fields=id,email", "is_admin=true"]
    {
        let problem = ann.get(&format!("{USERS}?{query}")).await.expect(403).json();
        assert_eq!(problem["code"], "field_forbidden", "{query}");
    }
    let filter = json!({"filter": {"login": {"starts": "a"}}});
    ann.post(&format!("{USERS}/search"), filter).await.expect(403);
    app.stop().await;
}

#[tokio::test]
async fn a_password_has_no_way_out() {
    let app = start().await;
    let root = app.admin().await;
    let made = json!({"login": "bob", "name": "Bob", "password": "correct horse"});
    let made = root.post(USERS, made).await.expect(201);
    assert!(!made.text().contains("password") && !made.text().contains("argon2"));
    for query in ["fields=password", "sort=password", "password=x", "password[null]=true"] {
        root.get(&format!("{USERS}?{query}")).await.expect(400);
    }
    app.stop().await;
}

#[tokio::test]
async fn blocked_users_are_seen_by_whoever_looks_after_them() {
    let app = start().await;
    let (root, ann) = (app.admin().await, app.user("ann").await);
    let keeper = app.user_with("kim", &["security.admin"]).await;
    let bob = root.post(USERS, json!({"login": "bob", "name": "Bob", "active": false})).await;
    let bob = format!("{USERS}/{}", bob.expect(201).json()["id"]);
    ann.get(&bob).await.expect(404);
    keeper.get(&bob).await.expect(200);
    keeper.patch(&bob, json!({"active": true})).await.expect(200);
    app.stop().await;
}

#[tokio::test]
async fn only_administrators_make_users() {
    let app = start().await;
    let new = json!({"login": "bob", "name": "Bob"});
    app.user("ann").await.post(USERS, new.clone()).await.expect(403);
    let root = app.admin().await;
    root.post(USERS, new.clone()).await.expect(201);
    root.post(USERS, new).await.expect(409);
    app.stop().await;
}

#[tokio::test]
async fn what_anybody_tries_first_is_no_password() {
    let app = start().await;
    let root = app.admin().await;
    let made = json!({"login": "eve", "name": "Eve", "password": "correct horse"});
    let path = format!("{USERS}/{}", root.post(USERS, made).await.expect(201).json()["id"]);
    for (password, code) in [
        ("short", "too_short".to_owned()),
        ("password", "too_common".to_owned()),
        ("Qwerty123", "too_common".to_owned()),
        (&"x".repeat(1025), "too_long".to_owned()),
    ] {
        let new = json!({"login": "bob", "name": "Bob", "password": password});
        let expected = format!("422 validation: /password {code}");
        assert_eq!(root.post(USERS, new).await.fault(), expected);
        assert_eq!(root.patch(&path, json!({"password": password})).await.fault(), expected);
    }
    root.patch(&path, json!({"password": "demo-eve"})).await.expect(200);
    app.stop().await;
}

async fn start() -> TestApp {
    TestApp::start(&[auth_token::MODULE]).await
}

async fn list(client: &Client, path: &str) -> Vec<Value> {
    client.get(path).await.expect(200).json()["data"].as_array().unwrap().clone()
}
