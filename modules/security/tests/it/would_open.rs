//! The last rule of a verb keeps its model closed: it goes only when somebody says so.

use serde_json::{Value, json};

use crate::desk::{Desk, NOTES, notes};

#[tokio::test]
async fn the_last_rule_of_a_verb_is_switched_off_only_when_the_request_says_so() {
    let it = Desk::arrange().await;
    let rule = it.rule(json!({ "owner_id": "@me" })).await;
    for change in [
        json!({ "active": false }),
        json!({ "on_read": false }),
        json!({ "model": "circles" }),
        json!({ "active": false, "on_read": false }),
        json!({ "active": false, "open": false }),
        json!({ "on_read": false, "on_update": true }),
    ] {
        let refused = it.root.patch(&rule, change.clone()).await;
        assert_eq!(refused.fault(), "409 would_open", "{change}");
    }
    assert_eq!(notes(&it.ann).await, "ann's");
    // What opens nothing needs no such word.
    it.change(&rule, json!({ "name": "own notes", "on_update": true })).await;
    it.change(&rule, json!({ "filter": { "owner_id": { "null": true } } })).await;
    assert_eq!(notes(&it.ann).await, "free");
    it.change(&rule, json!({ "on_read": false, "open": true })).await;
    assert_eq!(notes(&it.ann).await, "ann's, bob's, free");
    let refused = it.root.patch(&rule, json!({ "on_update": false })).await;
    assert_eq!(refused.fault(), "409 would_open");
    it.change(&rule, json!({ "active": false, "open": true })).await;
    it.stop().await;
}

#[tokio::test]
async fn the_last_rule_of_a_verb_is_not_deleted() {
    let it = Desk::arrange().await;
    let rule = it.rule(json!({ "owner_id": "@me" })).await;
    assert_eq!(it.root.delete(&rule).await.fault(), "409 would_open");
    assert_eq!(notes(&it.ann).await, "ann's");
    // Switched off, it keeps nothing closed.
    it.change(&rule, json!({ "active": false, "open": true })).await;
    it.root.delete(&rule).await.expect(204);
    it.stop().await;
}

#[tokio::test]
async fn each_verb_is_looked_at_by_itself() {
    let it = Desk::arrange().await;
    let both = json!({ "name": "both", "model": "notes", "on_read": true, "on_update": true, "filter": {} });
    let both = it.make("rules", both).await;
    let read = it.rule(json!({ "owner_id": "@me" })).await;
    assert_eq!(it.root.patch(&both, json!({ "active": false })).await.fault(), "409 would_open");
    it.change(&both, json!({ "on_read": false })).await;
    assert_eq!(it.root.patch(&read, json!({ "on_read": false })).await.fault(), "409 would_open");
    it.change(&both, json!({ "on_read": true })).await;
    it.change(&read, json!({ "on_read": false })).await;
    assert_eq!(notes(&it.ann).await, "ann's, bob's, free");
    it.stop().await;
}

#[tokio::test]
async fn of_the_last_two_only_one_is_switched_off_at_the_same_time() {
    let it = Desk::arrange().await;
    for _ in 0..5 {
        let [one, other] = [it.rule(json!({})).await, it.rule(json!({})).await];
        let off = json!({ "active": false });
        let done = tokio::join!(it.root.patch(&one, off.clone()), it.root.patch(&other, off));
        let mut done = [done.0.status, done.1.status];
        done.sort_unstable();
        assert_eq!(done, [200, 409]);
        for rule in [one, other] {
            it.change(&rule, json!({ "active": false, "open": true })).await;
        }
    }
    it.stop().await;
}

#[tokio::test]
async fn the_word_is_known_where_there_are_rules_and_nowhere_else() {
    let it = Desk::arrange().await;
    let grant = json!({ "role_id": 1, "model": "diaries", "open": true });
    let fault = it.root.post("/api/v1/grants", grant).await.fault();
    assert_eq!(fault, "422 validation: /open unknown_field");
    let rule = it.rule(json!({})).await;
    for open in [json!("true"), json!(1), Value::Null] {
        let fault = it.root.patch(&rule, json!({ "active": false, "open": open })).await.fault();
        assert_eq!(fault, "422 validation: /open wrong_type");
    }
    let read = it.root.get(&rule).await.expect(200).json();
    assert_eq!(read.get("open"), None);
    it.ann.patch(&rule, json!({ "open": true })).await.expect(403);
    it.ann.get(NOTES).await.expect(200);
    it.stop().await;
}
