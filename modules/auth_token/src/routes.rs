//! Signing in and out, and who one is.

use std::collections::BTreeMap;

use artel_core::{
    Ctx, Result,
    access::is_granted,
    auth::{Credentials, Who},
    http::{
        NoContent, Visitor,
        poem_openapi::{self, Object, OpenApi, payload::Json},
    },
    settings::ExposeSecret,
};
use orm::{RouteSet, Verb};

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
}

/// An access token, and whose it is.
#[derive(Object)]
struct SignedIn {
    /// Send it as `Authorization: Bearer …`.
    access_token: String,
    /// `Bearer`.
    token_type: String,
    /// How many seconds the token is good.
    expires_in: i64,
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

/// Who one is, and what one may do.
#[derive(Object)]
struct Me {
    id: i64,
    login: String,
    name: String,
    email: Option<String>,
    /// The code of their language.
    language: String,
    is_admin: bool,
    /// The names of all their roles, with those that these imply.
    roles: Vec<String>,
    /// What they may do with records of each collection, as far as rules let them.
    can: BTreeMap<String, Can>,
}

/// The verbs that somebody has a grant for, as far as the collection has routes for them.
#[derive(Object)]
struct Can {
    create: bool,
    read: bool,
    update: bool,
    delete: bool,
}

#[OpenApi(prefix_path = "/auth")]
impl Routes {
    /// Signs in with a login and a password.
    ///
    /// A wrong login and a wrong password look the same. After too many failures even the right
    /// password is refused for a while.
    #[oai(path = "/sign_in", method = "post", operation_id = "sign_in")]
    async fn sign_in(&self, visitor: Visitor, body: Json<SignIn>) -> Result<Json<SignedIn>> {
        let Visitor { app, address, agent } = visitor;
        let SignIn { login, password } = body.0;
        let credentials = Credentials { login, password: password.into(), address, agent };
        let signed_in = app.authenticator()?.sign_in(credentials).await?;
        Ok(Json(SignedIn {
            access_token: signed_in.token.expose_secret().to_owned(),
            token_type: "Bearer".to_owned(),
            expires_in: signed_in.expires_in.num_seconds(),
            user: SignedInUser::of(&signed_in.who),
        }))
    }

    /// Ends the login session of the token.
    #[oai(path = "/sign_out", method = "post", operation_id = "sign_out")]
    async fn sign_out(&self, ctx: Ctx) -> Result<NoContent> {
        ctx.app().authenticator()?.sign_out(ctx.who()).await?;
        Ok(NoContent)
    }

    /// Says who is signed in, and what they may do.
    #[oai(path = "/me", method = "get", operation_id = "me")]
    async fn me(&self, ctx: Ctx) -> Result<Json<Me>> {
        let SignedInUser { id, login, name, language, is_admin } = SignedInUser::of(ctx.who());
        let roles = ctx.who().roles.iter().map(ToString::to_string).collect();
        let email = ctx.who().state.email.clone();
        Ok(Json(Me { id, login, name, email, language, is_admin, roles, can: can(&ctx) }))
    }
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

fn can(ctx: &Ctx) -> BTreeMap<String, Can> {
    let schema = ctx.schema();
    let models = schema.models().iter().filter(|it| it.def.routes != RouteSet::None);
    let models = models.map(|model| {
        let may = |verb| is_granted(ctx.access(), schema, model.id, verb);
        let writes = |verb| model.def.routes == RouteSet::All && may(verb);
        let can = Can {
            create: writes(Verb::Create),
            read: may(Verb::Read),
            update: writes(Verb::Update),
            delete: writes(Verb::Delete),
        };
        (model.def.table.to_owned(), can)
    });
    models.filter(|(_, it)| it.create || it.read || it.update || it.delete).collect()
}
