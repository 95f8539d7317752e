//! What an environment consists of, worked out and checked before anything is started.

use std::{fmt, sync::Arc};

use orm::Schema;

use crate::{
    App, Clock, Module, Service, Settings, Setup,
    access::{DeclaredRights, RightsSource, RightsStore},
    auth, cli,
    environment::{EnvironmentFaults, models},
    history::HistorySweep,
    http::ModuleRoutes,
    i18n::{Texts, labels},
    module::{Fill, LargeFill},
    outbox::Outbox,
    service::Phase,
    setup_order::{Ordered, setup_order},
};

/// A checked description: modules and services in their order, schema, rights, texts.
pub struct Plan {
    /// In the order in which they are set up.
    pub modules: Vec<Module>,
    /// In the order in which they are started.
    pub services: Vec<Arc<dyn Service>>,
    /// Every model of the modules.
    pub schema: Arc<Schema>,
    /// Who may do what, as modules declare it.
    pub rights: Arc<DeclaredRights>,
    /// Texts in every language.
    pub texts: Arc<Texts>,
    pub(crate) routes: ModuleRoutes,
    pub(crate) seeds: Vec<(&'static str, Fill)>,
    pub(crate) demos: Vec<(&'static str, Fill)>,
    pub(crate) large_demos: Vec<(&'static str, LargeFill)>,
    rights_source: Option<Arc<dyn RightsSource>>,
    accounts: Option<Arc<dyn auth::Accounts>>,
    login_sessions: Option<Arc<dyn auth::LoginSessions>>,
}

/// Whether models of modules that are not listed are a fault or left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unlisted {
    Refused,
    LeftOut,
}

impl Plan {
    /// Works it out.
    pub(crate) fn of(listed: &[Module], unlisted: Unlisted) -> Result<Self, EnvironmentFaults> {
        let mut faults = Faults::default();
        let modules = faults.all_of(setup_order(listed, &[])).unwrap_or_else(|| listed.to_vec());
        let mut setup = gather(&modules);
        let mut defs = models::linked();
        match unlisted {
            Unlisted::Refused => faults.0.extend(models::homeless(&defs, &modules)),
            Unlisted::LeftOut => defs.retain(|it| models::is_of(it, &modules)),
        }
        let (extensions, of_strangers) =
            models::extensions_of(&modules, models::linked_extensions());
        faults.0.extend(of_strangers);
        faults.0.extend(models::strangers(&defs, &modules));
        faults.0.extend(cli::clashes(&setup.commands));
        let schema = Schema::extended(&defs, &extensions, setup.asker).map_err(|it| it.0);
        let schema = faults.all_of(schema);
        let rights = schema
            .as_ref()
            .and_then(|schema| faults.all_of(DeclaredRights::check(&setup.rights, schema)));
        let texts = faults.all_of(Texts::of(&setup.texts));
        if let Some(schema) = &schema {
            faults.0.extend(labels::of_nothing(schema, &setup.texts));
        }
        if let Some(handlers) = faults.all_of(setup.topics.handlers()) {
            setup.services.push(Arc::new(Outbox::new(handlers)));
        }
        setup.services.push(Arc::new(HistorySweep::default()));
        let services = faults.services(&setup.services);
        let (true, Some(schema), Some(rights), Some(texts)) =
            (faults.0.is_empty(), schema, rights, texts)
        else {
            return Err(EnvironmentFaults(faults.0));
        };
        Ok(Self {
            modules,
            services,
            schema: Arc::new(schema),
            rights: Arc::new(rights),
            texts: Arc::new(texts),
            routes: setup.routes,
            seeds: setup.seeds,
            demos: setup.demos,
            large_demos: setup.large_demos,
            rights_source: setup.rights_source,
            accounts: setup.accounts,
            login_sessions: setup.login_sessions,
        })
    }

    /// What the running environment shares; its services have yet to fill it.
    pub(crate) fn app(&self, settings: Settings, clock: Clock) -> Arc<App> {
        Arc::new(App {
            settings: Arc::new(settings),
            schema: self.schema.clone(),
            rights: RightsStore::new(
                self.schema.clone(),
                self.rights.clone(),
                self.rights_source.clone(),
            ),
            texts: self.texts.clone(),
            clock,
            sockets: Default::default(),
            files: Default::default(),
            database: Default::default(),
            auth: Default::default(),
            accounts: self.accounts.clone(),
            login_sessions: self.login_sessions.clone(),
        })
    }
}

/// Lets every module add what it brings, in order.
pub(crate) fn gather(modules: &[Module]) -> Setup {
    let mut setup = Setup::default();
    for module in modules {
        setup.module = module.name;
        (module.setup)(&mut setup);
    }
    setup
}

/// The faults so far.
#[derive(Default)]
struct Faults(Vec<String>);

impl Faults {
    /// What was worked out, or nothing and its faults.
    fn all_of<T, F: fmt::Display>(&mut self, worked_out: Result<T, Vec<F>>) -> Option<T> {
        worked_out.map_err(|faults| self.0.extend(faults.iter().map(ToString::to_string))).ok()
    }

    /// The services of each phase after what they need; those before the router need no others.
    fn services(&mut self, all: &[Arc<dyn Service>]) -> Vec<Arc<dyn Service>> {
        let mut ordered: Vec<Arc<dyn Service>> = Vec::with_capacity(all.len());
        for phase in [Phase::BeforeRouter, Phase::AfterRouter] {
            let of_phase: Vec<_> = all.iter().filter(|it| it.phase() == phase).cloned().collect();
            let before: Vec<_> = ordered.iter().map(Ordered::name).collect();
            ordered.extend(self.all_of(setup_order(&of_phase, &before)).unwrap_or_default());
        }
        ordered
    }
}
