//! Whether the database can be reached at all, asked without the pool.
//!
//! A pool whose connections are all busy must not make a process look unready.

use std::{error, fmt, time::Duration};

use tokio::time;

use crate::pg::{Failure, address::Address, tls::Tls};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(1);

/// Why the database cannot be reached, in words for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreachable {
    /// Nobody answers, or not yet: trying again later may help.
    Away(String),
    /// It answers no: a wrong password, no such database. Trying again does not help.
    Refused(String),
}

impl Unreachable {
    /// Opens one connection and closes it again.
    pub(super) async fn check(address: &Address, tls: &Tls) -> Result<(), Self> {
        let place = address.describe();
        match time::timeout(PATIENCE, tls.connect(&address.config)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(Self::of(&place, &error.into())),
            Err(_) => Err(Self::Away(format!("{place} does not answer within a second"))),
        }
    }

    fn of(place: &str, failure: &Failure) -> Self {
        let cause = error::Error::source(failure).map(|it| format!(": {it}")).unwrap_or_default();
        if failure.is_away() {
            Self::Away(format!("{place} cannot be reached: {failure}{cause}"))
        } else {
            Self::Refused(format!("{place} refuses the connection: {failure}{cause}"))
        }
    }
}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Away(it) | Self::Refused(it) => f.write_str(it),
        }
    }
}

impl error::Error for Unreachable {}
