//! What a handler takes out of a request: who asks, and the body.

use std::{io, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, header::CONTENT_TYPE};
use http_body_util::{BodyExt, combinators::BoxBody};
use poem::{Request, RequestBody};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaSecurityScheme, Registry},
};

use crate::{Ctx, Error, ErrorKind, Result, app::App, http::RequestTrace};

/// What the document calls an access token in the header `Authorization`.
const BEARER: &str = "bearer";

/// The environment that the request came to.
///
/// # Errors
/// When the request did not come through the front: a fault of ours.
pub(crate) fn app_of(request: &Request) -> Result<&Arc<App>> {
    request.data::<Arc<App>>().ok_or_else(|| Error::broken("a request without its environment"))
}

/// The trace of the request.
pub(crate) fn trace_of(request: &Request) -> Option<&Arc<RequestTrace>> {
    request.data::<Arc<RequestTrace>>()
}

/// The whole body, which must be called JSON. What it holds is not looked at.
///
/// # Errors
/// 415 when it is called something else or is compressed, 413 when it is too large, 400 when it
/// breaks off.
pub(crate) async fn read_body(request: &mut Request) -> Result<Bytes> {
    if !is_json(request.headers()) {
        return Err(ErrorKind::UnsupportedMediaType.into());
    }
    collect(request.take_body()).await
}

/// The bytes of a body. What its guard refuses is the guard's error.
pub(crate) async fn collect(body: poem::Body) -> Result<Bytes> {
    let body: BoxBody<Bytes, io::Error> = body.into();
    match body.collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(fault) => Err(match fault.downcast::<Error>() {
            Ok(error) => error,
            Err(fault) => orm::Error::bad_json(format!("it broke off: {fault}")).into(),
        }),
    }
}

/// Whether the body is called JSON, in UTF-8.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let Some(sent) = headers.get(CONTENT_TYPE) else { return false };
    let mut parts = sent.to_str().unwrap_or_default().split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|it| it.eq_ignore_ascii_case("application/json"));
    let is_utf8 = parts.all(|it| match it.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
            value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    is_json && is_utf8
}

/// Who sends the request.
///
/// # Errors
/// Unauthenticated without a good token; unavailable when that cannot be found out.
pub(crate) async fn ctx_of(request: &Request) -> Result<Ctx> {
    let trace = trace_of(request).ok_or_else(|| Error::broken("a request without its trace"))?;
    Ctx::of_request(app_of(request)?, request.headers(), Arc::clone(trace)).await
}

/// A route that takes a `Ctx` says with it, in the document too, that one must be signed in.
impl<'a> ApiExtractor<'a> for Ctx {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        registry.create_security_scheme(
            BEARER,
            MetaSecurityScheme {
                ty: "http",
                description: None,
                name: None,
                key_in: None,
                scheme: Some("bearer"),
                bearer_format: Some("JWT"),
                flows: None,
                openid_connect_url: None,
            },
        );
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![BEARER]
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        Ok(ctx_of(request).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_in_utf8_is_taken() {
        check(Some("application/json"), true);
        check(Some("Application/JSON; charset=UTF-8"), true);
        check(Some("application/json; charset=\"utf-8\""), true);
        check(Some("application/json;q=1"), true);
    }

    #[test]
    fn anything_else_is_not() {
        check(None, false);
        check(Some("text/plain"), false);
        check(Some("application/x-www-form-urlencoded"), false);
        check(Some("application/json; charset=latin1"), false);
        check(Some("application/jsonx"), false);
    }

    #[track_caller]
    fn check(content_type: Option<&str>, expected: bool) {
        let mut headers = HeaderMap::new();
        if let Some(content_type) = content_type {
            headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
        }
        assert_eq!(is_json(&headers), expected, "{content_type:?}");
    }
}
