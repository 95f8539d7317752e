//! Many requests over several connections, with as little work as that takes: the machine is
//! shared with the servers.

use std::{
    io::Write,
    net::TcpStream,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use crate::{Result, server_process::ServerProcess, wire::Reader};

/// Connections that ask at the same time, each one thing after another.
const CONNECTIONS: usize = 8;

/// When it is enough.
#[derive(Clone, Copy)]
pub(crate) enum Until {
    /// After this time.
    Elapsed(Duration),
    /// After so many requests.
    Count(u64),
}

/// What was done.
pub(crate) struct Done {
    pub(crate) requests: u64,
    pub(crate) took: Duration,
    /// How long each took, the fastest first.
    pub(crate) latencies: Vec<Duration>,
}

/// Asks `server` the requests in turn until it is enough.
///
/// # Errors
/// When an answer is no success, or none comes.
pub(crate) fn run(server: &ServerProcess, requests: &[Vec<u8>], until: Until) -> Result<Done> {
    run_over(CONNECTIONS, server, requests, until)
}

/// The same over so many connections.
pub(crate) fn run_over(
    connections: usize,
    server: &ServerProcess,
    requests: &[Vec<u8>],
    until: Until,
) -> Result<Done> {
    let began = Instant::now();
    let taken = AtomicU64::new(0);
    let is_enough = |count: u64| match until {
        Until::Elapsed(limit) => began.elapsed() >= limit,
        Until::Count(limit) => count >= limit,
    };
    let turn = || {
        let count = taken.fetch_add(1, Ordering::Relaxed);
        (!is_enough(count)).then_some(count)
    };
    let latencies = thread::scope(|scope| {
        let ask = || one_connection(server, requests, &turn);
        let running: Vec<_> = (0..connections).map(|_| scope.spawn(ask)).collect();
        let ended = running.into_iter().map(|it| it.join().map_err(|_| "a connection panicked")?);
        ended.collect::<Result<Vec<Vec<Duration>>>>()
    })?;
    let took = began.elapsed();
    let mut latencies = latencies.concat();
    latencies.sort();
    let requests = latencies.len() as u64;
    server.count(requests);
    Ok(Done { requests, took, latencies })
}

fn one_connection(
    server: &ServerProcess,
    requests: &[Vec<u8>],
    turn: &impl Fn() -> Option<u64>,
) -> Result<Vec<Duration>> {
    let stream = TcpStream::connect(server.address)?;
    stream.set_nodelay(true)?;
    let mut reader = Reader::new(stream);
    let mut done = Vec::new();
    while let Some(count) = turn() {
        let which = usize::try_from(count % requests.len() as u64)?;
        let began = Instant::now();
        reader.stream().write_all(&requests[which])?;
        match reader.status_only()? {
            200..300 => done.push(began.elapsed()),
            status => return Err(format!("an answer has the status {status}").into()),
        }
    }
    Ok(done)
}
