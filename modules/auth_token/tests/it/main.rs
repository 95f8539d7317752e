//! Signing in and out as a client meets it; one behaviour a file.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod login_session;
mod me;
mod sign_in;

use artel_core::{Module, auth::NewAccount};
use artel_testing::TestApp;

/// What the tests need: signing in, and users to be.
const MODULES: [Module; 1] = [auth_token::MODULE];

const PASSWORD: &str = "correct horse";

/// Somebody with a password.
async fn make_user(app: &TestApp, login: &str) {
    let new = NewAccount {
        login: login.to_owned(),
        name: login.to_uppercase(),
        password: Some(PASSWORD.into()),
        is_admin: false,
    };
    app.app().accounts().unwrap().create(&app.session(), new).await.unwrap();
}
