//! Every asker, before every table, by every path.

use std::{collections::BTreeSet, ops::RangeInclusive};

use serde_json::json;

use crate::{
    chance::Chance,
    oracle::{Facts, WORLD, table},
    probe::Probe,
    probers::{self, Ask, Prober, READING, Route, WRITING},
    report::{self, Report, described},
    routes,
    sending::send_all,
    stage::{self, Scene, Stage},
};

/// Cases of a usual run.
const CASES: usize = 20_000;
/// Arrangements of rows and rights of any run.
const SCENES: u64 = 7;
/// How often each asker tries each way of writing on each table.
const WRITES: usize = 2;
/// How many of a hundred requests that read are sent: there are many of the same sort.
const READS: usize = 24;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_path_shows_and_changes_what_the_oracle_says() {
    let mut stage = Stage::open().await;
    let routes = routes::of_models(&stage).await;
    let (wanted, first) = (report::wanted(CASES), report::seed());
    let mut report = Report::default();
    let mut seed = first;
    while report.cases() < wanted || seed - first < SCENES {
        println!("ARTEL_MATRIX_SEED={seed} makes the same rows, rights and requests again");
        let mut from = Chance::of(seed);
        let mut scene = stage.arrange(&mut from, &[]).await;
        read(&stage, &scene, (&routes, &mut from), &mut report).await;
        write(&stage, &mut scene, (&routes, &mut from), &mut report).await;
        seed += 1;
    }
    report.print();
    assert!(report.cases() >= wanted, "{} cases", report.cases());
    let tried = READING.iter().chain(WRITING).filter(|it| routes.contains(it.0));
    let tried = tried.flat_map(|it| it.1.iter().map(|it| it.0));
    report.check(tried.chain(["models"]));
    stage.app.stop().await;
}

/// Those who ask: the people, and somebody without a token.
fn askers(scene: &Scene) -> RangeInclusive<usize> {
    0..=scene.askers.len()
}

/// The tables that are written: parts more often, for there is more to go wrong.
fn written() -> Vec<&'static str> {
    let parts = WORLD.into_iter().filter(|it| table(it).part_of.is_some());
    WORLD.into_iter().chain(parts.clone()).chain(parts).collect()
}

/// The probers of the routes that there are.
fn probers(of: &[Route], routes: &BTreeSet<String>) -> Vec<Prober> {
    let found = of.iter().filter(|it| routes.contains(it.0));
    found.flat_map(|it| it.1.iter().copied()).collect()
}

/// What one asker asks of one table; whoever is not let in asks the same as somebody who is.
fn asked(
    scene: &Scene,
    who: usize,
    name: &str,
    (prober, from, [next_id, next_line_id]): (Prober, Chance, [i64; 2]),
) -> Vec<Probe> {
    let is_in = scene.askers.get(who).is_some_and(|it| !it.is_blocked);
    let eyes = scene.eyes(if is_in { who } else { 1 });
    let (of, people, probes) = (table(name), &scene.people, Vec::new());
    let mut ask = Ask { eyes, of, people, from, next_id, next_line_id, probes };
    prober.1(&mut ask);
    let probes = ask.probes.into_iter();
    if is_in { probes.collect() } else { probes.map(Probe::shut).take(1).collect() }
}

async fn read(
    stage: &Stage,
    scene: &Scene,
    (routes, from): (&BTreeSet<String>, &mut Chance),
    report: &mut Report,
) {
    let mut probes = Vec::new();
    for who in askers(scene) {
        for name in WORLD {
            for prober in probers(READING, routes) {
                let found = asked(scene, who, name, (prober, from.fork(), [0; 2]));
                let sent = found.into_iter().filter(|_| from.percent(READS));
                probes.extend(sent.map(|it| (who, it)));
            }
        }
        if scene.askers.get(who).is_some_and(|it| !it.is_blocked) {
            probes.push((who, probers::models(&scene.eyes(who))));
        }
    }
    for (who, probe, reply) in send_all(stage, probes, &[]).await {
        report.take(scene, who, &probe, &reply);
    }
}

/// One after the other: what each leaves is read back and is what the next one finds.
async fn write(
    stage: &Stage,
    scene: &mut Scene,
    (routes, from): (&BTreeSet<String>, &mut Chance),
    report: &mut Report,
) {
    for prober in probers(WRITING, routes) {
        for who in askers(scene) {
            for name in written().repeat(WRITES) {
                let mut next_ids = [stage.next_id(name).await, 0];
                if let Some((lines, _)) = table(name).lines() {
                    next_ids[1] = stage.next_id(lines.name).await;
                }
                for mut probe in asked(scene, who, name, (prober, from.fork(), next_ids)) {
                    let reply = probe.send(&stage.client(who), &[]).await;
                    let after = stage.facts().await;
                    report.take(scene, who, &probe, &reply);
                    check_rows(scene, (who, &mut probe), &after);
                    scene.facts = after;
                }
            }
        }
    }
}

/// Exactly what was to be written was written.
fn check_rows(scene: &Scene, (who, probe): (usize, &mut Probe), after: &Facts) {
    let expected = probe.after.take();
    let expected = stage::own(expected.as_ref().unwrap_or(&scene.facts));
    let found = stage::own(after);
    if found != expected {
        let differs = |one: &serde_json::Value, other: &serde_json::Value| {
            let rows = one.as_array().into_iter().flatten();
            let lines = rows.flat_map(|it| it.as_array().into_iter().flatten());
            let lines: Vec<_> =
                lines.filter(|it| !other.to_string().contains(&it.to_string())).collect();
            json!(lines)
        };
        panic!(
            "{}\nrows that should be there: {:#}\nrows that are: {:#}",
            described(scene, who, probe),
            differs(&expected, &found),
            differs(&found, &expected),
        );
    }
}
