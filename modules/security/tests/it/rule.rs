//! Rules narrow what grants open, with the next request.

use serde_json::json;

use crate::desk::{Desk, NOTES, notes};

#[tokio::test]
async fn a_rule_narrows_with_the_next_request() {
    let it = Desk::arrange().await;
    let all = "ann's, bob's, free";
    assert_eq!(notes(&it.ann).await, all);
    let rule = it.rule(json!({ "owner_id": "@me" })).await;
    assert_eq!([notes(&it.ann).await, notes(&it.bob).await], ["ann's", "bob's"]);
    assert_eq!(notes(&it.root).await, all);
    it.ann.get(&format!("{NOTES}/2")).await.expect(404);
    it.change(&rule, json!({ "filter": { "owner_id": { "null": true } } })).await;
    assert_eq!([notes(&it.ann).await, notes(&it.bob).await], ["free", "free"]);
    it.change(&rule, json!({ "active": false, "open": true })).await;
    assert_eq!([notes(&it.ann).await, notes(&it.bob).await], [all, all]);
    it.stop().await;
}

#[tokio::test]
async fn rules_of_roles_show_more_and_those_for_everyone_show_less() {
    let it = Desk::arrange().await;
    let eve = it.app.user_with("eve", &["it.boss"]).await;
    let [clerk, boss] = [it.role("it.clerk").await, it.role("it.boss").await];
    let own = it.rule(json!({ "owner_id": "@me" })).await;
    it.change(&own, json!({ "role_ids": { "set": [boss] } })).await;
    // A verb with rules for others only has no rows.
    assert_eq!([notes(&it.ann).await, notes(&eve).await], ["", ""]);
    it.change(&own, json!({ "role_ids": { "set": [clerk] } })).await;
    assert_eq!([notes(&it.ann).await, notes(&eve).await], ["ann's", ""]);
    let every = it.rule(json!({})).await;
    assert_eq!([notes(&it.ann).await, notes(&eve).await], ["ann's", ""]);
    it.change(&every, json!({ "role_ids": { "add": [boss] } })).await;
    assert_eq!([notes(&it.ann).await, notes(&eve).await], ["ann's", "ann's, bob's, free"]);
    let free = it.rule(json!({ "owner_id": { "null": true } })).await;
    assert_eq!([notes(&it.ann).await, notes(&eve).await], ["", "free"]);
    // Others of the verb are left: this one opens nothing that they do not.
    it.root.delete(&free).await.expect(204);
    assert_eq!([notes(&it.ann).await, notes(&eve).await], ["ann's", "ann's, bob's, free"]);
    it.stop().await;
}

#[tokio::test]
async fn rules_of_writing_hold_for_the_old_row_and_for_the_new_one() {
    let it = Desk::arrange().await;
    let [ann, bob] = [it.user("ann").await, it.user("bob").await];
    let rule = json!({
        "name": "own", "model": "notes", "on_create": true, "on_update": true, "on_delete": true,
        "filter": { "owner_id": "@me" },
    });
    it.make("rules", rule).await;
    let (own, other) = (format!("{NOTES}/1"), format!("{NOTES}/2"));
    let change = json!({ "remark": "changed" });
    assert_eq!(it.ann.patch(&other, change.clone()).await.fault(), "403 access_denied");
    assert_eq!(it.ann.delete(&other).await.fault(), "403 access_denied");
    it.ann.patch(&own, change).await.expect(200);
    let given = it.ann.patch(&own, json!({ "owner_id": bob })).await;
    assert_eq!(given.fault(), "403 access_denied");
    let new = |owner: i64| json!({ "name": "new", "owner_id": owner });
    assert_eq!(it.ann.post(NOTES, new(bob)).await.fault(), "403 access_denied");
    it.ann.post(NOTES, new(ann)).await.expect(201);
    it.ann.delete(&own).await.expect(204);
    it.stop().await;
}

#[tokio::test]
async fn a_role_that_a_rule_names_is_not_deleted() {
    let it = Desk::arrange().await;
    let role = it.make("roles", json!({ "name": "it.new", "label": "New" })).await;
    let id: i64 = role.rsplit('/').next().unwrap().parse().unwrap();
    let rule = it.rule(json!({ "owner_id": "@me" })).await;
    it.change(&rule, json!({ "role_ids": { "set": [id] } })).await;
    let kept = it.root.delete(&role).await;
    assert_eq!(kept.fault(), "409 foreign_key");
    assert!(kept.text().contains("rules"), "{}", kept.text());
    assert_eq!(notes(&it.ann).await, "");
    it.change(&rule, json!({ "active": false, "open": true, "role_ids": { "set": [] } })).await;
    it.root.delete(&role).await.expect(204);
    it.stop().await;
}

#[tokio::test]
async fn a_role_with_a_grant_is_not_deleted_and_takes_no_grant_with_it() {
    let it = Desk::arrange().await;
    let role = it.make("roles", json!({ "name": "it.new", "label": "New" })).await;
    let id: i64 = role.rsplit('/').next().unwrap().parse().unwrap();
    let grant = json!({ "role_id": id, "model": "notes", "can_read": true });
    let grant = it.make("grants", grant).await;
    let kept = it.root.delete(&role).await;
    assert_eq!(kept.fault(), "409 foreign_key");
    assert!(kept.text().contains("grants"), "{}", kept.text());
    it.root.delete(&grant).await.expect(204);
    it.root.delete(&role).await.expect(204);
    it.stop().await;
}
