//! Who may see users, companies, languages and roles.
//!
//! Whoever has `security.admin` looks after people; all else here is written by administrators
//! only. Of a user, others see the name.

use artel_core::{
    Grant, ME, Model, Rights,
    access::{EVERYONE, SECURITY_ADMIN},
};

use crate::{Company, Language, Role, User};

pub(crate) fn rights(to: &mut Rights) {
    to.grant::<User>(EVERYONE, Grant::READ);
    to.grant::<Company>(EVERYONE, Grant::READ);
    to.grant::<Language>(EVERYONE, Grant::READ);
    to.grant::<Role>(SECURITY_ADMIN, Grant::READ);

    let people = Grant::CREATE | Grant::READ | Grant::UPDATE;
    to.grant::<User>(SECURITY_ADMIN, people);
    to.reserve::<User>(&[(SECURITY_ADMIN, people)]);
    to.reserve::<Role>(&[]);
    to.reserve_field(User::IS_ADMIN);

    let active_or_oneself = User::ACTIVE.eq(true).or(User::ID.is(ME));
    to.rule("active users and oneself", &[EVERYONE], Grant::READ, active_or_oneself);
    to.all_rows::<User>("every user", &[SECURITY_ADMIN], Grant::READ);
}
