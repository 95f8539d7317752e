//! Whether the process lives, whether it can serve, and what it counts.
//!
//! **Invariant:** readiness asks the database on a connection of its own and waits a second at
//! most: a full pool must not take every node out of the balancer.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::future::join_all;
use http::{
    Method, StatusCode,
    header::{CONTENT_TYPE, LOCATION, RETRY_AFTER},
};
use metrics_exporter_prometheus::PrometheusHandle;
use poem::{Endpoint, EndpointExt, Request, Response, endpoint::make_sync};
use serde::Serialize;
use tokio::time;

use crate::{
    Result, Service,
    app::App,
    http::{
        extract::app_of,
        metering,
        method_table::{Content, Table},
    },
    service::Health,
};

/// How long a check may take.
const CHECK_LIMIT: Duration = Duration::from_secs(1);

/// Whether requests should come here.
#[derive(Default)]
pub struct Readiness {
    services: OnceLock<Vec<Arc<dyn Service>>>,
    is_draining: AtomicBool,
}

/// What readiness says, and of what it says it.
#[derive(Serialize)]
struct Report {
    status: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_ready: Vec<NotReady>,
}

#[derive(Serialize)]
struct NotReady {
    name: &'static str,
    reason: String,
}

impl Readiness {
    /// Everything has started; from now on these services are asked how they are.
    pub fn open(&self, services: Vec<Arc<dyn Service>>) {
        let _ = self.services.set(services);
    }

    /// The end has begun: requests are still answered, but no more should come.
    pub fn close(&self) {
        self.is_draining.store(true, Ordering::Release);
    }

    /// What is not ready now.
    async fn faults(&self, app: &Arc<App>) -> Vec<NotReady> {
        if self.is_draining.load(Ordering::Acquire) {
            return vec![NotReady { name: "server", reason: "is shutting down".to_owned() }];
        }
        let Some(services) = self.services.get() else {
            return vec![NotReady { name: "server", reason: "is starting".to_owned() }];
        };
        let asked = join_all(services.iter().map(|it| fault(&**it, app)));
        let (database, services) = tokio::join!(database_fault(app), asked);
        database.into_iter().chain(services.into_iter().flatten()).collect()
    }
}

async fn fault(service: &dyn Service, app: &Arc<App>) -> Option<NotReady> {
    let reason = match time::timeout(CHECK_LIMIT, service.health(app)).await {
        Ok(Health::Ready) => return None,
        Ok(Health::NotReady(reason)) => reason,
        Err(_) => "does not answer".to_owned(),
    };
    Some(NotReady { name: service.name(), reason })
}

/// The whole reason goes to the log: it names hosts and users.
async fn database_fault(app: &Arc<App>) -> Option<NotReady> {
    let not_ready = |reason: &str| Some(NotReady { name: "database", reason: reason.to_owned() });
    let found = match app.database() {
        Ok(database) => time::timeout(CHECK_LIMIT, database.pool().check()).await,
        Err(_) => return not_ready("has not started"),
    };
    match found {
        Ok(Ok(())) => None,
        Ok(Err(error)) => {
            tracing::warn!(target: "http", %error, "the database is not ready");
            not_ready("cannot be reached")
        }
        Err(_) => not_ready("does not answer"),
    }
}

/// Adds what machines ask: balancers, supervisors, Prometheus.
pub(crate) fn add_routes(table: &mut Table, readiness: &Arc<Readiness>) {
    let mut get = |path: &str, endpoint| {
        table.add("the server", (path, Method::GET), Content::Any, endpoint);
    };
    get("/health/live", make_sync(|_| json(StatusCode::OK, "{\"status\":\"live\"}")).boxed());
    get("/health/ready", Ready(Arc::clone(readiness)).boxed());
    get("/metrics", make_sync(|_| exposition()).boxed());
    get("/", make_sync(|_| to_docs()).boxed());
}

struct Ready(Arc<Readiness>);

impl Endpoint for Ready {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        Ok(self.answer(&request).await?)
    }
}

impl Ready {
    async fn answer(&self, request: &Request) -> Result<Response> {
        let not_ready = self.0.faults(app_of(request)?).await;
        let (code, status) = match not_ready.is_empty() {
            true => (StatusCode::OK, "ready"),
            false => (StatusCode::SERVICE_UNAVAILABLE, "not ready"),
        };
        let report = serde_json::to_string(&Report { status, not_ready });
        let mut response = json(code, report.expect("texts are always JSON"));
        if code == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, 1.into());
        }
        Ok(response)
    }
}

fn json(status: StatusCode, body: impl Into<poem::Body>) -> Response {
    Response::builder().status(status).header(CONTENT_TYPE, "application/json").body(body)
}

fn exposition() -> Response {
    let text = metering::recorder().map(PrometheusHandle::render).unwrap_or_default();
    Response::builder().header(CONTENT_TYPE, "text/plain; version=0.0.4").body(text)
}

/// Who comes to the root by hand looks for the documents.
fn to_docs() -> Response {
    Response::builder()
        .status(StatusCode::TEMPORARY_REDIRECT)
        .header(LOCATION, "/api/docs")
        .finish()
}
