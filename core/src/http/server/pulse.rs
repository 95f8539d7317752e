//! The life signs of one connection: a socket that notes when it moves, and what follows from it.
//!
//! **Invariant:** a limit runs only while the connection owes something: a header that has begun,
//! a next request, a reader for what is being sent. While a handler works, none does.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::Instant,
};

/// How long a client may leave unread what it is sent.
const STALL_LIMIT: Duration = Duration::from_secs(30);

/// What a connection is doing, shared by its socket, its requests and its watcher.
#[derive(Debug)]
pub(crate) struct Pulse {
    header_timeout: Duration,
    idle_timeout: Duration,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    phase: Phase,
    /// Requests whose handlers have not ended.
    busy: usize,
    /// The end of the current phase, while nothing is busy.
    deadline: Instant,
    /// Since when the other side takes nothing of what is being sent.
    stalled: Option<Instant>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing has come since the last answer.
    Idle,
    /// A header has begun.
    Header,
    /// Many requests share the connection: bytes alone begin nothing.
    Shared,
}

/// A request that is being handled; ends with it.
pub(crate) struct Busy(Arc<Pulse>);

impl Pulse {
    /// The pulse of a connection that has just been accepted: its first header is due.
    pub(crate) fn new(header_timeout: Duration, idle_timeout: Duration) -> Arc<Self> {
        let state = State {
            phase: Phase::Header,
            busy: 0,
            deadline: Instant::now() + header_timeout,
            stalled: None,
        };
        Arc::new(Self { header_timeout, idle_timeout, state: Mutex::new(state) })
    }

    /// A request has come in whole, as far as its header goes.
    pub(crate) fn begin(self: &Arc<Self>, is_shared: bool) -> Busy {
        let mut state = self.state();
        state.busy += 1;
        if is_shared {
            state.phase = Phase::Shared;
        }
        Busy(Arc::clone(self))
    }

    /// When the connection is to be ended, unless something moves before.
    ///
    /// Never later than `header_timeout` from now: the limits change as the phases do.
    pub(crate) fn next_look(&self) -> Instant {
        let now = Instant::now();
        let state = self.state();
        let due = match (state.stalled, state.busy) {
            (Some(since), _) => since + STALL_LIMIT,
            (None, 0) => state.deadline,
            (None, _) => now + self.header_timeout,
        };
        due.min(now + self.header_timeout)
    }

    /// Whether a limit has passed.
    pub(crate) fn is_over(&self) -> bool {
        let now = Instant::now();
        let state = self.state();
        state.stalled.is_some_and(|since| now >= since + STALL_LIMIT)
            || (state.busy == 0 && now >= state.deadline)
    }

    /// Whether no handler is at work and nothing waits to be sent.
    pub(crate) fn is_quiet(&self) -> bool {
        let state = self.state();
        state.busy == 0 && state.stalled.is_none()
    }

    fn bytes_came(&self) {
        let mut state = self.state();
        if state.busy == 0 && state.phase == Phase::Idle {
            state.phase = Phase::Header;
            state.deadline = Instant::now() + self.header_timeout;
        }
    }

    fn bytes_went(&self) {
        let mut state = self.state();
        state.stalled = None;
        if state.busy == 0 && state.phase != Phase::Header {
            state.deadline = Instant::now() + self.idle_timeout;
        }
    }

    fn stalled(&self) {
        let mut state = self.state();
        if state.stalled.is_none() {
            state.stalled = Some(Instant::now());
        }
    }

    /// A panic elsewhere leaves nothing half-written here.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.busy -= 1;
        state.deadline = Instant::now() + self.0.idle_timeout;
        if state.phase == Phase::Header {
            state.phase = Phase::Idle;
        }
    }
}

/// A socket that tells its pulse what it does.
pub(crate) struct PulsedStream {
    stream: TcpStream,
    pulse: Arc<Pulse>,
}

impl PulsedStream {
    pub(crate) fn new(stream: TcpStream, pulse: Arc<Pulse>) -> Self {
        Self { stream, pulse }
    }

    /// The socket, which tells nobody any more.
    pub(crate) fn into_stream(self) -> TcpStream {
        self.stream
    }

    fn note<T>(&self, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        match &written {
            Poll::Ready(_) => self.pulse.bytes_went(),
            Poll::Pending => self.pulse.stalled(),
        }
        written
    }
}

impl AsyncRead for PulsedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            self.pulse.bytes_came();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for PulsedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.note(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.note(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
