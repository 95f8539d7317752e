//! Filters of any shape over any rows: the engine against an evaluation in plain Rust.
//!
//! Each world is a small library with absent values, empty relations, macros and rules that hide
//! rows, also behind relations to one and to many; each filter is asked with its opposite: 5 200
//! in all.

use std::{
    cell::Cell,
    hash::{BuildHasher, RandomState},
};

use futures_util::future;
use orm::{Error, Judge, Session, SortKey, engine, json::parse_object, parse_filter};
use proptest::{
    collection::vec,
    prelude::any,
    test_runner::{Config, RngSeed, TestCaseError, TestRunner},
};
use serde_json::{Value, json};
use tokio::runtime;

use crate::{
    oracle::{self, Choices, World},
    stage::Stage,
};

const WORLDS: u32 = 26;
const FILTERS: usize = 100;
const TABLES: [&str; 5] = ["books", "books", "genres", "chapters", "tags"];

#[test]
fn a_filter_and_its_opposite_part_the_visible_rows() {
    let seed = match Config::default().rng_seed {
        RngSeed::Fixed(it) => it,
        RngSeed::Random => RandomState::new().hash_one(()),
    };
    println!("PROPTEST_RNG_SEED={seed} makes the same worlds again");
    let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let stage = runtime.block_on(Stage::open());
    let config = Config {
        cases: WORLDS,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        ..Config::default()
    };
    let narrowing = Cell::new(0);
    let numbers = (vec(any::<u16>(), 0..600), vec(vec(any::<u16>(), 0..60), FILTERS));
    let outcome = TestRunner::new(config).run(&numbers, |(world, filters)| {
        let world = oracle::world(&world);
        narrowing.set(narrowing.get() + runtime.block_on(agree(&stage, &world, &filters))?);
        Ok(())
    });
    runtime.block_on(stage.close());
    if let Err(error) = outcome {
        panic!("{error}");
    }
    // Filters that pass all or nothing prove little.
    let narrowing = narrowing.get();
    assert!(narrowing > WORLDS as usize * FILTERS / 8, "only {narrowing} filters narrow");
}

/// Compares what the engine and the oracle find in one world; how many filters found a part.
async fn agree(stage: &Stage, world: &World, filters: &[Vec<u16>]) -> Result<usize, TestCaseError> {
    let session = &stage.session(oracle::populate(stage, world).await);
    let asked = filters.iter().map(async |numbers| {
        let from = &mut Choices::of(numbers);
        let table = *from.one(&TABLES);
        let filter = oracle::filter(from, table, 5);
        let not = json!({"not": filter});
        let found = future::join(ask(session, table, &filter), ask(session, table, &not)).await;
        (table, filter, not, found)
    });
    let mut narrowing = 0;
    for (table, filter, not, (found, rest)) in future::join_all(asked).await {
        let expected = world.found(table, &filter);
        same(world, (table, &filter), found, &expected)?;
        let visible = world.visible(table);
        let others: Vec<i64> =
            visible.iter().filter(|it| !expected.contains(it)).copied().collect();
        same(world, (table, &not), rest, &others)?;
        narrowing += usize::from(!expected.is_empty() && !others.is_empty());
    }
    Ok(narrowing)
}

fn same(
    world: &World,
    (table, filter): (&str, &Value),
    found: Result<Vec<i64>, Error>,
    expected: &[i64],
) -> Result<(), TestCaseError> {
    match found {
        Ok(found) if found == expected => Ok(()),
        other => Err(TestCaseError::fail(format!(
            "of {table}, {filter} found {other:?} and not {expected:?} in {world:#?}"
        ))),
    }
}

/// The ids of the rows that the engine finds.
pub(crate) async fn ask(session: &Session, table: &str, filter: &Value) -> Result<Vec<i64>, Error> {
    let model = session.schema().by_table(table).unwrap();
    let text = filter.to_string();
    let node = orm::json::Node::Object(parse_object(text.as_bytes())?);
    let mut judge = Judge::new(session);
    let filter = parse_filter(&mut judge, model, &node, "")?;
    judge.verdict()?;
    let list = engine::List {
        fields: vec![model.field("id").unwrap().id],
        filter,
        sort: vec![SortKey::id(&[])],
        limit: 1000,
        offset: 0,
        count: engine::Count::None,
        expand: Vec::new(),
    };
    let mut json = Vec::from(b"[");
    engine::list(session, model, &list).await?.rows.write_json(&mut json);
    json.push(b']');
    let rows: Vec<Value> = serde_json::from_slice(&json).unwrap();
    Ok(rows.iter().map(|it| it["id"].as_i64().unwrap()).collect())
}
