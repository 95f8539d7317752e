//! The brokers of this process's tests: servers of their own, or those that somebody names.
//!
//! `ARTEL_TEST_REDIS_URL` and `ARTEL_TEST_NATS_URL` name servers that run already; tests share
//! them, each in a namespace of its own. Without them a server is started when a test first asks
//! for it, and it ends with the process, however that ends.

mod programs;
mod server;

use std::{env, fmt::Write};

use tokio::{sync::OnceCell, task};

use crate::{Proxy, Upstream, broker::server::Server};

/// A broker that tests may use.
pub struct TestBroker {
    scheme: &'static str,
    /// `user:password@`, or nothing.
    login: String,
    upstream: Upstream,
    /// What comes behind host and port.
    path: String,
    _server: Option<Server>,
}

impl TestBroker {
    /// A Redis server.
    ///
    /// A static is right here: a test process has one, whatever number of tests it runs.
    pub async fn redis() -> &'static Self {
        static REDIS: OnceCell<TestBroker> = OnceCell::const_new();
        let start = || Self::found("ARTEL_TEST_REDIS_URL", "redis", 6379, Server::redis);
        REDIS.get_or_init(start).await
    }

    /// A NATS server.
    pub async fn nats() -> &'static Self {
        static NATS: OnceCell<TestBroker> = OnceCell::const_new();
        let start = || Self::found("ARTEL_TEST_NATS_URL", "nats", 4222, Server::nats);
        NATS.get_or_init(start).await
    }

    /// A Redis server of one test's own, which ends with this.
    pub async fn own_redis() -> Self {
        Self::started("redis", Server::redis).await
    }

    /// A NATS server of one test's own, which ends with this.
    pub async fn own_nats() -> Self {
        Self::started("nats", Server::nats).await
    }

    /// Itself, for a proxy before it.
    pub fn upstream(&self) -> Upstream {
        self.upstream.clone()
    }

    /// Its address through a proxy.
    pub fn url_through(&self, proxy: &Proxy) -> String {
        format!("{}://{}{}{}", self.scheme, self.login, proxy.address(), self.path)
    }

    /// The one that somebody names, or one that is started.
    async fn found(variable: &str, scheme: &'static str, port: u16, start: fn() -> Server) -> Self {
        if let Some(url) = env::var_os(variable).filter(|it| !it.is_empty()) {
            let named = url.to_str().and_then(|it| Self::named(it, scheme, port));
            return named
                .unwrap_or_else(|| panic!("{variable} must be like {scheme}://host:{port}"));
        }
        Self::started(scheme, start).await
    }

    async fn started(scheme: &'static str, start: fn() -> Server) -> Self {
        let server = task::spawn_blocking(start).await.expect("the start was not cancelled");
        let upstream = server.upstream().clone();
        let (login, path) = (String::new(), String::new());
        Self { scheme, login, upstream, path, _server: Some(server) }
    }

    fn named(url: &str, scheme: &'static str, port: u16) -> Option<Self> {
        let rest = url.strip_prefix(scheme)?.strip_prefix("://")?;
        let (place, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        let (login, host) = place.rfind('@').map_or(("", place), |at| place.split_at(at + 1));
        let mut host = host.to_owned();
        if host.rsplit_once(':').is_none_or(|(_, it)| it.parse::<u16>().is_err()) {
            let _ = write!(host, ":{port}");
        }
        let (login, path) = (login.to_owned(), path.to_owned());
        Some(Self { scheme, login, upstream: Upstream::Tcp(host), path, _server: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_broker_is_taken_apart() {
        check("redis://box", Some("redis:// at box:6379"));
        check("redis://ann:p@ss@box:7000/3", Some("redis://ann:p@ss@ at box:7000/3"));
        check("redis://[::1]:7000", Some("redis:// at [::1]:7000"));
        check("rediss://box", None);
        check("box:7000", None);
    }

    #[track_caller]
    fn check(url: &str, expected: Option<&str>) {
        let found = TestBroker::named(url, "redis", 6379).map(|it| match it.upstream {
            Upstream::Tcp(host) => format!("{}://{} at {host}{}", it.scheme, it.login, it.path),
            Upstream::Unix(path) => path.display().to_string(),
        });
        assert_eq!(found.as_deref(), expected);
    }
}
