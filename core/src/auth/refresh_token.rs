//! Refresh tokens: each is good for one use, and its child can be made again.
//!
//! A token is `family.counter.signature`. The family is a login session and some random letters,
//! so that no other session, of no other database, ever has the same; the counter rises with
//! every use; the signature is the HMAC of both. So the child of a token follows from the token:
//! two tabs that use it at once get the same.
//!
//! **Invariant:** nothing is kept of a token but the SHA-256 of the current one of its family.

use std::{fmt, str::FromStr};

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    digest::{SHA256, digest},
    hmac, rand,
};
use chrono::{DateTime, Utc};

use crate::{auth::Keys, settings::SecretString};

/// What the keys of refresh tokens are derived with.
const LABEL: &str = "refresh token";

/// How long a token may be used again while its child is not: an answer was lost, or two tabs
/// ask at once.
const GRACE_MS: i64 = 10_000;

/// The longest text that is looked at; ours have about 120 bytes.
const LENGTH_MAX: usize = 256;

/// Makes and reads refresh tokens.
pub(crate) struct RefreshCodec {
    /// The first one signs, all verify.
    keys: Vec<hmac::Key>,
}

/// What is kept of a family: as text, for the one column that has it.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshState {
    counter: i64,
    made_at: DateTime<Utc>,
    hash: String,
}

/// A token of ours. Whether it may still be used, the state of its family says.
pub(crate) struct RefreshToken {
    family: String,
    counter: i64,
    /// The login session.
    pub(crate) login: i64,
}

/// What comes of the use of a token.
pub(crate) enum Use {
    /// Its child, and what is to be kept from now on.
    Child(SecretString, RefreshState),
    /// Its child once more; nothing changes.
    Again(SecretString),
    /// It was used before: somebody else has it, so nobody keeps it.
    Stolen,
    /// It belongs to a session of another database.
    Foreign,
}

impl RefreshCodec {
    /// The codec of these keys.
    pub(crate) fn new(keys: &Keys) -> Self {
        let keys = keys.accepted(LABEL).map(|it| hmac::Key::new(hmac::HMAC_SHA256, &it.bytes));
        Self { keys: keys.collect() }
    }

    /// The first token of a login session.
    pub(crate) fn first(&self, login: i64, now: DateTime<Utc>) -> (SecretString, RefreshState) {
        let mut random = [0; 16];
        rand::fill(&mut random).expect("the system has random bytes");
        self.make(&format!("{login}-{}", hex(&random)), 1, now)
    }

    /// The token that a text is, if it is one of ours.
    pub(crate) fn read(&self, text: &str) -> Option<RefreshToken> {
        let (message, signature) = text.rsplit_once('.').filter(|_| text.len() <= LENGTH_MAX)?;
        let is_ours = |key: &hmac::Key| {
            let expected = sign(key, message);
            verify_slices_are_equal(expected.as_bytes(), signature.as_bytes()).is_ok()
        };
        if !self.keys.iter().any(is_ours) {
            return None;
        }
        let (family, counter) = message.rsplit_once('.')?;
        let (login, _) = family.split_once('-')?;
        Some(RefreshToken {
            login: login.parse().ok()?,
            counter: counter.parse().ok()?,
            family: family.to_owned(),
        })
    }

    /// What comes of the use of a token, when this is kept of its login session.
    pub(crate) fn judge(
        &self,
        token: &RefreshToken,
        kept: &RefreshState,
        now: DateTime<Utc>,
    ) -> Use {
        // Made again rather than kept; whichever secret it was made with.
        let currents = self.keys.iter().map(|key| write(key, &token.family, kept.counter));
        let Some(current) = currents.into_iter().find(|it| hash(it) == kept.hash) else {
            return Use::Foreign;
        };
        if token.counter == kept.counter {
            let (child, state) = self.make(&token.family, kept.counter + 1, now);
            return Use::Child(child, state);
        }
        let is_parent = token.counter + 1 == kept.counter;
        let age_ms = now.timestamp_millis() - kept.made_at.timestamp_millis();
        if is_parent && age_ms <= GRACE_MS { Use::Again(current.into()) } else { Use::Stolen }
    }

    fn make(&self, family: &str, counter: i64, now: DateTime<Utc>) -> (SecretString, RefreshState) {
        let key = self.keys.first().expect("there is always a current key");
        let token = write(key, family, counter);
        let state = RefreshState { counter, made_at: now, hash: hash(&token) };
        (token.into(), state)
    }
}

fn write(key: &hmac::Key, family: &str, counter: i64) -> String {
    let message = format!("{family}.{counter}");
    let signature = sign(key, &message);
    format!("{message}.{signature}")
}

fn sign(key: &hmac::Key, message: &str) -> String {
    hex(hmac::sign(key, message.as_bytes()).as_ref())
}

fn hash(token: &str) -> String {
    hex(digest(&SHA256, token.as_bytes()).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

impl RefreshState {
    /// When the current token was made.
    pub fn made_at(&self) -> DateTime<Utc> {
        self.made_at
    }
}

impl fmt::Display for RefreshState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.counter, self.made_at.timestamp_millis(), self.hash)
    }
}

impl fmt::Debug for RefreshState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RefreshState({})", self.counter)
    }
}

impl FromStr for RefreshState {
    type Err = ();

    /// Reads what [`RefreshState`] displays.
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split(' ');
        let mut next = || parts.next().ok_or(());
        let counter = next()?.parse().map_err(|_| ())?;
        let made_at = DateTime::from_timestamp_millis(next()?.parse().map_err(|_| ())?);
        Ok(Self { counter, made_at: made_at.ok_or(())?, hash: next()?.to_owned() })
    }
}

#[cfg(test)]
mod tests;
