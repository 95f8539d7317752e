//! Sockets: how a module speaks over one, without the web framework and without the transport.
//!
//! A module gives a path and a [`SocketHandler`]. What is the same for all sockets is done here, once:
//! the handshake, origins, tickets, limits, pings, deadlines, the end of the server, figures and lines
//! of the log.
//!
//! **Invariant:** a socket costs what it holds and no more: one task, one buffer of 4 KiB, frames of
//! bounded size in both directions; what stalls or falls silent is ended.

mod endpoint;
mod handshake;
mod own_origins;
mod query;

mod document;

mod lifetime;
mod line;
mod reader;
mod text;
mod writer;

mod meter;
mod sockets;

use std::{net::IpAddr, sync::Arc};

use futures_util::future::BoxFuture;

pub use crate::http::socket::{
    document::{FrameDocument, SocketDocument},
    line::SocketOver,
    reader::{Incoming, SocketReader},
    sockets::Draining,
    text::SocketText,
    writer::{SocketCloser, SocketWriter},
};
pub(crate) use crate::http::socket::{endpoint::SocketRoute, own_origins::doubt, sockets::Sockets};
use crate::{App, auth::HeldLogin, http::socket::line::Line};

/// What a module does with the sockets of one path.
pub trait SocketHandler: Send + Sync + 'static {
    /// What the path is for, in one line: for the OpenAPI document.
    fn summary(&self) -> &'static str;

    /// The sub-protocols that it speaks, the best one first. A client that offers none of them, but
    /// others, is told so by their absence from the answer.
    fn protocols(&self) -> &'static [&'static str] {
        &["artel.v1"]
    }

    /// What is said over it: for the AsyncAPI document, where it stands as a channel either way.
    fn document(&self) -> Option<SocketDocument> {
        None
    }

    /// Speaks over one socket, from the handshake to the end: when this returns, the socket is closed,
    /// with [`close::NORMAL`] if nobody has said otherwise.
    ///
    /// It may be dropped where it stands: a second after the socket was over, a second and a half after
    /// [`Socket::draining`] began. What must not be left half done belongs into a transaction.
    fn serve<'a>(
        &'a self,
        app: &'a Arc<App>,
        opening: Opening,
        socket: Socket,
    ) -> BoxFuture<'a, ()>;
}

/// What is known of a socket when it opens.
#[derive(Debug)]
pub struct Opening {
    /// Who it is, by a ticket; none where there was no ticket: whoever it is has yet to say.
    pub login: Option<HeldLogin>,
    /// The address of the client, as far as the proxies between are trusted.
    pub address: IpAddr,
    /// The language that the client asks for; none where it says nothing: then that of the user.
    pub language: Option<&'static str>,
    /// The sub-protocol that was agreed on, if the client offered any.
    pub protocol: Option<&'static str>,
}

/// A socket that has opened.
#[derive(Debug)]
pub struct Socket {
    line: Arc<Line>,
    draining: Draining,
}

impl Socket {
    /// Its two directions. Keep asking the reader: it also answers pings, sends ours, and notices that
    /// nobody is there any more.
    pub fn split(self) -> (SocketReader, SocketWriter) {
        (SocketReader::new(self.line.clone()), SocketWriter::new(self.line))
    }

    /// Tells when the server begins to end. A second and a half is left from then on to say so; then
    /// the socket is closed with [`close::DRAINING`].
    pub fn draining(&self) -> Draining {
        self.draining.clone()
    }

    /// Closes the socket from anywhere, also while a frame waits to be sent.
    pub fn closer(&self) -> SocketCloser {
        SocketCloser::new(self.line.clone())
    }
}

/// The codes that sockets are closed with.
pub mod close {
    /// All was said.
    pub const NORMAL: u16 = 1000;
    /// The peer was silent for too long.
    pub const SILENT: u16 = 1001;
    /// A fault of ours.
    pub const BROKEN: u16 = 1011;
    /// A frame that is too large, not text, or none.
    pub const BAD_FRAME: u16 = 4400;
    /// Nobody is signed in, or not any more.
    pub const SIGNED_OUT: u16 = 4401;
    /// Signed in, and without the right to be here.
    pub const FORBIDDEN: u16 = 4403;
    /// The peer does not take what it is sent.
    pub const TOO_SLOW: u16 = 4408;
    /// The peer asks for too much.
    pub const TOO_FAST: u16 = 4429;
    /// The server ends: connect again, to another one or in a while.
    pub const DRAINING: u16 = 4503;
}
