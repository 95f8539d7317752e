//! A proxy between a client and a server that loses connections, or bytes, when a test says so.
//!
//! Databases, brokers and servers alike are reached through it. It knows just enough of what is said
//! to break off at a place in it.

mod dialect;
mod place;

use std::{
    io,
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use artel_core::task;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream, UnixStream},
    sync::watch,
    task::JoinHandle,
};

pub use crate::proxy::{
    dialect::Dialect,
    place::{Moment, Place},
};
use crate::proxy::{
    dialect::{Readiness, Speaker},
    place::Break,
};

/// Where a proxy carries bytes to.
#[derive(Debug, Clone)]
pub enum Upstream {
    /// A host and a port.
    Tcp(String),
    /// A socket of this machine.
    Unix(PathBuf),
}

/// Listens on a port of this machine and carries bytes to a server; ends when it is dropped.
pub struct Proxy {
    address: SocketAddr,
    route: Arc<Route>,
    mode: watch::Sender<Mode>,
    accepting: JoinHandle<Option<()>>,
}

/// What the connections of a proxy share.
struct Route {
    dialect: Dialect,
    upstream: Mutex<Option<Upstream>>,
    broken: Break,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Mode {
    carries: Carries,
    /// A connection lives as long as this is what it was when it began.
    generation: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Carries {
    Everything,
    /// Bytes are read and thrown away.
    Nothing,
    /// The same of connections that began with this text somewhere in what the client said first.
    NothingOf(Arc<str>),
    /// New connections are closed at once.
    NoConnections,
}

impl Proxy {
    /// Carries everything until told otherwise.
    pub async fn to(upstream: Upstream) -> Self {
        Self::speaking(Dialect::Any, upstream).await
    }

    /// The same, and can tell one thing that is said from the next.
    pub async fn speaking(dialect: Dialect, upstream: Upstream) -> Self {
        Self::listening(dialect, Some(upstream)).await
    }

    /// Closes new connections at once until it is told where to lead them: a server may have to know
    /// the address of its proxy before it starts.
    pub async fn to_nothing() -> Self {
        Self::listening(Dialect::Any, None).await
    }

    async fn listening(dialect: Dialect, upstream: Option<Upstream>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port can be had");
        let address = listener.local_addr().expect("a bound socket has an address");
        let (mode, modes) = watch::channel(Mode { carries: Carries::Everything, generation: 0 });
        let upstream = Mutex::new(upstream);
        let route = Arc::new(Route { dialect, upstream, broken: Break::default() });
        let accepting = task::spawn("proxy", accept(listener, route.clone(), modes));
        Self { address, route, mode, accepting }
    }

    /// Carries new connections to another server.
    pub fn lead_to(&self, upstream: Upstream) {
        *self.route.upstream.lock().unwrap_or_else(PoisonError::into_inner) = Some(upstream);
    }

    /// Has a connection break off, once, when it comes to a place.
    pub fn break_off(&self, at: Place) {
        self.route.broken.set(at);
    }

    /// What was being said when a connection broke off at the place, if one has come there. It is
    /// forgotten either way.
    pub fn broken_off(&self) -> Option<String> {
        self.route.broken.take()
    }

    /// Where clients connect to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends the connections there are; new ones are carried.
    pub fn sever(&self) {
        self.set(Carries::Everything, true);
    }

    /// Ends the connections there are, and each new one at once.
    pub fn cut(&self) {
        self.set(Carries::NoConnections, true);
    }

    /// Keeps the connections and takes new ones, and carries not a byte: a black hole.
    pub fn swallow(&self) {
        self.set(Carries::Nothing, false);
    }

    /// A black hole for those connections alone that have this text in the first thing that the
    /// client said: programs say their names there. The others go on.
    pub fn swallow_those(&self, text: &str) {
        self.set(Carries::NothingOf(text.into()), false);
    }

    /// Carries everything again. Connections of which bytes were swallowed are ended.
    pub fn restore(&self) {
        let has_swallowed = self.mode.borrow().carries == Carries::Nothing;
        self.set(Carries::Everything, has_swallowed);
    }

    fn set(&self, carries: Carries, ends_connections: bool) {
        self.mode.send_modify(|mode| {
            mode.carries = carries;
            mode.generation += u64::from(ends_connections);
        });
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.cut();
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, route: Arc<Route>, modes: watch::Receiver<Mode>) {
    let mut number = 0;
    while let Ok((client, _)) = listener.accept().await {
        let mode = modes.borrow().clone();
        if mode.carries != Carries::NoConnections {
            let _ = client.set_nodelay(true);
            number += 1;
            let carrier = Carrier {
                number,
                route: route.clone(),
                modes: modes.clone(),
                opening: OnceLock::new(),
                has_lost: AtomicBool::new(false),
                is_mute: AtomicBool::new(false),
                unanswered: watch::Sender::new(0),
            };
            task::spawn("proxy", carry(client, carrier, mode.generation));
        }
    }
}

/// One connection.
struct Carrier {
    number: u64,
    route: Arc<Route>,
    modes: watch::Receiver<Mode>,
    /// What the client said first.
    opening: OnceLock<Vec<u8>>,
    /// Whether bytes of it were thrown away: whatever comes later makes no sense.
    has_lost: AtomicBool,
    /// Whether nothing of what the server says comes back.
    is_mute: AtomicBool,
    /// Of PostgreSQL: how many things it was told that it has not answered.
    unanswered: watch::Sender<i64>,
}

/// Carries both ways until one side ends it or the proxy does.
async fn carry(client: TcpStream, carrier: Carrier, generation: u64) {
    let mut ended = carrier.modes.clone();
    let upstream = carrier.route.upstream.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let carried = async {
        match upstream {
            None => Ok(()),
            Some(Upstream::Tcp(address)) => {
                let server = TcpStream::connect(address).await?;
                let _ = server.set_nodelay(true);
                carrier.both_ways(client, server).await
            }
            Some(Upstream::Unix(path)) => {
                carrier.both_ways(client, UnixStream::connect(path).await?).await
            }
        }
    };
    let is_over = |mode: &Mode| {
        mode.generation != generation
            || (mode.carries == Carries::Everything && carrier.has_lost.load(Ordering::Acquire))
    };
    tokio::select! {
        _ = carried => {}
        _ = ended.wait_for(is_over) => {}
    }
}

impl Carrier {
    async fn both_ways(
        &self,
        client: TcpStream,
        server: impl AsyncRead + AsyncWrite,
    ) -> io::Result<()> {
        let (client_read, client_write) = tokio::io::split(client);
        let (server_read, server_write) = tokio::io::split(server);
        tokio::select! {
            done = self.one_way(client_read, server_write, Speaker::Client) => done,
            done = self.one_way(server_read, client_write, Speaker::Server) => done,
        }
    }

    async fn one_way(
        &self,
        mut from: impl AsyncRead + Unpin,
        mut to: impl AsyncWrite + Unpin,
        speaker: Speaker,
    ) -> io::Result<()> {
        let dialect = self.route.dialect;
        let (mut words, mut readiness) = (dialect.words(), Readiness::default());
        let mut buffer = vec![0; 16 << 10];
        loop {
            let count = from.read(&mut buffer).await?;
            if count == 0 {
                return Ok(());
            }
            let said = &buffer[..count];
            if speaker == Speaker::Client {
                self.opening.get_or_init(|| said.to_vec());
            }
            if self.is_swallowed() {
                continue;
            }
            if speaker == dialect.speaker() {
                words.hear(said);
                while let Some(said) = words.next() {
                    if self.carries_on(&said, &mut to).await?.is_none() {
                        return Ok(());
                    }
                }
                continue;
            }
            if !self.is_mute.load(Ordering::Acquire) {
                to.write_all(said).await?;
            }
            if dialect == Dialect::Postgres {
                let answered = readiness.hear(said) as i64;
                self.unanswered.send_modify(|it| *it -= answered);
            }
        }
    }

    /// Carries one thing that was said; nothing where the connection breaks off at it.
    async fn carries_on(
        &self,
        said: &[u8],
        to: &mut (impl AsyncWrite + Unpin),
    ) -> io::Result<Option<()>> {
        let moment = self.route.broken.is_at(self.number, said);
        let carried = match moment {
            None => said,
            Some(Moment::Before) => return Ok(None),
            Some(Moment::Halfway) => &said[..said.len() / 2],
            Some(Moment::After) => {
                self.is_mute.store(true, Ordering::Release);
                said
            }
        };
        self.unanswered.send_modify(|it| *it += 1);
        to.write_all(carried).await?;
        if moment == Some(Moment::After) && self.route.dialect == Dialect::Postgres {
            // What was said has been done by then.
            let _ = self.unanswered.subscribe().wait_for(|it| *it <= 0).await;
        }
        Ok(moment.is_none().then_some(()))
    }

    /// Whether what came last is thrown away; noted before anyone can end the black hole.
    fn is_swallowed(&self) -> bool {
        let mode = self.modes.borrow();
        // Where something is missing, nothing comes after it: the connection is about to be ended.
        let has_lost = self.has_lost.load(Ordering::Acquire);
        let is_swallowed = match &mode.carries {
            Carries::Everything | Carries::NoConnections => has_lost,
            Carries::Nothing => true,
            Carries::NothingOf(text) => {
                let opening = self.opening.get().map_or(&[][..], Vec::as_slice);
                has_lost || opening.windows(text.len().max(1)).any(|it| it == text.as_bytes())
            }
        };
        if is_swallowed {
            self.has_lost.store(true, Ordering::Release);
        }
        is_swallowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::in_time;

    #[tokio::test]
    async fn a_black_hole_for_some_takes_what_they_say_and_then_them() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let upstream = Upstream::Tcp(listener.local_addr().unwrap().to_string());
        task::spawn("echo", echo(listener));
        let proxy = Proxy::to(upstream).await;
        let mut ann = TcpStream::connect(proxy.address()).await.unwrap();
        let mut boris = TcpStream::connect(proxy.address()).await.unwrap();
        assert_eq!(answer(&mut ann, "I am Ann").await, "I am Ann");
        assert_eq!(answer(&mut boris, "I am Boris").await, "I am Boris");
        proxy.swallow_those("Boris");
        boris.write_all(b"Hello").await.unwrap();
        assert_eq!(answer(&mut ann, "Hello").await, "Hello");
        proxy.restore();
        assert_eq!(answer(&mut boris, "Hello").await, "");
        assert_eq!(answer(&mut ann, "Still here").await, "Still here");
    }

    #[tokio::test]
    async fn it_breaks_off_where_it_should_and_leads_elsewhere() {
        let (one, two) = (TcpListener::bind("127.0.0.1:0"), TcpListener::bind("127.0.0.1:0"));
        let (one, two) = (one.await.unwrap(), two.await.unwrap());
        let upstream = |it: &TcpListener| Upstream::Tcp(it.local_addr().unwrap().to_string());
        let proxy = Proxy::to(upstream(&one)).await;
        proxy.lead_to(upstream(&two));
        task::spawn("echo", echo(two));
        drop(one);
        for (moment, last) in
            [(Moment::Before, ""), (Moment::Halfway, "th"), (Moment::After, "three")]
        {
            proxy.break_off(Place { since: "two", until: "three", nth: 2, moment });
            let mut ann = TcpStream::connect(proxy.address()).await.unwrap();
            assert_eq!(answer(&mut ann, "one").await, "one");
            assert_eq!(answer(&mut ann, "two").await, "two");
            ann.write_all(b"three").await.unwrap();
            let mut heard = String::new();
            in_time(ann.read_to_string(&mut heard)).await.unwrap();
            assert_eq!((&*heard, proxy.broken_off().as_deref()), (last, Some("three")));
        }
        proxy.break_off(Place { since: "two", until: "three", nth: 3, moment: Moment::Before });
        let mut ann = TcpStream::connect(proxy.address()).await.unwrap();
        for text in ["one", "two", "three", "four"] {
            assert_eq!(answer(&mut ann, text).await, text);
        }
        assert_eq!(proxy.broken_off(), None, "it ends before it comes to the place");
    }

    async fn echo(listener: TcpListener) {
        while let Ok((client, _)) = listener.accept().await {
            let (mut from, mut to) = tokio::io::split(client);
            task::spawn("echo", async move { tokio::io::copy(&mut from, &mut to).await });
        }
    }

    /// What comes back; nothing where the connection ends.
    async fn answer(stream: &mut TcpStream, text: &str) -> String {
        let mut answer = vec![0; text.len()];
        let asked = async {
            stream.write_all(text.as_bytes()).await?;
            stream.read_exact(&mut answer).await
        };
        match in_time(asked).await {
            Ok(_) => String::from_utf8(answer).unwrap(),
            Err(_) => String::new(),
        }
    }
}
