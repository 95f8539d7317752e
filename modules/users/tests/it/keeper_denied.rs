//! The ways up that whoever looks after people, and whoever does not, would try.

use serde_json::{Value, json};

use crate::staff::{Staff, USERS};

#[tokio::test]
async fn nobody_gives_themselves_a_role() {
    let it = Staff::arrange().await;
    for role in ["staff.boss", "staff.helper", "security.admin", "base.user"] {
        let role = it.role(role).await;
        for change in
            [json!({ "add": [role] }), json!({ "set": [role] }), json!({ "remove": [role] })]
        {
            it.denied(&it.kim, "kim", json!({ "role_ids": change })).await;
            it.denied(&it.ann, "ann", json!({ "role_ids": change })).await;
        }
    }
    let boss = it.role("staff.boss").await;
    let own = it.path("kim").await;
    it.root.patch(&own, json!({ "role_ids": { "add": [boss] } })).await.expect(200);
    it.stop().await;
}

#[tokio::test]
async fn nobody_gives_what_they_have_not() {
    let it = Staff::arrange().await;
    let boss = it.role("staff.boss").await;
    it.denied(&it.kim, "ann", json!({ "role_ids": { "add": [boss] } })).await;
    it.denied(&it.kim, "ann", json!({ "role_ids": { "set": [boss] } })).await;
    let with = |roles: Value| json!({ "login": "bob", "name": "Bob", "role_ids": roles });
    let made = it.kim.post(USERS, with(json!({ "add": [boss] }))).await;
    assert_eq!(made.fault(), "403 access_denied");
    let none = it.root.get(&format!("{USERS}?login=bob")).await.expect(200);
    assert_eq!(none.at("data"), json!([]));
    it.kim.post(USERS, with(json!({ "add": [] }))).await.expect(201);
    // Nor through a role that grows later, in two steps.
    let helper = it.role("staff.helper").await;
    let implies = json!({ "implies_ids": { "add": [boss] } });
    assert_eq!(
        it.kim.patch(&format!("/api/v1/roles/{helper}"), implies).await.fault(),
        "403 access_denied"
    );
    it.stop().await;
}

#[tokio::test]
async fn whoever_may_more_is_left_alone() {
    let it = Staff::arrange().await;
    let [helper, boss] = [it.role("staff.helper").await, it.role("staff.boss").await];
    let lee = it.app.user("lee").await;
    for (client, login) in [
        (&it.kim, "root"),
        (&it.kim, "admin"),
        (&it.kim, "max"),
        // Has a role that lee has not.
        (&lee, "ann"),
        (&lee, "kim"),
    ] {
        for change in [
            json!({ "name": "x" }),
            json!({ "login": "x" }),
            json!({ "email": "x@example.com" }),
            json!({ "password": "battery staple" }),
            json!({ "active": false }),
            json!({ "active": true }),
            json!({ "company_id": null }),
            json!({ "language": "ru" }),
            json!({ "role_ids": { "add": [helper] } }),
            json!({ "role_ids": { "remove": [boss] } }),
            json!({ "role_ids": { "set": [] } }),
            json!({}),
        ] {
            it.denied(client, login, change).await;
        }
    }
    it.kim.patch(&it.path("lee").await, json!({ "name": "Lee" })).await.expect(200);
    it.root.patch(&it.path("max").await, json!({ "name": "Max" })).await.expect(200);
    it.stop().await;
}

#[tokio::test]
async fn who_is_an_administrator_is_said_by_administrators_only() {
    let it = Staff::arrange().await;
    for is_admin in [true, false] {
        for login in ["kim", "ann", "root"] {
            it.denied(&it.kim, login, json!({ "is_admin": is_admin })).await;
        }
        it.denied(&it.ann, "ann", json!({ "is_admin": is_admin })).await;
        let new = json!({ "login": "bob", "name": "Bob", "is_admin": is_admin });
        let made = it.kim.post(USERS, new).await;
        assert_eq!(made.fault(), "403 field_forbidden: /is_admin field_forbidden");
    }
    it.root.patch(&it.path("ann").await, json!({ "is_admin": true })).await.expect(200);
    it.denied(&it.kim, "ann", json!({ "name": "x" })).await;
    it.stop().await;
}

#[tokio::test]
async fn nobody_but_administrators_deletes_users() {
    let it = Staff::arrange().await;
    for login in ["ann", "kim", "lee", "max", "root"] {
        let path = it.path(login).await;
        assert_eq!(it.kim.delete(&path).await.fault(), "403 access_denied", "{login}");
        assert_eq!(it.ann.delete(&path).await.fault(), "403 access_denied", "{login}");
    }
    it.root.delete(&it.path("ann").await).await.expect(204);
    it.stop().await;
}

#[tokio::test]
async fn rights_and_sign_ins_are_not_written_by_whoever_looks_after_people() {
    let it = Staff::arrange().await;
    let [keeper, helper] = [it.role("security.admin").await, it.role("staff.helper").await];
    let name = json!({ "name": "x", "label": "x" });
    for (path, body) in [
        ("roles", json!({ "name": "x", "label": "x", "implies_ids": { "add": [keeper] } })),
        ("grants", json!({ "role_id": helper, "model": "users", "can_delete": true })),
        ("rules", json!({ "name": "x", "model": "users", "on_read": true, "filter": {} })),
        (
            "field_rights",
            json!({ "model": "users", "field": "login", "can_read": true, "role_ids": { "set": [helper] } }),
        ),
        ("companies", json!({ "name": "x" })),
    ] {
        let path = format!("/api/v1/{path}");
        assert_eq!(it.kim.post(&path, body.clone()).await.fault(), "403 access_denied", "{path}");
        let first = format!("{path}/1");
        assert_eq!(it.kim.patch(&first, json!({})).await.fault(), "403 access_denied", "{path}");
        assert_eq!(it.kim.delete(&first).await.fault(), "403 access_denied", "{path}");
        it.root.post(&path, body).await.expect(201);
    }
    for change in [
        json!({ "implies_ids": { "add": [keeper] } }),
        json!({ "implies_ids": { "remove": [helper] } }),
        json!({ "user_ids": { "add": [1] } }),
        name,
    ] {
        let role = format!("/api/v1/roles/{helper}");
        let refused = it.kim.patch(&role, change.clone()).await;
        assert_eq!(refused.fault(), "403 access_denied", "{change}");
    }
    for client in [&it.kim, &it.root] {
        client.post("/api/v1/sessions", json!({ "user_id": 1 })).await.expect(405);
        client.patch("/api/v1/sessions/1", json!({ "user_id": 1 })).await.expect(405);
        client.delete("/api/v1/sessions/1").await.expect(405);
    }
    it.stop().await;
}

#[tokio::test]
async fn whoever_looks_after_nobody_writes_nobody() {
    let it = Staff::arrange().await;
    for login in ["ann", "kim", "root"] {
        for change in [json!({ "name": "x" }), json!({ "language": "ru" }), json!({})] {
            it.denied(&it.ann, login, change).await;
        }
    }
    let new = json!({ "login": "bob", "name": "Bob" });
    assert_eq!(it.ann.post(USERS, new).await.fault(), "403 access_denied");
    for field in ["login", "email", "role_ids", "is_admin", "active", "company_id"] {
        let read = it.ann.get(&format!("{USERS}?fields={field}")).await;
        assert_eq!(read.status, 403, "{field} {}", read.text());
    }
    it.ann.get(&format!("{USERS}?fields=id,name")).await.expect(200);
    it.stop().await;
}

#[tokio::test]
async fn a_role_that_is_taken_meanwhile_is_not_passed_on() {
    let it = Staff::arrange().await;
    let helper = it.role("staff.helper").await;
    let give = json!({ "role_ids": { "add": [helper] } });
    let lee = it.path("lee").await;
    // Whoever is first, kim does not give what they have no more.
    let take = json!({ "role_ids": { "remove": [helper] } });
    let own = it.path("kim").await;
    let (given, taken) = tokio::join!(it.kim.patch(&lee, give.clone()), it.root.patch(&own, take));
    taken.expect(200);
    assert!(matches!(given.status, 200 | 403), "{}", given.text());
    it.root.patch(&lee, json!({ "role_ids": { "remove": [helper] } })).await.expect(200);
    it.denied(&it.kim, "lee", give).await;
    it.stop().await;
}
