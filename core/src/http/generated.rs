//! The generated routes as endpoints of the web framework.

use std::sync::Arc;

use bytes::Bytes;
use http::{
    HeaderValue, Method,
    header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LOCATION, VARY},
};
use poem::{Endpoint, Request, Response, endpoint::BoxEndpoint};

use crate::{
    Ctx, Error, Result,
    app::App,
    crud::{self, Operation, Reply},
    http::{API_PREFIX, app_of, read_body, trace_of},
};

/// Every generated route, with its whole path.
pub(crate) fn routes(app: &App) -> Vec<(String, Method, BoxEndpoint<'static>)> {
    let endpoint = |it: crud::Generated| {
        let path = format!("{API_PREFIX}{}", it.path);
        let endpoint: BoxEndpoint<'static> =
            Box::new(poem::endpoint::ToDynEndpoint(GeneratedEndpoint {
                operation: it.operation,
                model: it.model,
            }));
        (path, it.method, endpoint)
    };
    crud::routes(&app.schema).into_iter().map(endpoint).collect()
}

struct GeneratedEndpoint {
    operation: Operation,
    model: Option<orm::schema::ModelId>,
}

impl Endpoint for GeneratedEndpoint {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        Ok(answer(self.run(&mut request).await?))
    }
}

impl GeneratedEndpoint {
    /// In the order in which faults are answered: the path, who asks, the body, what it says.
    async fn run(&self, request: &mut Request) -> Result<Reply> {
        let id = if self.operation.has_id() { record_id(request)? } else { 0 };
        let app = app_of(request)?;
        let trace = trace_of(request).ok_or_else(|| Error::broken("a request without trace"))?;
        let ctx = Ctx::of_request(app, request.headers(), Arc::clone(trace)).await?;
        let body = if self.operation.has_body() { read_body(request).await? } else { Bytes::new() };
        let query = request.uri().query().unwrap_or_default();
        let headers = request.headers();
        let request = crud::Request { ctx: &ctx, model: self.model, id, query, headers, body };
        self.operation.run(&request).await
    }
}

/// The record that the path names; what is no number names none.
fn record_id(request: &Request) -> Result<i64> {
    let text = request.raw_path_param("param0").unwrap_or_default();
    let is_plain = text.bytes().all(|it| it.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain).ok_or_else(Error::not_found)
}

fn answer(reply: Reply) -> Response {
    let mut response = Response::builder().status(reply.status).body(reply.body);
    let has_body = !matches!(reply.status.as_u16(), 204 | 304);
    let headers = response.headers_mut();
    if has_body {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    }
    headers.insert(VARY, HeaderValue::from_static("Authorization, Accept-Language"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    for (name, value) in [(ETAG, reply.etag), (LOCATION, reply.location)] {
        // Both are made of digits, table names and quotes.
        if let Some(value) = value.and_then(|it| HeaderValue::try_from(it).ok()) {
            headers.insert(name, value);
        }
    }
    if reply.is_minimal {
        headers.insert("preference-applied", HeaderValue::from_static("return=minimal"));
    }
    response
}
