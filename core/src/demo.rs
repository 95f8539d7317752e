//! What large demo data is made with: somebody who watches, chance that repeats, records in
//! batches.
//!
//! **Invariant:** what makes records knows nothing of who watches: a terminal, a file, nobody.

use orm::{Changes, Id, Model, Session};

use crate::Result;

/// Records of one statement; what PostgreSQL takes at once has limits, and who watches wants to
/// see something move.
const BATCH: usize = 1_000;

/// Told how far a work of many equal steps has come.
pub trait Progress: Send + Sync {
    /// A work of so many steps begins; the one before it is done.
    fn begin(&self, what: &str, steps: usize);

    /// So many steps more are done.
    fn advance(&self, steps: usize);
}

/// Nobody watches.
#[derive(Debug, Clone, Copy)]
pub struct Unwatched;

impl Progress for Unwatched {
    fn begin(&self, _: &str, _: usize) {}

    fn advance(&self, _: usize) {}
}

/// Numbers that look like chance and are the same for the same seed, on every machine.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// The row of numbers that belongs to a seed.
    pub const fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `count`, which is not 0.
    pub fn below(&mut self, count: usize) -> usize {
        // The remainder is below a `usize`.
        (self.draw() % count as u64) as usize
    }

    /// A number between these, both included.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        let span = most.abs_diff(least) + 1;
        least.wrapping_add_unsigned(self.draw() % span)
    }

    /// One of a list; of an empty one, none.
    pub fn one<'l, T>(&mut self, of: &'l [T]) -> Option<&'l T> {
        if of.is_empty() { None } else { of.get(self.below(of.len())) }
    }

    /// True that often in a hundred times.
    pub fn percent(&mut self, often: usize) -> bool {
        self.below(100) < often
    }

    /// `SplitMix64`.
    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

/// Creates records in batches, under the eyes of whoever watches; their ids, in the given order.
///
/// # Errors
/// As [`Model::create_many`]; those made before are undone with the transaction around them.
pub async fn create_all<M: Model>(
    session: &Session,
    progress: &dyn Progress,
    list: Vec<Changes<M>>,
) -> Result<Vec<Id<M>>> {
    progress.begin(M::def().table, list.len());
    let mut ids = Vec::with_capacity(list.len());
    let mut list = list.into_iter();
    loop {
        let batch: Vec<Changes<M>> = list.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            return Ok(ids);
        }
        let count = batch.len();
        ids.extend(M::create_many(session, batch).await?);
        progress.advance(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_is_the_same_at_every_start() {
        let row = |seed| {
            let mut chance = Chance::of(seed);
            [(); 4].map(|()| chance.between(-5, 5))
        };
        assert_eq!(row(7), row(7));
        assert_ne!(row(7), row(8));
        assert!(row(9).iter().all(|it| (-5..=5).contains(it)));
    }

    #[test]
    fn of_nothing_there_is_nothing_to_choose() {
        assert_eq!(Chance::of(1).one::<u8>(&[]), None);
        assert_eq!(Chance::of(1).one(&[7]), Some(&7));
    }
}
