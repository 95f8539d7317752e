//! What every request passes on its way to a route and back, in a straight line.
//!
//! Request id → client address → body limit → CORS → route, caught → problem → headers → metrics
//! and access log. One endpoint, not one for each: a layer would cost a box and a poll.
//!
//! **Invariant:** an answer that leaves here has its request id, and no error is plain text.

mod accept;
mod access_log;
mod body_limit;
mod client_address;
mod cors;
mod panic;
mod request_id;

use std::{sync::Arc, time::Instant};

use http::{
    Method, Uri,
    header::{ACCEPT_LANGUAGE, CACHE_CONTROL, HeaderName, HeaderValue, X_CONTENT_TYPE_OPTIONS},
};
use poem::{Body, Endpoint, Request, Response};

pub use crate::http::middleware::cors::Origins;
pub(crate) use crate::http::middleware::{accept::accepts_json, body_limit::BodyLimit};

use crate::{
    app::App,
    http::{
        RequestTrace,
        metering::RouteMeter,
        middleware::{cors::Cors, request_id::RequestIds},
        problem::{self, Reader},
    },
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// The one way in: everything the server answers goes through it.
pub(crate) struct Gate {
    app: Arc<App>,
    ids: RequestIds,
    cors: Cors,
    /// Counts what no route answered.
    unrouted: RouteMeter,
}

/// What is still needed of a request after the route has taken it.
struct Asked {
    method: Method,
    uri: Uri,
    language: Option<HeaderValue>,
    origin: Option<HeaderValue>,
    id: HeaderValue,
    trace: Arc<RequestTrace>,
    began: Instant,
}

impl Gate {
    pub(crate) fn new(app: Arc<App>) -> Self {
        let cors = Cors::new(&app.settings.http.origins);
        let unrouted = RouteMeter::new("none".into(), "any");
        Self { app, ids: RequestIds::default(), cors, unrouted }
    }

    /// Answers a request with what `routes` say to it.
    pub(crate) async fn pass(
        &self,
        mut request: Request,
        routes: &impl Endpoint<Output = Response>,
    ) -> Response {
        let asked = self.look_at(&request);
        body_limit::guard(&mut request, self.app.settings.http.body_limit);

        let noted = Noted(self, &asked);
        let answer = match self.cors.preflight(&request) {
            Some(answer) => answer,
            None => self.ask(routes, request, &asked).await,
        };
        drop(noted);
        self.finish(answer, &asked)
    }

    fn look_at(&self, request: &Request) -> Asked {
        let headers = request.headers();
        let id = self.ids.of(headers.get(REQUEST_ID));
        let address = client_address::find(
            request.remote_addr().as_socket_addr().map(std::net::SocketAddr::ip),
            headers,
            &self.app.settings.http.trusted_proxies,
        );
        Asked {
            method: request.method().clone(),
            uri: request.uri().clone(),
            language: headers.get(ACCEPT_LANGUAGE).cloned(),
            origin: headers.get(http::header::ORIGIN).cloned(),
            trace: Arc::new(RequestTrace::new(id.to_str().unwrap_or_default(), address)),
            id,
            began: Instant::now(),
        }
    }

    async fn ask(
        &self,
        routes: &impl Endpoint<Output = Response>,
        mut request: Request,
        asked: &Asked,
    ) -> Response {
        let extensions = request.extensions_mut();
        extensions.insert(Arc::clone(&self.app));
        extensions.insert(Arc::clone(&asked.trace));
        let error = match panic::caught(routes.call(request)).await {
            Ok(Ok(response)) if !problem::is_foreign(&response) => return response,
            Ok(Ok(response)) => problem::of_status(response.status()),
            Ok(Err(error)) => match problem::understand(error) {
                Ok(error) => error,
                Err(response) => return *response,
            },
            Err(panic) => panic,
        };
        let language = asked.language.as_ref().and_then(|it| it.to_str().ok());
        let texts = &self.app.texts;
        problem::response(
            &error,
            &Reader { texts, language: texts.language(language), request_id: &asked.trace.id },
        )
    }

    /// Has whoever is in looked at again with their next request, when this one wrote what decides
    /// about it.
    fn take_note(&self, asked: &Asked) {
        if asked.trace.statements.has_signalled()
            && let Ok(authenticator) = self.app.authenticator()
        {
            authenticator.distrust();
        }
    }

    fn finish(&self, mut response: Response, asked: &Asked) -> Response {
        let headers = response.headers_mut();
        headers.insert(REQUEST_ID, asked.id.clone());
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if !headers.contains_key(CACHE_CONTROL) {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        let statements = asked.trace.statements.count();
        if statements > 0 {
            headers.insert(SERVER_TIMING, server_timing(statements));
        }
        self.cors.mark(headers, asked.origin.as_ref());

        let took = asked.began.elapsed();
        let route = asked.trace.route().map_or(&self.unrouted, |it| it);
        route.record(response.status().as_u16(), took);
        access_log::write(asked, response.status(), took);
        if asked.method == Method::HEAD { without_body(response) } else { response }
    }
}

/// Takes note when it is dropped: also of a request whose client has gone away.
struct Noted<'a>(&'a Gate, &'a Asked);

impl Drop for Noted<'_> {
    fn drop(&mut self) {
        self.0.take_note(self.1);
    }
}

fn server_timing(statements: u64) -> HeaderValue {
    match statements {
        1 => HeaderValue::from_static("db;desc=\"1 statement\""),
        many => HeaderValue::try_from(format!("db;desc=\"{many} statements\""))
            .expect("digits and letters are a header"),
    }
}

/// The answer to HEAD: the headers of GET, with the length of the body that does not come.
fn without_body(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let body: http_body_util::combinators::BoxBody<_, _> = body.into();
    if let Some(length) = hyper::body::Body::size_hint(&body).exact() {
        parts.headers.insert(http::header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    Response::from_parts(parts, Body::empty())
}
