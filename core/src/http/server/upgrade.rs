//! A connection on its way from HTTP to something else.
//!
//! **Invariant:** it keeps its place among all connections until it is closed.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, header::UPGRADE};
use hyper::{body::Incoming, upgrade::OnUpgrade};
use hyper_util::{rt::TokioIo, server::conn::auto::upgrade::downcast};
use tokio::{net::TcpStream, sync::OwnedSemaphorePermit};

use crate::http::server::pulse::PulsedStream;

/// What becomes of the connection of a request that asks for another protocol.
#[derive(Clone)]
pub(crate) struct Upgrade {
    upgraded: OnUpgrade,
    place: Arc<OwnedSemaphorePermit>,
}

/// A connection that speaks HTTP no more.
pub(crate) struct Upgraded {
    /// The connection.
    pub(crate) stream: TcpStream,
    /// What was read of it already.
    pub(crate) part: Bytes,
    /// Its place among all connections.
    pub(crate) place: Arc<OwnedSemaphorePermit>,
}

impl Upgrade {
    /// That of a request, if it asks for one.
    pub(super) fn of(
        request: &mut Request<Incoming>,
        place: &Arc<OwnedSemaphorePermit>,
    ) -> Option<Self> {
        request
            .headers()
            .contains_key(UPGRADE)
            .then(|| Self { upgraded: hyper::upgrade::on(request), place: Arc::clone(place) })
    }

    /// Waits until the request is answered with 101; none if it is not.
    pub(crate) async fn finish(self) -> Option<Upgraded> {
        let upgraded = self.upgraded.await.ok()?;
        let parts = downcast::<TokioIo<PulsedStream>>(upgraded).ok()?;
        let stream = parts.io.into_inner().into_stream();
        Some(Upgraded { stream, part: parts.read_buf, place: self.place })
    }
}
