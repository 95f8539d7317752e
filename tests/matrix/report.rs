//! How much was tried, and what was found.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    fmt::Write,
    hash::{BuildHasher, RandomState},
};

use artel_testing::Reply;

use crate::{oracle::Rights, probe::Probe, stage::Scene};

/// Cases by prober: shown, and kept back.
#[derive(Default)]
pub(crate) struct Report {
    tried: BTreeMap<&'static str, (usize, usize)>,
    /// What was said of records that are not there: it must always be the same.
    missing: BTreeSet<String>,
}

/// The seed to begin with: `ARTEL_MATRIX_SEED`, or any.
pub(crate) fn seed() -> u64 {
    let seed = number("ARTEL_MATRIX_SEED");
    seed.unwrap_or_else(|| RandomState::new().hash_one(()) % 1_000_000)
}

/// How many cases are wanted: `ARTEL_MATRIX_CASES`, or the usual number. That is said of
/// the matrix; of what else is tried, as many times more.
pub(crate) fn wanted(usual: usize) -> usize {
    let wanted = number("ARTEL_MATRIX_CASES").and_then(|it| usize::try_from(it).ok());
    wanted.map_or(usual, |it| usual.max(usual * it / 20_000))
}

fn number(name: &str) -> Option<u64> {
    #[expect(clippy::disallowed_methods, reason = "it is for whoever runs the tests to say")]
    let text = env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

impl Report {
    pub(crate) fn cases(&self) -> usize {
        self.tried.values().map(|it| it.0 + it.1).sum()
    }

    /// Counts a request; fails the test when it was answered otherwise than expected.
    #[track_caller]
    pub(crate) fn take(&mut self, scene: &Scene, who: usize, probe: &Probe, reply: &Reply) {
        if let Some(expected) = probe.fault(reply) {
            let got = format!("{} {}", reply.status, reply.text());
            panic!("{}\nexpected {expected}\ngot      {got}", described(scene, who, probe));
        }
        let (shown, kept) = self.tried.entry(probe.prober).or_default();
        let weight = probe.expect.weight();
        *shown += weight.0;
        *kept += weight.1;
        if reply.status == 404 {
            self.missing.insert(reply.without_request_id().to_string());
        }
    }

    /// Every prober has seen something shown and something kept back, and what is hidden looks
    /// like what is missing.
    pub(crate) fn check<'a>(&self, probers: impl Iterator<Item = &'a str>) {
        for prober in probers {
            let (shown, kept) = self.tried.get(prober).copied().unwrap_or_default();
            assert!(shown > 0, "`{prober}` was never allowed: {:?}", self.tried);
            let is_open = prober == "models";
            assert!(kept > 0 || is_open, "`{prober}` was never refused: {:?}", self.tried);
        }
        assert_eq!(self.missing.len(), 1, "hidden is not as missing: {:#?}", self.missing);
    }

    #[expect(clippy::print_stdout, reason = "shown where a test fails, or is asked to speak")]
    pub(crate) fn print(&self) {
        for (prober, (shown, kept)) in &self.tried {
            println!("{prober:24} {shown:>8} shown {kept:>8} kept back");
        }
        println!("{:24} {:>8} cases", "", self.cases());
    }
}

/// Who asked what, and under which rights.
pub(crate) fn described(scene: &Scene, who: usize, probe: &Probe) -> String {
    let mut text = String::new();
    let asker = scene.askers.get(who);
    let login = asker.map_or("nobody", |it| it.login);
    let body = probe.body.as_ref().map(ToString::to_string).unwrap_or_default();
    let Probe { prober, method, path, .. } = probe;
    writeln!(text, "`{prober}` as {login}: {method} {path} {body}").expect("a text takes all");
    writeln!(text, "asker {asker:?}").expect("a text takes all");
    let table = path.trim_start_matches('/').split(['/', '?']).next().unwrap_or_default();
    write_rights(&mut text, &scene.rights);
    let rows = scene.facts.rows.get(table);
    writeln!(text, "rows of {table}:").expect("a text takes all");
    for row in rows.into_iter().flat_map(|it| it.values()) {
        let cells: Vec<String> =
            row.iter().map(|(key, it)| format!("{key}={}", it.json())).collect();
        writeln!(text, "  {}", cells.join(" ")).expect("a text takes all");
    }
    writeln!(text, "tagged {:?}", scene.facts.tagged).expect("a text takes all");
    text
}

fn write_rights(text: &mut String, rights: &Rights) {
    for (id, (name, implied)) in &rights.roles {
        writeln!(text, "role {id} {name} implies {implied:?}").expect("a text takes all");
    }
    for it in &rights.grants {
        writeln!(text, "grant to {} on {}: {:?}", it.role, it.table, it.verbs)
            .expect("a text takes all");
    }
    for it in &rights.rules {
        let (when, of) = (it.when.json(), it.is_active);
        writeln!(text, "rule of {:?} on {} {:?} {of}: {when}", it.roles, it.table, it.verbs)
            .expect("a text takes all");
    }
    for it in &rights.fields {
        let (read, write) = (it.read, it.write);
        writeln!(text, "field {}.{} {read} {write} {:?}", it.table, it.field, it.roles)
            .expect("a text takes all");
    }
}
