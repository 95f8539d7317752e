//! A set of verbs: what a grant allows, or what a rule speaks of.

use std::{
    fmt,
    ops::{BitAnd, BitOr},
};

use orm::Verb;

/// A set of verbs; `Grant::READ | Grant::UPDATE` is both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant(u8);

impl Grant {
    /// Making records.
    pub const CREATE: Self = Self::of(Verb::Create);
    /// Reading records.
    pub const READ: Self = Self::of(Verb::Read);
    /// Changing records; of use together with reading them.
    pub const UPDATE: Self = Self::of(Verb::Update);
    /// Deleting records; of use together with reading them.
    pub const DELETE: Self = Self::of(Verb::Delete);
    /// All four.
    pub const ALL: Self = Self(0b1111);

    /// None of them.
    pub const NONE: Self = Self(0);

    /// The verbs for which the answer is yes.
    pub fn where_so(is_so: impl Fn(Verb) -> bool) -> Self {
        let verbs = Verb::ALL.into_iter().filter(|it| is_so(*it));
        verbs.fold(Self::NONE, |all, it| all | Self::of(it))
    }

    const fn of(verb: Verb) -> Self {
        Self(1 << verb as u8)
    }

    /// Whether the verb is in it.
    pub const fn has(self, verb: Verb) -> bool {
        self.0 & Self::of(verb).0 != 0
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = ["create", "read", "update", "delete"];
        let has = Verb::ALL.into_iter().zip(names).filter(|it| self.has(it.0));
        f.write_str(&has.map(|it| it.1).collect::<Vec<_>>().join(", "))
    }
}

impl BitAnd for Grant {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl BitOr for Grant {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_the_verbs_it_was_made_of() {
        check(Grant::READ, &[Verb::Read]);
        check(Grant::CREATE | Grant::DELETE, &[Verb::Create, Verb::Delete]);
        check(Grant::ALL, &Verb::ALL);
    }

    #[track_caller]
    fn check(grant: Grant, expected: &[Verb]) {
        let held: Vec<Verb> = Verb::ALL.into_iter().filter(|it| grant.has(*it)).collect();
        assert_eq!(held, expected);
    }
}
