//! An environment without a server: for commands that work on the database and then end.

use std::sync::Arc;

use crate::{
    App,
    demo::Progress,
    environment::{Plan, StartError, fill, patience::Patience, services::Services},
    service::Phase,
    settings::SchemaChange,
};

/// The services before the router, running. Stop it when the work is done.
pub struct Opened {
    app: Arc<App>,
    plan: Plan,
    services: Services,
}

impl Opened {
    /// Starts them. A command that changes the schema itself gets the database and nothing that
    /// reads tables.
    pub(crate) async fn open(app: Arc<App>, plan: Plan) -> Result<Self, StartError> {
        let services = Services::new(plan.services.clone());
        let mut opened = Self { app, plan, services };
        match opened.bring_up().await {
            Ok(()) => Ok(opened),
            Err(error) => {
                opened.stop().await;
                Err(error)
            }
        }
    }

    async fn bring_up(&mut self) -> Result<(), StartError> {
        let app = &self.app;
        let is_schema_left = app.settings.schema_change == SchemaChange::Leave;
        let is_wanted = |app: &App| !is_schema_left || app.database().is_err();
        self.services.start(app, Phase::BeforeRouter, Patience::None, is_wanted).await?;
        if is_schema_left {
            Ok(())
        } else {
            fill::seed(app, &self.plan.seeds, Patience::None).await
        }
    }

    /// What the services have filled.
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// Loads the demo data that has not been loaded; gives the modules that had some.
    ///
    /// # Errors
    /// When a row cannot be made; what that module made before is undone.
    pub async fn seed_demo(&self) -> Result<Vec<&'static str>, StartError> {
        fill::seed_demo(&self.app, &self.plan.demos).await
    }

    /// Loads what has not been loaded of the many rows that modules have for a measurement; gives
    /// the modules that had some.
    ///
    /// # Errors
    /// When a row cannot be made; what that module made before is undone.
    pub async fn seed_large_demo(
        &self,
        progress: &dyn Progress,
    ) -> Result<Vec<&'static str>, StartError> {
        fill::seed_large_demo(&self.app, &self.plan.large_demos, progress).await
    }

    /// Stops the services, the last first.
    pub async fn stop(mut self) {
        self.services.stop(&self.app).await;
    }
}
