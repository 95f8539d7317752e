//! People of every standing, and who looks after them.
//!
//! ```text
//! root   administrator
//! kim    security.admin, staff.helper
//! lee    security.admin
//! max    staff.boss, which implies staff.helper
//! ann    staff.helper
//! ```

use artel_core::{Module, Rights};
use artel_testing::{Client, TestApp};
use orm::{Model, Record};
use serde_json::Value;
use users::{Role, User};

pub(crate) const USERS: &str = "/api/v1/users";

/// Nothing but roles.
pub(crate) const STAFF: Module = Module {
    name: "staff",
    depends: &[&users::MODULE],
    setup: |to| {
        to.rights(rights);
    },
};

fn rights(to: &mut Rights) {
    to.role("staff.helper", "Helps");
    to.role("staff.boss", "Leads").implies(&["staff.helper"]);
}

pub(crate) struct Staff {
    pub(crate) app: TestApp,
    pub(crate) root: Client,
    pub(crate) kim: Client,
    pub(crate) ann: Client,
}

impl Staff {
    pub(crate) async fn arrange() -> Self {
        let app = TestApp::start(&[STAFF, auth_token::MODULE]).await;
        let root = app.admin().await;
        let kim = app.user_with("kim", &["security.admin", "staff.helper"]).await;
        app.user_with("lee", &["security.admin"]).await;
        app.user_with("max", &["staff.boss"]).await;
        let ann = app.user_with("ann", &["staff.helper"]).await;
        Self { app, root, kim, ann }
    }

    /// The path of a user.
    pub(crate) async fn path(&self, login: &str) -> String {
        format!("{USERS}/{}", self.user(login).await.id().get())
    }

    pub(crate) async fn role(&self, name: &str) -> i64 {
        let found = Role::query(&self.app.session()).filter(Role::NAME.eq(name)).first().await;
        found.unwrap().unwrap().id().get()
    }

    /// A user as the table has them: name, version and roles, in one line.
    pub(crate) async fn state(&self, login: &str) -> String {
        let user = self.user(login).await;
        let session = self.app.session();
        let roles = "select string_agg(r.name, ' ' order by r.name) from users__roles l \
                     join roles r on r.id = l.target_id where l.source_id = $1::bigint";
        let roles = session.sql(roles, &[&user.id().get().to_string()]).await.unwrap();
        let roles = roles[0][0].clone().unwrap_or_default();
        format!(
            "{} v{} admin={} active={} {roles}",
            user.name,
            user.version(),
            user.is_admin,
            user.active
        )
    }

    async fn user(&self, login: &str) -> Record<User> {
        let found = User::query(&self.app.session()).filter(User::LOGIN.eq(login)).first().await;
        found.unwrap().unwrap()
    }

    /// Changes a user as somebody, who may not; nothing is written.
    pub(crate) async fn denied(&self, client: &Client, login: &str, change: Value) {
        let before = self.state(login).await;
        let text = change.to_string();
        let refused = client.patch(&self.path(login).await, change).await;
        assert_eq!(refused.status, 403, "{login} {text} {}", refused.text());
        assert_eq!(self.state(login).await, before, "{login} {text}");
    }

    pub(crate) async fn stop(self) {
        self.app.stop().await;
    }
}
