//! Bytes that never change while the process runs: served with an `ETag`, and not sent again to
//! who has them.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH},
};
use poem::{Endpoint, Request, Response};

/// A file in memory.
#[derive(Clone)]
pub(crate) struct CachedFile {
    bytes: Bytes,
    headers: Arc<HeaderMap>,
}

impl CachedFile {
    pub(crate) fn new(content_type: &'static str, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        let etag = format!("\"{:016x}\"", hasher.finish());
        let headers = HeaderMap::from_iter([
            (CONTENT_TYPE, HeaderValue::from_static(content_type)),
            (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (ETAG, HeaderValue::try_from(etag).expect("digits in quotes are a header")),
        ]);
        Self { bytes, headers: Arc::new(headers) }
    }

    /// The same with one more header.
    pub(crate) fn header(mut self, name: HeaderName, value: &'static str) -> Self {
        Arc::make_mut(&mut self.headers).insert(name, HeaderValue::from_static(value));
        self
    }

    fn is_known_to(&self, request: &Request) -> bool {
        let Some(known) = request.header(IF_NONE_MATCH) else { return false };
        let own = self.headers[ETAG].to_str().unwrap_or_default();
        known.split(',').map(str::trim).any(|it| it == "*" || it.trim_start_matches("W/") == own)
    }
}

impl Endpoint for CachedFile {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let mut response = match self.is_known_to(&request) {
            true => Response::from(StatusCode::NOT_MODIFIED),
            false => Response::from(self.bytes.clone()),
        };
        response.headers_mut().extend((*self.headers).clone());
        Ok(response)
    }
}
