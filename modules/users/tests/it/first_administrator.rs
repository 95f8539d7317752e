//! A fresh installation has one administrator, and later starts leave them alone.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
};

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

#[tokio::test]
async fn a_password_that_nobody_set_is_in_a_file_for_the_operator_alone() {
    let folder = std::env::temp_dir().join(format!("artel_first_{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("admin_password");
    fs::write(&file, "of an installation long ago").unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    let app = TestApp::builder()
        .setting("ARTEL_DATA_DIR", folder.display())
        .setting("ARTEL_AUTH__ADMIN_PASSWORD", "")
        .start(&[auth_token::MODULE])
        .await;
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let password = fs::read_to_string(&file).unwrap();
    let body = json!({"login": "admin", "password": password.trim_end()});
    app.guest().post("/api/v1/auth/sign_in", body).await.expect(200);
    app.stop().await;
    fs::remove_dir_all(&folder).unwrap();
}
