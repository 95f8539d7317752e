//! A wire between the pool and the server that can be watched and cut.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        UnixListener, UnixStream,
        unix::{OwnedReadHalf, OwnedWriteHalf},
    },
};

use super::{CLUSTER, target};
use crate::pg::spawn_quietly;

/// A socket in front of the server's own.
pub(super) struct Wire {
    folder: PathBuf,
    traffic: Arc<Traffic>,
}

#[derive(Default)]
struct Traffic {
    /// Who spoke, in turns.
    turns: Mutex<Vec<Side>>,
    /// Whether what is said is swallowed.
    is_cut: AtomicBool,
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Client,
    Server,
}

impl Wire {
    pub(super) fn listen() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = target().join(format!("wire-{}-{number}", process::id()));
        fs::create_dir(&folder).unwrap();
        let listener = UnixListener::bind(socket_in(&folder)).unwrap();
        let traffic = Arc::new(Traffic::default());
        spawn_quietly(accept(listener, traffic.clone()));
        Self { folder, traffic }
    }

    pub(super) fn url(&self) -> String {
        format!("user=postgres dbname=postgres host={}", self.folder.display())
    }

    /// Forgets what was said until now.
    pub(super) fn forget(&self) {
        self.traffic.turns.lock().unwrap().clear();
    }

    /// How often the client has spoken and then waited for the server.
    pub(super) fn round_trips(&self) -> usize {
        self.traffic.turns.lock().unwrap().iter().filter(|it| **it == Side::Client).count()
    }

    /// From now on nothing arrives, and nobody is told.
    pub(super) fn cut(&self) {
        self.traffic.is_cut.store(true, Ordering::Relaxed);
    }

    pub(super) fn mend(&self) {
        self.traffic.is_cut.store(false, Ordering::Relaxed);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.folder).unwrap();
    }
}

impl Traffic {
    async fn carry(
        &self,
        from: Side,
        mut input: OwnedReadHalf,
        mut output: OwnedWriteHalf,
    ) -> io::Result<()> {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let length = input.read(&mut buffer).await?;
            if length == 0 {
                return output.shutdown().await;
            }
            if self.is_cut.load(Ordering::Relaxed) {
                continue;
            }
            self.note(from);
            output.write_all(&buffer[..length]).await?;
        }
    }

    fn note(&self, from: Side) {
        let mut turns = self.turns.lock().unwrap();
        if turns.last() != Some(&from) {
            turns.push(from);
        }
    }
}

async fn accept(listener: UnixListener, traffic: Arc<Traffic>) {
    while let Ok((client, _)) = listener.accept().await {
        let server = UnixStream::connect(server_socket()).await.unwrap();
        let (client_input, client_output) = client.into_split();
        let (server_input, server_output) = server.into_split();
        let (there, back) = (traffic.clone(), traffic.clone());
        spawn_quietly(async move { there.carry(Side::Client, client_input, server_output).await });
        spawn_quietly(async move { back.carry(Side::Server, server_input, client_output).await });
    }
}

fn socket_in(folder: &Path) -> PathBuf {
    folder.join(".s.PGSQL.5432")
}

fn server_socket() -> PathBuf {
    let address = CLUSTER.url("postgres").parse::<tokio_postgres::Config>().unwrap();
    CLUSTER.socket_directory().join(format!(".s.PGSQL.{}", address.get_ports()[0]))
}
