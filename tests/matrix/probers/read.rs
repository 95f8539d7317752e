//! Records one by one: every one that there is, and one that is not.

use crate::{
    oracle::{Named, Verb},
    probe::{Expect, shown},
    probers::Ask,
};

pub(super) fn every(ask: &mut Ask<'_>) {
    let missing = [i64::MAX, 0];
    for id in ask.facts().ids(ask.of.name).into_iter().chain(missing) {
        let answer = match ask.eyes.may(ask.of, Verb::Read, id) {
            true => {
                Expect::Record { status: 200, record: shown(&ask.eyes, ask.of, id, &ask.usual()) }
            }
            false => Expect::missing(),
        };
        ask.read("read", &format!("/{id}"), Named::default(), answer);
    }
}
