//! The connection of one socket: frames in and out, shared by its reader, its writer and its end.
//!
//! Neither direction blocks the other: the kernel is asked without waiting, under a lock that no
//! `await` is held over, and whoever has to wait does so for the connection to be readable or writable.
//!
//! **Invariant:** the first reason to end is the one that the peer is told, and the only one.

use std::{
    io::{self, ErrorKind, Read, Write},
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use tokio::{
    net::TcpStream,
    time::{self, Instant},
};
use tokio_util::sync::CancellationToken;
use tungstenite::{
    Error, Message,
    error::ProtocolError,
    protocol::{
        CloseFrame, Role, WebSocketConfig, WebSocketContext,
        frame::{Frame, Utf8Bytes},
    },
};

use crate::{
    http::socket::{close, meter::SocketMeter},
    settings::SocketSettings,
};

/// The largest frame and message of a peer, in bytes.
pub(super) const INCOMING_MAX: usize = 64 * 1024;

/// What is read at a time, in bytes; held as long as the socket lives.
const READ_BUFFER: usize = 4 * 1024;

/// The most that waits to be written, in bytes: a part of a message, and a word of the protocol.
const WRITE_BUFFER: usize = 2 * OUTGOING_PART;

/// The largest frame of ours, in bytes; a longer message goes out in several.
pub(super) const OUTGOING_PART: usize = 4 * 1024;

/// The longest reason that a close frame holds, in bytes.
const REASON_MAX: usize = 123;

/// What a peer that says no code has closed with, and one that says nothing at all.
const NO_CODE: u16 = 1005;
const LOST: u16 = 1006;

/// What reader, writer and end of a socket share.
#[derive(Debug)]
pub(super) struct Line {
    stream: TcpStream,
    codec: Mutex<WebSocketContext>,
    ending: OnceLock<Ending>,
    over: CancellationToken,
    pub(super) settings: SocketSettings,
    meter: Arc<SocketMeter>,
    pub(super) frames_in: AtomicU64,
    pub(super) frames_out: AtomicU64,
    /// Who is signed in; 0 while nobody is known.
    pub(super) user: AtomicI64,
}

/// Why a socket ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// We say so; the peer is in a state to answer, or is not.
    Ours { code: u16, is_answered: bool },
    /// The peer has said so.
    Theirs(u16),
    /// The connection broke.
    Lost,
}

/// What has come.
#[derive(Debug)]
pub(super) enum Arrival {
    Text(String),
    Binary,
    /// A ping or a pong: the peer is there.
    LifeSign,
    TooLarge,
    /// No frame that the protocol allows.
    Bad,
    /// The peer has closed, or is gone.
    End,
    /// Nothing yet.
    Nothing,
}

/// The socket is over: nothing is sent any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SocketOver;

impl Line {
    /// The line over a connection of which `part` has been read already. That is copied: also an empty
    /// part holds the buffer that it was read into.
    pub(super) fn new(
        stream: TcpStream,
        part: Bytes,
        settings: SocketSettings,
        meter: Arc<SocketMeter>,
    ) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(0)
            .max_write_buffer_size(WRITE_BUFFER)
            .max_message_size(Some(INCOMING_MAX))
            .max_frame_size(Some(INCOMING_MAX));
        let codec =
            WebSocketContext::from_partially_read(part.to_vec(), Role::Server, Some(config));
        drop(part);
        Self {
            stream,
            codec: Mutex::new(codec),
            ending: OnceLock::new(),
            over: CancellationToken::new(),
            settings,
            meter,
            frames_in: AtomicU64::new(0),
            frames_out: AtomicU64::new(0),
            user: AtomicI64::new(0),
        }
    }

    /// Whatever has come, without waiting.
    pub(super) fn read(&self) -> Arrival {
        let read = self.codec().read(&mut Wire(&self.stream));
        match read {
            Ok(Message::Text(text)) => Arrival::Text(text.as_str().to_owned()),
            Ok(Message::Binary(_)) => Arrival::Binary,
            Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => Arrival::LifeSign,
            Ok(Message::Close(frame)) => {
                self.end(Ending::Theirs(frame.map_or(NO_CODE, |it| it.code.into())));
                Arrival::End
            }
            Err(Error::Io(fault)) if fault.kind() == ErrorKind::WouldBlock => Arrival::Nothing,
            Err(Error::Capacity(_)) => Arrival::TooLarge,
            Err(error) if is_lost(&error) => {
                self.end(Ending::Lost);
                Arrival::End
            }
            Err(_) => Arrival::Bad,
        }
    }

    /// Puts a frame behind those that wait and lets it go as far as it goes.
    ///
    /// # Errors
    /// When the socket is over.
    pub(super) fn write(&self, frame: Frame) -> Result<(), SocketOver> {
        if self.is_over() {
            return Err(SocketOver);
        }
        let written = self.codec().write(&mut Wire(&self.stream), Message::Frame(frame));
        self.is_through(written).map(drop)
    }

    /// Waits until everything has gone out. A peer that takes nothing for so long as the settings say is
    /// too slow.
    ///
    /// # Errors
    /// When the socket is over.
    pub(super) async fn flush(&self) -> Result<(), SocketOver> {
        let mut deadline = None;
        loop {
            if self.is_over() {
                return Err(SocketOver);
            }
            if self.try_flush()? {
                return Ok(());
            }
            let deadline = *deadline.get_or_insert_with(|| Instant::now() + self.settings.send);
            tokio::select! {
                biased;
                () = self.over.cancelled() => return Err(SocketOver),
                // What is wrong with it shows when it is written to.
                _ = self.stream.writable() => {}
                () = time::sleep_until(deadline) => {
                    self.close(close::TOO_SLOW, "what was sent was not taken");
                    return Err(SocketOver);
                }
            }
        }
    }

    /// Lets go out what goes without waiting; whether that was everything.
    pub(super) fn try_flush(&self) -> Result<bool, SocketOver> {
        let flushed = self.codec().flush(&mut Wire(&self.stream));
        self.is_through(flushed)
    }

    /// Waits until there may be something to read, until `due` at the most; whether it is due.
    pub(super) async fn readable(&self, due: Instant) -> bool {
        tokio::select! {
            biased;
            () = self.over.cancelled() => false,
            // What is wrong with it shows when it is read.
            _ = self.stream.readable() => false,
            () = time::sleep_until(due) => true,
        }
    }

    /// Ends it and tells the peer why; the first reason counts.
    pub(super) fn close(&self, code: u16, reason: &str) {
        self.close_as(Ending::Ours { code, is_answered: true }, reason);
    }

    /// The same when the peer has sent what cannot be read on.
    pub(super) fn close_unreadable(&self, code: u16, reason: &str) {
        self.close_as(Ending::Ours { code, is_answered: false }, reason);
    }

    /// Whether it has ended.
    pub(super) fn is_over(&self) -> bool {
        self.over.is_cancelled()
    }

    /// Waits for the end.
    pub(super) async fn over(&self) {
        self.over.cancelled().await;
    }

    /// The code that it ended with.
    pub(super) fn code(&self) -> u16 {
        match self.ending.get() {
            Some(Ending::Ours { code, .. } | Ending::Theirs(code)) => *code,
            Some(Ending::Lost) | None => LOST,
        }
    }

    /// Lets the last words go out and the peer answer them, as far as that takes no longer than
    /// `patience`: a connection that is closed with something unread takes back what was said last.
    pub(super) async fn part(&self, patience: Duration) {
        let parting = async {
            while let Ok(false) = self.try_flush() {
                if self.stream.writable().await.is_err() {
                    return;
                }
            }
            match self.ending.get() {
                Some(Ending::Ours { is_answered: true, .. }) => self.hear_answer().await,
                Some(Ending::Ours { is_answered: false, .. }) => self.read_away().await,
                Some(Ending::Theirs(_) | Ending::Lost) | None => {}
            }
        };
        // Who does not answer is left without.
        let _ = time::timeout(patience, parting).await;
    }

    /// Reads until the peer has closed too; what it says meanwhile is for nobody.
    async fn hear_answer(&self) {
        loop {
            match self.codec().read(&mut Wire(&self.stream)) {
                Ok(Message::Close(_)) => return,
                Ok(_) => continue,
                Err(Error::Io(fault)) if fault.kind() == ErrorKind::WouldBlock => {}
                Err(_) => return,
            }
            if self.stream.readable().await.is_err() {
                return;
            }
        }
    }

    /// Reads bytes that nobody looks at, until there are no more.
    async fn read_away(&self) {
        while self.stream.readable().await.is_ok() {
            // Not a part of the future, which would have room for it all its life.
            let read = self.stream.try_read(&mut [0; 1024]);
            match read {
                Ok(0) => return,
                Err(fault) if fault.kind() != ErrorKind::WouldBlock => return,
                Ok(_) | Err(_) => tokio::task::consume_budget().await,
            }
        }
    }

    fn close_as(&self, ending: Ending, reason: &str) {
        let Ending::Ours { code, .. } = ending else { return };
        if self.ending.set(ending).is_err() {
            return;
        }
        let reason = Utf8Bytes::from(&reason[..reason.floor_char_boundary(REASON_MAX)]);
        // What does not go out now goes out when it parts.
        let _ = self
            .codec()
            .close(&mut Wire(&self.stream), Some(CloseFrame { code: code.into(), reason }));
        self.over.cancel();
    }

    fn end(&self, ending: Ending) {
        // Already over for another reason.
        let _ = self.ending.set(ending);
        self.over.cancel();
    }

    fn is_through(&self, written: Result<(), Error>) -> Result<bool, SocketOver> {
        match written {
            Ok(()) => Ok(true),
            Err(Error::Io(fault)) if fault.kind() == ErrorKind::WouldBlock => Ok(false),
            Err(Error::WriteBufferFull(_)) => Ok(false),
            Err(_) => {
                self.end(Ending::Lost);
                Err(SocketOver)
            }
        }
    }

    /// A panic elsewhere leaves nothing half-written here.
    fn codec(&self) -> MutexGuard<'_, WebSocketContext> {
        self.codec.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a message that came.
    pub(super) fn count_in(&self) {
        self.frames_in.fetch_add(1, Ordering::Relaxed);
        self.meter.frames_in.increment(1);
    }

    /// Counts a message that went.
    pub(super) fn count_out(&self) {
        self.frames_out.fetch_add(1, Ordering::Relaxed);
        self.meter.frames_out.increment(1);
    }
}

fn is_lost(error: &Error) -> bool {
    matches!(
        error,
        Error::Io(_)
            | Error::ConnectionClosed
            | Error::AlreadyClosed
            | Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)
    )
}

/// The connection as the codec uses it: what would have to wait says so.
struct Wire<'a>(&'a TcpStream);

impl Read for Wire<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.try_read(buffer)
    }
}

impl Write for Wire<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.try_write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
