//! Rights that change elsewhere are in force after one look, and never guessed at.

use artel_core::Module;
use artel_testing::{Client, TestApp};
use serde_json::json;

use crate::desk::{DESK, Desk, NOTES, notes};

const MODULES: [Module; 2] = [DESK, auth_token::MODULE];

#[tokio::test]
async fn another_process_learns_of_a_change_with_one_look() {
    let it = Desk::arrange().await;
    let other = it.app.beside(&MODULES).await;
    let there = on(&other, &it.ann);
    assert_eq!(notes(&there).await, "ann's, bob's, free");
    let (user, clerk) = (it.user("ann").await, it.role("it.clerk").await);
    let user = format!("/api/v1/users/{user}");
    it.change(&user, json!({ "role_ids": { "remove": [clerk] } })).await;
    assert_eq!(notes(&it.ann).await, "403 access_denied");
    look(&other).await;
    assert_eq!(notes(&there).await, "403 access_denied");
    it.change(&user, json!({ "role_ids": { "add": [clerk] } })).await;
    look(&other).await;
    assert_eq!(notes(&there).await, "ann's, bob's, free");
    let rule = it.rule(json!({ "owner_id": "@me" })).await;
    look(&other).await;
    assert_eq!(notes(&there).await, "ann's");
    it.change(&rule, json!({ "active": false, "open": true })).await;
    look(&other).await;
    assert_eq!(notes(&there).await, "ann's, bob's, free");
    other.stop().await;
    it.stop().await;
}

#[tokio::test]
async fn what_another_program_changes_is_seen_too() {
    let it = Desk::arrange().await;
    assert_eq!(notes(&it.ann).await, "ann's, bob's, free");
    it.sql("delete from grants where model = 'notes'").await;
    assert_eq!(notes(&it.ann).await, "403 access_denied");
    it.stop().await;
}

#[tokio::test]
async fn rights_that_cannot_be_read_are_not_guessed() {
    let it = Desk::arrange().await;
    assert_eq!(notes(&it.ann).await, "ann's, bob's, free");
    let session = it.app.session();
    session.sql("alter table grants rename to grants_away", &[]).await.unwrap();
    session.sql("update rules set name = name", &[]).await.unwrap();
    let authenticator = it.app.app().authenticator().unwrap();
    assert!(authenticator.refresh().await.is_err());
    authenticator.distrust();
    for client in [&it.ann, &it.root] {
        let unsure = client.get(NOTES).await;
        assert_eq!(unsure.fault(), "503 unavailable");
        assert!(!unsure.text().contains("grants"), "{}", unsure.text());
    }
    session.sql("alter table grants_away rename to grants", &[]).await.unwrap();
    assert_eq!(notes(&it.ann).await, "ann's, bob's, free");
    it.stop().await;
}

#[tokio::test]
async fn a_request_has_no_statement_for_rights() {
    let it = Desk::arrange().await;
    it.rule(json!({ "owner_id": "@me" })).await;
    assert_eq!(notes(&it.ann).await, "ann's");
    for _ in 0..3 {
        assert_eq!(it.ann.get(NOTES).await.expect(200).statements(), 1);
        let none = it.ann.get("/api/v1/auth/me").await.expect(200);
        assert_eq!(none.header("server-timing"), "");
    }
    it.stop().await;
}

/// The same asker on another process.
fn on(app: &TestApp, asker: &Client) -> Client {
    app.guest().with_token(asker.token().unwrap())
}

/// What a process does every second.
async fn look(app: &TestApp) {
    app.app().authenticator().unwrap().refresh().await.unwrap();
}
