//! Signing in with a password, and access tokens that are good as long as the sign-in is.
//!
//! Owns the table `sessions`, which keeps the login sessions.
//!
//! **Invariant:** no generated route writes a login session; only signing in and out does.

mod login_session;

mod access;
mod login_states;
mod routes;
mod service;

use artel_core::{Module, Setup, Texts};

pub use crate::login_session::LoginSession;

/// The module.
pub const MODULE: Module =
    Module { name: "auth_token", depends: &[&users::MODULE, &security::MODULE], setup };

fn setup(to: &mut Setup) {
    to.rights(access::rights)
        .login_sessions(login_states::TableLoginSessions)
        .service(service::AuthToken)
        .service(service::LoginRefresh::default())
        .routes(routes::Routes)
        .texts(Texts { en: include_str!("../i18n/en.ftl"), ru: include_str!("../i18n/ru.ftl") });
}
