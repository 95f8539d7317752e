//! What the web framework calls an error, in our words.
//!
//! **Invariant:** none of its sentences leaves: they are English, plain text, and say too much.

use std::{error, io, time::Duration};

use http::{HeaderMap, StatusCode, header::CONTENT_TYPE};
use orm::Violation;
use poem::{
    Response,
    error::{MethodNotAllowedError, NotFoundError, ReadBodyError},
};
use poem_openapi::error::{
    ContentTypeError, ParseParamError, ParsePathError, ParseRequestPayloadError,
};

use crate::{Error, ErrorKind, Unauthenticated};

/// What a handler or the framework failed with; or the answer that the failure carries, which is
/// sent as it is.
pub(crate) fn understand(error: poem::Error) -> Result<Error, Box<Response>> {
    if error.is_from_response() {
        let response = error.into_response();
        return if is_foreign(&response) {
            Ok(of_status(response.status()))
        } else {
            Err(Box::new(response))
        };
    }
    match error.downcast::<Error>() {
        Ok(error) => Ok(error),
        Err(foreign) => Ok(judge(foreign)),
    }
}

/// Whether a response is an error that did not come from us: one without our form.
pub(crate) fn is_foreign(response: &Response) -> bool {
    let status = response.status();
    (status.is_client_error() || status.is_server_error()) && !has_structure(response.headers())
}

/// Whether the answer is JSON of some kind; a module may give errors their own.
fn has_structure(headers: &HeaderMap) -> bool {
    let content = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
    content.is_some_and(|it| it.starts_with("application/") && it.contains("json"))
}

/// The error that a bare status stands for.
pub(crate) fn of_status(status: StatusCode) -> Error {
    match status {
        StatusCode::BAD_REQUEST => orm::Error::bad_json("it cannot be read").into(),
        StatusCode::UNAUTHORIZED => Error::unauthenticated(Unauthenticated::NoSession),
        StatusCode::FORBIDDEN => Error::denied(),
        StatusCode::NOT_FOUND => Error::not_found(),
        StatusCode::METHOD_NOT_ALLOWED => ErrorKind::MethodNotAllowed { allow: Vec::new() }.into(),
        StatusCode::NOT_ACCEPTABLE => ErrorKind::NotAcceptable.into(),
        StatusCode::CONFLICT => orm::Error::from(orm::ErrorKind::Busy).into(),
        StatusCode::PAYLOAD_TOO_LARGE => ErrorKind::TooLarge { limit: 0 }.into(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ErrorKind::UnsupportedMediaType.into(),
        StatusCode::UNPROCESSABLE_ENTITY => Error::invalid(Vec::new()),
        StatusCode::TOO_MANY_REQUESTS => {
            ErrorKind::RateLimited { retry_after: Duration::from_secs(1) }.into()
        }
        StatusCode::SERVICE_UNAVAILABLE => Error::unavailable("a handler said so"),
        other => Error::broken(format!("a handler answered {other} without saying why")),
    }
}

fn judge(error: poem::Error) -> Error {
    if error.is::<NotFoundError>() || error.is::<ParsePathError>() {
        return Error::not_found();
    }
    if error.is::<poem::error::ParsePathError>() {
        return Error::not_found();
    }
    if error.is::<MethodNotAllowedError>() {
        return of_status(StatusCode::METHOD_NOT_ALLOWED);
    }
    if error.is::<ContentTypeError>() {
        return ErrorKind::UnsupportedMediaType.into();
    }
    if let Some(fault) = error.downcast_ref::<ParseParamError>() {
        return Error::bad_parameter(Violation::at_parameter(fault.name, "bad_parameter"));
    }
    if error.is::<ParseRequestPayloadError>() {
        // What the shape of the body forbids was found before; this is what only the type knows.
        return Error::invalid(vec![Violation::at_pointer("", "invalid")]);
    }
    match error.downcast::<ReadBodyError>() {
        Ok(fault) => body_error(fault),
        Err(other) => match other.status() {
            StatusCode::INTERNAL_SERVER_ERROR => Error::broken(other.to_string()),
            status => of_status(status),
        },
    }
}

/// The guard of the body speaks through the framework, wrapped in its errors.
fn body_error(fault: ReadBodyError) -> Error {
    match fault {
        ReadBodyError::Io(fault) => unwrap(fault),
        ReadBodyError::Utf8(_) => orm::Error::bad_json("it is not UTF-8").into(),
        ReadBodyError::PayloadTooLarge => of_status(StatusCode::PAYLOAD_TOO_LARGE),
        ReadBodyError::BodyHasBeenTaken => Error::broken("two extractors want the body"),
    }
}

fn unwrap(fault: io::Error) -> Error {
    match fault.downcast::<Error>() {
        Ok(error) => error,
        Err(fault) => match fault.downcast::<io::Error>() {
            Ok(inner) => unwrap(inner),
            Err(fault) => orm::Error::bad_json(format!("it broke off: {}", root(&fault))).into(),
        },
    }
}

/// What is at the end of a chain of causes.
fn root(fault: &io::Error) -> String {
    let mut cause: &dyn error::Error = fault;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
