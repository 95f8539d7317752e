//! Users: who can sign in, which roles they have, which companies they work for.
//!
//! Owns the tables `companies`, `languages`, `users` and `roles`.
//!
//! **Invariant:** what a role allows is not here. Modules declare it; this module says who has it.

mod company;
mod language;
mod role;
mod user;

mod people;
pub mod rights_lock;

mod access;
mod accounts;
mod first_administrator;

mod demo;
mod seed;

use artel_core::{Module, Setup, Texts};
use orm::Model;

pub use crate::{
    accounts::UserAccounts,
    company::Company,
    language::Language,
    role::Role,
    user::{User, UserLanguage},
};

/// The module.
pub const MODULE: Module = Module { name: "users", depends: &[&database::MODULE], setup };

fn setup(to: &mut Setup) {
    to.rights(access::rights)
        .asker(User::def().table)
        .accounts(UserAccounts)
        .seed(|session| Box::pin(seed::fill(session)))
        .demo(|session| Box::pin(demo::fill(session)))
        .texts(Texts { en: include_str!("../i18n/en.ftl"), ru: include_str!("../i18n/ru.ftl") });
}
