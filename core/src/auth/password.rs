//! Passwords: made into hashes that cannot be turned back, and compared with them.
//!
//! New hashes are Argon2id, of the whole password. Those of bcrypt, which looks at 72 bytes, still
//! verify as bcrypt does and are then made anew. What may become a password is said here too.
//!
//! **Invariant:** at most all but one of the machine's cores hash at a time, beside the runtime,
//! so signing in cannot starve everything else of processor or memory.

use std::{collections::HashSet, num::NonZeroUsize, sync::LazyLock, thread};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use orm::Violation;
use tokio::sync::Semaphore;

use crate::{Error, Result, settings::SecretString};

/// The shortest password, in characters.
pub const LENGTH_MIN: usize = 8;

/// The longest password, in bytes: whatever is longer is no password but an attack.
pub const LENGTH_MAX: usize = 1024;

/// Passwords that many people use, in lower case: the first ones that anybody tries.
static COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// Of Argon2id: memory in KiB, passes, lanes.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);

/// How a hash of that cost begins.
const PREFIX: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

/// What the password of an unknown login is compared with, so that it takes the same time.
const NOBODY: &str = concat!(
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGlzIGhlcmU",
    "$/UHnX+xdMLYHo2IR9xzSHBFtLmWjcSL3XDcKwHSgQNw"
);

// Of the process, not of an environment: cores and memory are the machine's.
static TURNS: LazyLock<Semaphore> = LazyLock::new(|| {
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    Semaphore::new(cores.saturating_sub(1).max(1))
});

/// How many may wait for their turn: more is an attack, and whoever waits is answered too late.
const WAITING_MAX: usize = 256;

static WAITING: Semaphore = Semaphore::const_new(WAITING_MAX);

/// How a password compares with a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is another one, or there is none.
    Wrong,
    /// It is the one.
    Right,
    /// It is the one, and its hash should be made anew: another kind, or another cost.
    RightButOld,
}

/// The hash of a new password; what the field that holds it is sealed with.
///
/// # Errors
/// Invalid when it may not become a password, unavailable when too many wait.
pub async fn hash(password: String) -> Result<String> {
    match fault(&password, None, "/password") {
        Some(violation) => Err(Error::invalid(vec![violation])),
        None => hash_of_any(password).await,
    }
}

/// The hash of what is a password already, whether or not it could become one today.
///
/// # Errors
/// Unavailable when too many wait.
pub(crate) async fn hash_of_any(password: String) -> Result<String> {
    in_turn(move || {
        let made = argon().hash_password(password.as_bytes());
        made.map(|it| it.to_string()).map_err(|error| Error::broken(format!("no hash: {error}")))
    })
    .await?
}

/// A password that nobody can guess, for whoever has none yet.
pub fn generate() -> SecretString {
    // Letters and digits that nobody mixes up; 32 of them, so every byte is spread evenly.
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0; 20];
    aws_lc_rs::rand::fill(&mut bytes).expect("the system has random bytes");
    let letters = bytes.iter().map(|it| char::from(LETTERS[usize::from(*it) % LETTERS.len()]));
    letters.collect::<String>().into()
}

/// Compares a password with a hash; without one it takes as long and is wrong.
///
/// # Errors
/// Unavailable when too many wait for their turn.
pub async fn verify(password: String, hash: Option<String>) -> Result<Verdict> {
    in_turn(move || {
        let is_right = is_right(password.as_bytes(), hash.as_deref().unwrap_or(NOBODY));
        match hash {
            Some(hash) if is_right && hash.starts_with(PREFIX) => Verdict::Right,
            Some(_) if is_right => Verdict::RightButOld,
            _ => Verdict::Wrong,
        }
    })
    .await
}

/// Why a text may not become the password of somebody with this login, if it may not.
pub fn fault(password: &str, login: Option<&str>, pointer: &str) -> Option<Violation> {
    let violation = |code| Violation::at_pointer(pointer, code);
    if password.len() > LENGTH_MAX {
        return Some(violation("too_long").with("max", LENGTH_MAX));
    }
    if password.chars().count() < LENGTH_MIN {
        return Some(violation("too_short").with("min", LENGTH_MIN));
    }
    let lower = password.to_lowercase();
    if login.is_some_and(|it| it.to_lowercase() == lower) {
        return Some(violation("same_as_login"));
    }
    (lower.trim().is_empty() || COMMON.contains(lower.as_str())).then(|| violation("too_common"))
}

fn is_right(password: &[u8], hash: &str) -> bool {
    if hash.starts_with("$2") {
        return bcrypt::verify(password, hash).unwrap_or(false);
    }
    PasswordHash::new(hash).is_ok_and(|it| argon().verify_password(password, &it).is_ok())
}

fn argon() -> Argon2<'static> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).expect("the cost is within its bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let place = WAITING.try_acquire();
    let place = place.map_err(|_| Error::unavailable("too many passwords are being hashed"))?;
    let turn = TURNS.acquire().await.expect("nobody closes it");
    let done = tokio::task::spawn_blocking(move || {
        // Given back when the work is over, also when its caller has gone away meanwhile.
        let _turn = (turn, place);
        work()
    });
    done.await.map_err(|error| Error::broken(format!("hashing ended early: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_verifies_its_password_and_no_other() {
        let hash = hash("correct horse".to_owned()).await.unwrap();
        assert!(hash.starts_with(PREFIX), "{hash}");
        check("correct horse", &hash, Verdict::Right).await;
        check("correct hors", &hash, Verdict::Wrong).await;
        check("", &hash, Verdict::Wrong).await;
    }

    #[tokio::test]
    async fn two_hashes_of_one_password_differ() {
        let one = hash("correct horse".to_owned()).await.unwrap();
        let other = hash("correct horse".to_owned()).await.unwrap();
        assert_ne!(one, other);
    }

    #[tokio::test]
    async fn passwords_in_other_alphabets_are_whole() {
        let password = "пароль".repeat(20);
        let hash = hash(password.clone()).await.unwrap();
        check(&password, &hash, Verdict::Right).await;
        check(&"пароль".repeat(19), &hash, Verdict::Wrong).await;
    }

    #[tokio::test]
    async fn bcrypt_verifies_and_wants_to_be_made_anew() {
        let made = bcrypt::hash("correct horse", 4).unwrap();
        for prefix in ["$2a$", "$2b$", "$2y$"] {
            let hash = format!("{prefix}{}", &made[4..]);
            check("correct horse", &hash, Verdict::RightButOld).await;
            check("wrong horse", &hash, Verdict::Wrong).await;
        }
    }

    #[tokio::test]
    async fn a_long_password_of_bcrypt_lets_its_owner_in_once_more() {
        let whole = format!("{}1", "я".repeat(36));
        let hash = bcrypt::hash(&whole, 4).unwrap();
        check(&whole, &hash, Verdict::RightButOld).await;
        check(&"я".repeat(35), &hash, Verdict::Wrong).await;
    }

    #[tokio::test]
    async fn two_long_passwords_that_begin_alike_are_two() {
        let alike = "x".repeat(72);
        let hash = hash(format!("{alike}1")).await.unwrap();
        check(&format!("{alike}1"), &hash, Verdict::Right).await;
        check(&format!("{alike}2"), &hash, Verdict::Wrong).await;
        check(&alike, &hash, Verdict::Wrong).await;
    }

    #[tokio::test]
    async fn argon_of_another_cost_wants_to_be_made_anew() {
        let cheap = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(1024, 1, 1, None).unwrap(),
        );
        let hash = cheap.hash_password(b"correct horse").unwrap().to_string();
        check("correct horse", &hash, Verdict::RightButOld).await;
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        assert!(PasswordHash::new(NOBODY).is_ok() && NOBODY.starts_with(PREFIX));
        let verdict = verify("nobody".to_owned(), None).await.unwrap();
        assert_eq!(verdict, Verdict::Wrong);
    }

    #[tokio::test]
    async fn what_is_no_hash_verifies_nothing() {
        for hash in ["", "plain", "$2b$", "$argon2id$", "$1$abc$def"] {
            check("plain", hash, Verdict::Wrong).await;
        }
    }

    #[test]
    fn a_password_has_eight_characters_and_at_most_a_kilobyte() {
        check_fault("1234567", Some("too_short"));
        check_fault("абвгдеё", Some("too_short"));
        check_fault("абвгдеёж", None);
        check_fault(&"я".repeat(512), None);
        check_fault(&"я".repeat(513), Some("too_long"));
    }

    #[test]
    fn what_everybody_uses_is_no_password() {
        for common in ["password", "Password1", "12345678", "QWERTYUIOP", "йцукенгш"] {
            check_fault(common, Some("too_common"));
        }
        check_fault("correct horse", None);
        check_fault("demo-ann", None);
        check_fault("annabelle", Some("same_as_login"));
        check_fault("AnnaBelle", Some("same_as_login"));
        check_fault("annabelle2", None);
    }

    #[test]
    fn the_list_of_common_passwords_has_no_line_in_vain() {
        assert!(COMMON.len() > 300);
        for line in include_str!("common_passwords.txt").lines() {
            assert!(line.chars().count() >= LENGTH_MIN && line == line.to_lowercase(), "{line}");
        }
    }

    #[track_caller]
    fn check_fault(password: &str, expected: Option<&str>) {
        let found = fault(password, Some("annabelle"), "/password");
        assert_eq!(found.map(|it| it.code), expected, "{password}");
    }

    async fn check(password: &str, hash: &str, expected: Verdict) {
        let verdict = verify(password.to_owned(), Some(hash.to_owned())).await.unwrap();
        assert_eq!(verdict, expected, "{password} and {hash}");
    }
}
