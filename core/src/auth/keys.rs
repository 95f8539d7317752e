//! Every key of the program, derived from the one secret of its settings.
//!
//! **Invariant:** no two uses share a key: each has a label, and a key is HKDF-SHA256 of secret
//! and label. The secret itself signs and encrypts nothing.

use aws_lc_rs::hkdf::{HKDF_SHA256, Prk, Salt};

use crate::settings::{ExposeSecret, SecretString};

/// Tells our keys from those of another program with the same secret.
const SALT: &[u8] = b"artel keys 1";

/// Makes keys out of the secret, and out of the one before it.
#[derive(Clone)]
pub struct Keys {
    current: Prk,
    previous: Option<Prk>,
}

/// A key for one use.
#[derive(Clone)]
pub struct Key {
    /// Public: tells keys of one use apart. Follows from secret and label.
    pub id: String,
    /// The key itself.
    pub bytes: [u8; 32],
}

impl Keys {
    /// The keys of a secret; those of `previous` only verify.
    pub fn of(secret: &SecretString, previous: Option<&SecretString>) -> Self {
        let extract =
            |it: &SecretString| Salt::new(HKDF_SHA256, SALT).extract(it.expose_secret().as_bytes());
        Self { current: extract(secret), previous: previous.map(extract) }
    }

    /// The key that new things of this use are made with.
    pub fn current(&self, label: &str) -> Key {
        Key::of(&self.current, label)
    }

    /// The keys that things of this use may have been made with.
    pub fn accepted(&self, label: &str) -> impl Iterator<Item = Key> {
        [Some(&self.current), self.previous.as_ref()]
            .into_iter()
            .flatten()
            .map(|it| Key::of(it, label))
    }
}

impl Key {
    fn of(secret: &Prk, label: &str) -> Self {
        let id = expand(secret, &[label.as_bytes(), b"/id"]);
        let id = id[..6].iter().map(|it| format!("{it:02x}")).collect();
        Self { id, bytes: expand(secret, &[label.as_bytes(), b"/key"]) }
    }
}

fn expand(secret: &Prk, label: &[&[u8]]) -> [u8; 32] {
    let mut bytes = [0; 32];
    secret
        .expand(label, HKDF_SHA256)
        .and_then(|it| it.fill(&mut bytes))
        .expect("SHA-256 expands to 32 bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_secret_and_label_give_one_key() {
        assert_eq!(keys("a", None).current("x").bytes, keys("a", None).current("x").bytes);
        assert_eq!(keys("a", None).current("x").id.len(), 12);
    }

    #[test]
    fn another_label_or_secret_gives_another_key() {
        let key = keys("a", None).current("x");
        for other in [keys("a", None).current("y"), keys("b", None).current("x")] {
            assert_ne!(other.bytes, key.bytes);
            assert_ne!(other.id, key.id);
        }
    }

    #[test]
    fn the_previous_secret_is_accepted_second() {
        let accepted: Vec<String> = keys("b", Some("a")).accepted("x").map(|it| it.id).collect();
        assert_eq!(accepted, [keys("b", None).current("x").id, keys("a", None).current("x").id]);
    }

    fn keys(secret: &str, previous: Option<&str>) -> Keys {
        let secret_of = |it: &str| SecretString::from(it.to_owned());
        Keys::of(&secret_of(secret), previous.map(secret_of).as_ref())
    }
}
