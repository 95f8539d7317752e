//! Chats over sockets: what happens is told to whoever listens, as it happens.
//!
//! `conversation.rs` speaks with one socket; `hub.rs` knows who listens to what in this process;
//! `delivery.rs` reads the log and has the hub hand it out; `courier.rs` carries what does not last;
//! `presence.rs` knows who is there.
//!
//! **Invariant:** what was acknowledged reaches every listener who may read it, in the order of the
//! log; whoever is told nothing more is told so, or their socket ends.

mod document;
mod frame;

mod queue;

mod seat;

mod hub;
mod presence;

mod conversation;
mod speak;
mod subscribe;
mod watch;

mod arrivals;
mod courier;
mod delivery;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use artel_core::{
    App, Health, Phase, Result, Service,
    auth::LoginNews,
    http::socket::{Opening, Socket, SocketDocument, SocketHandler, close},
    pubsub::{self, HintOptions, Hints, PubSub, State},
    task,
};
use orm::{BoxFuture, Database, Session, Uuid};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use crate::{
    live::{
        arrivals::Arrivals,
        courier::Courier,
        delivery::Delivery,
        hub::Hub,
        presence::{Keeper, Presence, Times},
    },
    log::{
        Bell,
        lineage::{self, Compared},
    },
    passing::Board,
};

/// What all sockets of one environment share.
pub(crate) struct Live {
    pub(crate) hub: Arc<Hub>,
    pub(crate) presence: Arc<Presence>,
    /// What this process is called in what is said between processes.
    pub(crate) node: String,
    pub(crate) sockets_per_user: usize,
    /// How often a socket is asked whether it is there.
    pub(crate) heartbeat: Duration,
    pub(crate) board: Arc<Board>,
    /// Turns of those who come in and ask the database who they are, what they may hear and what they
    /// have missed: half of the pool. Thousands may come at once; they wait here, one behind the other
    /// and without a limit of time, and not in the pool, where requests wait and are refused.
    pub(crate) entrance: Semaphore,
}

/// The sockets of an environment, once its service has started.
#[derive(Clone, Default)]
pub(crate) struct Sockets(Arc<OnceLock<Live>>);

/// Runs what brings events to sockets.
pub(crate) struct LiveService {
    sockets: Sockets,
    running: Mutex<Option<Running>>,
}

struct Running {
    stopped: CancellationToken,
    tasks: Vec<JoinHandle<Option<()>>>,
    pubsub: Arc<dyn PubSub>,
}

impl SocketHandler for Sockets {
    fn summary(&self) -> &'static str {
        "Chats, live: what happens is told as it happens"
    }

    fn document(&self) -> Option<SocketDocument> {
        Some(document::document())
    }

    fn serve<'a>(
        &'a self,
        app: &'a Arc<App>,
        opening: Opening,
        socket: Socket,
    ) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            match self.0.get() {
                Some(live) => conversation::converse(live, app, opening, socket).await,
                None => socket.closer().close(close::DRAINING, "the chat has not started yet"),
            }
        })
    }
}

impl Live {
    /// A turn of somebody who comes in. Nobody keeps it while they say something over a socket: that
    /// takes as long as the other side wants.
    pub(crate) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // It is never closed.
        self.entrance.acquire().await.ok()
    }
}

impl LiveService {
    pub(crate) fn new(sockets: Sockets) -> Self {
        Self { sockets, running: Mutex::default() }
    }

    /// Connects, and runs what delivers.
    fn run(&self, app: &App) -> Result<Running> {
        let database = app.database()?;
        let pubsub = pubsub::connect(&app.settings, database)?;
        let hub = Arc::<Hub>::default();
        let presence = Arc::<Presence>::default();
        let node = Uuid::new_v4().simple().to_string();
        let board = Board::of(database);
        let _ = self.sockets.0.set(Live {
            hub: hub.clone(),
            presence: presence.clone(),
            node: node.clone(),
            sockets_per_user: app.settings.chat.sockets_per_user as usize,
            heartbeat: app.settings.socket.ping,
            board: board.clone(),
            entrance: Semaphore::new((database.pool().status().max / 2).max(1)),
        });
        let delivery = Delivery {
            hub: hub.clone(),
            session: Session::system(database, "deliver chats"),
            rung: Bell::of(database).subscribe(),
            hints: Hints::new(pubsub.clone(), delivery::TOPIC, HintOptions::default())?,
            heard: pubsub.subscribe(delivery::TOPIC)?,
            poll_every: app.settings.chat.poll,
        };
        let arrivals = Arrivals {
            hub: hub.clone(),
            session: Session::system(database, "welcome newcomers"),
            clock: app.clock.clone(),
            rung: Bell::of(database).subscribe(),
            hints: Hints::new(pubsub.clone(), arrivals::TOPIC, HintOptions::default())?,
            heard: pubsub.subscribe(arrivals::TOPIC)?,
            poll_every: app.settings.chat.poll,
            told: BTreeMap::new(),
        };
        let courier = Courier {
            hub: hub.clone(),
            pubsub: pubsub.clone(),
            said: board.subscribe(),
            heard: pubsub.subscribe(courier::TOPIC)?,
        };
        let keeper = Keeper {
            presence,
            hub: hub.clone(),
            node,
            pubsub: pubsub.clone(),
            heard: pubsub.subscribe(presence::TOPIC)?,
            session: Session::system(database, "tell who is there"),
            clock: app.clock.clone(),
            times: Times::of_heartbeat(app.settings.socket.ping),
        };
        let stopped = CancellationToken::new();
        let news = app.authenticator()?.news();
        let tasks = vec![
            task::spawn("chat_delivery", delivery.run(stopped.clone())),
            task::spawn("chat_arrivals", arrivals.run(stopped.clone())),
            task::spawn("chat_courier", courier.run(stopped.clone())),
            task::spawn("chat_presence", keeper.run(stopped.clone())),
            task::spawn("chat_logins", watch_logins(hub, news, stopped.clone())),
        ];
        Ok(Running { stopped, tasks, pubsub })
    }
}

/// Looks whether the database is the one that it was, before anybody is told anything of it.
async fn compare(database: &Database) -> Result<()> {
    let session = Session::system(database, "compare the database with what is remembered");
    match lineage::compare(&session).await? {
        Compared::Same => {}
        Compared::Raised(chats) => tracing::warn!(chats, "{}", delivery::RAISED),
        Compared::Forbidden => tracing::warn!(
            "the database does not say which one it is, so a restore is not noticed: grant \
             execute on function pg_control_system() to this program's role, or run `artel chat \
             epoch --bump` after each restore"
        ),
    }
    Ok(())
}

/// Has every socket look whether it is signed in when something about that has changed.
async fn watch_logins(hub: Arc<Hub>, mut news: LoginNews, stopped: CancellationToken) {
    while stopped.run_until_cancelled(news.next()).await.is_some() {
        hub.seats().iter().for_each(|it| it.queue.wake());
    }
}

impl Service for LiveService {
    fn name(&self) -> &'static str {
        "chat_live"
    }

    fn phase(&self) -> Phase {
        Phase::AfterRouter
    }

    fn start<'a>(&'a self, app: &'a Arc<App>) -> BoxFuture<'a, Result<()>> {
        Box::pin(async {
            compare(app.database()?).await?;
            let running = self.run(app)?;
            *self.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(running);
            Ok(())
        })
    }

    fn stop<'a>(&'a self, _app: &'a Arc<App>) -> BoxFuture<'a, Result<()>> {
        Box::pin(async {
            let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(Running { stopped, tasks, pubsub }) = running {
                stopped.cancel();
                for task in tasks {
                    let _ = task.await;
                }
                pubsub.close().await;
            }
            Ok(())
        })
    }

    /// Without the others' word, events come later and are not lost: the process can serve.
    fn health<'a>(&'a self, _app: &'a Arc<App>) -> BoxFuture<'a, Health> {
        Box::pin(async {
            if let Some(running) = &*self.running.lock().unwrap_or_else(PoisonError::into_inner)
                && let State::Away { lasting, why } = running.pubsub.state()
            {
                tracing::debug!(?lasting, why, "no word of other processes comes through");
            }
            Health::Ready
        })
    }
}
