//! What somebody may not read has no influence on any answer that they get.
//!
//! Values behind closed fields and in hidden records are changed by SQL, without a new version; the
//! same requests must get the same bytes: status, body, order, counts, tags. Rules leave these
//! fields alone here, as a rule may of course look at what its reader may not.

use artel_testing::Reply;

use crate::{
    chance::Chance,
    oracle::{Cell, Facts, Field, Table, Verb, WORLD, table},
    probe::Probe,
    probers::{Ask, READING},
    random::cell,
    report,
    sending::send_all,
    stage::{Scene, Stage},
};

/// Pairs of answers of a usual run.
const CASES: usize = 2_000;
/// Arrangements of rows and rights of any run.
const SCENES: u64 = 3;
/// Fields that no rule looks at.
const FREE: [&str; 7] = ["secret", "level", "amount", "mood", "hue", "label", "name"];
/// Probers of what lies behind relations.
const LOOKS_BEHIND: [&str; 4] = ["filter by path", "sort by path", "search", "expand"];
/// So that not even this differs.
const HEADERS: &[(&str, &str)] = &[("x-request-id", "the-same-for-all")];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hidden_values_change_no_answer() {
    let mut stage = Stage::open().await;
    let (wanted, mut seed) = (report::wanted(CASES), report::seed());
    let (mut compared, mut refused, mut changed) = (0, 0, 0);
    let first = seed;
    while compared < wanted || seed - first < SCENES {
        println!("ARTEL_MATRIX_SEED={seed} makes the same rows, rights and requests again");
        let mut from = Chance::of(seed);
        let scene = stage.arrange(&mut from, &FREE).await;
        for who in 0..scene.askers.len() {
            let other = with_other_secrets(&mut from, &scene, who);
            if scene.askers[who].is_blocked || other == scene.facts {
                continue;
            }
            changed += 1;
            let numbers = from.fork();
            let before = ask(&stage, &scene, who, numbers.clone()).await;
            stage.overwrite(&other).await;
            let after = ask(&stage, &scene, who, numbers).await;
            stage.overwrite(&scene.facts).await;
            for ((probe, one), (_, two)) in before.iter().zip(&after) {
                assert_eq!(
                    bytes(one),
                    bytes(two),
                    "{}\nother rows: {other:#?}",
                    report::described(&scene, who, probe)
                );
                compared += 1;
                refused += usize::from(one.status != 200);
            }
        }
        seed += 1;
    }
    println!("{compared} pairs of answers, {refused} of refusals, {changed} askers");
    assert!((compared / 50..compared * 49 / 50).contains(&refused), "{refused} of {compared}");
    stage.app.stop().await;
}

/// The same requests in the same order.
async fn ask(stage: &Stage, scene: &Scene, who: usize, mut from: Chance) -> Vec<(Probe, Reply)> {
    let mut probes = Vec::new();
    for of in WORLD.map(table) {
        let probers = READING.iter().flat_map(|it| it.1);
        // What looks behind relations is asked again, with other values.
        let again = probers.clone().filter(|it| LOOKS_BEHIND.contains(&it.0));
        for (_, prober) in probers.chain(again.clone()).chain(again) {
            let (eyes, people, found) = (scene.eyes(who), &scene.people, Vec::new());
            let (next_id, next_line_id) = (0, 0);
            let own = from.fork();
            let mut ask = Ask { eyes, of, people, from: own, next_id, next_line_id, probes: found };
            prober(&mut ask);
            let some = ask.probes.into_iter().filter(|it| {
                let often = if LOOKS_BEHIND.contains(&it.prober) { 20 } else { 8 };
                from.percent(often)
            });
            probes.extend(some.map(|it| (who, it)));
        }
    }
    let answers = send_all(stage, probes, HEADERS).await;
    answers.into_iter().map(|(_, probe, reply)| (probe, reply)).collect()
}

/// Everything of an answer but its date and its cost.
fn bytes(reply: &Reply) -> (u16, String, String, String) {
    let header = |name: &str| reply.header(name).to_owned();
    (reply.status, reply.text(), header("etag"), header("location"))
}

/// Other values for free fields, wherever somebody may not read them.
fn with_other_secrets(from: &mut Chance, scene: &Scene, who: usize) -> Facts {
    let eyes = scene.eyes(who);
    let mut other = scene.facts.clone();
    for of in WORLD.map(table) {
        for field in of.columns().filter(|it| FREE.contains(&it.name)) {
            let is_open = eyes.rights.reads(eyes.who, of, field);
            for id in scene.facts.ids(of.name) {
                if !is_open || !eyes.may(of, Verb::Read, id) {
                    let value = another(from, scene, (of, field, id));
                    other.set(of.name, id, field.key, value);
                }
            }
        }
    }
    other
}

fn another(from: &mut Chance, scene: &Scene, (of, field, id): (&Table, &Field, i64)) -> Cell {
    let old = scene.facts.cell(of.name, Some(id), field.key);
    let mut values = (0..20).map(|_| cell(from, &scene.people, &scene.facts, field));
    values.find(|it| *it != old).unwrap_or(Cell::Absent)
}
