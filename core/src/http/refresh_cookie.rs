//! The one cookie there is: it holds a refresh token, for pages that have no better place.
//!
//! **Invariant:** what a cookie says is believed only with an origin that is allowed, and with a
//! body that is called JSON: no page of somebody else can send both.

use http::{
    HeaderMap, HeaderValue,
    header::{COOKIE, HOST, HeaderName, ORIGIN, SET_COOKIE},
};
use poem::{FromRequest, IntoResponse, Request, RequestBody, Response};
use poem_openapi::{
    ApiResponse,
    registry::{MetaHeader, MetaResponses, MetaSchema, MetaSchemaRef, Registry},
};

use crate::{
    Error, ErrorKind, Result, Unauthenticated,
    http::{
        API_PREFIX, Origins,
        extract::{app_of, is_json},
    },
    settings::{ExposeSecret, Mode, SecretString},
};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What a request says by way of the cookie.
pub struct RefreshCookie {
    tokens: Vec<SecretString>,
    site: Site,
    is_json: bool,
    kind: CookieKind,
}

/// Where the page is from that sends a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Site {
    /// An origin that is allowed.
    Trusted,
    /// Another one.
    Foreign,
    /// It is no page, or a browser of long ago.
    Unsaid,
}

/// How the cookie is called and kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CookieKind {
    /// Over HTTPS alone.
    Secure,
    /// Over HTTP too: on an author's machine.
    Plain,
}

/// What an answer does with the cookie.
pub struct CookieChange(HeaderValue);

/// An answer that may change the cookie.
pub struct WithCookie<T>(
    /// The answer.
    pub T,
    /// What becomes of the cookie; without it, nothing.
    pub Option<CookieChange>,
);

impl RefreshCookie {
    /// The token in the cookie, if there is one.
    ///
    /// # Errors
    /// 415 when the body is not called JSON, `csrf` when the page is not trusted, unauthenticated
    /// when there are two such cookies.
    pub fn token(&self) -> Result<Option<&str>> {
        if self.tokens.is_empty() {
            return Ok(None);
        }
        if !self.is_json {
            return Err(ErrorKind::UnsupportedMediaType.into());
        }
        match (self.site, &*self.tokens) {
            (Site::Trusted, [token]) => Ok(Some(token.expose_secret())),
            (Site::Trusted, _) => Err(Error::unauthenticated(Unauthenticated::NoSession)),
            (Site::Foreign | Site::Unsaid, _) => Err(ErrorKind::Csrf.into()),
        }
    }

    /// Refuses a page of somebody else that wants the cookie to be set.
    ///
    /// # Errors
    /// `csrf` when the request says that it comes from one.
    pub fn check_site(&self) -> Result<()> {
        if self.site == Site::Foreign { Err(ErrorKind::Csrf.into()) } else { Ok(()) }
    }

    /// Puts a token into the cookie, for so many seconds.
    pub fn holding(&self, token: &SecretString, seconds: i64) -> CookieChange {
        self.kind.set(token.expose_secret(), seconds)
    }

    /// Takes the cookie away.
    pub fn cleared(&self) -> CookieChange {
        self.kind.set("", 0)
    }
}

impl<'a> FromRequest<'a> for RefreshCookie {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let settings = &app_of(request)?.settings;
        let headers = request.headers();
        let kind = match settings.mode {
            Mode::Production => CookieKind::Secure,
            Mode::Development => CookieKind::Plain,
        };
        let authority = request.uri().authority().map(http::uri::Authority::as_str);
        let host = only(headers, &HOST).or(authority);
        Ok(Self {
            tokens: cookies(headers, kind.name()).map(Into::into).collect(),
            site: site(headers, host, &Origins::new(&settings.http.origins)),
            is_json: is_json(headers),
            kind,
        })
    }
}

impl CookieKind {
    fn name(self) -> &'static str {
        match self {
            Self::Secure => "__Secure-artel_refresh",
            Self::Plain => "artel_refresh",
        }
    }

    fn set(self, value: &str, seconds: i64) -> CookieChange {
        let secure = match self {
            Self::Secure => "; Secure",
            Self::Plain => "",
        };
        let cookie = format!(
            "{}={value}; Path={API_PREFIX}/auth; Max-Age={seconds}; HttpOnly; \
             SameSite=Strict{secure}",
            self.name()
        );
        CookieChange(HeaderValue::try_from(cookie).expect("a token of ours is a header"))
    }
}

fn site(headers: &HeaderMap, host: Option<&str>, origins: &Origins) -> Site {
    if headers.contains_key(ORIGIN) {
        let is_allowed = only(headers, &ORIGIN).is_some_and(|it| origins.is_allowed(it, host));
        return if is_allowed { Site::Trusted } else { Site::Foreign };
    }
    match only(headers, &SEC_FETCH_SITE) {
        Some("same-origin") => Site::Trusted,
        None if !headers.contains_key(SEC_FETCH_SITE) => Site::Unsaid,
        _ => Site::Foreign,
    }
}

/// The values of all cookies of this name.
fn cookies<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(COOKIE).into_iter().filter_map(|it| it.to_str().ok());
    let pairs = lines.flat_map(|it| it.split(';')).filter_map(|it| it.trim().split_once('='));
    pairs.filter(move |it| it.0 == name).map(|it| it.1)
}

fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none())?.to_str().ok()
}

impl<T: IntoResponse> IntoResponse for WithCookie<T> {
    fn into_response(self) -> Response {
        let mut response = self.0.into_response();
        if let Some(CookieChange(cookie)) = self.1 {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }
}

impl<T: ApiResponse> ApiResponse for WithCookie<T> {
    fn meta() -> MetaResponses {
        let mut meta = T::meta();
        for response in &mut meta.responses {
            response.headers.push(MetaHeader {
                name: "Set-Cookie".to_owned(),
                description: Some(
                    "The cookie with the refresh token, where it is used.".to_owned(),
                ),
                required: false,
                deprecated: false,
                schema: MetaSchemaRef::Inline(Box::new(MetaSchema::new("string"))),
            });
        }
        meta
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowed_origin_is_trusted_and_any_other_is_not() {
        check(&[("origin", "https://crm.example.com")], Site::Trusted);
        check(&[("origin", "http://api.example.com:8000")], Site::Trusted);
        check(&[("origin", "https://evil.test")], Site::Foreign);
        check(&[("origin", "null")], Site::Foreign);
        check(&[("origin", "")], Site::Foreign);
        let twice = ("origin", "https://crm.example.com");
        check(&[twice, twice], Site::Foreign);
    }

    #[test]
    fn without_an_origin_the_browser_says_where_the_page_is_from() {
        check(&[("sec-fetch-site", "same-origin")], Site::Trusted);
        for other in ["same-site", "cross-site", "none", "SAME-ORIGIN", ""] {
            check(&[("sec-fetch-site", other)], Site::Foreign);
        }
        check(&[], Site::Unsaid);
        let evil = ("origin", "https://evil.test");
        check(&[evil, ("sec-fetch-site", "same-origin")], Site::Foreign);
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let headers = headers(&[("cookie", "a=b; x=1;x=2"), ("cookie", "xx=3; x =4; x=5=6")]);
        assert_eq!(cookies(&headers, "x").collect::<Vec<_>>(), ["1", "2", "5=6"]);
    }

    #[track_caller]
    fn check(sent: &[(&'static str, &str)], expected: Site) {
        let origins = Origins::new(&["https://crm.example.com".to_owned()]);
        assert_eq!(site(&headers(sent), Some("api.example.com:8000"), &origins), expected);
    }

    fn headers(sent: &[(&'static str, &str)]) -> HeaderMap {
        let header = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), value.parse().unwrap())
        };
        let mut headers = HeaderMap::new();
        for (name, value) in sent.iter().map(header) {
            headers.append(name, value);
        }
        headers
    }
}
