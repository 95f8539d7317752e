//! The page that shows the API to people, the document behind it, and that of the sockets.
//!
//! Our own page: it needs no network but ours, runs no script but its own, and puts every text
//! of the document onto the page as text.

use bytes::Bytes;
use http::Method;
use poem::EndpointExt;

use crate::{
    Result,
    http::{
        cached_file::CachedFile,
        method_table::{Content, Table},
        page::Page,
    },
};

const ORIGIN: &str = "the documentation";

const PAGE: Page = Page {
    path: "/api/docs",
    document: include_str!("../../assets/docs.html"),
    files: &[
        ("docs.js", include_str!("../../assets/docs.js")),
        ("docs.css", include_str!("../../assets/docs.css")),
    ],
};

/// Adds the page, its two files and the documents.
///
/// # Errors
/// When a file of the page is of a kind that pages do not load.
pub(crate) fn add_routes(table: &mut Table, openapi: Bytes, asyncapi: Bytes) -> Result<()> {
    PAGE.add_routes(table, ORIGIN)?;
    for (path, document) in [("/api/openapi.json", openapi), ("/api/asyncapi.json", asyncapi)] {
        let file = CachedFile::new("application/json", document);
        table.add(ORIGIN, (path, Method::GET), Content::Any, file.boxed());
    }
    Ok(())
}
