//! The test kit: a database for each test, an environment that serves, askers as values.
//!
//! ```text
//! let app = TestApp::start(&[products::MODULE]).await;
//! let ann = app.user_with("ann", &["products.manager"]).await;
//! ann.post("/api/v1/products", json!({"name": "Lamp"})).await.expect(201);
//! app.guest().get("/api/v1/products").await.expect(401);
//! app.stop().await;
//! ```
//!
//! A failed step fails the test: everything here panics with what was asked and what came.
//!
//! **Invariant:** tests share one PostgreSQL cluster and nothing in it: each has a database of
//! its own, and what dead tests left is dropped by the next ones.

mod client;
mod in_time;
mod reading;
mod sight;
mod socket;
mod test_app;
mod test_clock;

mod broker;
mod browser;
mod cluster;
mod home;
mod installed;
mod leftovers;
mod proxy;
mod test_cluster;
mod test_db;
mod watched;

pub use crate::{
    broker::TestBroker,
    browser::TestBrowser,
    client::{Client, Reply},
    home::{Home, Serving, send_signal},
    in_time::in_time,
    proxy::{Dialect, Moment, Place, Proxy, Upstream},
    sight::seen,
    socket::{Heard, SocketAttempt, TestSocket},
    test_app::{TestApp, TestAppBuilder},
    test_clock::TestClock,
    test_cluster::TestCluster,
    test_db::TestDb,
};
