//! For everyone, a condition, its opposite and no condition belong together.

use serde_json::json;

use crate::{
    chance::Chance,
    oracle::{Condition, Eyes, Named, Table, Verb, WORLD, table},
    probe::{Expect, Probe, shown},
    random::{self, Purpose},
    report,
    sending::send_all,
    stage::{Scene, Stage},
};

/// Conditions of a usual run.
const CASES: usize = 1_000;
/// Conditions of one asker about one table.
const EACH: usize = 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_condition_and_its_opposite_part_what_one_sees() {
    let mut stage = Stage::open().await;
    let (wanted, mut seed) = (report::wanted(CASES), report::seed());
    let (mut cases, mut parting) = (0, 0);
    while cases < wanted {
        println!("ARTEL_MATRIX_SEED={seed} makes the same rows, rights and conditions again");
        let mut from = Chance::of(seed);
        let scene = stage.arrange(&mut from, &[]).await;
        let mut probes = Vec::new();
        for who in (0..scene.askers.len()).filter(|it| !scene.askers[*it].is_blocked) {
            let eyes = scene.eyes(who);
            for of in WORLD.map(table) {
                for filter in filters(&mut from, of, &scene, eyes) {
                    let parts = [filter.clone(), filter.clone().not(), either(&filter)];
                    let found = parts.iter().map(|it| eyes.found(of, it).len());
                    let found: Vec<usize> = found.collect();
                    assert_eq!(
                        found[0] + found[1],
                        found[2],
                        "the oracle's own logic has two values"
                    );
                    parting += usize::from(found[0] > 0 && found[1] > 0);
                    cases += 1;
                    probes.extend(parts.map(|it| (who, search(eyes, of, &it))));
                }
            }
        }
        for (who, probe, reply) in send_all(&stage, probes, &[]).await {
            let fault = probe.fault(&reply);
            let described = || report::described(&scene, who, &probe);
            assert!(fault.is_none(), "{}\n{fault:?}\ngot {}", described(), reply.text());
        }
        seed += 1;
    }
    println!("{cases} conditions, {parting} of them part what is seen");
    assert!(parting > cases / 8, "only {parting} of {cases} part anything");
    stage.app.stop().await;
}

/// What everyone passes, said by a condition and its opposite.
fn either(filter: &Condition) -> Condition {
    Condition::Any(vec![filter.clone(), filter.clone().not()])
}

/// Conditions that this asker may name.
fn filters(from: &mut Chance, of: &'static Table, scene: &Scene, eyes: Eyes<'_>) -> Vec<Condition> {
    let to = Purpose { is_rule: false, without: &[], people: &scene.people, facts: &scene.facts };
    let mut filters = Vec::new();
    for _ in 0..EACH * 3 {
        let levels = from.below(4);
        let filter = random::filter(from, of, levels, to);
        let named = Named::default().model(&eyes, of, Verb::Read).filter(&eyes, of, &filter);
        if named.refusal().is_none() && filters.len() < EACH {
            filters.push(filter);
        }
    }
    filters
}

fn search(eyes: Eyes<'_>, of: &Table, filter: &Condition) -> Probe {
    let ids = eyes.found(of, filter);
    let rows = ids.iter().map(|it| shown(&eyes, of, *it, &["id"])).collect();
    let body = json!({
        "filter": filter.json(), "fields": ["id"], "sort": ["id"], "limit": 1000, "count": "exact",
    });
    let expect = Expect::Rows { rows, total: Some(ids.len()), hidden: 0 };
    Probe::post("search", format!("/{}/search", of.name), body, expect)
}
