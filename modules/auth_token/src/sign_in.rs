//! Signing in, staying in, signing out.

use artel_core::{
    Error, Result, Unauthenticated,
    auth::{self, Credentials, Who},
    http::{
        Bearer, NoContent, RefreshCookie, Visitor, WithCookie,
        poem_openapi::{self, Object, OpenApi, payload::Json},
    },
    settings::ExposeSecret,
};

pub(crate) struct Routes;

/// What somebody signs in with.
#[derive(Object)]
struct SignIn {
    /// Who they are.
    #[oai(validator(max_length = 200))]
    login: String,
    /// What proves it.
    #[oai(validator(max_length = 1024))]
    password: String,
    /// Whether the refresh token is to be kept in a cookie, which no script can read.
    cookie: Option<bool>,
}

/// What a sign-in is renewed with.
#[derive(Object)]
struct Renewal {
    /// The latest refresh token; without it, that of the cookie.
    #[oai(validator(max_length = 1024))]
    refresh_token: Option<String>,
}

/// Two tokens, and whose they are.
#[derive(Object)]
struct SignedIn {
    /// Send it as `Authorization: Bearer …`.
    access_token: String,
    /// `Bearer`.
    token_type: String,
    /// How many seconds the access token is good.
    expires_in: i64,
    /// Good for one use: gives the next two tokens. Absent when it is in the cookie.
    #[oai(skip_serializing_if_is_none)]
    refresh_token: Option<String>,
    /// Who signed in.
    user: SignedInUser,
}

/// Who signed in.
#[derive(Object)]
struct SignedInUser {
    id: i64,
    login: String,
    name: String,
    /// The code of their language.
    language: String,
    is_admin: bool,
}

/// Where a refresh token is kept.
#[derive(Clone, Copy)]
enum Keeping {
    Body,
    Cookie,
}

#[OpenApi(prefix_path = "/auth")]
impl Routes {
    /// Signs in with a login and a password.
    ///
    /// A wrong login and a wrong password look the same. After too many failures even the right
    /// password is refused for a while.
    #[oai(path = "/sign_in", method = "post", operation_id = "sign_in")]
    async fn sign_in(
        &self,
        visitor: Visitor,
        sent: RefreshCookie,
        body: Json<SignIn>,
    ) -> Result<WithCookie<Json<SignedIn>>> {
        let Visitor { app, address, agent } = visitor;
        let SignIn { login, password, cookie } = body.0;
        let keeping = if cookie == Some(true) { Keeping::Cookie } else { Keeping::Body };
        if let Keeping::Cookie = keeping {
            sent.check_site()?;
        }
        let credentials = Credentials { login, password: password.into(), address, agent };
        let signed_in = app.authenticator()?.sign_in(credentials).await?;
        Ok(answer(&signed_in, keeping, &sent))
    }

    /// Gives the next two tokens for the latest refresh token.
    ///
    /// A refresh token is used once. Using it again within ten seconds, while the token that came
    /// of it is unused, gives that one again; any other use ends the login session.
    #[oai(path = "/refresh", method = "post", operation_id = "refresh")]
    async fn refresh(
        &self,
        visitor: Visitor,
        sent: RefreshCookie,
        body: Json<Renewal>,
    ) -> Result<WithCookie<Json<SignedIn>>> {
        let authenticator = visitor.app.authenticator()?;
        if let Some(token) = &body.0.refresh_token {
            return Ok(answer(&authenticator.renew(token).await?, Keeping::Body, &sent));
        }
        let nobody = || Error::unauthenticated(Unauthenticated::NoSession);
        let token = sent.token()?.ok_or_else(nobody)?;
        Ok(answer(&authenticator.renew(token).await?, Keeping::Cookie, &sent))
    }

    /// Ends the login session of the access token, and that of the cookie.
    ///
    /// Either of them is enough. A request with the cookie needs a body that is called JSON.
    #[oai(path = "/sign_out", method = "post", operation_id = "sign_out")]
    async fn sign_out(
        &self,
        visitor: Visitor,
        bearer: Bearer,
        sent: RefreshCookie,
    ) -> Result<WithCookie<NoContent>> {
        let authenticator = visitor.app.authenticator()?;
        let token = sent.token()?;
        match (&bearer.0, token) {
            (Ok(ctx), _) => authenticator.sign_out(ctx.who()).await?,
            (Err(_), Some(_)) => {}
            (Err(_), None) => return Err(bearer.0.err().unwrap_or_else(Error::not_found)),
        }
        let Some(token) = token else { return Ok(WithCookie(NoContent, None)) };
        authenticator.sign_out_by(token).await?;
        Ok(WithCookie(NoContent, Some(sent.cleared())))
    }
}

fn answer(
    signed_in: &auth::SignedIn,
    keeping: Keeping,
    sent: &RefreshCookie,
) -> WithCookie<Json<SignedIn>> {
    let token = &signed_in.refresh_token;
    let (refresh_token, cookie) = match keeping {
        Keeping::Body => (Some(token.expose_secret().to_owned()), None),
        Keeping::Cookie => (None, Some(sent.holding(token, signed_in.ends_in.num_seconds()))),
    };
    let body = SignedIn {
        access_token: signed_in.token.expose_secret().to_owned(),
        token_type: "Bearer".to_owned(),
        expires_in: signed_in.expires_in.num_seconds(),
        refresh_token,
        user: SignedInUser::of(&signed_in.who),
    };
    WithCookie(Json(body), cookie)
}

impl SignedInUser {
    fn of(who: &Who) -> Self {
        Self {
            id: who.state.user,
            login: who.state.login.clone(),
            name: who.state.name.clone(),
            language: who.state.language.clone().unwrap_or_else(|| "en".to_owned()),
            is_admin: who.state.is_admin,
        }
    }
}
