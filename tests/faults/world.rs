//! What everybody in the test shares: chats, servers, how much was said, what must not have been.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use artel_testing::{Client, Proxy, TestApp, TestBroker, TestCluster};
use chat::log::heads;
use orm::{Id, Model};
use serde_json::json;
use tokio::{sync::watch, time::Instant};
use users::User;

use crate::server::Server;

pub(super) const CHATS: &str = "/api/v1/chats";

const CHAT_COUNT: usize = 3;
pub(super) const SERVERS: usize = 3;
/// The servers take the tokens that the test makes.
const SECRET: &str = "a secret that only tests know and that is long enough";

/// How the servers wake each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broker {
    Database,
    Redis,
    Nats,
}

pub(super) struct World {
    /// The database's server, which nobody else needs.
    pub(super) cluster: TestCluster,
    /// Has the database, and is asked by nobody but the test.
    pub(super) base: TestApp,
    /// Before the broker, and the broker.
    pub(super) broker: Option<(Proxy, Mutex<TestBroker>)>,
    pub(super) kind: Broker,
    pub(super) servers: Vec<Server>,
    pub(super) chats: Vec<i64>,
    /// Those who talk; the first runs the chats.
    pub(super) members: Vec<Client>,
    /// Who comes and goes.
    pub(super) guest: Client,
    pub(super) guest_id: i64,
    /// Who is in none of the chats.
    pub(super) outsider: Client,
    pub(super) tally: Tally,
    /// Messages that others may react to, the newest of them: their chats and keys.
    recent: Mutex<Vec<(i64, i64)>>,
    pub(super) began: Instant,
    /// Where the logs end, once nobody says anything any more.
    ends: watch::Sender<Option<BTreeMap<i64, i64>>>,
    strikes: Mutex<Vec<String>>,
}

/// How many messages were acknowledged.
pub(super) struct Tally {
    told: watch::Sender<usize>,
    /// Times that somebody had to say something again.
    repeated: AtomicUsize,
    /// Times that a reader came back, was told to begin anew, was sent away and let in again.
    pub(super) opened: AtomicUsize,
    pub(super) begun_anew: AtomicUsize,
    pub(super) sent_away: AtomicUsize,
}

impl Broker {
    pub(super) async fn start(self) -> Option<TestBroker> {
        match self {
            Self::Database => None,
            Self::Redis => Some(TestBroker::own_redis().await),
            Self::Nats => Some(TestBroker::own_nats().await),
        }
    }
}

impl World {
    pub(super) async fn arrange(kind: Broker, talkers: usize) -> Self {
        let cluster = TestCluster::start().await;
        // What the program is made of: each would close what it does not know.
        let modules = [
            auth_token::MODULE,
            chat::MODULE,
            leads::MODULE,
            partners::MODULE,
            products::MODULE,
            sales::MODULE,
            tasks::MODULE,
        ];
        // Longer than any run: nobody signs in anew.
        let base = TestApp::builder().setting("ARTEL_AUTH__ACCESS_TTL_S", 86_400);
        let base = base.start_in(&cluster, &modules).await;
        let (mut members, mut ids) = (Vec::new(), Vec::new());
        for at in 0..talkers {
            let login = format!("talker{at}");
            members.push(base.user(&login).await);
            ids.push(id_of(&base, &login).await);
        }
        let (guest, outsider) = (base.user("boris").await, base.user("clara").await);
        let guest_id = id_of(&base, "boris").await;
        ids.push(guest_id);
        let mut chats = Vec::new();
        for _ in 0..CHAT_COUNT {
            let body = json!({ "kind": "group", "member_ids": ids[1..] });
            chats.push(members[0].post(CHATS, body).await.expect(201).id());
        }
        let broker = match kind.start().await {
            None => None,
            Some(it) => Some((Proxy::to(it.upstream()).await, Mutex::new(it))),
        };
        let settings = settings(kind, broker.as_ref());
        let mut servers = Vec::new();
        for _ in 0..SERVERS {
            servers.push(Server::on(base.database(), settings.clone()).await);
        }
        let tally = Tally {
            told: watch::Sender::new(0),
            repeated: AtomicUsize::new(0),
            opened: AtomicUsize::new(0),
            begun_anew: AtomicUsize::new(0),
            sent_away: AtomicUsize::new(0),
        };
        Self {
            cluster,
            base,
            broker,
            kind,
            servers,
            chats,
            members,
            guest,
            guest_id,
            outsider,
            tally,
            recent: Mutex::default(),
            began: Instant::now(),
            ends: watch::Sender::new(None),
            strikes: Mutex::default(),
        }
    }

    /// Says that nobody says anything any more, and where the logs end.
    pub(super) async fn close(&self) {
        let heads = heads(&self.base.session(), &self.chats).await.unwrap();
        let ends = heads.iter().map(|it| (it.chat_id, it.last_seq)).collect();
        self.ends.send_replace(Some(ends));
    }

    /// Waits for that.
    pub(super) async fn closed(&self) -> BTreeMap<i64, i64> {
        let mut ends = self.ends.subscribe();
        let ends = ends.wait_for(Option::is_some).await.unwrap();
        ends.clone().unwrap_or_default()
    }

    /// Where the logs end, if nobody says anything any more.
    pub(super) fn ends(&self) -> Option<BTreeMap<i64, i64>> {
        self.ends.borrow().clone()
    }

    /// Notes a message that others may react to.
    pub(super) fn note(&self, chat: i64, message: i64) {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if recent.len() >= 50 {
            recent.remove(0);
        }
        recent.push((chat, message));
    }

    /// One of those that were noted last.
    pub(super) fn recent(&self, chance: usize) -> Option<(i64, i64)> {
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.get(chance % recent.len().max(1)).copied()
    }

    /// Notes what must not happen; the test goes on, so that all of it is seen.
    pub(super) fn strike(&self, what: String) {
        self.strikes.lock().unwrap_or_else(PoisonError::into_inner).push(what);
    }

    /// What must not have happened and has.
    pub(super) fn strikes(&self) -> Vec<String> {
        self.strikes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How far it is, for whoever looks for what holds it up.
    pub(super) fn state(&self) -> String {
        let of = |it: &AtomicUsize| it.load(Ordering::Relaxed);
        let Tally { repeated, opened, begun_anew, sent_away, .. } = &self.tally;
        format!(
            "{} acknowledged, {} repeated; readers came {} times, began anew {} times, were sent \
             away {} times; against it: {:#?}",
            self.tally.count(),
            of(repeated),
            of(opened),
            of(begun_anew),
            of(sent_away),
            self.strikes()
        )
    }

    pub(super) async fn end(self) {
        for server in &self.servers {
            server.stop("TERM").await;
        }
        self.base.stop().await;
    }
}

impl Tally {
    pub(super) fn add(&self) {
        self.told.send_modify(|it| *it += 1);
    }

    pub(super) fn repeat(&self) {
        self.repeated.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count(&self) -> usize {
        *self.told.borrow()
    }

    /// Waits until so many were acknowledged.
    pub(super) async fn reach(&self, count: usize) {
        let mut told = self.told.subscribe();
        let reached = told.wait_for(|it| *it >= count).await;
        assert!(reached.is_ok(), "the tally lives as long as the test");
    }
}

/// The key of a user.
pub(super) async fn id_of(app: &TestApp, login: &str) -> i64 {
    let found = User::query(&app.session()).filter(User::LOGIN.eq(login)).first().await;
    let id: Id<User> = found.unwrap().unwrap().id();
    id.get()
}

/// How each of the servers is set.
fn settings(
    kind: Broker,
    broker: Option<&(Proxy, Mutex<TestBroker>)>,
) -> Vec<(&'static str, String)> {
    let mut settings = vec![
        ("ARTEL_AUTH__SECRET", SECRET.to_owned()),
        ("ARTEL_AUTH__ADMIN_PASSWORD", SECRET.to_owned()),
        ("ARTEL_LOG__LEVEL", "warn".to_owned()),
        ("ARTEL_POOL__SIZE", "6".to_owned()),
        ("ARTEL_HTTP__SHUTDOWN_S", "3".to_owned()),
        // Less than a server stands still at times.
        ("ARTEL_SOCKET__PING_MS", "1000".to_owned()),
        ("ARTEL_SOCKET__SILENCE_MS", "3000".to_owned()),
        // One user is there as writer and as reader, and what has broken off is noticed late.
        ("ARTEL_CHAT__SOCKETS_PER_USER", "100".to_owned()),
    ];
    if let Some((proxy, broker)) = broker {
        let url = broker.lock().unwrap_or_else(PoisonError::into_inner).url_through(proxy);
        match kind {
            Broker::Database => {}
            Broker::Redis => settings.extend([
                ("ARTEL_CHAT__PUBSUB", "redis".to_owned()),
                ("ARTEL_CHAT__REDIS_URL", url),
            ]),
            Broker::Nats => settings
                .extend([("ARTEL_CHAT__PUBSUB", "nats".to_owned()), ("ARTEL_CHAT__NATS_URL", url)]),
        }
    }
    settings
}
