//! A proxy between a client and a server that loses connections, or bytes, when a test says so.
//!
//! It knows no protocol: databases and brokers alike are reached through it.

use std::{
    io,
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc, OnceLock,
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

/// Where a proxy carries bytes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Upstream {
    /// A host and a port.
    Tcp(String),
    /// A socket of this machine.
    Unix(PathBuf),
}

/// Listens on a port of this machine and carries bytes to a server; ends when it is dropped.
pub struct Proxy {
    address: SocketAddr,
    mode: watch::Sender<Mode>,
    accepting: JoinHandle<Option<()>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Mode {
    carries: Carries,
    /// Where new connections are carried to, if anywhere.
    upstream: Option<Upstream>,
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
        let proxy = Self::to_nothing().await;
        proxy.lead_to(upstream);
        proxy
    }

    /// Closes new connections at once until it is told where to lead them: a server may have to know
    /// the address of its proxy before it starts.
    pub async fn to_nothing() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port can be had");
        let address = listener.local_addr().expect("a bound socket has an address");
        let mode = Mode { carries: Carries::Everything, upstream: None, generation: 0 };
        let (mode, modes) = watch::channel(mode);
        let accepting = task::spawn("proxy", accept(listener, modes));
        Self { address, mode, accepting }
    }

    /// Where clients connect to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Carries new connections to another server; those there are stay where they are.
    pub fn lead_to(&self, upstream: Upstream) {
        self.mode.send_modify(|mode| mode.upstream = Some(upstream));
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

async fn accept(listener: TcpListener, modes: watch::Receiver<Mode>) {
    while let Ok((client, _)) = listener.accept().await {
        let mode = modes.borrow().clone();
        if let Some(upstream) = mode.upstream.filter(|_| mode.carries != Carries::NoConnections) {
            let _ = client.set_nodelay(true);
            task::spawn("proxy", carry(client, upstream, modes.clone(), mode.generation));
        }
    }
}

/// One connection.
struct Carrier {
    modes: watch::Receiver<Mode>,
    /// What the client said first.
    opening: OnceLock<Vec<u8>>,
    /// Whether bytes of it were thrown away: whatever comes later makes no sense.
    has_lost: AtomicBool,
}

/// Carries both ways until one side ends it or the proxy does.
async fn carry(
    client: TcpStream,
    upstream: Upstream,
    modes: watch::Receiver<Mode>,
    generation: u64,
) {
    let mut ended = modes.clone();
    let carrier = Carrier { modes, opening: OnceLock::new(), has_lost: AtomicBool::new(false) };
    let carried = async {
        match upstream {
            Upstream::Tcp(address) => {
                carrier.both_ways(client, TcpStream::connect(address).await?).await
            }
            Upstream::Unix(path) => {
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
            done = self.one_way(client_read, server_write, true) => done,
            done = self.one_way(server_read, client_write, false) => done,
        }
    }

    async fn one_way(
        &self,
        mut from: impl AsyncRead + Unpin,
        mut to: impl AsyncWrite + Unpin,
        is_of_client: bool,
    ) -> io::Result<()> {
        let mut buffer = vec![0; 16 << 10];
        loop {
            let count = from.read(&mut buffer).await?;
            if count == 0 {
                return Ok(());
            }
            let said = &buffer[..count];
            if is_of_client {
                self.opening.get_or_init(|| said.to_vec());
            }
            if !self.is_swallowed() {
                to.write_all(said).await?;
            }
        }
    }

    /// Whether what came last is thrown away; noted before anyone can end the black hole.
    fn is_swallowed(&self) -> bool {
        let mode = self.modes.borrow();
        let is_swallowed = match &mode.carries {
            Carries::Everything | Carries::NoConnections => false,
            Carries::Nothing => true,
            Carries::NothingOf(text) => {
                let opening = self.opening.get().map_or(&[][..], Vec::as_slice);
                opening.windows(text.len().max(1)).any(|it| it == text.as_bytes())
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
