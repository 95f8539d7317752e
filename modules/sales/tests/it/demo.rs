//! What there is to look at after the first start, and to measure with after `--large`.

use artel_testing::{Client, TestApp};
use serde_json::json;

#[tokio::test]
async fn each_demo_user_sees_their_share_of_the_sales() {
    let app = TestApp::builder().demo().start(&[auth_token::MODULE, sales::MODULE]).await;
    let admin = app.admin().await;
    assert_eq!(counted(&admin, "sales").await, 120);
    let empty = json!({ "filter": { "lines": { "null": true } } });
    let empty = admin.post("/api/v1/sales/search", empty).await.expect(200);
    assert_eq!(empty.column("number"), "", "every sale has lines");
    let (ann, diana) = (app.user("ann").await, app.user("diana").await);
    let (of_ann, of_diana) = (counted(&ann, "sales").await, counted(&diana, "sales").await);
    assert!(10 < of_ann && of_ann < of_diana && of_diana < 120, "{of_ann}, {of_diana}");
    assert_eq!(counted(&app.user("fedor").await, "sales").await, 0, "a grant, and no rule");
    app.user("grace").await.get("/api/v1/sales").await.expect(403);
    app.stop().await;
}

async fn counted(client: &Client, of: &str) -> i64 {
    let page = client.get(&format!("/api/v1/{of}?limit=0&count=exact")).await.expect(200);
    page.at("page")["total"].as_i64().unwrap()
}
