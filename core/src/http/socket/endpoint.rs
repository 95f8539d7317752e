//! The route of a socket: what a request must be before it becomes one.
//!
//! Faults are answered in this order: the handshake, the origin, the address, the end of the server,
//! the ticket.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use http::{StatusCode, header::ACCEPT_LANGUAGE};
use poem::{Endpoint, Request, Response};

use crate::{
    App, Error, ErrorKind, Result,
    auth::HeldLogin,
    http::{
        API_PREFIX,
        extract::{app_of, trace_of},
        server::Upgrade,
        socket::{
            Opening, SocketDocument, SocketHandler, close, handshake::Handshake,
            lifetime::Lifetime, meter::SocketMeter, own_origins, query,
        },
    },
    task,
};

/// A path and what is done with its sockets.
#[derive(Clone)]
pub struct SocketRoute {
    module: &'static str,
    path: &'static str,
    handler: Arc<dyn SocketHandler>,
}

/// Answers the requests of one path.
pub(crate) struct SocketEndpoint {
    handler: Arc<dyn SocketHandler>,
    meter: Arc<SocketMeter>,
}

impl SocketRoute {
    /// That of a module; the path as it stands behind the base.
    pub(crate) fn new(
        module: &'static str,
        path: &'static str,
        handler: impl SocketHandler,
    ) -> Self {
        Self { module, path, handler: Arc::new(handler) }
    }

    /// Whose it is.
    pub(crate) fn origin(&self) -> String {
        format!("the socket of the module {}", self.module)
    }

    /// The whole path.
    pub(crate) fn path(&self) -> String {
        format!("{API_PREFIX}{}", self.path)
    }

    /// What it is for.
    pub(crate) fn summary(&self) -> &'static str {
        self.handler.summary()
    }

    /// The sub-protocols that it speaks, the best one first.
    pub(crate) fn protocols(&self) -> &'static [&'static str] {
        self.handler.protocols()
    }

    /// What is said over it, as far as its module says so.
    pub(crate) fn document(&self) -> Option<SocketDocument> {
        self.handler.document()
    }

    /// What answers it.
    pub(crate) fn endpoint(&self) -> SocketEndpoint {
        SocketEndpoint { handler: self.handler.clone(), meter: Arc::new(SocketMeter::new()) }
    }
}

impl Endpoint for SocketEndpoint {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        Ok(self.answer(&request).await?)
    }
}

impl SocketEndpoint {
    async fn answer(&self, request: &Request) -> Result<Response> {
        let (app, headers) = (app_of(request)?, request.headers());
        let trace = trace_of(request).ok_or_else(|| Error::broken("a request without trace"))?;
        let handshake = Handshake::of(request.version(), headers, self.handler.protocols())?;
        let upgrade = request.data::<Upgrade>().ok_or(ErrorKind::UpgradeRequired)?;
        let listen = request.local_addr().as_socket_addr().copied();
        own_origins::check(headers, &app.settings.http, listen)?;
        let ticket = query::ticket(request.uri().query())?;
        app.sockets.check_open()?;
        let login = match ticket {
            Some(ticket) => sign_in(app, &ticket).await?,
            None => Ok(None),
        };
        if let Ok(Some(login)) = &login {
            trace.set_user(login.user_id());
        }

        let asked = headers.get(ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok());
        let opening = login.map(|login| Opening {
            login,
            address: trace.address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
            language: asked.map(|it| app.texts.language(Some(it))),
            protocol: handshake.protocol,
        });
        let lifetime = Box::new(Lifetime {
            app: app.clone(),
            handler: self.handler.clone(),
            upgrade: upgrade.clone(),
            trace: trace.clone(),
            meter: self.meter.clone(),
            opening,
        });
        // Boxed, because a task moves what it is given, and keeps a place for it before and after.
        let lifetime = Box::pin(lifetime.live());
        task::spawn("socket", app.sockets.open.track_future(lifetime));
        let mut response = Response::builder().status(StatusCode::SWITCHING_PROTOCOLS).finish();
        response.headers_mut().extend(handshake.headers());
        Ok(response)
    }
}

/// Whoever a ticket is for; a bad one is told when the socket is open, where a page can hear it.
async fn sign_in(
    app: &Arc<App>,
    ticket: &str,
) -> Result<Result<Option<HeldLogin>, (u16, &'static str)>> {
    match app.authenticator()?.hold_by_ticket(ticket).await {
        Ok(login) => Ok(Ok(Some(login))),
        Err(error) if matches!(error.kind(), ErrorKind::Unauthenticated(_)) => {
            Ok(Err((close::SIGNED_OUT, "the ticket is not good")))
        }
        Err(error) => Err(error),
    }
}
