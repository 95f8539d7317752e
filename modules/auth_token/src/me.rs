//! Who one is, what one may do, and what one may say about oneself.

use std::collections::BTreeMap;

use artel_core::{
    Ctx, Result,
    access::is_granted,
    auth::{ProfileChanges, Who},
    http::{
        Choice, NoContent, NotNull, Visitor,
        poem_openapi::{self, Object, OpenApi, payload::Json, types::MaybeUndefined},
    },
};
use orm::{RouteSet, Selection, Verb};
use users::UserLanguage;

pub(crate) struct Routes;

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

/// What one changes about oneself; what is absent stays.
#[derive(Object)]
struct MeChanges {
    /// As others see it.
    #[oai(validator(max_length = 200))]
    name: NotNull<String>,
    /// `null` takes it away.
    #[oai(validator(max_length = 254))]
    email: MaybeUndefined<String>,
    /// The code of their language.
    language: NotNull<Choice<UserLanguage>>,
}

/// A password and the one that takes its place.
#[derive(Object)]
struct PasswordChange {
    /// The one that is good now.
    #[oai(validator(max_length = 1024))]
    old: String,
    /// At least 8 characters, that neither are the login nor used by everybody.
    #[oai(validator(max_length = 1024))]
    new: String,
}

#[OpenApi(prefix_path = "/auth")]
impl Routes {
    /// Says who is signed in, and what they may do.
    #[oai(path = "/me", method = "get", operation_id = "me")]
    async fn me(&self, ctx: Ctx) -> Result<Json<Me>> {
        Ok(Json(Me::of(&ctx, ctx.who())))
    }

    /// Changes name, e-mail or language of whoever is signed in.
    #[oai(path = "/me", method = "patch", operation_id = "change_me")]
    async fn change_me(&self, ctx: Ctx, body: Json<MeChanges>) -> Result<Json<Me>> {
        let MeChanges { name, email, language } = body.0;
        let email = match email {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(it) => Some(Some(it)),
        };
        let language = language.0.map(|it| it.0.as_str().to_owned());
        let changes = ProfileChanges { name: name.0, email, language };
        let who = ctx.app().authenticator()?.change_profile(ctx.who(), changes).await?;
        Ok(Json(Me::of(&ctx, &who)))
    }

    /// Changes the password of whoever is signed in, and ends their other login sessions.
    ///
    /// A wrong old password counts as a failed sign-in.
    #[oai(path = "/password", method = "post", operation_id = "change_password")]
    async fn change_password(
        &self,
        ctx: Ctx,
        visitor: Visitor,
        body: Json<PasswordChange>,
    ) -> Result<NoContent> {
        let PasswordChange { old, new } = body.0;
        let passwords = (&old.into(), &new.into());
        let authenticator = ctx.app().authenticator()?;
        authenticator.change_password(ctx.who(), passwords, visitor.address).await?;
        Ok(NoContent)
    }
}

impl Me {
    fn of(ctx: &Ctx, who: &Who) -> Self {
        let state = &who.state;
        Self {
            id: state.user,
            login: state.login.clone(),
            name: state.name.clone(),
            email: state.email.clone(),
            language: state.language.clone().unwrap_or_else(|| "en".to_owned()),
            is_admin: state.is_admin,
            roles: who.roles.iter().map(ToString::to_string).collect(),
            can: can(ctx),
        }
    }
}

/// Whether records of such a model are written with this verb by routes at all. What makes a record
/// may be a route of the module's own.
fn has_route(routes: RouteSet, verb: Verb) -> bool {
    match routes {
        RouteSet::All => true,
        RouteSet::Changing => verb != Verb::Delete,
        RouteSet::Reading | RouteSet::None => false,
    }
}

fn can(ctx: &Ctx) -> BTreeMap<String, Can> {
    let schema = ctx.schema();
    let models = schema.models().iter().filter(|it| it.def.routes != RouteSet::None);
    let models = models.map(|model| {
        let may = |verb| is_granted(ctx.access(), schema, model.id, verb);
        let writes = |verb| has_route(model.def.routes, verb) && may(verb);
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
