//! Two sides of a case, measured in turn: A B, B A, A B, …
//!
//! **Invariant:** a ratio compares two rounds that ran next to each other, so what else the
//! machine does, and what it has become since, is in both.

use std::time::Duration;

use crate::{
    Result,
    arguments::Plan,
    cases::{Case, Side},
    load::{self, Until},
    processor_time::Processes,
};

/// What a case came to.
pub(crate) struct Comparison {
    pub(crate) name: &'static str,
    pub(crate) limit: Option<f64>,
    pub(crate) left: Cost,
    pub(crate) right: Cost,
    /// The middle of the ratios of neighbouring rounds.
    pub(crate) ratio: f64,
    /// The ratio of what 99 of 100 requests take at the most, by the clock.
    pub(crate) p99_ratio: f64,
    /// The ratio of the servers alone, without PostgreSQL.
    pub(crate) server_ratio: f64,
    pub(crate) statements: String,
}

/// What one request costs, in microseconds of processor time, and how many there were a second.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) server: f64,
    pub(crate) postgres: f64,
    pub(crate) rate: f64,
    /// What 99 of 100 requests took at the most.
    pub(crate) p99: f64,
}

impl Cost {
    pub(crate) fn total(&self) -> f64 {
        self.server + self.postgres
    }
}

/// Measures a case.
pub(crate) fn compare(case: &Case<'_>, processes: &Processes, plan: &Plan) -> Result<Comparison> {
    let statements = case.statements()?;
    for side in [&case.left, &case.right] {
        load::run(side.server, &side.requests, Until::Elapsed(plan.round / 2))?;
    }
    let mut rounds = Vec::with_capacity(plan.rounds);
    for round in 0..plan.rounds {
        let is_left_first = round % 2 == 0;
        let (first, second) =
            if is_left_first { (&case.left, &case.right) } else { (&case.right, &case.left) };
        let first = measure(first, processes, plan.round)?;
        let second = measure(second, processes, plan.round)?;
        rounds.push(if is_left_first { (first, second) } else { (second, first) });
    }
    let middle = |value: &dyn Fn(&(Cost, Cost)) -> f64| median(rounds.iter().map(value));
    let cost = |side: fn(&(Cost, Cost)) -> &Cost| Cost {
        server: middle(&|it| side(it).server),
        postgres: middle(&|it| side(it).postgres),
        rate: middle(&|it| side(it).rate),
        p99: middle(&|it| side(it).p99),
    };
    Ok(Comparison {
        name: case.name,
        limit: case.limit,
        left: cost(|it| &it.0),
        right: cost(|it| &it.1),
        ratio: middle(&|(left, right)| left.total() / right.total()),
        p99_ratio: middle(&|(left, right)| left.p99 / right.p99),
        server_ratio: middle(&|(left, right)| left.server / right.server),
        statements,
    })
}

fn measure(side: &Side<'_>, processes: &Processes, round: Duration) -> Result<Cost> {
    let before = processes.used(side.server.id())?;
    let done = load::run(side.server, &side.requests, Until::Elapsed(round))?;
    let after = processes.used(side.server.id())?;
    #[expect(clippy::cast_precision_loss, reason = "a round has fewer than 2^52 requests")]
    let count = done.requests as f64;
    let each = |before: Duration, after: Duration| (after - before).as_secs_f64() * 1e6 / count;
    Ok(Cost {
        server: each(before.server, after.server),
        postgres: each(before.postgres, after.postgres),
        rate: count / done.took.as_secs_f64(),
        p99: done.latencies.get(done.latencies.len() * 99 / 100).map_or(0.0, Duration::as_secs_f64),
    })
}

/// The value in the middle.
pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
