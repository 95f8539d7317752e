//! A server under measurement: its process, its address, one question at a time.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpStream},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU64, Ordering},
};

use crate::{
    Result,
    wire::{self, Answer, Method, Reader},
};

/// What stands before the address that a server says it listens at.
const ADDRESS: &str = "http://";

/// A server that is ready. Dropped, it is killed.
pub(crate) struct ServerProcess {
    child: Child,
    pub(crate) address: SocketAddr,
    requests: AtomicU64,
}

impl ServerProcess {
    /// Starts a program and waits until it has said where it listens.
    pub(crate) fn start(mut command: Command) -> Result<Self> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.take().ok_or("its output was asked for")?;
        let mut lines = BufReader::new(output).lines();
        let address = lines.find_map(|line| {
            let line = line.ok()?;
            let (_, address) = line.split_once(ADDRESS)?;
            address.split('/').next()?.trim().parse().ok()
        });
        let Some(address) = address else {
            let status = child.wait()?;
            return Err(format!("a server ended before it was ready: {status}").into());
        };
        Ok(Self { child, address, requests: AtomicU64::new(0) })
    }

    /// The number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks one thing on a connection of its own.
    pub(crate) fn ask(&self, request: &[u8]) -> Result<Answer> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.write_all(request)?;
        self.count(1);
        Reader::new(stream).whole()
    }

    /// Notes requests that somebody sent it.
    pub(crate) fn count(&self, requests: u64) {
        self.requests.fetch_add(requests, Ordering::Relaxed);
    }

    /// How many requests it has had.
    pub(crate) fn requests_so_far(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Its memory that is not swapped out or shared away, in megabytes.
    pub(crate) fn resident_mb(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id()))?;
        let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:"));
        let kib: f64 = line.unwrap_or_default().trim_end_matches("kB").trim().parse()?;
        Ok(kib * 1024.0 / 1e6)
    }

    /// What it has counted so far under a name, whatever the labels.
    pub(crate) fn counted(&self, name: &str) -> Result<f64> {
        let answer = self.ask(&wire::request(Method::Get, "/metrics", None, ""))?;
        let text = String::from_utf8(answer.body)?;
        let of = |line: &str| {
            let rest = line.strip_prefix(name)?;
            let value = rest.starts_with(['{', ' ']).then(|| rest.rsplit(' ').next())??;
            value.parse::<f64>().ok()
        };
        Ok(text.lines().filter_map(of).sum())
    }

    /// Asks it to stop and waits until it has.
    pub(crate) fn stop(mut self) -> Result<()> {
        let sent = Command::new("kill").args(["-TERM", &self.id().to_string()]).status()?;
        let ended = self.child.wait()?;
        if sent.success() && ended.success() {
            return Ok(());
        }
        Err(format!("the program did not stop well: {ended}").into())
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
