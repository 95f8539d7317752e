//! Grants open models to roles, with the next request, and are written by administrators only.

use serde_json::{Value, json};

use crate::desk::{Desk, NOTES, notes, said};

const GRANTS: &str = "/api/v1/grants";

#[tokio::test]
async fn a_grant_opens_and_closes_with_the_next_request() {
    let it = Desk::arrange().await;
    let eve = it.app.user_with("eve", &["it.guest"]).await;
    let new = json!({ "name": "new" });
    assert_eq!(notes(&eve).await, "403 access_denied");
    assert_eq!(notes(&it.ann).await, "ann's, bob's, free");

    let grant = grant(&it, "it.guest", "notes", json!({ "can_read": true })).await;
    assert_eq!(notes(&eve).await, "ann's, bob's, free");
    assert_eq!(eve.post(NOTES, new.clone()).await.fault(), "403 access_denied");
    it.change(&grant, json!({ "can_create": true })).await;
    eve.post(NOTES, new.clone()).await.expect(201);
    assert_eq!(eve.patch(&format!("{NOTES}/1"), new.clone()).await.fault(), "403 access_denied");
    it.change(&grant, json!({ "can_update": true, "can_delete": true })).await;
    eve.patch(&format!("{NOTES}/1"), new.clone()).await.expect(200);
    eve.delete(&format!("{NOTES}/1")).await.expect(204);
    // A write needs the right to read as well.
    it.change(&grant, json!({ "can_read": false })).await;
    assert_eq!(notes(&eve).await, "403 access_denied");
    assert_eq!(eve.patch(&format!("{NOTES}/2"), new).await.fault(), "403 access_denied");
    it.change(&grant, json!({ "can_read": true })).await;
    assert_eq!(notes(&eve).await, "bob's, free, new");
    it.root.delete(&grant).await.expect(204);
    assert_eq!(notes(&eve).await, "403 access_denied");
    it.stop().await;
}

#[tokio::test]
async fn roles_are_given_taken_and_blocked_with_the_next_request() {
    let it = Desk::arrange().await;
    let eve = it.app.user("eve").await;
    let user = format!("/api/v1/users/{}", it.user("eve").await);
    let [clerk, boss] = [it.role("it.clerk").await, it.role("it.boss").await];
    assert_eq!(notes(&eve).await, "403 access_denied");
    it.change(&user, json!({ "role_ids": { "add": [clerk] } })).await;
    assert_eq!(notes(&eve).await, "ann's, bob's, free");
    it.change(&user, json!({ "role_ids": { "remove": [clerk] } })).await;
    assert_eq!(notes(&eve).await, "403 access_denied");
    // By what another role brings.
    it.change(&user, json!({ "role_ids": { "set": [boss] } })).await;
    assert_eq!(notes(&eve).await, "ann's, bob's, free");
    let boss = format!("/api/v1/roles/{boss}");
    it.change(&boss, json!({ "implies_ids": { "remove": [clerk] } })).await;
    assert_eq!(notes(&eve).await, "403 access_denied");
    it.change(&boss, json!({ "implies_ids": { "add": [clerk] } })).await;
    assert_eq!(notes(&eve).await, "ann's, bob's, free");
    it.change(&user, json!({ "active": false })).await;
    assert_eq!(notes(&eve).await, "401 unauthenticated");
    assert_eq!(notes(&it.ann).await, "ann's, bob's, free");
    it.change(&user, json!({ "active": true })).await;
    let eve = it.app.user("eve").await;
    assert_eq!(notes(&eve).await, "ann's, bob's, free");
    it.change(&user, json!({ "is_admin": true })).await;
    eve.get(GRANTS).await.expect(200);
    it.change(&user, json!({ "is_admin": false })).await;
    assert_eq!(eve.get(GRANTS).await.fault(), "403 access_denied");
    it.stop().await;
}

#[tokio::test]
async fn a_grant_is_of_a_role_and_of_a_model_with_rights_of_its_own() {
    let it = Desk::arrange().await;
    let guest = it.role("it.guest").await;
    for (role, model, expected) in [
        (guest, "nothing", "422 validation: /model unknown_model"),
        (guest, "Notes", "422 validation: /model unknown_model"),
        (guest, "", "422 validation: /model unknown_model"),
        (guest, "parts", "422 validation: /model follows_parent"),
        (404, "notes", "422 validation: /role_id not_found"),
    ] {
        let body = json!({ "role_id": role, "model": model, "can_read": true });
        assert_eq!(it.root.post(GRANTS, body).await.fault(), expected, "{model}");
    }
    let body = json!({ "role_id": guest, "model": "notes", "can_read": true });
    it.root.post(GRANTS, body.clone()).await.expect(201);
    assert_eq!(it.root.post(GRANTS, body).await.status, 409);
    let grant = grant(&it, "it.guest", "circles", json!({})).await;
    let moved = it.root.patch(&grant, json!({ "model": "parts" })).await;
    assert_eq!(moved.fault(), "422 validation: /model follows_parent");
    it.stop().await;
}

#[tokio::test]
async fn nobody_but_administrators_writes_rights() {
    let it = Desk::arrange().await;
    let kim = it.app.user_with("kim", &["security.admin", "it.boss"]).await;
    let role = it.role("it.clerk").await;
    for (collection, body) in of_each_sort(role) {
        let path = format!("/api/v1/{collection}");
        let made = it.make(collection, body.clone()).await;
        for client in [&it.ann, &kim] {
            // Whoever looks after people reads roles.
            let may_read = collection == "roles" && std::ptr::eq(client, &kim);
            let read = if may_read { 200 } else { 403 };
            client.get(&path).await.expect(read);
            client.get(&made).await.expect(read);
            for refused in [
                client.post(&path, body.clone()).await,
                client.patch(&made, body.clone()).await,
                client.patch(&made, json!({})).await,
                client.delete(&made).await,
            ] {
                assert_eq!(refused.fault(), "403 access_denied", "{collection}");
            }
        }
        it.root.get(&path).await.expect(200);
        it.root.patch(&made, json!({})).await.expect(200);
    }
    it.stop().await;
}

#[tokio::test]
async fn grants_on_rights_give_reading_only() {
    let it = Desk::arrange().await;
    let all = json!({
        "can_read": true, "can_create": true, "can_update": true, "can_delete": true,
    });
    let role = it.role("it.clerk").await;
    for (collection, body) in of_each_sort(role) {
        let path = format!("/api/v1/{collection}");
        let made = it.make(collection, body.clone()).await;
        grant(&it, "it.clerk", collection, all.clone()).await;
        it.ann.get(&path).await.expect(200);
        for refused in [
            it.ann.post(&path, body.clone()).await,
            it.ann.patch(&made, body.clone()).await,
            it.ann.delete(&made).await,
        ] {
            assert_eq!(refused.fault(), "403 access_denied", "{collection}");
        }
    }
    grant(&it, "it.clerk", "users", all.clone()).await;
    let own = format!("/api/v1/users/{}", it.user("ann").await);
    it.ann.get(&own).await.expect(200);
    for refused in [
        it.ann.post("/api/v1/users", json!({ "name": "Eve" })).await,
        it.ann.patch(&own, json!({ "name": "Ann" })).await,
        it.ann.delete(&own).await,
    ] {
        assert_eq!(refused.fault(), "403 access_denied");
    }
    // Elsewhere the same grant gives everything.
    grant(&it, "it.clerk", "circles", all).await;
    let made = it.ann.post("/api/v1/circles", json!({ "name": "round" })).await.expect(201);
    let circle = format!("/api/v1/circles/{}", made.id());
    it.ann.patch(&circle, json!({ "name": "rounder" })).await.expect(200);
    assert_eq!(said(&it.ann.get("/api/v1/circles").await), "rounder");
    it.ann.delete(&circle).await.expect(204);
    it.stop().await;
}

/// A record of each table of rights.
fn of_each_sort(role: i64) -> [(&'static str, Value); 4] {
    [
        ("grants", json!({ "role_id": role, "model": "diaries" })),
        ("rules", json!({ "name": "r", "model": "diaries", "on_read": true, "filter": {} })),
        (
            "field_rights",
            json!({
                "model": "notes", "field": "remark", "can_read": true,
                "role_ids": { "set": [role] },
            }),
        ),
        ("roles", json!({ "name": "it.new", "label": "New" })),
    ]
}

async fn grant(it: &Desk, role: &str, model: &str, verbs: Value) -> String {
    let mut body = json!({ "role_id": it.role(role).await, "model": model });
    body.as_object_mut().unwrap().extend(verbs.as_object().unwrap().clone());
    it.make("grants", body).await
}
