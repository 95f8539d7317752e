//! Tickets: each opens one socket, for a program that cannot send a header with it.
//!
//! A ticket is `login.user.expires.token_expires.random.signature`: for half a minute, and bound to the
//! login session that asked for it. It is made without a statement; that it was used is written down
//! when it is used, so that all processes know.
//!
//! **Invariant:** a ticket is good for nothing but a socket: its key is its own.

use aws_lc_rs::{constant_time::verify_slices_are_equal, hmac, rand};
use chrono::{DateTime, TimeDelta, Utc};

use crate::{auth::Keys, settings::SecretString};

/// What the keys of tickets are derived with.
const LABEL: &str = "socket ticket";

/// How long a ticket is good.
pub(crate) const TICKET_TTL: TimeDelta = TimeDelta::seconds(30);

/// The longest text that is looked at; ours have about 150 bytes.
const LENGTH_MAX: usize = 256;

/// Makes and reads tickets.
pub(crate) struct TicketCodec {
    /// The first one signs, all verify.
    keys: Vec<hmac::Key>,
}

/// What a ticket says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ticket {
    /// The login session.
    pub(crate) login: i64,
    pub(crate) user: i64,
    /// When the access token runs out that it was asked for with.
    pub(crate) token_expires_at: DateTime<Utc>,
    pub(crate) expires_at: DateTime<Utc>,
    /// Its own name, which no other ticket has.
    pub(crate) name: String,
}

impl TicketCodec {
    /// The codec of these keys.
    pub(crate) fn new(keys: &Keys) -> Self {
        let keys = keys.accepted(LABEL).map(|it| hmac::Key::new(hmac::HMAC_SHA256, &it.bytes));
        Self { keys: keys.collect() }
    }

    /// A new ticket.
    pub(crate) fn issue(
        &self,
        (login, user): (i64, i64),
        token_expires_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> SecretString {
        let mut random = [0; 16];
        rand::fill(&mut random).expect("the system has random bytes");
        let (expires, token_expires) = (now + TICKET_TTL, token_expires_at);
        let message = format!(
            "{login}.{user}.{}.{}.{}",
            expires.timestamp_millis(),
            token_expires.timestamp_millis(),
            hex(&random)
        );
        let key = self.keys.first().expect("there is always a current key");
        let signature = sign(key, &message);
        format!("{message}.{signature}").into()
    }

    /// The ticket that a text is, if it is one of ours and still good.
    pub(crate) fn read(&self, text: &str, now: DateTime<Utc>) -> Option<Ticket> {
        let (message, signature) = text.rsplit_once('.').filter(|_| text.len() <= LENGTH_MAX)?;
        let is_ours = |key: &hmac::Key| {
            let expected = sign(key, message);
            verify_slices_are_equal(expected.as_bytes(), signature.as_bytes()).is_ok()
        };
        if !self.keys.iter().any(is_ours) {
            return None;
        }
        let mut parts = message.split('.');
        let mut number = || parts.next()?.parse::<i64>().ok();
        let (login, user) = (number()?, number()?);
        let expires_at = DateTime::from_timestamp_millis(number()?)?;
        let token_expires_at = DateTime::from_timestamp_millis(number()?)?;
        let name = parts.next()?.to_owned();
        let ticket = Ticket { login, user, token_expires_at, expires_at, name };
        Some(ticket).filter(|it| now < it.expires_at)
    }
}

fn sign(key: &hmac::Key, message: &str) -> String {
    hex(hmac::sign(key, message.as_bytes()).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::ExposeSecret;

    #[test]
    fn a_ticket_says_what_it_was_made_with_for_half_a_minute() {
        let codec = codec("a", None);
        let (now, token_expires_at) = (at(1000), at(1900));
        let text = issue(&codec);
        let read = |now| codec.read(&text, now);
        let ticket = read(now).unwrap();
        assert_eq!((ticket.login, ticket.user), (7, 3));
        assert_eq!(ticket.token_expires_at, token_expires_at);
        assert_eq!(ticket.expires_at, now + TICKET_TTL);
        assert_eq!(read(now + TICKET_TTL - TimeDelta::milliseconds(1)), Some(ticket));
        assert_eq!(read(now + TICKET_TTL), None);
    }

    #[test]
    fn no_two_have_one_name() {
        let codec = codec("a", None);
        let name = || codec.read(&issue(&codec), at(1000)).unwrap().name;
        assert_ne!(name(), name());
    }

    #[test]
    fn what_was_changed_or_signed_otherwise_is_none_of_ours() {
        let text = issue(&codec("a", None));
        let is_read = |codec: &TicketCodec, text: &str| codec.read(text, at(1000)).is_some();
        assert!(is_read(&codec("a", None), &text));
        assert!(is_read(&codec("b", Some("a")), &text), "made before the secret was changed");
        assert!(!is_read(&codec("b", None), &text));
        for forged in [text.replacen("7.", "8.", 1), format!("{text}0"), text[1..].to_owned()] {
            assert!(!is_read(&codec("a", None), &forged), "{forged}");
        }
        for nonsense in ["", ".", "7.3", &".".repeat(200), &"7".repeat(1000)] {
            assert!(!is_read(&codec("a", None), nonsense), "{nonsense}");
        }
    }

    fn issue(codec: &TicketCodec) -> String {
        codec.issue((7, 3), at(1900), at(1000)).expose_secret().to_owned()
    }

    fn codec(secret: &str, previous: Option<&str>) -> TicketCodec {
        let secret_of = |it: &str| SecretString::from(it.to_owned());
        TicketCodec::new(&Keys::of(&secret_of(secret), previous.map(secret_of).as_ref()))
    }

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
    }
}
