//! The one place that turns an error into an answer: status, code, texts, `problem+json`.
//!
//! **Invariant:** what is not the asker's business is never in it. A fault of ours has a request
//! id and nothing else; its chain goes to the log, once, here.

mod body;
mod foreign;
mod sentence;

use std::{error, fmt, time::Duration};

use http::{
    HeaderValue, StatusCode,
    header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, SEC_WEBSOCKET_VERSION, UPGRADE, WWW_AUTHENTICATE},
};
use orm::Violation;
use poem::Response;

pub(crate) use crate::http::problem::foreign::{is_foreign, of_status, understand};
pub use crate::http::problem::sentence::{Sentence, in_a_sentence};
use crate::{Error, ErrorKind, Unauthenticated, http::problem::body::Body, i18n::Texts};

/// When a client may try again that something was away for.
const AWAY_FOR: Duration = Duration::from_secs(2);

/// Who reads the problem.
pub(crate) struct Reader<'a> {
    pub(crate) texts: &'a Texts,
    pub(crate) language: &'static str,
    pub(crate) request_id: &'a str,
}

/// What a fault says, in the language of the request.
pub(crate) fn violation_text(ctx: &crate::Ctx, violation: &Violation) -> String {
    body::message(violation, &ctx.app().texts, ctx.language())
}

/// An error as clients see it, before it has words.
struct Problem<'a> {
    status: StatusCode,
    code: &'a str,
    /// What the sentence about it names.
    params: Vec<(&'static str, String)>,
    violations: Vec<Violation>,
    extra: Extra<'a>,
}

/// What some problems say beside the common members.
enum Extra<'a> {
    None,
    CurrentVersion(i64),
    Models(&'a [&'static str]),
    Affected(i64),
}

/// The answer to a request that ended in `error`.
pub(crate) fn response(error: &Error, reader: &Reader<'_>) -> Response {
    report(error, reader);
    let problem = problem_of(error);
    let mut response = Response::builder()
        .status(problem.status)
        .header(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))
        .body(Body::of(&problem, reader).to_json());
    add_headers(error, response.headers_mut());
    response
}

/// The code of an error, for programs and operators: it holds no value.
pub(crate) fn code_of(error: &Error) -> String {
    problem_of(error).code.to_owned()
}

/// The status that an error is answered with.
pub(crate) fn status(error: &Error) -> StatusCode {
    problem_of(error).status
}

impl<'a> Problem<'a> {
    fn new(status: StatusCode, code: &'a str) -> Self {
        Self { status, code, params: Vec::new(), violations: Vec::new(), extra: Extra::None }
    }

    fn with(mut self, name: &'static str, value: &dyn fmt::Display) -> Self {
        self.params.push((name, value.to_string()));
        self
    }

    fn violations(mut self, violations: &[Violation]) -> Self {
        let is_first = |at: &usize| !violations[..*at].iter().any(|it| it.at == violations[*at].at);
        let places = (0..violations.len()).filter(is_first).count();
        self.violations = violations.to_vec();
        self.with("count", &places)
    }

    fn extra(mut self, extra: Extra<'a>) -> Self {
        self.extra = extra;
        self
    }
}

fn problem_of(error: &Error) -> Problem<'_> {
    match error.kind() {
        ErrorKind::Data(error) => data_problem(error.kind()),
        ErrorKind::Unauthenticated(why) => Problem::new(
            StatusCode::UNAUTHORIZED,
            match why {
                Unauthenticated::NoSession => "unauthenticated",
                Unauthenticated::TokenExpired => "token_expired",
                Unauthenticated::BadCredentials => "bad_credentials",
            },
        ),
        ErrorKind::Csrf => Problem::new(StatusCode::FORBIDDEN, "csrf"),
        ErrorKind::ForeignOrigin => Problem::new(StatusCode::FORBIDDEN, "foreign_origin"),
        ErrorKind::NotFound => Problem::new(StatusCode::NOT_FOUND, "not_found"),
        ErrorKind::MethodNotAllowed { allow } => {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed")
                .with("allow", &allow.join(", "))
        }
        ErrorKind::NotAcceptable => Problem::new(StatusCode::NOT_ACCEPTABLE, "not_acceptable"),
        ErrorKind::TooLarge { limit } => {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large").with("limit", limit)
        }
        ErrorKind::UnsupportedMediaType => {
            Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type")
        }
        ErrorKind::UpgradeRequired => {
            Problem::new(StatusCode::UPGRADE_REQUIRED, "upgrade_required")
        }
        ErrorKind::RateLimited { retry_after } => {
            Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited")
                .with("seconds", &whole_seconds(*retry_after))
        }
    }
}

fn data_problem(kind: &orm::ErrorKind) -> Problem<'_> {
    use orm::ErrorKind as Data;
    match kind {
        Data::Invalid(violations) => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "validation").violations(violations)
        }
        Data::BadJson(found) => {
            Problem::new(StatusCode::BAD_REQUEST, "bad_json").with("found", found)
        }
        Data::BadQuery(violation) => Problem::new(StatusCode::BAD_REQUEST, violation.code)
            .violations(std::slice::from_ref(violation)),
        Data::Denied => Problem::new(StatusCode::FORBIDDEN, "access_denied"),
        Data::FieldForbidden(violations) => {
            Problem::new(StatusCode::FORBIDDEN, "field_forbidden").violations(violations)
        }
        Data::Missing => Problem::new(StatusCode::NOT_FOUND, "not_found"),
        Data::NotUnique { fields, record } => {
            let taken = |it| Violation::at_pointer(format!("{record}/{it}"), "unique");
            let violations: Vec<_> = fields.iter().map(taken).collect();
            Problem::new(StatusCode::CONFLICT, "unique")
                .violations(&violations)
                .with("fields", &fields.join(", "))
        }
        Data::StillReferenced { models } => Problem::new(StatusCode::CONFLICT, "foreign_key")
            .with("models", &models.join(", "))
            .with("count", &models.len())
            .extra(Extra::Models(models)),
        Data::VersionMismatch { current } => {
            Problem::new(StatusCode::PRECONDITION_FAILED, "version_mismatch")
                .with("current", current)
                .extra(Extra::CurrentVersion(*current))
        }
        Data::TooManyAffected { affected } => Problem::new(StatusCode::CONFLICT, "max_affected")
            .with("affected", affected)
            .extra(Extra::Affected(*affected)),
        Data::Refused { code } => Problem::new(StatusCode::CONFLICT, code),
        Data::Busy => Problem::new(StatusCode::CONFLICT, "busy"),
        Data::Unavailable(_) => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
        Data::Broken(_) => Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal"),
    }
}

fn add_headers(error: &Error, headers: &mut http::HeaderMap) {
    match error.kind() {
        ErrorKind::Unauthenticated(_) => {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        ErrorKind::MethodNotAllowed { allow } => {
            if let Ok(allow) = HeaderValue::try_from(allow.join(", ")) {
                headers.insert(ALLOW, allow);
            }
        }
        ErrorKind::UpgradeRequired => {
            headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
            headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        }
        _ => {
            if let Some(after) = retry_after(error) {
                headers.insert(RETRY_AFTER, whole_seconds(after).into());
            }
        }
    }
}

/// How soon the same may go well, where it may.
fn retry_after(error: &Error) -> Option<Duration> {
    match error.kind() {
        ErrorKind::RateLimited { retry_after } => Some(*retry_after),
        _ if error.is_unavailable() => Some(AWAY_FOR),
        _ => None,
    }
}

/// Rounded up: a client that waits so long is not too early.
fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

/// What is nobody's fault but ours goes to the log, with all that caused it.
fn report(error: &Error, reader: &Reader<'_>) {
    let id = reader.request_id;
    match status(error) {
        StatusCode::INTERNAL_SERVER_ERROR => {
            tracing::error!(target: "http", id, error = chain(error), "a request failed");
        }
        StatusCode::SERVICE_UNAVAILABLE => {
            tracing::warn!(target: "http", id, reason = chain(error), "a request had to be refused");
        }
        _ => {}
    }
}

/// An error and what caused it, on one line.
fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

impl From<Error> for poem::Error {
    fn from(error: Error) -> Self {
        let status = status(&error);
        Self::new(error, status)
    }
}

#[cfg(test)]
mod tests;
