//! How often, how long and how many: what tests set in milliseconds.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use crate::{Error, Result, pubsub::is_name};

/// The longest namespace, in bytes: with a topic behind it, it is a name for PostgreSQL.
const NAMESPACE_BYTES_MAX: usize = 16;

/// How an installation uses its broker.
#[derive(Debug, Clone)]
pub struct Options {
    /// What the topics of this installation begin with at the broker: two that share one do not
    /// hear each other. A name of `a` to `z`, `0` to `9` and `_`.
    pub namespace: String,
    /// How often a message to oneself is sent over the connection.
    pub beat_every: Duration,
    /// How long it may take to be heard; then the connection is thrown away.
    pub beat_patience: Duration,
    /// How long connecting may take.
    pub connect_patience: Duration,
    /// How long telling something may take.
    pub publish_patience: Duration,
    /// Bounds of the pause before the first and before any later attempt to connect: the pause is
    /// a random part of a bound that doubles from the first to the last of these.
    pub pause: [Duration; 2],
    /// A random duration, up to this one.
    pub chance: fn(Duration) -> Duration,
    /// Messages that a subscription keeps for whoever reads it; one more, and all become a gap.
    pub unread_max: usize,
}

impl Options {
    pub(super) fn check(&self) -> Result<()> {
        if is_namespace(&self.namespace) {
            return Ok(());
        }
        Err(Error::broken(format!(
            "`{}` is no namespace; write 1 to {NAMESPACE_BYTES_MAX} of a-z, 0-9 and _",
            self.namespace
        )))
    }

    /// The pause after so many attempts in vain.
    pub(super) fn pause_after(&self, attempts: u32) -> Duration {
        let [first, longest] = self.pause;
        let doubled = 1_u32.checked_shl(attempts).and_then(|it| first.checked_mul(it));
        (self.chance)(doubled.map_or(longest, |it| it.min(longest)))
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            namespace: "artel".to_owned(),
            beat_every: Duration::from_secs(10),
            beat_patience: Duration::from_secs(10),
            connect_patience: Duration::from_secs(5),
            publish_patience: Duration::from_secs(2),
            pause: [Duration::from_millis(100), Duration::from_secs(5)],
            chance: any_part_of,
            unread_max: 1024,
        }
    }
}

/// Whether a text may set an installation apart.
pub(crate) fn is_namespace(text: &str) -> bool {
    is_name(text, NAMESPACE_BYTES_MAX)
}

/// Any duration up to this one, each as likely: processes that lost a broker together do not come
/// back together.
fn any_part_of(bound: Duration) -> Duration {
    let random = RandomState::new().hash_one(0);
    let micros = u64::try_from(bound.as_micros()).unwrap_or(u64::MAX);
    Duration::from_micros(random % micros.saturating_add(1).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_of_pauses_double_up_to_the_longest() {
        let options = Options { chance: |it| it, ..Options::default() };
        let pauses = [0, 1, 5, 6, 31, 32, u32::MAX].map(|it| options.pause_after(it).as_millis());
        assert_eq!(pauses, [100, 200, 3_200, 5_000, 5_000, 5_000, 5_000]);
    }

    #[test]
    fn a_pause_is_any_part_of_its_bound() {
        let bound = Duration::from_millis(100);
        let pauses: Vec<Duration> = (0..1_000).map(|_| any_part_of(bound)).collect();
        assert!(pauses.iter().all(|it| *it <= bound));
        assert!(pauses.iter().any(|it| *it < bound / 4));
        assert!(pauses.iter().any(|it| *it > bound / 4 * 3));
        assert_eq!(any_part_of(Duration::ZERO), Duration::ZERO);
    }

    #[test]
    fn a_namespace_is_a_name() {
        assert!(["artel", "shop_2", "sixteen_letters_"].into_iter().all(is_namespace));
        assert!(!["", "Shop", "a.b", "seventeen_letters"].into_iter().any(is_namespace));
    }
}
