//! What goes away, and comes back.

use std::{process::Command, sync::PoisonError, time::Duration};

use artel_testing::Proxy;
use orm::Session;
use tokio::time::{self, Instant};

use crate::{
    chance::Chance,
    world::{Broker, SERVERS, World},
};

/// What lasts is over when so many messages were acknowledged, or after this time: servers find out
/// about some of it only by waiting, and nobody may get on meanwhile.
const LASTS_MESSAGES: [usize; 2] = [20, 200];
const LASTS: Duration = Duration::from_secs(5);
/// How long a server stands still: so that its sockets take it for dead, too.
const STANDS_STILL: [Duration; 2] = [Duration::from_millis(800), Duration::from_secs(4)];
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
    /// The process behind one of them is killed, by this chance: PostgreSQL drops all others, too.
    KillBackend(usize),
    /// PostgreSQL ends all sessions, shuts down, and starts again.
    RestartDatabaseFast,
    /// PostgreSQL drops everything, and recovers.
    RestartDatabaseAtOnce,
    /// The database refuses a server for a while.
    CutDatabase(While),
    /// The database does not answer a server for a while.
    SwallowDatabase(While),
    /// Notifications to and from a server are lost for a while, and nobody says so.
    SwallowListener(While),
    /// A server is killed, and begins anew.
    KillServer { server: usize },
    /// A server ends as it should, and begins anew.
    RestartServer { server: usize },
    /// A server stands still for a while, and goes on as if nothing had been.
    StopServer { server: usize, stands: Duration },
    /// Sockets and requests of a server break off.
    CutSockets { server: usize },
    /// Sockets and requests of a server carry nothing for a while.
    SwallowSockets(While),
    /// All sockets and requests of all servers break off, and everybody comes back at once.
    CutAllSockets,
    /// The broker is killed, and another one is there.
    RestartBroker,
    /// The broker refuses everybody for a while.
    CutBroker(While),
}

/// Something between a server and others, for a while.
#[derive(Debug, Clone, Copy)]
pub(super) struct While {
    server: usize,
    /// Messages that are acknowledged meanwhile.
    messages: usize,
}

impl Fault {
    /// So many, all kinds in turn, each turn in an order of its own; what the broker suffers first.
    pub(super) fn some(chance: &mut Chance, count: usize, broker: Broker) -> Vec<Self> {
        let mut faults = Vec::new();
        if broker != Broker::Database {
            faults.extend([Self::RestartBroker, Self::CutBroker(While::some(chance))]);
        }
        while faults.len() < count {
            let mut turn = Self::of_each_kind(chance);
            while !turn.is_empty() {
                faults.push(turn.swap_remove(chance.below(turn.len())));
            }
        }
        faults.truncate(count);
        faults
    }

    fn of_each_kind(chance: &mut Chance) -> Vec<Self> {
        vec![
            Self::EndListeners,
            Self::EndBackends(chance.below(1_000)),
            Self::KillBackend(chance.below(1_000)),
            Self::RestartDatabaseFast,
            Self::RestartDatabaseAtOnce,
            Self::CutDatabase(While::some(chance)),
            Self::SwallowDatabase(While::some(chance)),
            Self::SwallowListener(While::some(chance)),
            Self::KillServer { server: chance.below(SERVERS) },
            Self::RestartServer { server: chance.below(SERVERS) },
            Self::StopServer {
                server: chance.below(SERVERS),
                stands: STANDS_STILL[chance.below(STANDS_STILL.len())],
            },
            Self::CutSockets { server: chance.below(SERVERS) },
            Self::SwallowSockets(While::some(chance)),
            Self::CutAllSockets,
        ]
    }

    /// Has it happen, until it is over.
    pub(super) async fn happen(self, world: &World) {
        match self {
            Self::EndListeners => {
                backends(world, END_LISTENERS, "").await;
            }
            Self::EndBackends(chance) => {
                backends(world, END_BACKENDS, &chance.to_string()).await;
            }
            Self::KillBackend(chance) => {
                let process = backends(world, BACKEND, &chance.to_string()).await;
                // It may have ended by itself since.
                let _ = Command::new("kill").args(["-KILL", &process]).status();
            }
            Self::RestartDatabaseFast => world.cluster.restart("INT").await,
            Self::RestartDatabaseAtOnce => world.cluster.restart("QUIT").await,
            Self::CutDatabase(it) => it.lasts(world, it.database(world), Proxy::cut).await,
            Self::SwallowDatabase(it) => it.lasts(world, it.database(world), Proxy::swallow).await,
            Self::SwallowListener(it) => {
                let swallow = |proxy: &Proxy| proxy.swallow_those(LISTENER);
                it.lasts(world, it.database(world), swallow).await;
            }
            Self::KillServer { server } => restart(world, server, "KILL").await,
            Self::RestartServer { server } => restart(world, server, "TERM").await,
            Self::StopServer { server, stands } => {
                world.servers[server].send("STOP");
                time::sleep(stands).await;
                world.servers[server].send("CONT");
            }
            Self::CutSockets { server } => world.servers[server].door.sever(),
            Self::SwallowSockets(it) => {
                it.lasts(world, &world.servers[it.server].door, Proxy::swallow).await;
            }
            Self::CutAllSockets => world.servers.iter().for_each(|it| it.door.sever()),
            Self::RestartBroker => restart_broker(world).await,
            Self::CutBroker(it) => {
                let (proxy, _) = world.broker.as_ref().unwrap();
                it.lasts(world, proxy, Proxy::cut).await;
            }
        }
    }
}

impl While {
    fn some(chance: &mut Chance) -> Self {
        let server = chance.below(SERVERS);
        Self { server, messages: LASTS_MESSAGES[chance.below(LASTS_MESSAGES.len())] }
    }

    fn database(self, world: &World) -> &Proxy {
        &world.servers[self.server].database
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

async fn restart(world: &World, server: usize, signal: &'static str) {
    world.servers[server].stop(signal).await;
    world.servers[server].start().await;
}

async fn restart_broker(world: &World) {
    let (proxy, broker) = world.broker.as_ref().unwrap();
    let new = world.kind.start().await.unwrap();
    proxy.lead_to(new.upstream());
    // Whoever is connected to the one before is so no longer.
    *broker.lock().unwrap_or_else(PoisonError::into_inner) = new;
    proxy.sever();
}

/// Asks the database about connections of the servers; again where the question itself was hit.
async fn backends(world: &World, statement: &'static str, chance: &str) -> String {
    let system: Session = world.base.session();
    let deadline = Instant::now() + PATIENCE;
    loop {
        match system.sql(statement, &[chance]).await {
            // Who was ended just before has not come back yet.
            Ok(rows) if rows.is_empty() => {}
            Ok(mut rows) => return rows.remove(0).remove(0).unwrap_or_default(),
            Err(error) => assert!(Instant::now() < deadline, "the database is away: {error}"),
        }
        assert!(Instant::now() < deadline, "there is no such connection");
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

const BACKEND: &str = "select pid::text from pg_stat_activity \
     where datname = current_database() and pid <> pg_backend_pid() \
         and backend_type = 'client backend' \
     order by md5(pid::text || $1::text) limit 1";
