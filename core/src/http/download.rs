//! The answer of a route that gives a file which somebody has brought.
//!
//! **Invariant:** nothing that somebody has brought runs in a browser as a page of ours: what is not
//! known to be a harmless picture or document is saved, never shown.

use std::io;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use http::{
    HeaderValue, StatusCode,
    header::{
        CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
        X_CONTENT_TYPE_OPTIONS,
    },
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use poem::{IntoResponse, Response};
use poem_openapi::{
    ApiResponse,
    registry::{MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry},
};

/// How files begin that browsers may show: RFC 2083 (PNG), ITU-T T.81 (JPEG), `GIF89a`, RFC 9649
/// (`WebP`), ISO 32000 (PDF).
const SHOWN: [(&[u8], usize, &str); 6] = [
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"GIF87a", 0, "image/gif"),
    (b"GIF89a", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"%PDF-", 0, "application/pdf"),
];

/// What any other file is called.
const UNKNOWN: &str = "application/octet-stream";

/// Characters that stand for themselves in a name (RFC 8187, attr-char).
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// A file on its way out.
pub struct Download {
    /// What it is called where it is saved.
    pub name: String,
    /// As [`content_type_of`] found it.
    pub content_type: String,
    /// In bytes.
    pub size: u64,
    /// What it holds.
    pub bytes: BoxStream<'static, io::Result<Bytes>>,
}

/// What a file is, by how it begins; `application/octet-stream` for all that browsers must not show.
pub fn content_type_of(head: &[u8]) -> &'static str {
    let is = |(begins, at, _): &&(&[u8], usize, &str)| {
        head.get(*at..).is_some_and(|it| it.starts_with(begins))
    };
    SHOWN.iter().find(is).map_or(UNKNOWN, |it| it.2)
}

impl IntoResponse for Download {
    fn into_response(self) -> Response {
        let content_type = SHOWN.iter().map(|it| it.2).find(|it| *it == self.content_type);
        let disposition = match content_type {
            Some(_) => "inline",
            None => "attachment",
        };
        let name = utf8_percent_encode(&self.name, PLAIN);
        let disposition = format!("{disposition}; filename*=UTF-8''{name}");
        let mut response = poem::Body::from_bytes_stream(self.bytes).into_response();
        response.set_status(StatusCode::OK);
        let headers = response.headers_mut();
        let fixed = HeaderValue::from_static;
        headers.insert(CONTENT_TYPE, fixed(content_type.unwrap_or(UNKNOWN)));
        headers.insert(X_CONTENT_TYPE_OPTIONS, fixed("nosniff"));
        headers.insert(CONTENT_SECURITY_POLICY, fixed("default-src 'none'; sandbox"));
        // Whoever may read it no longer must not find it in a cache.
        headers.insert(CACHE_CONTROL, fixed("private, no-store"));
        headers.insert(CONTENT_LENGTH, HeaderValue::from(self.size));
        // Percent signs, letters and digits are a header.
        if let Ok(disposition) = HeaderValue::try_from(disposition) {
            headers.insert(CONTENT_DISPOSITION, disposition);
        }
        response
    }
}

impl ApiResponse for Download {
    fn meta() -> MetaResponses {
        let content = MetaMediaType { content_type: UNKNOWN, schema: binary() };
        let response = MetaResponse {
            description: "The file; pictures and PDFs by their own type.",
            status: Some(200),
            status_range: None,
            content: vec![content],
            headers: Vec::new(),
        };
        MetaResponses { responses: vec![response] }
    }

    fn register(_: &mut Registry) {}
}

/// Bytes, in the document.
pub(super) fn binary() -> MetaSchemaRef {
    let schema = MetaSchema { format: Some("binary"), ..MetaSchema::new("string") };
    MetaSchemaRef::Inline(Box::new(schema))
}

#[cfg(test)]
mod tests {
    use futures_util::{StreamExt, stream};

    use super::*;

    #[test]
    fn a_file_is_what_it_begins_with() {
        assert_eq!(content_type_of(b"\x89PNG\r\n\x1a\n\0\0"), "image/png");
        assert_eq!(content_type_of(b"RIFF\x10\0\0\0WEBPVP8 "), "image/webp");
        assert_eq!(content_type_of(b"%PDF-1.7"), "application/pdf");
        for other in [&b"<svg onload="[..], b"<!doctype html>", b"", b"RIFF", b"GIF"] {
            assert_eq!(content_type_of(other), UNKNOWN);
        }
    }

    #[test]
    fn what_is_not_known_is_saved_under_its_name_and_never_shown() {
        let header = |content_type: &str, name: &str| {
            let bytes = stream::empty().boxed();
            let (name, content_type) = (name.to_owned(), content_type.to_owned());
            let response = Download { name, content_type, size: 0, bytes }.into_response();
            let text = |it| response.headers()[it].to_str().unwrap().to_owned();
            (text(CONTENT_TYPE), text(CONTENT_DISPOSITION))
        };
        let own = |it: &str| it.to_owned();
        let picture = (own("image/png"), own("inline; filename*=UTF-8''a%20b.png"));
        assert_eq!(header("image/png", "a b.png"), picture);
        let name = "\u{447}\";\r\nX: y.svg";
        let saved = "attachment; filename*=UTF-8''%D1%87%22%3B%0D%0AX%3A%20y.svg";
        assert_eq!(header("image/svg+xml", name), (own(UNKNOWN), own(saved)));
        assert_eq!(header("text/html", "x").0, UNKNOWN);
    }
}
