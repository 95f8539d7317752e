//! What there is to look at after the first start.

use artel_testing::TestApp;
use serde_json::json;

#[tokio::test]
async fn every_demo_partner_can_be_reached_and_each_user_has_some() {
    let app = TestApp::builder().demo().start(&[auth_token::MODULE, partners::MODULE]).await;
    let admin = app.admin().await;
    let list = admin.get("/api/v1/partners?limit=0&count=exact").await.expect(200);
    assert_eq!(list.at("page")["total"], 300);
    let unreachable = json!({ "filter": { "contacts": { "null": true } } });
    let unreachable = admin.post("/api/v1/partners/search", unreachable).await.expect(200);
    assert_eq!(unreachable.column("name"), "");

    for login in ["ann", "boris", "clara", "diana"] {
        let client = app.user(login).await;
        let own = client.get("/api/v1/partners?owner_id=@me&limit=1000").await.expect(200);
        let names = own.column("name");
        assert!(names.contains("ООО «") && names.contains(" Ltd"), "{login}: {names}");
    }
    app.stop().await;
}
