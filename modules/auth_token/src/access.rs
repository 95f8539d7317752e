//! Who may see login sessions: their own users, and whoever looks after people.

use artel_core::{
    Grant, ME, Rights,
    access::{EVERYONE, SECURITY_ADMIN},
};

use crate::{LoginSession, UsedTicket};

pub(crate) fn rights(to: &mut Rights) {
    to.grant::<LoginSession>(EVERYONE, Grant::READ);
    to.rule("own login sessions", &[EVERYONE], Grant::READ, LoginSession::USER.is(ME));
    to.all_rows::<LoginSession>("every login session", &[SECURITY_ADMIN], Grant::READ);
    to.reserve::<UsedTicket>(&[]);
}
