//! What is known of who is there: by this process itself, and by word of others, each for the length
//! of a lease.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use tokio::time::Instant;

use crate::live::presence::{
    Standing,
    word::{Said, Word},
};

/// Who is there.
#[derive(Debug, Default)]
pub(super) struct Roll {
    /// By this process.
    own: BTreeMap<i64, Standing>,
    /// Those who have just left it: they count until then, for whoever loads a page anew is not gone.
    leaving: BTreeMap<i64, Instant>,
    /// By word of others, by the name of the process.
    others: BTreeMap<String, Lease>,
}

/// What another process said, and how long that is good for.
#[derive(Debug)]
struct Lease {
    users: BTreeMap<i64, Standing>,
    until: Instant,
}

impl Roll {
    /// Whether a user is there.
    pub(super) fn of(&self, user: i64) -> Standing {
        let others = self.others.values().filter_map(|it| it.users.get(&user));
        let all = others.chain(self.own.get(&user)).copied();
        all.max().unwrap_or(Standing::Offline)
    }

    /// Those who are there by this process.
    pub(super) fn own(&self) -> &BTreeMap<i64, Standing> {
        &self.own
    }

    /// Whether a process is known.
    pub(super) fn knows(&self, node: &str) -> bool {
        self.others.contains_key(node)
    }

    /// Notes who has sockets here now; what has changed of these, and who stands otherwise by it.
    pub(super) fn attend(
        &mut self,
        present: &BTreeMap<i64, Standing>,
        (now, grace): (Instant, Duration),
    ) -> (BTreeMap<i64, Standing>, BTreeSet<i64>) {
        let mut changed = BTreeMap::new();
        for (user, standing) in present {
            self.leaving.remove(user);
            if self.own.get(user) != Some(standing) {
                changed.insert(*user, *standing);
            }
        }
        for user in self.own.keys().filter(|it| !present.contains_key(it)) {
            if *self.leaving.entry(*user).or_insert(now + grace) <= now {
                changed.insert(*user, Standing::Offline);
            }
        }
        self.leaving.retain(|user, _| !changed.contains_key(user));
        let moved = self.moving(changed.keys().copied().collect(), |roll| {
            set(&mut roll.own, changed.iter().map(|(user, standing)| (*user, *standing)));
        });
        (changed, moved)
    }

    /// Notes what a process says; who stands otherwise by it. It is good for `lease`, or for `grace`
    /// when it says that it ends.
    pub(super) fn hear(
        &mut self,
        word: Word,
        (now, lease, grace): (Instant, Duration, Duration),
    ) -> BTreeSet<i64> {
        let Word { node, said } = word;
        let of = self.others.entry(node.clone()).or_insert_with(|| {
            let users = BTreeMap::new();
            Lease { users, until: now + lease }
        });
        let standings: BTreeMap<i64, Standing> = match said {
            Said::Ended {} => {
                of.until = of.until.min(now + grace);
                return BTreeSet::new();
            }
            Said::Changed { online, away, offline } => {
                standings([(online, Standing::Online), (away, Standing::Away)])
                    .chain(standings([(offline, Standing::Offline)]))
                    .collect()
            }
            Said::List { after, up_to, online, away } => {
                let covered = of.users.keys().filter(|it| (after + 1..=up_to).contains(it));
                let gone = covered.map(|it| (*it, Standing::Offline));
                let listed = standings([(online, Standing::Online), (away, Standing::Away)]);
                gone.chain(listed).collect()
            }
        };
        of.until = now + lease;
        self.moving(standings.keys().copied().collect(), |roll| {
            if let Some(of) = roll.others.get_mut(&node) {
                set(&mut of.users, standings.into_iter());
            }
        })
    }

    /// Forgets processes that have not been heard of for a lease; who stands otherwise by it.
    pub(super) fn expire(&mut self, now: Instant) -> BTreeSet<i64> {
        let over = self.others.values().filter(|it| it.until <= now);
        let users = over.flat_map(|it| it.users.keys().copied()).collect();
        self.moving(users, |roll| roll.others.retain(|_, it| it.until > now))
    }

    /// Those of some users who stand otherwise after a change than before.
    fn moving(
        &mut self,
        mut users: BTreeSet<i64>,
        change: impl FnOnce(&mut Self),
    ) -> BTreeSet<i64> {
        let before: Vec<Standing> = users.iter().map(|it| self.of(*it)).collect();
        change(self);
        let mut before = before.into_iter();
        users.retain(|it| before.next() != Some(self.of(*it)));
        users
    }
}

fn set(users: &mut BTreeMap<i64, Standing>, standings: impl Iterator<Item = (i64, Standing)>) {
    for (user, standing) in standings {
        match standing {
            Standing::Offline => _ = users.remove(&user),
            Standing::Away | Standing::Online => _ = users.insert(user, standing),
        }
    }
}

fn standings<const N: usize>(
    lists: [(Vec<i64>, Standing); N],
) -> impl Iterator<Item = (i64, Standing)> {
    lists.into_iter().flat_map(|(users, standing)| users.into_iter().map(move |it| (it, standing)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEASE: Duration = Duration::from_secs(25);
    const GRACE: Duration = Duration::from_secs(5);
    const SECOND: Duration = Duration::from_secs(1);

    fn list(node: &str, (after, up_to): (i64, i64), online: &[i64]) -> Word {
        let said = Said::List { after, up_to, online: online.to_vec(), away: Vec::new() };
        Word { node: node.to_owned(), said }
    }

    fn changed(node: &str, online: &[i64], offline: &[i64]) -> Word {
        let (online, offline) = (online.to_vec(), offline.to_vec());
        Word { node: node.to_owned(), said: Said::Changed { online, away: Vec::new(), offline } }
    }

    fn set_of<const N: usize>(users: [i64; N]) -> BTreeSet<i64> {
        BTreeSet::from(users)
    }

    #[test]
    fn the_highest_of_all_processes_holds_and_only_what_moves_is_named() {
        let (mut roll, now) = (Roll::default(), Instant::now());
        let hear = |roll: &mut Roll, word| roll.hear(word, (now, LEASE, GRACE));
        assert_eq!(hear(&mut roll, changed("a", &[1, 2], &[])), set_of([1, 2]));
        assert_eq!(hear(&mut roll, changed("b", &[2, 3], &[])), set_of([3]));
        assert_eq!(hear(&mut roll, changed("a", &[], &[1, 2])), set_of([1]));
        assert_eq!((roll.of(1), roll.of(2)), (Standing::Offline, Standing::Online));
        let away = BTreeMap::from([(2, Standing::Away), (4, Standing::Away)]);
        let (changed, moved) = roll.attend(&away, (now, GRACE));
        assert_eq!((changed, moved), (away, set_of([4])));
    }

    #[test]
    fn a_list_says_all_between_its_ends_and_nothing_of_others() {
        let (mut roll, now) = (Roll::default(), Instant::now());
        let hear = |roll: &mut Roll, word| roll.hear(word, (now, LEASE, GRACE));
        hear(&mut roll, changed("a", &[1, 5, 9], &[]));
        assert_eq!(hear(&mut roll, list("a", (1, 6), &[6])), set_of([5, 6]));
        assert_eq!((roll.of(1), roll.of(9)), (Standing::Online, Standing::Online));
    }

    #[test]
    fn a_process_that_is_silent_for_a_lease_is_gone_and_one_that_speaks_is_not() {
        let (mut roll, start) = (Roll::default(), Instant::now());
        roll.hear(changed("dead", &[1], &[]), (start, LEASE, GRACE));
        roll.hear(changed("alive", &[2], &[]), (start, LEASE, GRACE));
        roll.hear(list("alive", (0, i64::MAX), &[2]), (start + 20 * SECOND, LEASE, GRACE));
        assert_eq!(roll.expire(start + 24 * SECOND), set_of([]));
        assert_eq!(roll.expire(start + 25 * SECOND), set_of([1]));
        assert_eq!((roll.knows("dead"), roll.knows("alive")), (false, true));
        assert_eq!((roll.of(1), roll.of(2)), (Standing::Offline, Standing::Online));
    }

    #[test]
    fn whoever_comes_back_soon_was_never_gone() {
        let (mut roll, start) = (Roll::default(), Instant::now());
        let here = BTreeMap::from([(1, Standing::Online)]);
        let nobody = BTreeMap::new();
        roll.attend(&here, (start, GRACE));
        for second in 0..20 {
            let present = if second % 5 == 4 { &here } else { &nobody };
            let (changed, moved) = roll.attend(present, (start + second * SECOND, GRACE));
            assert_eq!((changed, moved), (BTreeMap::new(), set_of([])), "in second {second}");
        }
        let gone = (20..26).map(|it| roll.attend(&nobody, (start + it * SECOND, GRACE)).1);
        assert_eq!(gone.flatten().collect::<Vec<_>>(), [1]);
        // The others of a process that ends have as much time to go to another one.
        roll.hear(changed("b", &[7], &[]), (start, LEASE, GRACE));
        let ended = Word { node: "b".to_owned(), said: Said::Ended {} };
        assert_eq!(roll.hear(ended, (start, LEASE, GRACE)), set_of([]));
        assert_eq!(roll.expire(start + 4 * SECOND), set_of([]));
        assert_eq!(roll.expire(start + 5 * SECOND), set_of([7]));
    }
}
