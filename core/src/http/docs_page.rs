//! The page that shows the API to people, the document behind it, and that of the sockets.
//!
//! Our own page: it needs no network but ours, runs no script but its own, and puts every text
//! of the document onto the page as text.

use bytes::Bytes;
use http::{
    Method,
    header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY},
};
use poem::EndpointExt;

use crate::http::{
    cached_file::CachedFile,
    method_table::{Content, Table},
};

/// Nothing from elsewhere, nothing inline, no frame around it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

const PAGE: &[u8] = include_bytes!("../../assets/docs.html");
const SCRIPT: &[u8] = include_bytes!("../../assets/docs.js");
const STYLE: &[u8] = include_bytes!("../../assets/docs.css");

/// Adds the page, its two files and the documents.
pub(crate) fn add_routes(table: &mut Table, openapi: Bytes, asyncapi: Bytes) {
    let page = CachedFile::new("text/html; charset=utf-8", PAGE)
        .header(CONTENT_SECURITY_POLICY, POLICY)
        .header(REFERRER_POLICY, "no-referrer");
    let script = CachedFile::new("text/javascript; charset=utf-8", SCRIPT);
    let style = CachedFile::new("text/css; charset=utf-8", STYLE);
    let document = CachedFile::new("application/json", openapi);
    let sockets = CachedFile::new("application/json", asyncapi);
    let files = [
        ("/api/docs", page),
        ("/api/docs/docs.js", script),
        ("/api/docs/docs.css", style),
        ("/api/openapi.json", document),
        ("/api/asyncapi.json", sockets),
    ];
    for (path, file) in files {
        table.add("the documentation", (path, Method::GET), Content::Any, file.boxed());
    }
}
