//! Services that only write down what happens to them.

use std::{
    cell::RefCell,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use artel_core::{App, Environment, Error, Phase, Result, Service, Settings, settings::Source};
use futures_util::future::BoxFuture;

thread_local! {
    /// A test, its runtime and its services share one thread, and no other test does.
    static JOURNAL: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// What happened so far: `+` started, `-` stopped, `!` failed, `?` was away.
pub(crate) fn journal() -> String {
    JOURNAL.with_borrow(|it| it.join(" "))
}

/// A service that only writes down what happens to it.
pub(crate) struct Probe {
    name: &'static str,
    phase: Phase,
    depends: &'static [&'static str],
    is_failing: bool,
    away: AtomicU32,
}

impl Probe {
    /// One before the router.
    pub(crate) fn early(name: &'static str, depends: &'static [&'static str]) -> Self {
        Self { name, phase: Phase::BeforeRouter, depends, is_failing: false, away: 0.into() }
    }

    /// One after the router.
    pub(crate) fn late(name: &'static str, depends: &'static [&'static str]) -> Self {
        Self { phase: Phase::AfterRouter, ..Self::early(name, depends) }
    }

    /// The same, but it does not start.
    pub(crate) fn failing(self) -> Self {
        Self { is_failing: true, ..self }
    }

    /// The same, but what it needs is away the first two times.
    pub(crate) fn away_twice(self) -> Self {
        Self { away: 2.into(), ..self }
    }

    fn write(&self, sign: char) {
        JOURNAL.with_borrow_mut(|it| it.push(format!("{sign}{}", self.name)));
    }

    fn try_to_start(&self) -> Result<()> {
        if self.is_failing {
            self.write('!');
            return Err(Error::broken("it was told to fail"));
        }
        if self.away.load(Ordering::Relaxed) > 0 {
            self.away.fetch_sub(1, Ordering::Relaxed);
            self.write('?');
            return Err(Error::unavailable("it is away"));
        }
        self.write('+');
        Ok(())
    }
}

impl Service for Probe {
    fn name(&self) -> &'static str {
        self.name
    }

    fn phase(&self) -> Phase {
        self.phase
    }

    fn depends(&self) -> &'static [&'static str] {
        self.depends
    }

    fn start<'a>(&'a self, _: &'a Arc<App>) -> BoxFuture<'a, Result<()>> {
        Box::pin(async { self.try_to_start() })
    }

    fn stop<'a>(&'a self, _: &'a Arc<App>) -> BoxFuture<'a, Result<()>> {
        Box::pin(async {
            self.write('-');
            Ok(())
        })
    }
}

/// An environment without the models that other tests of this program declare, and without a
/// database.
pub(crate) fn environment<const N: usize>(own: [(&str, &str); N]) -> Environment {
    Environment::closure_of(settings(own), &[])
}

/// Settings of a test that listens on a free port and has no database.
pub(crate) fn settings<const N: usize>(own: [(&str, &str); N]) -> Settings {
    let usual = [
        ("ARTEL_MODE", "development"),
        ("ARTEL_HTTP__LISTEN", "127.0.0.1:0"),
        ("ARTEL_AUTH__SECRET", "a secret that only tests know and that is long enough"),
    ];
    Settings::read(&Source::of(usual.into_iter().chain(own))).unwrap()
}
