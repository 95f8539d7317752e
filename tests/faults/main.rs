//! Everything that can go away goes away while people talk: what was acknowledged is there once, and
//! everyone who may hear it has heard it, in its order.
//!
//! Three servers, processes of the program, on one database in a cluster of the test's own, each
//! behind a proxy of its own and with one before the database; writers that say each message until it
//! is acknowledged, by whatever server answers; others who change, delete, react, come and go; readers
//! that come back to whatever server answers, go on where they were and put together what they hear;
//! one outside.
//!
//! `ARTEL_FAULTS_SEED` repeats a run as far as faults go, `ARTEL_FAULTS` and
//! `ARTEL_FAULTS_MESSAGES` make it longer.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod actor;
mod chance;
mod fault;
mod host;
mod injected;
mod line;
mod outsider;
mod picture;
mod reader;
mod request;
mod server;
mod verdict;
mod world;
mod writer;

use std::{env, str::FromStr, time::Duration};

use futures_util::future::{join, join_all, join4};
use tokio::{sync::Mutex, time};

use crate::{
    actor::Actor,
    chance::Chance,
    fault::Fault,
    host::Host,
    outsider::Outsider,
    reader::Reader,
    verdict::Verdict,
    world::{Broker, World},
    writer::Writer,
};

/// How much of a usual run there is.
#[derive(Debug, Clone, Copy)]
struct Extent {
    faults: usize,
    messages: usize,
}

const USUAL: Extent = Extent { faults: 30, messages: 10_000 };
/// Over another broker than the database.
const SHORT: Extent = Extent { faults: 6, messages: 1_500 };
/// Messages for each fault, where more faults are asked for.
const MESSAGES_EACH: usize = 100;

/// Those who say messages over sockets, several at once; and those who ask by requests.
const WRITERS: usize = 9;
const ACTORS: usize = 4;
/// Those who read from the beginning to the end. Two more come late, and come and go.
const READERS: usize = 3;

/// One run at a time: each takes the whole machine.
static TURN: Mutex<()> = Mutex::const_new(());

#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_away_nothing_is_lost_doubled_or_told_to_strangers() {
    let faults = number("ARTEL_FAULTS").unwrap_or(USUAL.faults);
    let messages = USUAL.messages.max(faults * MESSAGES_EACH);
    let messages = number("ARTEL_FAULTS_MESSAGES").unwrap_or(messages);
    run(Broker::Database, Extent { faults, messages }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_is_it_with_a_redis_that_goes_away_too() {
    run(Broker::Redis, SHORT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_is_it_with_a_nats_that_goes_away_too() {
    run(Broker::Nats, SHORT).await;
}

#[expect(clippy::print_stdout, reason = "a run that fails is repeated by what is said here")]
async fn run(broker: Broker, extent: Extent) {
    let _turn = TURN.lock().await;
    let seed = number("ARTEL_FAULTS_SEED").unwrap_or_else(Chance::fresh_seed);
    let Extent { faults, messages } = extent;
    println!("ARTEL_FAULTS_SEED={seed} ARTEL_FAULTS={faults} ARTEL_FAULTS_MESSAGES={messages}");
    let faults = Fault::some(&mut Chance::of(seed), faults, broker);
    let world = World::arrange(broker, WRITERS + ACTORS).await;
    let deadline = Duration::from_secs(120 + 20 * faults.len() as u64 + messages as u64 / 10);
    let played = time::timeout(deadline, play(&world, &faults, messages)).await;
    let verdict = played.unwrap_or_else(|_| panic!("not over in {deadline:?}: {}", world.state()));
    verdict.check(&world).await;
    println!("{:>6.1?} over; {}", world.began.elapsed(), world.state());
    world.end().await;
}

/// All of it; what everybody has heard.
async fn play(world: &World, faults: &[Fault], messages: usize) -> Verdict {
    let talking = async {
        let writers = (0..WRITERS).map(|it| Writer::of(world, it).write(messages));
        let actors = (WRITERS..WRITERS + ACTORS).map(|it| Actor::of(world, it).act(messages));
        let breaking = break_things(world, faults, messages);
        let hosting = Host::of(world).come_and_go(messages);
        let (written, acted, (), ()) =
            join4(join_all(writers), join_all(actors), breaking, hosting).await;
        // Whoever has been away all the time begins now.
        world.close().await;
        written.into_iter().chain(acted).flatten().collect()
    };
    let reading = join_all((0..READERS).map(|it| Reader::of(world, it).read()));
    let guest = Reader::guest(world).read();
    let late = async {
        world.closed().await;
        Reader::of(world, READERS).read().await
    };
    let outside = Outsider::of(world).listen();
    let ((said, readers), (guest, late, outsider)) =
        join(join(talking, reading), async { tokio::join!(guest, late, outside) }).await;
    let readers = readers.into_iter().chain([guest, late]).collect();
    Verdict { said, readers, outsider }
}

/// One fault after the other, spread over all that is said.
#[expect(clippy::print_stdout, reason = "a run that fails is understood by what happened when")]
async fn break_things(world: &World, faults: &[Fault], messages: usize) {
    for (at, fault) in faults.iter().enumerate() {
        let (done, of) = (at + 1, faults.len());
        world.tally.reach(messages * done / (of + 1)).await;
        let (elapsed, count) = (world.began.elapsed(), world.tally.count());
        println!("{elapsed:>6.1?} {done:>4} of {of}, {count:>6} said: {fault:?}");
        fault.happen(world).await;
    }
}

fn number<T: FromStr>(name: &str) -> Option<T> {
    let text = env::var_os(name)?;
    let number = text.to_str().and_then(|it| it.parse().ok());
    Some(number.unwrap_or_else(|| panic!("{name} is a number")))
}
