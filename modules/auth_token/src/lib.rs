//! Signing in with a password, access tokens that are good as long as the sign-in is, and refresh
//! tokens that give the next ones.
//!
//! Owns the tables `sessions`, which keeps the login sessions, and `used_tickets`.
//!
//! **Invariant:** no generated route writes a login session; only signing in and out does.

mod login_session;
mod used_ticket;

mod access;
mod login_states;
mod service;

mod me;
mod own_sessions;
mod sign_in;
mod ws_ticket;

use artel_core::{Module, Setup, Texts};

pub use crate::{login_session::LoginSession, used_ticket::UsedTicket};

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
        .routes(ws_ticket::Routes)
        .texts(Texts { en: include_str!("../i18n/en.ftl"), ru: include_str!("../i18n/ru.ftl") });
}
