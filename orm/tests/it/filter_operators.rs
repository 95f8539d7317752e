//! Every operator on every kind of field: what it finds, absent values among the rows.

use std::collections::BTreeMap;

use orm::{Error, ErrorKind, Id, Model, engine};
use serde_json::{Value, json};

use crate::{
    filter_logic::ask,
    library::Sample,
    oracle::{Cell, Sort, World, columns, operators},
    stage::on_stage,
};

/// Three values of each column; a fourth row has none of them.
fn values(key: &str) -> [Value; 3] {
    match key {
        "text" => [json!("ab"), json!("a%_\\"), json!("Ж'\"")],
        "small" => [json!(-32768), json!(0), json!(32767)],
        "middle" => [json!(i32::MIN), json!(7), json!(i32::MAX)],
        "large" => [json!(i64::MIN), json!(7), json!(i64::MAX)],
        "float" => [json!(-1e308), json!(0.1), json!(5e-324)],
        "decimal" => [json!("-999999999999999999999999.9999"), json!("0.1"), json!("12.3400")],
        "flag" => [json!(true), json!(false), json!(true)],
        "day" => [json!("0001-01-01"), json!("2024-02-29"), json!("9999-12-31")],
        "clock" => [json!("00:00:00"), json!("12:30:00.000001"), json!("23:59:59.999999")],
        "moment" => [
            json!("0001-01-01T00:00:00Z"),
            json!("2026-03-31T23:00:00.5-03:00"),
            json!("9999-12-31T23:59:59.999999Z"),
        ],
        "uuid" => [
            json!("00000000-0000-0000-0000-000000000000"),
            json!("67e55044-10b1-426f-9247-bb680e5fe0c8"),
            json!("ffffffff-ffff-ffff-ffff-ffffffffffff"),
        ],
        "state" => [json!("shelf"), json!("lent"), json!("lost")],
        "other_id" => [json!(1), json!(2), json!(4)],
        other => panic!("no values for {other}"),
    }
}

#[tokio::test]
async fn each_operator_finds_what_it_says_on_every_kind() {
    on_stage(async |stage| {
        let system = stage.system();
        let world = samples();
        let model = system.schema().by_table("samples").unwrap();
        let rows = world.tables["samples"].values();
        let pairs = rows.map(|row| row.iter().map(|(key, it)| (name(key), it.to_orm())));
        let changes = pairs.map(|it| it.collect::<Vec<_>>().into()).collect();
        engine::create_many(&system, model, changes).await.unwrap();
        for column in columns("samples") {
            for asked in comparisons(column.sort, &values(column.key)) {
                for filter in [json!({column.key: asked}), json!({"not": {column.key: asked}})] {
                    let found = ask(&system, "samples", &filter).await.unwrap();
                    assert_eq!(found, world.found("samples", &filter), "{filter}");
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn an_operator_that_a_kind_has_not_is_refused() {
    on_stage(async |stage| {
        let system = stage.system();
        let every = [
            "eq", "ne", "lt", "lte", "gt", "gte", "in", "nin", "like", "ilike", "starts",
            "contains", "between",
        ];
        for column in columns("samples") {
            for op in every.iter().filter(|it| !operators(column.sort).contains(it)) {
                let filter = json!({column.key: {*op: "whatever"}});
                refused(ask(&system, "samples", &filter).await, "operator", &filter);
            }
        }
        for key in ["json", "bytes"] {
            for op in every {
                let filter = json!({key: {op: "whatever"}});
                refused(ask(&system, "samples", &filter).await, "operator", &filter);
            }
            let filter = json!({key: {"null": true}});
            assert_eq!(ask(&system, "samples", &filter).await.unwrap(), [0; 0]);
        }
    })
    .await;
}

#[tokio::test]
async fn an_absent_value_is_found_by_null_and_by_opposites_alone() {
    on_stage(async |stage| {
        let system = stage.system();
        let absent = Sample::create(&system, []).await.unwrap().id();
        let full = Sample::create(&system, [Sample::TEXT.set("a"), Sample::OTHER.set(absent)])
            .await
            .unwrap()
            .id();
        let check = async |filter: Value, expected: &[Id<Sample>]| {
            let found = ask(&system, "samples", &filter).await.unwrap();
            assert_eq!(found, expected.iter().map(|it| it.get()).collect::<Vec<_>>(), "{filter}");
        };
        check(json!({"text": {"null": true}}), &[absent]).await;
        check(json!({"text": {"null": false}}), &[full]).await;
        check(json!({"text": {"ne": "a"}}), &[absent]).await;
        check(json!({"text": {"ne": "b"}}), &[absent, full]).await;
        check(json!({"text": {"nin": ["a"]}}), &[absent]).await;
        check(json!({"not": {"text": "a"}}), &[absent]).await;
        check(json!({"not": {"text": {"ne": "a"}}}), &[full]).await;
        check(json!({"text": {"in": []}}), &[]).await;
        check(json!({"text": {"nin": []}}), &[absent, full]).await;
        check(json!({"text": {"gte": ""}}), &[full]).await;
        check(json!({"not": {"text": {"gte": ""}}}), &[absent]).await;
        check(json!({"other": {"null": true}}), &[absent]).await;
        check(json!({"other": {"text": {"null": true}}}), &[absent, full]).await;
        check(json!({"other": {"text": {"ne": "a"}}}), &[absent, full]).await;
        check(json!({"other": {"other": {"text": {"nin": ["a"]}}}}), &[absent, full]).await;
        check(json!({"other_id": {"ne": absent.get()}}), &[absent]).await;
        check(json!({}), &[absent, full]).await;
        check(json!({"and": []}), &[absent, full]).await;
        check(json!({"or": []}), &[]).await;
        check(json!({"not": {"or": []}}), &[absent, full]).await;
    })
    .await;
}

#[tokio::test]
async fn what_rust_asks_is_what_json_asks() {
    on_stage(async |stage| {
        let system = stage.system();
        for text in ["a%", "ab", "A\\"] {
            Sample::create(&system, [Sample::TEXT.set(text), Sample::SMALL.set(1)]).await.unwrap();
        }
        let absent = Sample::create(&system, []).await.unwrap().id();
        let texts = async |cond| {
            let found = Sample::query(&system).filter(cond).order(Sample::ID).all().await.unwrap();
            found
                .iter()
                .map(|it| it.text.clone().unwrap_or("-".into()))
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(texts(Sample::TEXT.contains("%")).await, "a%");
        assert_eq!(texts(Sample::TEXT.contains("\\")).await, "A\\");
        assert_eq!(texts(Sample::TEXT.ilike("a_")).await, "a% ab A\\");
        assert_eq!(texts(Sample::TEXT.ilike("%\\")).await, "A\\");
        assert_eq!(texts(Sample::TEXT.ne("ab")).await, "a% A\\ -");
        assert_eq!(texts(Sample::TEXT.one_of(["ab", "x"])).await, "ab");
        assert_eq!(texts(Sample::TEXT.one_of([""; 0]).negate()).await, "a% ab A\\ -");
        assert_eq!(texts(Sample::TEXT.is_none()).await, "-");
        assert_eq!(texts(Sample::SMALL.gt(0).and(Sample::ID.lt(3))).await, "a% ab");
        assert_eq!(texts(Sample::SMALL.lte(0).or(Sample::ID.gte(absent))).await, "-");
        assert_eq!(texts(Sample::OTHER.to(Sample::TEXT).ne("x")).await, "a% ab A\\ -");
        assert_eq!(texts(Sample::OTHER.to(Sample::TEXT).eq("x")).await, "");
    })
    .await;
}

/// Every comparison of a column with the values.
fn comparisons(sort: Sort, values: &[Value; 3]) -> Vec<Value> {
    let [first, second, third] = values;
    let single = values.iter().flat_map(|it| {
        let ops = operators(sort).iter().filter(|it| !matches!(**it, "in" | "nin" | "between"));
        ops.map(move |op| json!({*op: it}))
    });
    let lists = [json!([]), json!([second]), json!([first, third]), json!([second, second])];
    let lists = lists.into_iter().flat_map(|it| [json!({"in": it}), json!({"nin": it})]);
    let pairs = [[first, third], [second, second], [third, first]];
    let pairs = pairs.into_iter().map(|it| json!({"between": it}));
    let pairs = pairs.filter(|_| operators(sort).contains(&"between"));
    let null = [json!({"null": true}), json!({"null": false})];
    let short = values.iter().cloned();
    single.chain(lists).chain(pairs).chain(null).chain(short).collect()
}

/// Rows that hold one value of each column, and one that holds none.
fn samples() -> World {
    let row = |at: usize| {
        let cell =
            |key, sort| if at == 3 { Cell::Absent } else { Cell::of(sort, &values(key)[at]) };
        columns("samples").iter().map(|it| (it.key, cell(it.key, it.sort))).collect()
    };
    let rows = (0..4).map(|at| (at as i64 + 1, row(at)));
    World { tables: BTreeMap::from([("samples", rows.collect())]), ..World::default() }
}

fn name(key: &'static str) -> &'static str {
    if key == "other_id" { "other" } else { key }
}

#[track_caller]
fn refused(outcome: Result<Vec<i64>, Error>, reason: &str, filter: &Value) {
    let error = outcome.unwrap_err();
    let ErrorKind::BadQuery(violation) = error.kind() else { panic!("{filter}: {error:?}") };
    let params = [("reason", reason.to_owned())];
    assert_eq!((violation.code, &violation.params[..1]), ("bad_filter", &params[..]), "{filter}");
}
