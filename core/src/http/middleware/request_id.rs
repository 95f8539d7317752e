//! The id of a request: what the client sent, if it is sane, else a short one of our own.

use std::{
    hash::{BuildHasher, RandomState},
    sync::atomic::{AtomicU64, Ordering},
};

use http::HeaderValue;

/// The longest id of a client that is kept.
const LENGTH_MAX: usize = 64;

/// Gives ids out. Those of one process never repeat; those of two differ by chance.
#[derive(Default)]
pub(crate) struct RequestIds {
    secret: RandomState,
    given: AtomicU64,
}

impl RequestIds {
    /// The client's own id, or else a new one.
    pub(crate) fn of(&self, sent: Option<&HeaderValue>) -> HeaderValue {
        match sent {
            Some(sent) if is_sane(sent.as_bytes()) => sent.clone(),
            _ => self.next(),
        }
    }

    fn next(&self) -> HeaderValue {
        const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
        let mut rest = self.secret.hash_one(self.given.fetch_add(1, Ordering::Relaxed));
        let mut id = [0; 13];
        for letter in &mut id {
            *letter = LETTERS[usize::from(rest.to_le_bytes()[0] % 32)];
            rest >>= 5;
        }
        HeaderValue::from_bytes(&id).expect("letters and digits are a header")
    }
}

/// Nothing that could break out of a line of a log, or fill it.
fn is_sane(id: &[u8]) -> bool {
    (1..=LENGTH_MAX).contains(&id.len())
        && id.iter().all(|it| it.is_ascii_alphanumeric() || b"._-".contains(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sane_id_is_kept() {
        check("load-balancer_7.a", true);
        check(&"a".repeat(64), true);
    }

    #[test]
    fn anything_else_is_replaced() {
        check("", false);
        check("two words", false);
        check("a\"b", false);
        check(&"a".repeat(65), false);
    }

    #[test]
    fn own_ids_differ_and_are_sane_themselves() {
        let ids = RequestIds::default();
        let (one, two) = (ids.of(None), ids.of(None));
        assert_ne!(one, two);
        assert!(is_sane(one.as_bytes()), "{one:?}");
    }

    #[track_caller]
    fn check(sent: &str, is_kept: bool) {
        let sent = HeaderValue::from_str(sent).unwrap();
        assert_eq!(RequestIds::default().of(Some(&sent)) == sent, is_kept);
    }
}
