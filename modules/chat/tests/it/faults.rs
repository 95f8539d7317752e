//! Everything that can go away goes away while people talk: what was acknowledged is there once, and
//! everyone who may hear it has heard it, in its order.
//!
//! Two servers of one database in a cluster of the test's own, each behind a proxy of its own and
//! with one before the database;
//! writers that say each message until it is acknowledged, by whatever server answers; readers that
//! come back to whatever server answers and go on where they were; one reader outside.
//!
//! `ARTEL_TEST_SEED` repeats a run as far as faults go, `ARTEL_TEST_FAULTS` and
//! `ARTEL_TEST_MESSAGES` make it longer.

mod chance;
mod fault;
mod line;
mod outsider;
mod reader;
mod server;
mod verdict;
mod world;
mod writer;

use std::{env, time::Duration};

use futures_util::future::{join, join_all};
use tokio::time;

use crate::faults::{
    chance::Chance,
    fault::Fault,
    outsider::Outsider,
    reader::Reader,
    verdict::Verdict,
    world::World,
    writer::{Way, Writer},
};

const FAULTS: usize = 12;
const MESSAGES: usize = 1_500;
const WRITERS: usize = 6;
const READERS: usize = 4;

#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_away_nothing_is_lost_doubled_or_told_to_strangers() {
    let seed = number("ARTEL_TEST_SEED").unwrap_or_else(Chance::fresh_seed);
    let faults = count("ARTEL_TEST_FAULTS", FAULTS);
    let messages = count("ARTEL_TEST_MESSAGES", MESSAGES);
    println!("ARTEL_TEST_SEED={seed} ARTEL_TEST_FAULTS={faults} ARTEL_TEST_MESSAGES={messages}");
    let faults = Fault::some(&mut Chance::of(seed), faults);
    let world = World::arrange(WRITERS).await;
    let deadline = Duration::from_secs(120 + 20 * faults.len() as u64 + messages as u64 / 10);
    let played = time::timeout(deadline, play(&world, &faults, messages)).await;
    let verdict = played.unwrap_or_else(|_| panic!("not over in {deadline:?}: {}", world.state()));
    verdict.check(&world).await;
    world.end().await;
}

/// All of it; what everybody has heard.
async fn play(world: &World, faults: &[Fault], messages: usize) -> Verdict {
    let writing = async {
        let each = messages.div_ceil(WRITERS);
        let writers = (0..WRITERS).map(|number| {
            let way = if number % 2 == 0 { Way::Socket } else { Way::Request };
            Writer::of(world, number, way).write(each)
        });
        let total = each * WRITERS;
        let (said, ()) = join(join_all(writers), break_things(world, faults, total)).await;
        // Whoever has been away all the time begins now.
        world.close().await;
        said.into_iter().flatten().collect()
    };
    let reading = join_all((0..READERS).map(|it| Reader::of(world, it).read()));
    let late = async {
        world.closed().await;
        Reader::of(world, READERS).read().await
    };
    let outside = Outsider::of(world).listen();
    let ((said, mut readers), (late, outsider)) =
        join(join(writing, reading), join(late, outside)).await;
    readers.push(late);
    Verdict { said, readers, outsider }
}

/// One fault after the other, spread over all that is said.
#[expect(clippy::print_stdout, reason = "a run that fails is understood by what happened when")]
async fn break_things(world: &World, faults: &[Fault], messages: usize) {
    for (at, fault) in faults.iter().enumerate() {
        let (done, pace) = (at + 1, faults.len() + 1);
        world.tally.reach(messages * done / pace).await;
        println!("{:>6.1?} {:>5} said: {fault:?}", world.began.elapsed(), world.tally.count());
        fault.happen(world).await;
    }
}

fn count(name: &str, usual: usize) -> usize {
    number(name).map_or(usual, |it| usize::try_from(it).unwrap())
}

fn number(name: &str) -> Option<u64> {
    let text = env::var_os(name)?;
    let number = text.to_str().and_then(|it| it.parse().ok());
    Some(number.unwrap_or_else(|| panic!("{name} is a number")))
}
