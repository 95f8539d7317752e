//! Who somebody is: passwords, access tokens, login sessions, and the cache between them.
//!
//! Knows no table: users and login sessions come in through [`Accounts`] and [`LoginSessions`],
//! which modules implement.
//!
//! **Invariant:** a password, a hash or a token is never logged, and never part of an error.

mod accounts;
mod login_sessions;
mod who;

mod authenticator;
mod failures;
mod held_login;
mod login_cache;

mod keys;
pub mod password;
mod refresh_token;
mod ticket;
mod token;

pub use crate::auth::{
    accounts::{Account, Accounts, NewAccount, ProfileChanges, Rescue},
    authenticator::{Authenticator, Credentials, SignedIn},
    failures::Failures,
    held_login::{HeldLogin, LoginEnd, LoginNews, LoginStanding, SocketCtx},
    keys::{Key, Keys},
    login_sessions::{LoginSessions, LoginState, NewLoginSession, OwnLogin},
    refresh_token::RefreshState,
    token::{Claims, TokenCodec},
    who::Who,
};
