//! The whole of an installation: settings and modules, started and stopped in order.
//!
//! 1. settings are read before there is an environment;
//! 2. modules in the order of their dependencies;
//! 3. all their models as one verified schema, with rights and texts: a [`Plan`];
//! 4. services before the router: logger, database, security, tokens;
//! 5. routers: the generated routes of every model, and the modules' own;
//! 6. services after the router;
//! 7. post-init: the rows that modules cannot live without;
//! 8. serving, until it is told to stop; then the reverse.
//!
//! **Invariant:** what was started is stopped again, in reverse, however the start ends.

mod faults;
mod fill;
mod models;
mod opened;
mod patience;
mod plan;
mod running;
mod services;

use std::future;

pub use crate::environment::{
    faults::{EnvironmentFaults, StartError},
    opened::Opened,
    plan::Plan,
    running::{Running, StopOutcome},
};
use crate::{Clock, Module, Settings, cli::ModuleCommand, environment::plan::Unlisted};

/// Settings and modules, not started yet.
#[derive(Debug, Clone)]
pub struct Environment {
    settings: Settings,
    modules: Vec<Module>,
    unlisted: Unlisted,
    clock: Clock,
}

impl Environment {
    /// An environment without modules.
    pub fn new(settings: Settings) -> Self {
        Self { settings, modules: Vec::new(), unlisted: Unlisted::Refused, clock: Clock::system() }
    }

    /// The same with one module more; what it depends on must be listed too.
    #[must_use]
    pub fn module(mut self, module: Module) -> Self {
        self.modules.push(module);
        self
    }

    /// These modules and all that they depend on; other modules of the program are left out.
    /// For tests, which try one module at a time.
    pub fn closure_of(settings: Settings, modules: &[Module]) -> Self {
        let mut environment = Self::new(settings);
        environment.unlisted = Unlisted::LeftOut;
        for module in modules {
            environment.add_closure(module);
        }
        environment
    }

    /// The same with a clock of one's own.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Works out and checks what it consists of; starts nothing.
    ///
    /// # Errors
    /// Every fault of modules, models, rights, texts and services at once.
    pub fn plan(&self) -> Result<Plan, EnvironmentFaults> {
        Plan::of(&self.modules, self.unlisted)
    }

    /// The commands that its modules add to the command line.
    pub(crate) fn commands(&self) -> Vec<ModuleCommand> {
        plan::gather(&self.modules).commands
    }

    /// Starts everything and gives it once it is ready. While the database is away it waits, and
    /// says over HTTP that it is not ready.
    ///
    /// # Errors
    /// The first failure; what was started before it has been stopped again.
    pub async fn start(self) -> Result<Running, StartError> {
        self.start_unless(future::pending()).await
    }

    /// The same, given up when `stopped` is done.
    ///
    /// # Errors
    /// The first failure; what was started before it has been stopped again.
    pub async fn start_unless(
        mut self,
        stopped: impl Future<Output = ()>,
    ) -> Result<Running, StartError> {
        self.settings.ensure_secret()?;
        let plan = self.plan()?;
        let app = plan.app(self.settings, self.clock);
        let mut running = Running::listen(app, &plan)?;
        let started = tokio::select! {
            started = running.bring_up(plan) => started,
            () = stopped => Err(StartError::Stopped),
        };
        match started {
            Ok(()) => Ok(running),
            Err(error) => {
                running.stop().await;
                Err(error)
            }
        }
    }

    /// Starts the services before the router and makes the modules' rows, for a command that
    /// works on the database and then ends. It does not wait for a database that is away.
    ///
    /// # Errors
    /// The first failure; what was started before it has been stopped again.
    pub async fn open(mut self) -> Result<Opened, StartError> {
        self.settings.ensure_secret()?;
        let plan = self.plan()?;
        let app = plan.app(self.settings, self.clock);
        Opened::open(app, plan).await
    }

    fn add_closure(&mut self, module: &Module) {
        if self.modules.iter().any(|it| it.name == module.name) {
            return;
        }
        for depends in module.depends {
            self.add_closure(depends);
        }
        self.modules.push(*module);
    }
}
