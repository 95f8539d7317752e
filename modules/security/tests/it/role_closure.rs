//! Who has a role has all that it implies, at any depth, and also in a circle.

use serde_json::json;

use crate::desk::{Desk, notes};

#[tokio::test]
async fn without_any_grant_there_is_nothing() {
    let it = Desk::arrange().await;
    assert_eq!(notes(&it.ann).await, "ann's, bob's, free");
    it.sql("delete from grants").await;
    for path in ["notes", "notes/1", "notes/schema", "users", "companies"] {
        let read = it.ann.get(&format!("/api/v1/{path}")).await;
        assert_eq!(read.fault(), "403 access_denied", "{path}");
        it.root.get(&format!("/api/v1/{path}")).await.expect(200);
    }
    it.stop().await;
}

#[tokio::test]
async fn roles_that_imply_each_other_come_together() {
    let it = Desk::arrange().await;
    let [guest, clerk] = [it.role("it.guest").await, it.role("it.clerk").await];
    let eve = it.app.user_with("eve", &["it.guest"]).await;
    it.make("grants", json!({ "role_id": guest, "model": "diaries", "can_read": true })).await;
    assert_eq!(notes(&eve).await, "403 access_denied");
    it.ann.get("/api/v1/diaries").await.expect(403);
    it.sql(&format!(
        "insert into roles__implies (source_id, target_id) values ({guest}, {clerk}), ({clerk}, {guest})"
    ))
    .await;
    for client in [&it.ann, &eve] {
        assert_eq!(notes(client).await, "ann's, bob's, free");
        client.get("/api/v1/diaries").await.expect(200);
    }
    it.stop().await;
}

#[tokio::test]
async fn a_long_chain_is_followed_to_its_end() {
    let it = Desk::arrange().await;
    let mut implied = it.role("it.clerk").await;
    for at in 0..50 {
        let role = json!({
            "name": format!("chain.{at}"), "label": "Link", "implies_ids": { "set": [implied] },
        });
        let path = it.make("roles", role).await;
        implied = path.rsplit('/').next().unwrap().parse().unwrap();
    }
    let eve = it.app.user_with("eve", &["chain.49"]).await;
    assert_eq!(notes(&eve).await, "ann's, bob's, free");
    let middle = format!("/api/v1/roles/{}", it.role("chain.25").await);
    it.change(&middle, json!({ "implies_ids": { "set": [] } })).await;
    assert_eq!(notes(&eve).await, "403 access_denied");
    it.stop().await;
}
