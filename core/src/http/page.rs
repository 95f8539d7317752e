//! Pages that modules serve: files of their own, from the program, at one address and below it.
//!
//! A page is what the API needs to be used by people; the API knows nothing of it.
//!
//! **Invariant:** a page loads nothing from elsewhere, runs no script that does not stand in a file of
//! its own, stands in no frame, and puts what it shows onto itself as text.

use http::{
    Method,
    header::{CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY},
};
use poem::EndpointExt;

use crate::{
    Error, Result,
    http::{
        cached_file::CachedFile,
        method_table::{Content, Table},
    },
};

/// Nothing from elsewhere, nothing inline, no markup made of texts, no frame around it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// A page and what it loads.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Where it is: `/chat`.
    pub path: &'static str,
    /// Its HTML.
    pub document: &'static str,
    /// What it loads, by name: `("js/client.js", include_str!(…))` is at `/chat/js/client.js`. The end
    /// of a name says what a file is: `.css`, `.js`, `.json`, `.svg`.
    pub files: &'static [(&'static str, &'static str)],
}

impl Page {
    /// Adds the page and its files; `origin` says whose it is.
    ///
    /// # Errors
    /// When a file is of a kind that pages do not load.
    pub(crate) fn add_routes(&self, table: &mut Table, origin: &'static str) -> Result<()> {
        let document = CachedFile::new("text/html; charset=utf-8", self.document)
            .header(CONTENT_SECURITY_POLICY, POLICY)
            .header(REFERRER_POLICY, "no-referrer")
            .header(OPENER_POLICY, "same-origin");
        table.add(origin, (self.path, Method::GET), Content::Any, document.boxed());
        for &(name, text) in self.files {
            let path = format!("{}/{name}", self.path);
            let Some(content_type) = content_type(name) else {
                return Err(Error::broken(format!(
                    "the page of {origin} has a file {path}; it ends with none of .css, .js, .json, \
                     .svg"
                )));
            };
            let file = CachedFile::new(content_type, text);
            table.add(origin, (&path, Method::GET), Content::Any, file.boxed());
        }
        Ok(())
    }
}

fn content_type(name: &str) -> Option<&'static str> {
    let (_, ending) = name.rsplit_once('.')?;
    match ending {
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "json" => Some("application/json"),
        "svg" => Some("image/svg+xml"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_an_unknown_kind_is_named() {
        let page = Page { path: "/shop", document: "", files: &[("a.js", ""), ("b.exe", "")] };
        let error = page.add_routes(&mut Table::default(), "shop").err().unwrap();
        assert_eq!(
            error.to_string(),
            "the page of shop has a file /shop/b.exe; it ends with none of .css, .js, .json, .svg"
        );
    }

    #[test]
    fn a_page_and_its_files_are_routes() {
        let mut table = Table::default();
        let page = Page { path: "/shop", document: "", files: &[("js/a.js", "")] };
        page.add_routes(&mut table, "shop").unwrap();
        let paths: Vec<_> = table.listing().into_iter().map(|it| it.1).collect();
        assert_eq!(paths, ["/shop", "/shop/js/a.js"]);
    }
}
