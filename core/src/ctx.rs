//! Who asks: the handle that every route works with, and the one place where sessions are made.
//!
//! **Invariant:** a session has an asker. That of a request carries the rights of whoever is
//! signed in; that of the system has a reason.

use std::{fmt, ops::Deref, sync::Arc};

use chrono::{DateTime, Utc};
use http::{
    HeaderMap,
    header::{ACCEPT_LANGUAGE, AUTHORIZATION, HeaderName},
};
use orm::{Asker, Session, StatementCounter, Tx};

use crate::{Error, Result, Unauthenticated, app::App, auth::Who, http::RequestTrace};

/// One request of somebody signed in: their session, their name, their language, the time.
#[derive(Clone)]
pub struct Ctx {
    session: Session,
    who: Arc<Who>,
    expires_at: DateTime<Utc>,
    app: Arc<App>,
}

impl Ctx {
    /// Who asks, according to the headers of a request.
    ///
    /// # Errors
    /// Unauthenticated without a good token; unavailable when that cannot be found out.
    pub async fn of_request(
        app: &Arc<App>,
        headers: &HeaderMap,
        trace: Arc<RequestTrace>,
    ) -> Result<Self> {
        let by = app.authenticator()?.authenticate_until(bearer(headers)?).await?;
        trace.set_user(by.0.state.user);
        let asked = headers.get(ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok());
        let language = asked.map(|it| app.texts.language(Some(it)));
        Self::of_login(app, by, language, trace.statements.clone())
    }

    /// Whoever is signed in, until a time, in the language that they ask for or else in their own.
    pub(crate) fn of_login(
        app: &Arc<App>,
        (who, expires_at): (Arc<Who>, DateTime<Utc>),
        language: Option<&'static str>,
        statements: Arc<StatementCounter>,
    ) -> Result<Self> {
        let own_language = || app.texts.language(who.state.language.as_deref());
        let asker = Asker {
            access: who.access.clone(),
            id: Some(who.state.user),
            language: language.unwrap_or_else(own_language),
            now: app.clock.now(),
            statements,
            host: app.clone(),
        };
        let session = Session::new(app.database()?, asker);
        Ok(Self { session, who, expires_at, app: app.clone() })
    }

    /// Whoever is signed in.
    pub fn who(&self) -> &Arc<Who> {
        &self.who
    }

    /// Their record.
    pub fn user_id(&self) -> i64 {
        self.who.state.user
    }

    /// Whether grants and rules are of no concern to them.
    pub fn is_admin(&self) -> bool {
        self.who.state.is_admin
    }

    /// The language of texts for them: `en`.
    pub fn language(&self) -> &'static str {
        self.session.language()
    }

    /// The time of the request; it does not move while the request runs.
    pub fn now(&self) -> DateTime<Utc> {
        self.session.now()
    }

    /// When the access token runs out that they ask with.
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.expires_at
    }

    /// The environment.
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// Runs `body` in a transaction: committed when it gives `Ok`, rolled back otherwise.
    ///
    /// # Errors
    /// That of `body`, or that of the commit.
    pub async fn transaction<T>(&self, body: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        self.session.transaction(body).await
    }
}

impl Deref for Ctx {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}

impl fmt::Debug for Ctx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ctx of #{}", self.who.state.user)
    }
}

/// The token of an `Authorization: Bearer` header; two such headers are nobody's.
fn bearer(headers: &HeaderMap) -> Result<&str> {
    only(headers, &AUTHORIZATION)
        .and_then(|it| it.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token)
        .ok_or_else(|| Error::unauthenticated(Unauthenticated::NoSession))
}

fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none())?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_token_stands_behind_its_scheme() {
        check(&["Bearer abc"], Some("abc"));
        check(&["bearer abc"], Some("abc"));
        check(&["Basic abc"], None);
        check(&["abc"], None);
        check(&[], None);
    }

    #[test]
    fn two_tokens_are_nobodys() {
        check(&["Bearer abc", "Bearer abc"], None);
    }

    #[track_caller]
    fn check(values: &[&'static str], expected: Option<&str>) {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_static(value));
        }
        assert_eq!(bearer(&headers).ok(), expected);
    }
}
