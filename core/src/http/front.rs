//! All that the server answers, in its two states: before the services are ready, and after.
//!
//! **Invariant:** who connects is answered. Until the routes stand, everything but health and
//! metrics is 503 with `Retry-After`.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use http::Method;
use poem::{Endpoint, EndpointExt, Request, Response, Route};

use crate::{
    Error, Result,
    app::App,
    http::{
        Api, Readiness, api, asyncapi, docs_page, generated, health, metering,
        method_table::{Content, Table},
        middleware::Gate,
        openapi,
        page::Page,
        socket::SocketRoute,
    },
};

/// What the server asks for each answer.
pub struct Front {
    gate: Gate,
    waiting: Route,
    open: OnceLock<Route>,
}

/// What modules bring beside the routes of their models.
#[derive(Default)]
pub struct ModuleRoutes {
    /// Types with `#[OpenApi]`.
    pub apis: Vec<Api>,
    /// Sockets.
    pub sockets: Vec<SocketRoute>,
    /// Pages, each with the module that serves it.
    pub pages: Vec<(&'static str, Page)>,
}

/// The routes of an environment and what they say of themselves.
pub struct Routes {
    /// Every method and path, sorted by path: `("GET", "/api/v1/products/{id}")`.
    pub listing: Vec<(Method, String)>,
    /// The OpenAPI document.
    pub openapi: Bytes,
    /// The AsyncAPI document.
    pub asyncapi: Bytes,
    route: Route,
}

impl Front {
    /// A front that has only its health to show.
    ///
    /// # Errors
    /// When two of its own routes are the same.
    pub fn new(app: &Arc<App>, readiness: &Arc<Readiness>) -> Result<Self> {
        // Before the first figure: what is counted without a recorder is lost for good.
        metering::recorder();
        let mut table = Table::default();
        health::add_routes(&mut table, readiness);
        Ok(Self {
            gate: Gate::new(Arc::clone(app)),
            waiting: table.into_route()?,
            open: OnceLock::new(),
        })
    }

    /// The generated routes of every model and the modules' own; needs no database.
    ///
    /// # Errors
    /// When two routes are the same; all such pairs are named. When a file of a page is of a kind
    /// that pages do not load.
    pub fn routes(app: &Arc<App>, own: ModuleRoutes, readiness: &Arc<Readiness>) -> Result<Routes> {
        let (document, mut table) = api::service(own.apis)?;
        table.add_all("the generated routes", generated::routes(app));
        for socket in &own.sockets {
            let (path, endpoint) = (socket.path(), socket.endpoint().boxed());
            table.add(socket.origin(), (&path, Method::GET), Content::Any, endpoint);
        }
        let openapi = openapi::document(app, &document, &own.sockets)?;
        let asyncapi = asyncapi::document(&own.sockets)?;
        health::add_routes(&mut table, readiness);
        docs_page::add_routes(&mut table, openapi.clone(), asyncapi.clone())?;
        for (module, page) in &own.pages {
            page.add_routes(&mut table, module)?;
        }
        Ok(Routes { listing: table.listing(), openapi, asyncapi, route: table.into_route()? })
    }

    /// From now on these routes answer; a second call changes nothing.
    pub fn open(&self, routes: Routes) {
        let _ = self.open.set(routes.route);
    }
}

impl Endpoint for Front {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let answer = match self.open.get() {
            Some(route) => self.gate.pass(request, route).await,
            None => self.gate.pass(request, &Waiting(&self.waiting)).await,
        };
        Ok(answer)
    }
}

/// The routes there are before the others stand: what is not found yet may be there soon.
struct Waiting<'a>(&'a Route);

impl Endpoint for Waiting<'_> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let answer = self.0.call(request).await;
        answer.map_err(|error| match error.status() {
            http::StatusCode::NOT_FOUND => Error::unavailable("the routes do not stand yet").into(),
            _ => error,
        })
    }
}
