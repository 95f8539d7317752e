//! A process that is many clients at once and does what it is told, a line of standard input after
//! another; what came of it is a line of JSON.
//!
//! It is one thread, and a task for each client, which comes back whenever its socket ends: at once
//! where it is told to, else after a pause that grows and is partly left to chance, as the protocol
//! says. Clients have an eye on the order of events: one that is missing is a gap, for good.

mod client;
mod round;

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    mem,
    net::SocketAddr,
    process,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::{
    runtime,
    sync::{Notify, Semaphore, mpsc, watch},
    task::JoinSet,
    time::{self, Instant},
};

use crate::{
    Result,
    arguments::CrowdSettings,
    chat::{
        crowd::{
            client::{Client, live},
            round::Speaker,
        },
        scene::CHANNEL,
    },
};

/// How long anything may take that all of them do.
const PATIENCE: Duration = Duration::from_secs(300);

/// What the crowd is told.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Order {
    /// Go there, so many at a time; those who listen already listen again.
    Go { to: SocketAddr, at_once: usize },
    /// Listen to your chats.
    Listen,
    /// One of you says so many things, one after another, and all hear them.
    Say { messages: usize },
    /// Wait until you have heard all of these chats, up to these events.
    Hear { chats: BTreeMap<i64, i64> },
}

/// What came of it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Outcome {
    /// How long it took, in milliseconds.
    pub(crate) took_ms: f64,
    /// Connections that were tried since it was told where to go.
    pub(crate) attempts: u64,
    /// How many ended since then, by their code.
    pub(crate) ends: BTreeMap<u16, u64>,
    /// Events that somebody has missed, ever.
    pub(crate) gaps: u64,
    /// Of what was said: milliseconds from saying it until somebody heard it, of a hundred.
    pub(crate) first: f64,
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    pub(crate) worst: f64,
}

/// What all clients share.
pub(crate) struct Shared {
    clients: Vec<Client>,
    target: watch::Sender<Target>,
    progress: Mutex<Progress>,
    /// Rung when something about it has changed.
    moved: Notify,
    gaps: AtomicU64,
    /// When the last thing was said, and how long after it who has heard it.
    round: Mutex<(Instant, Vec<Duration>)>,
}

/// Where they are to be.
#[derive(Clone)]
pub(crate) struct Target {
    address: Option<SocketAddr>,
    /// Counts the places that they were sent to.
    turn: u64,
    gate: Arc<Semaphore>,
    listens: bool,
}

/// How far they are in this turn.
#[derive(Debug, Default)]
struct Progress {
    turn: u64,
    ready: usize,
    listening: usize,
    attempts: u64,
    ends: BTreeMap<u16, u64>,
}

/// Is that process.
pub(crate) fn run(settings: &CrowdSettings) -> Result<()> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let shared = Arc::new(Shared::of(clients(settings)?));
        let mut tasks = JoinSet::new();
        for at in 0..shared.clients.len() {
            tasks.spawn(live(shared.clone(), at));
        }
        let mut speaker = None;
        let mut orders = orders();
        while let Some(order) = orders.recv().await {
            let outcome = time::timeout(PATIENCE, shared.carry_out(order, &mut speaker)).await;
            let outcome =
                outcome.map_err(|_| format!("not in time: {:?}", shared.progress()))??;
            writeln!(io::stdout(), "{}", serde_json::to_string(&outcome)?)?;
        }
        Ok(())
    })
}

fn clients(settings: &CrowdSettings) -> Result<Vec<Client>> {
    let Some(file) = &settings.members else {
        return Ok((0..settings.count).map(|_| Client::nobody()).collect());
    };
    let text = fs::read_to_string(file)?;
    text.lines().take(settings.count).map(Client::of).collect()
}

/// What is said at standard input.
fn orders() -> mpsc::UnboundedReceiver<Order> {
    let (given, orders) = mpsc::unbounded_channel();
    thread::spawn(move || {
        for line in io::stdin().lines() {
            let order = line.ok().and_then(|it| serde_json::from_str(&it).ok());
            if order.is_none_or(|it| given.send(it).is_err()) {
                break;
            }
        }
        // Whoever gave them is gone, whatever the crowd is doing at the moment.
        process::exit(0);
    });
    orders
}

impl Shared {
    fn of(clients: Vec<Client>) -> Self {
        let gate = Arc::new(Semaphore::new(0));
        let target = Target { address: None, turn: 0, gate, listens: false };
        Self {
            clients,
            target: watch::Sender::new(target),
            progress: Mutex::default(),
            moved: Notify::new(),
            gaps: AtomicU64::new(0),
            round: Mutex::new((Instant::now(), Vec::new())),
        }
    }

    async fn carry_out(&self, order: Order, speaker: &mut Option<Speaker>) -> Result<Outcome> {
        let began = Instant::now();
        let mut outcome = Outcome::default();
        match order {
            Order::Go { to, at_once } => {
                *speaker = None;
                self.go(to, at_once);
                let listens = self.target.borrow().listens;
                self.until(|it| if listens { it.listening } else { it.ready }).await;
            }
            Order::Listen => {
                self.target.send_modify(|it| it.listens = true);
                self.until(|it| it.listening).await;
            }
            Order::Say { messages } => {
                if speaker.is_none() {
                    let target = self.target.borrow().address.ok_or("nobody knows where")?;
                    *speaker = Some(Speaker::open(target, &self.clients[0]).await?);
                }
                let speaker = speaker.as_mut().ok_or("nobody speaks")?;
                speaker.say(self, messages, &mut outcome).await?;
            }
            Order::Hear { chats } => self.hear(&chats).await,
        }
        outcome.took_ms = began.elapsed().as_secs_f64() * 1e3;
        outcome.gaps = self.gaps.load(Ordering::Relaxed);
        let progress = self.progress();
        (outcome.attempts, outcome.ends) = (progress.attempts, progress.ends.clone());
        Ok(outcome)
    }

    fn go(&self, to: SocketAddr, at_once: usize) {
        self.target.send_modify(|it| {
            let (turn, gate) = (it.turn + 1, Arc::new(Semaphore::new(at_once)));
            *it = Target { address: Some(to), turn, gate, listens: it.listens };
            *self.progress() = Progress { turn, ..Progress::default() };
        });
    }

    /// Waits until all of them are as far.
    async fn until(&self, far: impl Fn(&Progress) -> usize) {
        loop {
            let moved = self.moved.notified();
            if far(&self.progress()) >= self.clients.len() {
                return;
            }
            moved.await;
        }
    }

    /// Waits until everybody in these chats has heard them up to an event.
    async fn hear(&self, chats: &BTreeMap<i64, i64>) {
        let is_behind = |it: &Client| {
            it.places().iter().any(|(chat, seq)| chats.get(chat).is_some_and(|end| seq < end))
        };
        while self.clients.iter().any(is_behind) {
            time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Notes something about those who were sent somewhere; nothing, if all were sent on since.
    fn note(&self, turn: u64, note: impl FnOnce(&mut Progress)) {
        let mut progress = self.progress();
        if progress.turn == turn {
            note(&mut progress);
        }
        drop(progress);
        self.moved.notify_waiters();
    }

    /// Notes that something is said now.
    fn begin_round(&self) {
        *self.round() = (Instant::now(), Vec::with_capacity(self.clients.len()));
    }

    /// Notes that somebody has heard what was said last.
    fn heard(&self) {
        let mut round = self.round();
        let after = round.0.elapsed();
        round.1.push(after);
        if round.1.len() >= self.clients.len() {
            drop(round);
            self.moved.notify_waiters();
        }
    }

    /// How long after it was said everybody has heard it; none while somebody has not.
    fn heard_by_all(&self) -> Option<Vec<Duration>> {
        let mut round = self.round();
        (round.1.len() >= self.clients.len()).then(|| mem::take(&mut round.1))
    }

    fn round(&self) -> MutexGuard<'_, (Instant, Vec<Duration>)> {
        self.round.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
