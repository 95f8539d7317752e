//! What is counted: one recorder for the process, meters for each route, the text of `/metrics`.
//!
//! **Invariant:** a label is a route's pattern, a method or a class of statuses, never a part of
//! a path or a query: the number of series does not grow with the requests.

use std::{
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};

use metrics::{Counter, Histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

/// How often the recorder puts its samples away; without it they grow.
pub(crate) const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// Upper bounds of the buckets of durations, in seconds.
const BUCKETS_S: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0];

/// Counts the answers of one route and method.
pub(crate) struct RouteMeter {
    /// The route's pattern, as documents and logs write it: `/api/v1/products/{id}`.
    pub(crate) pattern: Arc<str>,
    method: &'static str,
    /// One for each class of statuses that has occurred, `1xx` to `5xx`.
    classes: [OnceLock<(Counter, Histogram)>; 5],
}

impl RouteMeter {
    /// Counts what `pattern` answers to `method`.
    pub(crate) fn new(pattern: Arc<str>, method: &'static str) -> Self {
        Self { pattern, method, classes: Default::default() }
    }

    /// An answer has left.
    pub(crate) fn record(&self, status: u16, took: Duration) {
        let class = usize::from(status / 100).clamp(1, 5) - 1;
        let (requests, seconds) = self.classes[class].get_or_init(|| self.register(class));
        requests.increment(1);
        seconds.record(took);
    }

    fn register(&self, class: usize) -> (Counter, Histogram) {
        const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];
        let labels = [
            ("method", self.method.to_owned()),
            ("route", self.pattern.to_string()),
            ("status", CLASSES[class].to_owned()),
        ];
        (
            metrics::counter!("http_requests_total", &labels),
            metrics::histogram!("http_request_seconds", &labels),
        )
    }
}

impl fmt::Debug for RouteMeter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.pattern)
    }
}

/// The recorder of the process, installed by whoever asks first.
///
/// None when something else has installed a recorder of its own: it then has the figures.
pub(crate) fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER
        .get_or_init(|| {
            let builder = PrometheusBuilder::new().set_buckets(&BUCKETS_S).ok()?;
            let handle = builder.install_recorder().ok()?;
            metrics::describe_counter!("http_requests_total", "answers, by route and status");
            metrics::describe_histogram!("http_request_seconds", "time to an answer");
            Some(handle)
        })
        .as_ref()
}
