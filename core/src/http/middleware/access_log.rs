//! One line for each request: who, what, how it ended, how long it took.
//!
//! **Invariant:** no query, no header and no body is ever in it: tokens and names travel there.

use std::time::Duration;

use http::StatusCode;

use crate::http::middleware::Asked;

/// Writes the line of a request that has been answered.
pub(crate) fn write(asked: &Asked, status: StatusCode, took: Duration) {
    let trace = &asked.trace;
    let route = trace.route().map_or(asked.uri.path(), |it| &*it.pattern);
    tracing::info!(
        target: "http",
        id = trace.id,
        method = asked.method.as_str(),
        route,
        status = status.as_u16(),
        ms = milliseconds(took),
        statements = trace.statements.count(),
        user = trace.user(),
    );
}

/// In tenths: more is noise.
fn milliseconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 10_000.0).round() / 10.0
}
