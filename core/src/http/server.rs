//! Accepts connections and answers what comes in on them, until it is told to stop.
//!
//! Its own loop, because `poem::Server` waits for ever for a header, has no cap, and spins when
//! there are no file descriptors left.
//!
//! **Invariant:** nobody holds a connection for nothing: a header, an idle connection and a
//! reader that takes nothing each have a limit.

mod connection;
mod pulse;
mod upgrade;

use std::{fmt, io, net::SocketAddr, sync::Arc, time::Duration};

use poem::{Endpoint, Response};
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    sync::Semaphore,
    time::{self, Instant, MissedTickBehavior},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub(crate) use crate::http::server::upgrade::{Upgrade, Upgraded};
use crate::{
    Error, Result,
    http::{metering, server::connection::Connections},
    settings::HttpSettings,
};

/// How many connections the kernel keeps for us until they are accepted.
const BACKLOG: u32 = 1024;

/// How long to wait when no connection can be accepted, mostly for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What a server needs to know.
#[derive(Debug, Clone)]
pub struct ServerOptions {
    /// Where to listen; port 0 picks a free one.
    pub listen: SocketAddr,
    /// The most connections at a time; further ones get a 503 and are closed.
    pub connections_max: usize,
    /// How long requests in flight may take after the stop.
    pub grace: Duration,
    /// How long a client may take from its first byte to the end of a header.
    pub header_timeout: Duration,
    /// How long a connection may be silent between two requests.
    pub idle_timeout: Duration,
}

/// A server that has its port, and serves once it is told to.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    options: ServerOptions,
}

/// How serving ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServeOutcome {
    /// Everything in flight was answered.
    Drained,
    /// The grace was over first; the rest was cut off.
    GraceRanOut,
}

impl Server {
    /// Takes the port. Connections wait in the kernel until [`serve`](Self::serve).
    ///
    /// # Errors
    /// When the address is taken or not ours; the error names the setting.
    pub fn bind(options: impl Into<ServerOptions>) -> Result<Self> {
        let options = options.into();
        let listener = listen(options.listen).map_err(|fault| cannot_listen(&options, &fault))?;
        let address = listener.local_addr().map_err(|fault| cannot_listen(&options, &fault))?;
        Ok(Self { listener, address, options })
    }

    /// Where it listens, with the port that was picked.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown` is done, then stops accepting and lets requests in flight finish
    /// within the grace. Dropped, it ends everything at once.
    pub async fn serve<E>(self, endpoint: E, shutdown: impl Future<Output = ()>) -> ServeOutcome
    where
        E: Endpoint<Output = Response> + 'static,
    {
        let Self { listener, address, options } = self;
        let tasks = TaskTracker::new();
        let closing = CancellationToken::new();
        let ended = CancellationToken::new();
        let _end_when_dropped = ended.clone().drop_guard();
        let connections = Arc::new(Connections {
            endpoint,
            local: address,
            header_timeout: options.header_timeout,
            idle_timeout: options.idle_timeout,
            free: Arc::new(Semaphore::new(options.connections_max)),
            closing: closing.clone(),
            ended,
        });

        tokio::select! {
            () = shutdown => {}
            never = accept_all(&listener, &connections, &tasks) => match never {},
        }
        drop(listener);
        closing.cancel();
        tasks.close();
        match time::timeout(options.grace, tasks.wait()).await {
            Ok(()) => ServeOutcome::Drained,
            Err(_) => ServeOutcome::GraceRanOut,
        }
    }
}

/// What never happens: `std::convert::Infallible` by a name that reads well.
enum Never {}

async fn accept_all<E>(
    listener: &TcpListener,
    connections: &Arc<Connections<E>>,
    tasks: &TaskTracker,
) -> Never
where
    E: Endpoint<Output = Response> + 'static,
{
    let mut upkeep = time::interval(metering::UPKEEP_EVERY);
    upkeep.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut streak = FailureStreak::default();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = upkeep.tick() => {
                if let Some(recorder) = metering::recorder() {
                    recorder.run_upkeep();
                }
                continue;
            }
        };
        match accepted {
            Ok((stream, remote)) => {
                streak.end();
                match Arc::clone(&connections.free).try_acquire_owned() {
                    Ok(permit) => {
                        let work = Arc::clone(connections).serve(stream, remote, permit);
                        tasks.spawn(work);
                    }
                    Err(_) => turn_away(&stream),
                }
            }
            Err(fault) => {
                streak.add(&fault);
                time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Says that there is no room. What the client has sent is taken first: closing a socket with
/// unread bytes would reset the connection before the answer is read.
fn turn_away(stream: &TcpStream) {
    const BODY: &str = "{\"type\":\"/problems/unavailable\",\"title\":\"Unavailable\",\
        \"status\":503,\"code\":\"unavailable\"}";
    metrics::counter!("http_connections_refused_total").increment(1);
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\n\
         retry-after: 1\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{BODY}",
        BODY.len()
    );
    let _ = stream.try_read(&mut [0; 4096]);
    let _ = stream.try_write(answer.as_bytes());
}

/// Accepting that fails: said when it begins and when it is over, not twenty times a second.
#[derive(Default)]
struct FailureStreak {
    since: Option<Instant>,
    failures: u64,
}

impl FailureStreak {
    fn add(&mut self, fault: &io::Error) {
        self.failures += 1;
        if self.since.is_none() {
            self.since = Some(Instant::now());
            tracing::error!(target: "http", %fault, "cannot accept connections; trying on");
        }
    }

    fn end(&mut self) {
        if let Some(since) = self.since.take() {
            let failures = std::mem::take(&mut self.failures);
            tracing::warn!(target: "http", failures, after = ?since.elapsed(), "accepting again");
        }
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A restarted server takes its port back at once, whatever connections the last one left.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

fn cannot_listen(options: &ServerOptions, fault: &io::Error) -> Error {
    let address = options.listen;
    let cure = match fault.kind() {
        io::ErrorKind::AddrInUse => {
            "another program has it; stop that one, or set ARTEL_HTTP__LISTEN to another address \
             (port 0 picks a free one)"
        }
        io::ErrorKind::AddrNotAvailable => {
            "this machine has no such address; set ARTEL_HTTP__LISTEN to one it has, or to 0.0.0.0"
        }
        io::ErrorKind::PermissionDenied => {
            "this user may not; set ARTEL_HTTP__LISTEN to a port of 1024 or more"
        }
        _ => "see ARTEL_HTTP__LISTEN",
    };
    Error::broken(format!("cannot listen on {address} ({fault}): {cure}"))
}

impl From<&HttpSettings> for ServerOptions {
    fn from(settings: &HttpSettings) -> Self {
        Self {
            listen: settings.listen,
            connections_max: settings.max_connections,
            grace: settings.shutdown,
            header_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(75),
        }
    }
}

impl fmt::Display for ServeOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Drained => "everything in flight was answered",
            Self::GraceRanOut => "the grace ran out before everything was answered",
        })
    }
}
