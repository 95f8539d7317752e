//! One socket, from the answer to its handshake to the end of its connection.
//!
//! **Invariant:** every socket that opened leaves one line in the log and one count, whichever way it
//! ends.

use std::{
    panic::AssertUnwindSafe,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use futures_util::FutureExt;
use tokio::time::{self, Instant};

use crate::{
    App,
    http::{
        RequestTrace,
        metering::RouteMeter,
        server::{Upgrade, Upgraded},
        socket::{
            Draining, Opening, Socket, SocketHandler, close,
            line::Line,
            meter::{self, SocketMeter},
        },
    },
    task::panic_text,
};

/// How long a connection may take from the answer to its first frame.
const UPGRADE_LIMIT: Duration = Duration::from_secs(10);

/// How long a handler may go on when the server ends, and when its socket is over.
const DRAIN_LIMIT: Duration = Duration::from_millis(1500);
const OVER_LIMIT: Duration = Duration::from_secs(1);

/// How long a peer may take over the last words; where the server ends, what is left of two seconds.
const PART_LIMIT: Duration = Duration::from_secs(1);
const PART_LIMIT_DRAINING: Duration = Duration::from_millis(400);

/// All that a socket needs to live.
pub(super) struct Lifetime {
    pub(super) app: Arc<App>,
    pub(super) handler: Arc<dyn SocketHandler>,
    pub(super) upgrade: Upgrade,
    pub(super) trace: Arc<RequestTrace>,
    pub(super) meter: Arc<SocketMeter>,
    /// What it begins with; or the code and the reason that it is closed with as soon as it is open.
    pub(super) opening: Result<Opening, (u16, &'static str)>,
}

impl Lifetime {
    /// Lives it to the end. In a box, because what an `async` function is given has two places in it.
    pub(super) async fn live(self: Box<Self>) {
        let app = self.app.clone();
        tokio::select! {
            () = app.sockets.ended() => {}
            () = self.open() => {}
        }
    }

    async fn open(self: Box<Self>) {
        let Self { app, handler, upgrade, trace, meter, opening } = *self;
        let Ok(Some(upgraded)) = time::timeout(UPGRADE_LIMIT, upgrade.finish()).await else {
            return;
        };
        let Upgraded { stream, part, place } = upgraded;
        // Until this function ends, whichever way.
        let _place = place;
        let _open = meter.open();
        let line = Line::new(stream, part, app.settings.socket, meter);
        let line = Arc::new(line);
        line.user.store(trace.user().unwrap_or_default(), Ordering::Relaxed);
        let _last_line = LastLine::of(&line, &trace);
        drop(trace);

        let draining = app.sockets.draining();
        match opening {
            Ok(opening) => {
                let socket = Socket { line: line.clone(), draining: draining.clone() };
                let served = handler.serve(&app, opening, socket);
                let served = AssertUnwindSafe(served).catch_unwind();
                tokio::select! {
                    served = served => {
                        if let Err(panic) = served {
                            let panic = panic_text(&*panic);
                            tracing::error!(target: "http", panic, "the handler of a socket panicked");
                            line.close(close::BROKEN, "");
                        }
                    }
                    () = patience(&line, &draining) => {}
                }
            }
            Err((code, reason)) => line.close(code, reason),
        }
        let limit = match draining.has_begun() {
            true => {
                line.close(close::DRAINING, "the server ends");
                PART_LIMIT_DRAINING
            }
            false => {
                line.close(close::NORMAL, "");
                PART_LIMIT
            }
        };
        line.part(limit).await;
    }
}

/// Waits as long as a handler may go on.
async fn patience(line: &Line, draining: &Draining) {
    let limit = tokio::select! {
        () = draining.begun() => DRAIN_LIMIT,
        () = line.over() => OVER_LIMIT,
    };
    time::sleep(limit).await;
}

/// What a socket leaves in log and figures when it ends.
struct LastLine {
    line: Arc<Line>,
    /// What the request was called that opened it.
    id: Box<str>,
    route: Option<Arc<RouteMeter>>,
    began: Instant,
}

impl LastLine {
    fn of(line: &Arc<Line>, trace: &RequestTrace) -> Self {
        let id = trace.id.as_str().into();
        Self { line: line.clone(), id, route: trace.route().cloned(), began: Instant::now() }
    }
}

impl Drop for LastLine {
    fn drop(&mut self) {
        let line = &self.line;
        let code = line.code();
        meter::closed(code);
        tracing::info!(
            target: "http",
            id = &*self.id,
            route = self.route.as_ref().map(|it| &*it.pattern),
            code,
            seconds = (self.began.elapsed().as_secs_f64() * 10.0).round() / 10.0,
            frames_in = line.frames_in.load(Ordering::Relaxed),
            frames_out = line.frames_out.load(Ordering::Relaxed),
            user = Some(line.user.load(Ordering::Relaxed)).filter(|it| *it != 0),
            "a socket was closed",
        );
    }
}
