//! One connection, from the socket to its end: HTTP/1 or HTTP/2, requests to the endpoint,
//! limits, and a close that lets what is in flight finish.

use std::{convert::Infallible, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use http::{Request, Response, Version, uri::Scheme};
use http_body_util::combinators::BoxBody;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use poem::{
    Addr, Endpoint,
    web::{LocalAddr, RemoteAddr},
};
use tokio::{
    net::TcpStream,
    sync::{OwnedSemaphorePermit, Semaphore},
    time,
};
use tokio_util::sync::CancellationToken;

use crate::http::server::{
    pulse::{Pulse, PulsedStream},
    upgrade::Upgrade,
};

/// The largest header of a request, in bytes.
const HEADER_BYTES_MAX: usize = 64 * 1024;

/// Requests at a time on one HTTP/2 connection.
const STREAMS_MAX: u32 = 100;

/// How long a connection without a request may take to close in good order.
const CLOSE_LIMIT: Duration = Duration::from_secs(1);

/// What all connections of one server share.
pub(crate) struct Connections<E> {
    pub(crate) endpoint: E,
    pub(crate) local: SocketAddr,
    pub(crate) header_timeout: Duration,
    pub(crate) idle_timeout: Duration,
    /// One permit for each connection that may still be taken.
    pub(crate) free: Arc<Semaphore>,
    /// No further requests; those in flight may finish.
    pub(crate) closing: CancellationToken,
    /// Everything ends now.
    pub(crate) ended: CancellationToken,
}

impl<E: Endpoint<Output = poem::Response> + 'static> Connections<E> {
    /// Serves one connection to its end; its permit is given back with it, or with what it becomes.
    pub(crate) async fn serve(
        self: Arc<Self>,
        stream: TcpStream,
        remote: SocketAddr,
        permit: OwnedSemaphorePermit,
    ) {
        let place = Arc::new(permit);
        // Answers are written whole; waiting for more to send would only cost a round trip.
        let _ = stream.set_nodelay(true);
        let ended = self.ended.clone();
        tokio::select! {
            () = ended.cancelled() => {}
            () = self.answer_all(stream, remote, &place) => {}
        }
        drop(place);
    }

    async fn answer_all(
        self: Arc<Self>,
        stream: TcpStream,
        remote: SocketAddr,
        place: &Arc<OwnedSemaphorePermit>,
    ) {
        let pulse = Pulse::new(self.header_timeout, self.idle_timeout);
        let io = TokioIo::new(PulsedStream::new(stream, Arc::clone(&pulse)));
        let (this, requests) = (Arc::clone(&self), Arc::clone(&pulse));
        let service = service_fn(move |mut request: Request<Incoming>| {
            if let Some(upgrade) = Upgrade::of(&mut request, place) {
                request.extensions_mut().insert(upgrade);
            }
            let busy = requests.begin(request.version() == Version::HTTP_2);
            let this = Arc::clone(&this);
            async move {
                let response = this.answer(request, remote).await;
                drop(busy);
                Ok::<_, Infallible>(response)
            }
        });

        let builder = builder();
        let mut connection = pin!(builder.serve_connection_with_upgrades(io, service));
        loop {
            tokio::select! {
                // An error here is the client's: gone, or not speaking HTTP.
                _ = connection.as_mut() => return,
                () = self.closing.cancelled() => break,
                () = time::sleep_until(pulse.next_look()) => {
                    if pulse.is_over() {
                        break;
                    }
                }
            }
        }
        connection.as_mut().graceful_shutdown();
        while time::timeout(CLOSE_LIMIT, connection.as_mut()).await.is_err() {
            if pulse.is_quiet() || pulse.is_over() {
                return;
            }
        }
    }

    async fn answer(
        &self,
        request: Request<Incoming>,
        remote: SocketAddr,
    ) -> Response<BoxBody<bytes::Bytes, std::io::Error>> {
        let local = LocalAddr(Addr::SocketAddr(self.local));
        let remote = RemoteAddr(Addr::SocketAddr(remote));
        self.endpoint.get_response((request, local, remote, Scheme::HTTP).into()).await.into()
    }
}

fn builder() -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    // The limits of headers and of idle connections are the pulse's: hyper knows one for both.
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(None)
        .max_buf_size(HEADER_BYTES_MAX);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS_MAX)
        .max_pending_accept_reset_streams(20)
        .max_header_list_size(16 * 1024)
        .keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(Duration::from_secs(10));
    builder
}
