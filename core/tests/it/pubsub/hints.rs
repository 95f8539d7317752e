//! Hints: how often they are told, and what becomes of them when they cannot be.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use artel_core::{
    Error, Result,
    pubsub::{
        HintOptions, Hints, MemoryBroker, Options, PAYLOAD_BYTES_MAX, PubSub, State, Subscription,
        memory, read_hints,
    },
};
use futures_util::future::BoxFuture;
use tokio::time::{self, Instant};

const WINDOW: Duration = Duration::from_millis(10);

#[tokio::test(start_paused = true)]
async fn ten_thousand_notes_are_one_message_a_window() {
    let told = Told::new();
    let hints = Hints::new(told.clone(), "news", HintOptions::default()).unwrap();
    let began = Instant::now();
    for note in 0..10_000 {
        hints.note(note % 7, note);
        if note % 20 == 0 {
            time::sleep(Duration::from_millis(1)).await;
        }
    }
    time::sleep(WINDOW * 2).await;
    let lasting = began.elapsed();

    let messages = told.messages();
    assert!(messages.windows(2).all(|it| it[1].0 - it[0].0 >= WINDOW));
    assert_eq!(messages[0].1, "0:0", "the first leaves at once");
    let windows = lasting.as_millis() / WINDOW.as_millis();
    let count = u128::try_from(messages.len()).unwrap();
    assert!(count <= windows + 1 && count > windows / 2, "{count} in {windows} windows");
    let highest: Vec<_> = told.highest().into_iter().collect();
    assert!(highest.into_iter().eq((0..7).map(|it| (it, 9_999 - (9_999 - it) % 7))));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_done_while_there_is_nothing_to_tell() {
    let told = Told::new();
    let hints = Hints::new(told.clone(), "news", HintOptions::default()).unwrap();
    hints.note(1, 1);
    time::sleep(WINDOW * 2).await;
    let asked = told.asked();
    // A timer would wake what counts; the clock jumps over all of them.
    time::sleep(Duration::from_secs(3600)).await;
    assert_eq!(told.asked(), asked);

    let noted = Instant::now();
    hints.note(1, 2);
    time::sleep(WINDOW).await;
    assert_eq!(told.messages()[1..], [(noted, "1:2".to_owned())], "and then at once");
}

#[tokio::test(start_paused = true)]
async fn many_keys_are_told_in_several_messages() {
    let told = Told::new();
    let hints = Hints::new(told.clone(), "news", HintOptions::default()).unwrap();
    for key in 0..5_000 {
        hints.note(key, 1_000_000_000);
    }
    time::sleep(WINDOW * 100).await;
    let messages = told.messages();
    assert!(messages.iter().all(|it| it.1.len() <= PAYLOAD_BYTES_MAX));
    assert!(messages.windows(2).all(|it| it[1].0 - it[0].0 >= WINDOW));
    assert!(messages.len() > 5, "{}", messages.len());
    assert!(told.highest().into_iter().eq((0..5_000).map(|it| (it, 1_000_000_000))));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_told_is_kept_as_far_as_there_is_room() {
    let told = Told::new();
    told.is_away.store(true, Ordering::Release);
    let options = HintOptions { keys_max: 3, ..HintOptions::default() };
    let hints = Hints::new(told.clone(), "news", options).unwrap();
    for (key, value) in [(1, 10), (2, 20), (1, 11), (3, 30), (4, 40), (1, 9)] {
        hints.note(key, value);
    }
    let before = told.asked();
    time::sleep(Duration::from_secs(60)).await;
    assert!(told.messages().is_empty());
    let tries = told.asked() - before;
    assert!((50..150).contains(&tries), "{tries} tries in a minute");

    told.is_away.store(false, Ordering::Release);
    time::sleep(Duration::from_secs(2)).await;
    let texts: Vec<_> = told.messages().into_iter().map(|it| it.1).collect();
    assert_eq!(texts, ["1:11,2:20,3:30"]);
}

/// Over a real one, and from process to process.
#[tokio::test]
async fn hints_are_heard_by_others() {
    let broker = MemoryBroker::new();
    let [ann, bob] = [0, 1].map(|_| memory(&broker, Options::default()).unwrap());
    let mut at_bob = crate::pubsub::stage::listen(&bob, "chat").await;
    let _connected = crate::pubsub::stage::listen(&ann, "other").await;
    let hints = Hints::new(ann, "chat", HintOptions::default()).unwrap();
    hints.note(17, 412);
    let heard = crate::pubsub::stage::text(&mut at_bob).await;
    assert!(read_hints(&heard).eq([(17, 412)]));
}

/// A broker that writes down what it is told, and when.
struct Told {
    messages: Mutex<Vec<(Instant, String)>>,
    asked: Mutex<u64>,
    is_away: AtomicBool,
}

impl Told {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            messages: Mutex::default(),
            asked: Mutex::default(),
            is_away: AtomicBool::new(false),
        })
    }

    fn messages(&self) -> Vec<(Instant, String)> {
        self.messages.lock().unwrap().clone()
    }

    /// How often it was thought of.
    fn asked(&self) -> u64 {
        *self.asked.lock().unwrap()
    }

    /// The highest value of each key.
    fn highest(&self) -> BTreeMap<i64, i64> {
        let mut highest = BTreeMap::new();
        for (_, text) in self.messages() {
            for (key, value) in read_hints(&text) {
                let known = highest.entry(key).or_insert(value);
                assert!(*known <= value, "{key} fell from {known} to {value}");
                *known = value;
            }
        }
        highest
    }
}

impl PubSub for Told {
    fn publish<'a>(&'a self, _: &'a str, payload: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            if self.is_away.load(Ordering::Acquire) {
                return Err(Error::unavailable("it is away"));
            }
            self.messages.lock().unwrap().push((Instant::now(), payload.to_owned()));
            Ok(())
        })
    }

    fn subscribe(&self, _: &str) -> Result<Subscription> {
        Err(Error::broken("nobody listens here"))
    }

    /// Asked before each attempt, and whenever there might be something to do.
    fn state(&self) -> State {
        *self.asked.lock().unwrap() += 1;
        State::Connected
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}
