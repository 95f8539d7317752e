//! Versions in headers: `ETag`, `If-Match`, `If-None-Match`, and what else a request may prefer.

use std::hash::{DefaultHasher, Hash, Hasher};

use http::{
    HeaderMap,
    header::{HeaderName, IF_MATCH, IF_NONE_MATCH},
};
use orm::{Session, schema::FieldId};

use crate::{Result, crud::query_string::bad_parameter};

/// `"v<version>-<hash of fields, language and rights>"`: equal only where the answer is.
pub(crate) fn etag(session: &Session, version: i64, fields: &[FieldId]) -> String {
    let mut hasher = DefaultHasher::new();
    fields.hash(&mut hasher);
    session.language().hash(&mut hasher);
    session.access().fingerprint().hash(&mut hasher);
    format!("\"v{version}-{:08x}\"", hasher.finish() & 0xffff_ffff)
}

/// The same where the answer can change without the version: with ids at the other end of to-many
/// fields.
pub(crate) fn etag_of_linked(session: &Session, version: i64, body: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    body.hash(&mut hasher);
    session.language().hash(&mut hasher);
    session.access().fingerprint().hash(&mut hasher);
    format!("\"v{version}-{:016x}\"", hasher.finish())
}

/// A tag of what is answered itself, for what has no version.
pub(crate) fn etag_of(body: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    body.hash(&mut hasher);
    format!("\"{:016x}\"", hasher.finish())
}

/// The version that `If-Match` demands; `"v3"` alone will do, and `*` demands none.
///
/// # Errors
/// `bad_parameter` for what is no tag of ours.
pub(crate) fn demanded_version(headers: &HeaderMap) -> Result<Option<i64>> {
    let Some(sent) = text(headers, &IF_MATCH)? else { return Ok(None) };
    if sent == "*" {
        return Ok(None);
    }
    let version = sent
        .strip_prefix("\"v")
        .and_then(|it| it.strip_suffix('"'))
        .map(|it| it.split_once('-').map_or(it, |(version, _)| version))
        .filter(|it| it.bytes().all(|it| it.is_ascii_digit()))
        .and_then(|it| it.parse().ok());
    version.map(Some).ok_or_else(|| bad_parameter("If-Match", "invalid"))
}

/// Whether the client has this answer already.
pub(crate) fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let sent = headers.get_all(IF_NONE_MATCH).iter().filter_map(|it| it.to_str().ok());
    let mut tags = sent.flat_map(|it| it.split(',')).map(str::trim);
    // Compared weakly, as RFC 9110 says of this header.
    tags.any(|it| it == "*" || it.strip_prefix("W/").unwrap_or(it) == etag)
}

/// Whether the client wants no body: `Prefer: return=minimal`.
pub(crate) fn prefers_minimal(headers: &HeaderMap) -> bool {
    let sent = headers.get_all("prefer").iter().filter_map(|it| it.to_str().ok());
    sent.flat_map(|it| it.split([',', ';'])).any(|it| it.trim() == "return=minimal")
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<&'h str>> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(one), None) => match one.to_str() {
            Ok(text) => Ok(Some(text.trim())),
            Err(_) => Err(bad_parameter("If-Match", "encoding")),
        },
        (Some(_), Some(_)) => Err(bad_parameter("If-Match", "twice")),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn the_version_alone_will_do() {
        check("\"v3\"", "Some(3)");
        check("\"v3-00c0ffee\"", "Some(3)");
        check("*", "None");
    }

    #[test]
    fn what_is_no_tag_of_ours_is_refused() {
        for sent in ["3", "v3", "\"3\"", "\"v\"", "\"v-1\"", "W/\"v3\"", "\"v3\", \"v4\""] {
            check(sent, "bad");
        }
    }

    #[track_caller]
    fn check(sent: &'static str, expected: &str) {
        let mut headers = HeaderMap::new();
        headers.insert(IF_MATCH, HeaderValue::from_static(sent));
        let actual = match demanded_version(&headers) {
            Ok(it) => format!("{it:?}"),
            Err(_) => "bad".to_owned(),
        };
        assert_eq!(actual, expected, "{sent}");
    }
}
