//! Every role that a module declares has a row, with what it implies.

use artel_core::{Module, Rights};
use artel_testing::TestApp;
use orm::{Model, Session};
use users::Role;

/// A module with two roles.
const DESK: Module = Module {
    name: "desk",
    depends: &[&security::MODULE],
    setup: |to| {
        to.rights(desk_rights);
    },
};

fn desk_rights(to: &mut Rights) {
    to.role("desk.user", "Sits at the desk");
    to.role("desk.manager", "Owns the desk").implies(&["desk.user"]);
}

#[tokio::test]
async fn declared_roles_have_rows_and_their_implied_ones() {
    let app = TestApp::start(&[DESK, auth_token::MODULE]).await;
    let session = app.session();
    assert_eq!(names(&session).await, ["base.user", "desk.manager", "desk.user", "security.admin"]);
    let of_user = Role::IMPLIES.some(Role::NAME.eq("desk.user"));
    let implying = Role::query(&session).filter(of_user).all().await.unwrap();
    assert_eq!(implying.len(), 1);
    assert_eq!(implying[0].name, "desk.manager");
    let ann = app.user_with("ann", &["desk.manager"]).await;
    let me = ann.get("/api/v1/auth/me").await.expect(200).json();
    assert_eq!(me["roles"], serde_json::json!(["base.user", "desk.manager", "desk.user"]));
    app.stop().await;
}

async fn names(session: &Session) -> Vec<String> {
    let roles = Role::query(session).order(Role::NAME).all().await.unwrap();
    roles.iter().map(|it| it.name.clone()).collect()
}
