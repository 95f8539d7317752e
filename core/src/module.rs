//! A module, and what it brings to the environment.

use std::{fmt, sync::Arc};

use futures_util::future::BoxFuture;
use orm::Session;

use crate::{
    Result, Service,
    access::{Rights, RightsSource},
    auth,
    cli::{Command, ModuleCommand},
    demo::Progress,
    http::{
        Api, ModuleRoutes, OpenApi, Page,
        socket::{SocketHandler, SocketRoute},
    },
    outbox::{Deliver, Topics},
};

/// A part of an installation: models, rights, routes, services.
///
/// Modules are compared by name: a const has no address.
#[derive(Clone, Copy)]
pub struct Module {
    /// The name of the crate.
    pub name: &'static str,
    /// The modules whose models, roles or services it uses.
    pub depends: &'static [&'static Self],
    /// Says what the module brings, beside the models of its crate.
    pub setup: fn(&mut Setup),
}

/// Work that fills a fresh database, under a system session.
pub type Fill = for<'a> fn(&'a Session) -> BoxFuture<'a, Result<()>>;

/// The same with so many rows that somebody watches.
pub type LargeFill = for<'a> fn(&'a Session, &'a dyn Progress) -> BoxFuture<'a, Result<()>>;

/// What the modules of an environment bring; each adds to it in turn.
#[derive(Default)]
pub struct Setup {
    pub(crate) module: &'static str,
    pub(crate) rights: Rights,
    pub(crate) routes: ModuleRoutes,
    pub(crate) services: Vec<Arc<dyn Service>>,
    pub(crate) seeds: Vec<(&'static str, Fill)>,
    pub(crate) demos: Vec<(&'static str, Fill)>,
    pub(crate) large_demos: Vec<(&'static str, LargeFill)>,
    pub(crate) texts: Vec<Texts>,
    pub(crate) commands: Vec<ModuleCommand>,
    pub(crate) topics: Topics,
    pub(crate) asker: Option<&'static str>,
    pub(crate) rights_source: Option<Arc<dyn RightsSource>>,
    pub(crate) accounts: Option<Arc<dyn auth::Accounts>>,
    pub(crate) login_sessions: Option<Arc<dyn auth::LoginSessions>>,
}

/// The texts of one module, as Fluent sources.
#[derive(Debug, Clone, Copy)]
pub struct Texts {
    /// English.
    pub en: &'static str,
    /// Russian.
    pub ru: &'static str,
}

impl Setup {
    /// Roles, grants and rules: who may do what.
    pub fn rights(&mut self, declare: fn(&mut Rights)) -> &mut Self {
        self.rights.module = self.module;
        self.rights.modules.push(self.module);
        declare(&mut self.rights);
        self
    }

    /// Routes beyond the generated ones: a type with `#[OpenApi]`.
    pub fn routes<T: OpenApi + Send + 'static>(&mut self, api: T) -> &mut Self {
        self.routes.apis.push(Api::of(api));
        self
    }

    /// A WebSocket at a path below that of the API: `/ws`.
    pub fn socket(&mut self, path: &'static str, handler: impl SocketHandler) -> &mut Self {
        self.routes.sockets.push(SocketRoute::new(self.module, path, handler));
        self
    }

    /// A page for people at an address of its own: `/chat`. It is served to everyone; what it shows
    /// it asks of the API, with the rights of whoever signs in there.
    pub fn page(&mut self, page: Page) -> &mut Self {
        self.routes.pages.push((self.module, page));
        self
    }

    /// A service, started in its phase after what it depends on.
    pub fn service(&mut self, service: impl Service) -> &mut Self {
        self.services.push(Arc::new(service));
        self
    }

    /// Rows that the module cannot live without; run at every start, so they must be idempotent.
    pub fn seed(&mut self, fill: Fill) -> &mut Self {
        self.seeds.push((self.module, fill));
        self
    }

    /// Rows to look at and play with, loaded once on demand.
    pub fn demo(&mut self, fill: Fill) -> &mut Self {
        self.demos.push((self.module, fill));
        self
    }

    /// So many rows that they are worth a measurement, loaded once on demand, behind those of
    /// [`Self::demo`].
    pub fn large_demo(&mut self, fill: LargeFill) -> &mut Self {
        self.large_demos.push((self.module, fill));
        self
    }

    /// Who delivers the messages of a topic, which `session.enqueue` has sent.
    pub fn outbox(&mut self, topic: &'static str, deliver: Deliver) -> &mut Self {
        self.topics.handled.push((self.module, topic, deliver));
        self
    }

    /// A topic that the module sends and another one handles: that one does is checked at start.
    pub fn sends(&mut self, topic: &'static str) -> &mut Self {
        self.topics.sent.push((self.module, topic));
        self
    }

    /// Labels and messages.
    pub fn texts(&mut self, texts: Texts) -> &mut Self {
        self.texts.push(texts);
        self
    }

    /// A command of the command line, beside those that the program has: `artel contracts`.
    pub fn command<C: Command>(&mut self) -> &mut Self {
        self.commands.push(ModuleCommand::of::<C>(self.module));
        self
    }

    /// The table of those who ask: what `created_by_id` points at.
    pub fn asker(&mut self, table: &'static str) -> &mut Self {
        self.asker = Some(table);
        self
    }

    /// Where rights are kept, so that they can be changed while the program runs.
    pub fn rights_source(&mut self, source: impl RightsSource) -> &mut Self {
        self.rights_source = Some(Arc::new(source));
        self
    }

    /// Who the users are and which roles they have.
    pub fn accounts(&mut self, accounts: impl auth::Accounts) -> &mut Self {
        self.accounts = Some(Arc::new(accounts));
        self
    }

    /// Which sign-ins are alive.
    pub fn login_sessions(&mut self, sessions: impl auth::LoginSessions) -> &mut Self {
        self.login_sessions = Some(Arc::new(sessions));
        self
    }
}

impl fmt::Debug for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Module")
            .field("name", &self.name)
            .field("depends", &self.depends.iter().map(|it| it.name).collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
