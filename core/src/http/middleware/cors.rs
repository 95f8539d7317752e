//! Which pages of other origins may call: those that are listed, and ours.
//!
//! **Invariant:** an origin that is not listed is never named in an answer, and there is no `*`.

use http::{
    HeaderMap, HeaderValue, Method, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS,
        ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
        ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, HOST, ORIGIN, VARY,
    },
};
use poem::{Request, Response};

const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";
const REQUEST_HEADERS: &str = "authorization, content-type, accept-language, if-match, \
    if-none-match, idempotency-key, prefer, x-request-id";
const ANSWER_HEADERS: &str = "etag, location, retry-after, server-timing, preference-applied, \
    idempotent-replayed, x-request-id";

/// The origins of pages that are trusted.
#[derive(Debug, Clone, Default)]
pub struct Origins(Vec<String>);

impl Origins {
    /// Those of the settings; our own needs no listing.
    pub fn new(listed: &[String]) -> Self {
        Self(listed.iter().map(|it| it.trim_end_matches('/').to_ascii_lowercase()).collect())
    }

    /// Whether a page of `origin` may send us what only our user should: listed, or ours, which
    /// is the host that the request was sent to.
    pub fn is_allowed(&self, origin: &str, host: Option<&str>) -> bool {
        let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        let is_ours = match (authority, host) {
            (Some(authority), Some(host)) => authority.eq_ignore_ascii_case(host),
            _ => false,
        };
        is_ours || self.is_listed(origin)
    }

    /// Whether a page of `origin` is trusted whatever host the request was sent to.
    pub(crate) fn is_listed(&self, origin: &str) -> bool {
        self.0.iter().any(|it| it.eq_ignore_ascii_case(origin))
    }
}

/// Answers browsers' questions about other origins.
pub(crate) struct Cors {
    origins: Origins,
}

impl Cors {
    pub(crate) fn new(listed: &[String]) -> Self {
        Self { origins: Origins::new(listed) }
    }

    /// The answer to a browser that asks before it sends; none when it does not ask.
    pub(crate) fn preflight(&self, request: &Request) -> Option<Response> {
        let headers = request.headers();
        let origin = headers.get(ORIGIN)?;
        if request.method() != Method::OPTIONS
            || !headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
        {
            return None;
        }
        let mut response = Response::builder().status(StatusCode::NO_CONTENT).finish();
        let origin = origin.to_str().unwrap_or_default();
        let authority = request.uri().authority().map(http::uri::Authority::as_str);
        let host = headers.get(HOST).and_then(|it| it.to_str().ok()).or(authority);
        if self.origins.is_allowed(origin, host) {
            let allow = response.headers_mut();
            allow.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
            allow.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(REQUEST_HEADERS));
            allow.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
        }
        Some(response)
    }

    /// Lets the page that asked read the answer, if its origin is listed. Pages of our own
    /// origin need no leave.
    pub(crate) fn mark(&self, headers: &mut HeaderMap, origin: Option<&HeaderValue>) {
        if self.origins.0.is_empty() {
            return;
        }
        headers.append(VARY, HeaderValue::from_static("origin"));
        let Some(origin) = origin else { return };
        if self.origins.is_listed(origin.to_str().unwrap_or_default()) {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(ANSWER_HEADERS));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listed_origins_are_allowed() {
        check("https://crm.example.com", true);
        check("https://CRM.example.com", true);
    }

    #[test]
    fn our_own_origin_needs_no_listing() {
        check("http://api.example.com:8000", true);
        check("https://api.example.com:8000", true);
    }

    #[test]
    fn others_are_not() {
        check("https://crm.example.com.evil.test", false);
        check("http://crm.example.com", false);
        check("http://api.example.com", false);
        check("null", false);
        check("", false);
    }

    #[track_caller]
    fn check(origin: &str, expected: bool) {
        let origins = Origins::new(&["https://crm.example.com".to_owned()]);
        assert_eq!(origins.is_allowed(origin, Some("api.example.com:8000")), expected, "{origin}");
    }
}
