//! A list says nothing by its order of what its reader may not see.

use artel_testing::{Client, TestApp};
use serde_json::json;

#[tokio::test]
async fn a_list_is_not_ordered_by_a_field_that_is_closed_to_its_reader() {
    let app = TestApp::start(&[products::MODULE, auth_token::MODULE]).await;
    let admin = app.admin().await;
    let user = app.user("ann").await;
    let manager = app.user_with("mona", &["products.manager"]).await;
    for name in ["b", "a", "c"] {
        admin.post("/api/v1/categories", json!({ "name": name })).await.expect(201);
    }
    check(&user, &[2, 1, 3]).await;

    let roles = admin.get("/api/v1/roles?name=products.manager").await.expect(200).json();
    let closed = json!({
        "model": "categories",
        "field": "name",
        "can_read": true,
        "role_ids": { "set": [roles["data"][0]["id"]] },
    });
    admin.post("/api/v1/field_rights", closed).await.expect(201);
    check(&user, &[1, 2, 3]).await;
    check(&manager, &[2, 1, 3]).await;
    app.stop().await;
}

async fn check(client: &Client, expected: &[i64]) {
    let listed = client.get("/api/v1/categories").await.expect(200).json();
    let ids: Vec<i64> =
        listed["data"].as_array().unwrap().iter().map(|it| it["id"].as_i64().unwrap()).collect();
    assert_eq!(ids, expected);
}
