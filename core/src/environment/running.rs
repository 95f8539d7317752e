//! An environment that serves, and its orderly end.
//!
//! **Invariant:** who connects is always answered: before the services are ready with 503, from
//! then on by the routes, until the stop by both in turn.

use std::{net::SocketAddr, sync::Arc};

use tokio::{sync::oneshot, task::JoinHandle, time};
use tokio_util::sync::DropGuard;

use crate::{
    App,
    demo::Progress,
    environment::{Plan, StartError, fill, patience::Patience, services::Services},
    http::{Front, Readiness, ServeOutcome, Server, socket},
    module::{Fill, LargeFill},
    service::Phase,
    task,
};

/// An environment that serves.
pub struct Running {
    app: Arc<App>,
    address: SocketAddr,
    services: Services,
    demos: Vec<(&'static str, Fill)>,
    large_demos: Vec<(&'static str, LargeFill)>,
    readiness: Arc<Readiness>,
    is_ready: bool,
    front: Arc<Front>,
    close: oneshot::Sender<()>,
    serving: JoinHandle<Option<ServeOutcome>>,
    /// Dropped without a stop, it leaves no socket behind.
    _end_sockets: DropGuard,
}

/// How a stop went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopOutcome {
    /// Everything in flight was answered.
    Clean,
    /// Some requests were cut off.
    Cut,
}

impl Running {
    /// Takes the port and says to everyone that it is not ready.
    pub(crate) fn listen(app: Arc<App>, plan: &Plan) -> Result<Self, StartError> {
        let server = Server::bind(&app.settings.http).map_err(StartError::Listen)?;
        let address = server.address();
        let readiness = Arc::new(Readiness::default());
        let front = Arc::new(Front::new(&app, &readiness).map_err(StartError::Routes)?);
        let (close, closed) = oneshot::channel();
        let until_closed = async {
            let _ = closed.await;
        };
        let serving = task::spawn("server", server.serve(front.clone(), until_closed));
        let end_sockets = app.sockets.end_when_dropped();
        Ok(Self {
            services: Services::new(plan.services.clone()),
            demos: plan.demos.clone(),
            large_demos: plan.large_demos.clone(),
            app,
            address,
            readiness,
            is_ready: false,
            front,
            close,
            serving,
            _end_sockets: end_sockets,
        })
    }

    /// Starts the services, stands the routes between them, fills the database and opens up.
    pub(crate) async fn bring_up(&mut self, plan: Plan) -> Result<(), StartError> {
        let app = &self.app;
        let doubt = socket::doubt(&app.settings.http);
        if let Some(doubt) = doubt.filter(|_| !plan.routes.sockets.is_empty()) {
            tracing::warn!("{doubt}");
        }
        let all = |_: &App| true;
        self.services.start(app, Phase::BeforeRouter, Patience::Endless, all).await?;
        let routes =
            Front::routes(app, plan.routes, &self.readiness).map_err(StartError::Routes)?;
        self.services.start(app, Phase::AfterRouter, Patience::Endless, all).await?;
        fill::seed(app, &plan.seeds, Patience::Endless).await?;
        self.front.open(routes);
        self.readiness.open(self.services.running().to_vec());
        self.is_ready = true;
        Ok(())
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it shares with its services.
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// Loads the demo data that has not been loaded; gives the modules that had some.
    ///
    /// # Errors
    /// When a row cannot be made; what that module made before is undone.
    pub async fn seed_demo(&self) -> Result<Vec<&'static str>, StartError> {
        fill::seed_demo(&self.app, &self.demos).await
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
        fill::seed_large_demo(&self.app, &self.large_demos, progress).await
    }

    /// Stops it in the reverse order of its start: not ready, no new connections, requests in
    /// flight finished within the grace, sockets told and closed, services.
    pub async fn stop(mut self) -> StopOutcome {
        let app = self.app.clone();
        app.sockets.refuse();
        if self.is_ready {
            self.readiness.close();
            time::sleep(self.app.settings.http.drain).await;
        }
        // The receiver is gone only if serving has ended already.
        let _ = self.close.send(());
        let ((), served) = tokio::join!(app.sockets.drain(), self.serving);
        // A request that was in flight may have become one after all.
        app.sockets.drain().await;
        let outcome = match served {
            Ok(Some(ServeOutcome::Drained)) => StopOutcome::Clean,
            Ok(Some(ServeOutcome::GraceRanOut) | None) | Err(_) => StopOutcome::Cut,
        };
        self.services.stop(&self.app).await;
        outcome
    }
}
