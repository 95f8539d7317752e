//! Signing in with a password, access tokens that are good as long as the sign-in is, and refresh
//! tokens that give the next ones.
//!
//! Owns the table `sessions`, which keeps the login sessions.
//!
//! **Invariant:** no generated route writes a login session; only signing in and out does.

mod login_session;

mod access;
mod login_states;
mod service;

mod me;
mod own_sessions;
mod sign_in;

use artel_core::{Module, Setup, Texts};

pub use crate::login_session::LoginSession;

/// The module.
pub const MODULE: Module =
    Module { name: "auth_token", depends: &[&users::MODULE, &security::MODULE], setup };

fn setup(to: &mut Setup) {
    to.rights(access::rights)
        .login_sessions(login_states::TableLoginSessions)
        .service(service::AuthToken)
        .service(service::Background::refresh())
        .service(service::Background::sweep())
        .routes(sign_in::Routes)
        .routes(me::Routes)
        .routes(own_sessions::Routes)
        .texts(Texts { en: include_str!("../i18n/en.ftl"), ru: include_str!("../i18n/ru.ftl") });
}
