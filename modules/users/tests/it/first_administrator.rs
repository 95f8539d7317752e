//! A fresh installation has one administrator, and later starts leave them alone.

use artel_testing::TestApp;
use orm::Model;
use serde_json::json;
use users::User;

#[tokio::test]
async fn the_first_administrator_signs_in_with_the_password_of_the_settings() {
    let app = TestApp::builder()
        .setting("ARTEL_AUTH__ADMIN_LOGIN", "boss")
        .setting("ARTEL_AUTH__ADMIN_PASSWORD", "the first password")
        .start(&[auth_token::MODULE])
        .await;
    let body = json!({"login": "boss", "password": "the first password"});
    let reply = app.guest().post("/api/v1/auth/sign_in", body).await.expect(200).json();
    assert_eq!(reply["user"]["is_admin"], true);
    let session = app.session();
    let administrators = User::query(&session).filter(User::IS_ADMIN.eq(true));
    assert_eq!(administrators.count().await.unwrap(), 1);
    app.stop().await;
}
