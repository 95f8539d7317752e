//! Signing in and out as a client meets it; one behaviour a file.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod sign_in;

mod cookie;
mod refresh;

mod me;
mod own_sessions;
mod password;

mod login_session;
mod sweep;

mod flood;
mod forged_token;
mod host;
mod reading;

mod door;
mod socket_login;
mod socket_standing;
mod socket_ticket;

use artel_core::{Module, auth::NewAccount};
use artel_testing::{Client, Reply, TestApp};
use orm::Model;
use serde_json::{Value, json};
use users::User;

/// What the tests need: signing in, and users to be.
const MODULES: [Module; 1] = [auth_token::MODULE];

const PASSWORD: &str = "correct horse";

const ME: &str = "/api/v1/auth/me";
const SIGN_IN: &str = "/api/v1/auth/sign_in";
const REFRESH: &str = "/api/v1/auth/refresh";
const SIGN_OUT: &str = "/api/v1/auth/sign_out";

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

async fn sign_in(app: &TestApp, login: &str, password: &str) -> Reply {
    app.guest().post(SIGN_IN, json!({"login": login, "password": password})).await
}

async fn refresh(app: &TestApp, token: &str) -> Reply {
    app.guest().post(REFRESH, json!({"refresh_token": token})).await
}

/// A member of an answer that is a text.
#[track_caller]
fn text(reply: &Reply, key: &str) -> String {
    reply.at(key).as_str().unwrap().to_owned()
}

/// Whoever has the access token of an answer.
#[track_caller]
fn bearer(app: &TestApp, reply: &Reply) -> Client {
    app.guest().with_token(text(reply, "access_token"))
}

/// Blocks a user, or lets them in again, without anybody being told.
async fn set_active(app: &TestApp, login: &str, is_active: bool) {
    let session = app.session();
    let user = User::query(&session).filter(User::LOGIN.eq(login)).first().await.unwrap().unwrap();
    User::update(&session, user.id(), [User::ACTIVE.set(is_active)]).await.unwrap();
}

/// What the service does every second.
async fn a_second_later(app: &TestApp) {
    app.app().authenticator().unwrap().refresh().await.unwrap();
}

/// An answer without what differs between any two.
#[track_caller]
fn refusal(reply: &Reply) -> Value {
    reply.without_request_id()
}
