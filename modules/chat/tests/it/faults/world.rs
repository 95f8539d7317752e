//! What everybody in the test shares: chats, servers, how much was said, what must not have been.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use artel_testing::{Client, TestApp, TestAppBuilder, TestCluster};
use chat::log::heads;
use serde_json::json;
use tokio::{sync::watch, time::Instant};

use crate::{
    faults::server::Server,
    room::{CHATS, id_of},
};

const CHAT_COUNT: usize = 2;

pub(super) struct World {
    /// The database's server, which nobody else needs.
    pub(super) cluster: TestCluster,
    /// Has the database, and is asked by nobody but the test.
    pub(super) base: TestApp,
    pub(super) servers: [Server; 2],
    pub(super) chats: Vec<i64>,
    /// Those who talk.
    pub(super) members: Vec<Client>,
    /// Who is in none of the chats.
    pub(super) outsider: Client,
    pub(super) tally: Tally,
    pub(super) began: Instant,
    /// Where the logs end, once nobody says anything any more.
    ends: watch::Sender<Option<BTreeMap<i64, i64>>>,
    strikes: Mutex<Vec<String>>,
}

/// How many messages were acknowledged.
pub(super) struct Tally {
    told: watch::Sender<usize>,
    /// Times that somebody had to say something again.
    pub(super) repeated: AtomicUsize,
}

impl World {
    pub(super) async fn arrange(writers: usize) -> Self {
        let cluster = TestCluster::start().await;
        let base = builder().start_in(&cluster, &[auth_token::MODULE, chat::MODULE]).await;
        let (mut members, mut ids) = (Vec::new(), Vec::new());
        for at in 0..writers {
            let login = format!("writer{at}");
            members.push(base.user(&login).await);
            ids.push(id_of(&base, &login).await);
        }
        let mut chats = Vec::new();
        for _ in 0..CHAT_COUNT {
            let body = json!({ "kind": "group", "member_ids": ids[1..] });
            chats.push(members[0].post(CHATS, body).await.expect(201).id());
        }
        let outsider = base.user("clara").await;
        let servers = [Server::beside(&base).await, Server::beside(&base).await];
        let tally = Tally { told: watch::Sender::new(0), repeated: AtomicUsize::new(0) };
        let (ends, strikes) = (watch::Sender::new(None), Mutex::default());
        let began = Instant::now();
        Self { cluster, base, servers, chats, members, outsider, tally, began, ends, strikes }
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
        let (count, repeated) = (self.tally.count(), self.tally.repeated.load(Ordering::Relaxed));
        format!("{count} acknowledged, {repeated} repeated, against it: {:#?}", self.strikes())
    }

    pub(super) async fn end(self) {
        for server in &self.servers {
            server.stop().await;
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

/// How each of the environments is set.
pub(super) fn builder() -> TestAppBuilder {
    TestApp::builder()
        // Longer than any run: nobody signs in anew.
        .setting("ARTEL_AUTH__ACCESS_TTL_S", 86_400)
        .setting("ARTEL_HTTP__SHUTDOWN_S", 3)
        // One user is there as writer and as reader, and what has broken off is noticed late.
        .setting("ARTEL_CHAT__SOCKETS_PER_USER", 100)
}
