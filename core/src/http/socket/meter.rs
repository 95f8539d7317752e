//! What is counted of sockets.
//!
//! **Invariant:** a peer chooses no label: of the codes that it may close with, a few have one.

use metrics::{Counter, Gauge};

use crate::http::socket::close;

/// The figures of sockets, which all of the process share.
#[derive(Debug)]
pub(super) struct SocketMeter {
    open: Gauge,
    opened: Counter,
    pub(super) frames_in: Counter,
    pub(super) frames_out: Counter,
}

/// A socket that is open; ends with it.
pub(super) struct Open(Gauge);

impl SocketMeter {
    /// The figures, once there is a recorder.
    pub(super) fn new() -> Self {
        Self {
            open: metrics::gauge!("artel_sockets_open"),
            opened: metrics::counter!("artel_sockets_opened_total"),
            frames_in: metrics::counter!("artel_socket_frames_total", "direction" => "in"),
            frames_out: metrics::counter!("artel_socket_frames_total", "direction" => "out"),
        }
    }

    /// Counts a socket as open as long as what it gives lives.
    pub(super) fn open(&self) -> Open {
        self.opened.increment(1);
        self.open.increment(1);
        Open(self.open.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.decrement(1);
    }
}

/// Counts an end.
pub(super) fn closed(code: u16) {
    metrics::counter!("artel_sockets_closed_total", "code" => label(code)).increment(1);
}

fn label(code: u16) -> &'static str {
    match code {
        close::NORMAL => "1000",
        close::SILENT => "1001",
        1005 => "1005",
        1006 => "1006",
        close::BROKEN => "1011",
        close::BAD_FRAME => "4400",
        close::SIGNED_OUT => "4401",
        close::FORBIDDEN => "4403",
        close::TOO_SLOW => "4408",
        close::TOO_FAST => "4429",
        close::DRAINING => "4503",
        _ => "other",
    }
}
