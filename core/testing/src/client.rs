//! Somebody who asks: a client over a real socket, with or without a token.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;

/// A client of one asker; keeps its connections.
#[derive(Clone)]
pub struct Client {
    http: legacy::Client<HttpConnector, Full<Bytes>>,
    address: SocketAddr,
    token: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    /// The status, as a number.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub body: Bytes,
    asked: String,
}

impl Client {
    /// A client without a token.
    pub fn guest(address: SocketAddr) -> Self {
        let http = legacy::Client::builder(TokioExecutor::new()).build_http();
        Self { http, address, token: None }
    }

    /// The same with a token.
    #[must_use]
    pub fn with_token(&self, token: impl Into<String>) -> Self {
        Self { token: Some(token.into()), ..self.clone() }
    }

    /// The same asker, of another server.
    #[must_use]
    pub fn at(&self, address: SocketAddr) -> Self {
        Self { address, ..self.clone() }
    }

    /// Where the server is.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The token, if it has one.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// `GET path`.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, &[], Bytes::new()).await
    }

    /// `POST path` with JSON.
    pub async fn post(&self, path: &str, json: impl Into<Value>) -> Reply {
        self.send_json(Method::POST, path, &json.into()).await
    }

    /// `PATCH path` with JSON.
    pub async fn patch(&self, path: &str, json: impl Into<Value>) -> Reply {
        self.send_json(Method::PATCH, path, &json.into()).await
    }

    /// `DELETE path`.
    pub async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, &[], Bytes::new()).await
    }

    /// Any request; `headers` come after those that every request has, and replace them.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Reply {
        let asked = format!("{method} {path}");
        let reply = self.try_send(method, path, headers, body).await;
        reply.unwrap_or_else(|why| panic!("{asked} {why}"))
    }

    /// Any request, of a server that may not be there.
    ///
    /// # Errors
    /// Why there is no whole answer.
    pub async fn try_send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Result<Reply, String> {
        let asked = format!("{method} {path}");
        let mut request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address))
            .body(Full::new(body.into()))
            .unwrap_or_else(|error| panic!("{asked} is no request: {error}"));
        if let Some(token) = &self.token {
            let bearer = format!("Bearer {token}").parse().expect("a token is a header");
            request.headers_mut().insert(header::AUTHORIZATION, bearer);
        }
        for (name, value) in headers {
            let name: header::HeaderName = name.parse().expect("a test names a header");
            request.headers_mut().insert(name, value.parse().expect("a test gives a header"));
        }
        let response = self.http.request(request).await;
        let response = response.map_err(|error| format!("got no answer: {error:?}"))?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(|error| format!("broke off: {error}"))?.to_bytes();
        Ok(Reply { status: parts.status.as_u16(), headers: parts.headers, body, asked })
    }

    async fn send_json(&self, method: Method, path: &str, json: &Value) -> Reply {
        let headers = [("content-type", "application/json")];
        self.send(method, path, &headers, json.to_string()).await
    }
}

impl Reply {
    /// Itself, if it has this status; the test fails otherwise and shows what came.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} answered {}", self.asked, self.text());
        self
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!("{} answered no JSON ({error}): {} {}", self.asked, self.status, self.text())
        })
    }

    /// A header as text; empty when it did not come.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default()
    }

    /// Whether it is one of the good ones.
    pub fn is_success(&self) -> bool {
        StatusCode::from_u16(self.status).is_ok_and(|it| it.is_success())
    }
}
