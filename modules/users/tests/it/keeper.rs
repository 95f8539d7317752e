//! Whoever looks after people makes, changes and blocks them, and gives what they have themselves.

use serde_json::json;

use crate::staff::{Staff, USERS};

#[tokio::test]
async fn a_keeper_makes_users_with_roles_of_their_own() {
    let it = Staff::arrange().await;
    let [helper, everyone] = [it.role("staff.helper").await, it.role("base.user").await];
    let new = json!({
        "login": "bob", "name": "Bob", "password": "correct horse", "email": "bob@example.com",
        "role_ids": { "set": [helper, everyone] },
    });
    it.kim.post(USERS, new).await.expect(201);
    assert_eq!(it.state("bob").await, "Bob v1 admin=false active=true base.user staff.helper");
    sign_in(&it, "bob", "correct horse", 200).await;
    it.stop().await;
}

#[tokio::test]
async fn a_keeper_changes_blocks_and_lets_back_in() {
    let it = Staff::arrange().await;
    let ann = it.path("ann").await;
    let change = json!({ "name": "Anna", "email": "ann@example.com", "language": "ru" });
    it.kim.patch(&ann, change).await.expect(200);
    it.ann.get(USERS).await.expect(200);
    it.kim.patch(&ann, json!({ "active": false })).await.expect(200);
    it.ann.get(USERS).await.expect(401);
    it.kim.patch(&ann, json!({ "active": true })).await.expect(200);
    it.ann.get(USERS).await.expect(401);
    it.app.user("ann").await.get(USERS).await.expect(200);
    it.kim.patch(&ann, json!({ "password": "battery staple" })).await.expect(200);
    sign_in(&it, "ann", "battery staple", 200).await;
    sign_in(&it, "ann", "correct horse", 401).await;
    it.stop().await;
}

#[tokio::test]
async fn a_keeper_gives_and_takes_the_roles_that_they_have() {
    let it = Staff::arrange().await;
    let [helper, keeper] = [it.role("staff.helper").await, it.role("security.admin").await];
    let ann = it.path("ann").await;
    it.kim.patch(&ann, json!({ "role_ids": { "remove": [helper] } })).await.expect(200);
    assert_eq!(it.state("ann").await, "ann v2 admin=false active=true ");
    it.kim.patch(&ann, json!({ "role_ids": { "add": [helper, keeper] } })).await.expect(200);
    assert_eq!(it.state("ann").await, "ann v3 admin=false active=true security.admin staff.helper");
    // Now that ann has all that kim has, and kim no more, they are equals.
    let kim = it.path("kim").await;
    it.ann.patch(&kim, json!({ "name": "Kimberley" })).await.expect(200);
    it.stop().await;
}

#[tokio::test]
async fn a_keeper_sees_roles_and_sign_ins() {
    let it = Staff::arrange().await;
    it.kim.get("/api/v1/roles").await.expect(200);
    it.ann.get("/api/v1/roles").await.expect(403);
    assert_eq!(it.kim.get("/api/v1/sessions").await.expect(200).column("id").split(',').count(), 5);
    let own = it.path("kim").await;
    it.kim.patch(&own, json!({ "name": "Kim" })).await.expect(200);
    it.stop().await;
}

async fn sign_in(it: &Staff, login: &str, password: &str, expected: u16) {
    let body = json!({ "login": login, "password": password });
    it.app.guest().post("/api/v1/auth/sign_in", body).await.expect(expected);
}
