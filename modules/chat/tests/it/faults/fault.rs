//! What goes away, and comes back.

use std::time::Duration;

use artel_testing::Proxy;
use orm::Session;
use tokio::time::{self, Instant};

use crate::faults::{chance::Chance, world::World};

/// What lasts is over when so many messages were acknowledged, or after this time: servers find out
/// about some of it only by waiting, and nobody may get on meanwhile.
const LASTS_MESSAGES: [usize; 2] = [20, 200];
const LASTS: Duration = Duration::from_secs(5);
/// How long the database may take to answer the test.
const PATIENCE: Duration = Duration::from_secs(20);

/// How the connections that hear notifications call themselves when they open.
const LISTENER: &str = "listener";

/// One thing that goes away.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fault {
    /// The connections over which servers hear of each other are ended.
    EndListeners,
    /// Some connections of servers to the database are ended, by this chance.
    EndBackends(usize),
    /// Sockets and requests of a server break off.
    CutSockets { server: usize },
    /// Sockets and requests of a server carry nothing for a while.
    SwallowSockets(While),
    /// The database refuses a server for a while.
    CutDatabase(While),
    /// The database does not answer a server for a while.
    SwallowDatabase(While),
    /// Notifications to and from a server are lost for a while, and nobody says so.
    SwallowListener(While),
    /// A server ends as it should, and begins anew.
    Restart { server: usize },
    /// PostgreSQL ends all sessions, shuts down, and starts again.
    RestartDatabaseFast,
    /// PostgreSQL drops everything, and recovers.
    RestartDatabaseAtOnce,
}

/// Something between a server and others, for a while.
#[derive(Debug, Clone, Copy)]
pub(super) struct While {
    server: usize,
    /// Messages that are acknowledged meanwhile.
    messages: usize,
}

impl Fault {
    /// So many, all kinds in turn, each turn in an order of its own.
    pub(super) fn some(chance: &mut Chance, count: usize) -> Vec<Self> {
        let mut faults = Vec::new();
        while faults.len() < count {
            let mut turn = vec![
                Self::EndListeners,
                Self::EndBackends(chance.below(1_000)),
                Self::CutSockets { server: chance.below(2) },
                Self::SwallowSockets(While::some(chance)),
                Self::CutDatabase(While::some(chance)),
                Self::SwallowDatabase(While::some(chance)),
                Self::SwallowListener(While::some(chance)),
                Self::Restart { server: chance.below(2) },
                Self::RestartDatabaseFast,
                Self::RestartDatabaseAtOnce,
            ];
            while !turn.is_empty() {
                faults.push(turn.swap_remove(chance.below(turn.len())));
            }
        }
        faults.truncate(count);
        faults
    }

    /// Has it happen, until it is over.
    pub(super) async fn happen(self, world: &World) {
        match self {
            Self::EndListeners => end(world, END_LISTENERS, "").await,
            Self::EndBackends(chance) => end(world, END_BACKENDS, &chance.to_string()).await,
            Self::CutSockets { server } => world.servers[server].door().sever(),
            Self::SwallowSockets(it) => {
                let door = world.servers[it.server].door();
                it.lasts(world, &door, Proxy::swallow).await;
            }
            Self::CutDatabase(it) => {
                it.lasts(world, &world.servers[it.server].database, Proxy::cut).await;
            }
            Self::SwallowDatabase(it) => {
                it.lasts(world, &world.servers[it.server].database, Proxy::swallow).await;
            }
            Self::SwallowListener(it) => {
                let swallow = |proxy: &Proxy| proxy.swallow_those(LISTENER);
                it.lasts(world, &world.servers[it.server].database, swallow).await;
            }
            Self::Restart { server } => world.servers[server].restart(&world.base).await,
            Self::RestartDatabaseFast => world.cluster.restart("INT").await,
            Self::RestartDatabaseAtOnce => world.cluster.restart("QUIT").await,
        }
    }
}

impl While {
    fn some(chance: &mut Chance) -> Self {
        let server = chance.below(2);
        Self { server, messages: LASTS_MESSAGES[chance.below(LASTS_MESSAGES.len())] }
    }

    /// Until others have gone on for a while without what is away; where it holds them up, too,
    /// until the time is over.
    async fn lasts(self, world: &World, proxy: &Proxy, begin: impl Fn(&Proxy)) {
        let until = world.tally.count() + self.messages;
        begin(proxy);
        let _ = time::timeout(LASTS, world.tally.reach(until)).await;
        proxy.restore();
    }
}

/// Ends connections of the servers; the statement is repeated where it was hit itself.
async fn end(world: &World, statement: &'static str, chance: &str) {
    let system: Session = world.base.session();
    let deadline = Instant::now() + PATIENCE;
    loop {
        match system.sql(statement, &[chance]).await {
            Ok(ended) => return assert!(!ended.is_empty(), "there was nothing to end"),
            Err(error) => assert!(Instant::now() < deadline, "the database is away: {error}"),
        }
        time::sleep(Duration::from_millis(20)).await;
    }
}

const END_LISTENERS: &str = "select pg_terminate_backend(pid)::text from pg_stat_activity \
     where datname = current_database() and application_name like '% listener' and $1::text = ''";

const END_BACKENDS: &str = "select pg_terminate_backend(pid)::text from ( \
         select pid from pg_stat_activity \
         where datname = current_database() and pid <> pg_backend_pid() \
             and backend_type = 'client backend' \
         order by md5(pid::text || $1::text) limit 4 \
     ) chosen";
