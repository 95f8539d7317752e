//! Every kind of field with every operator: what is found, written down, in bodies and in query
//! strings; and the operators that a kind has not, which are refused in both.
//!
//! **Invariant:** a kind without a row in the table does not compile (`key_of`), an operator of a
//! kind without a case fails.

use std::{borrow::Cow, collections::BTreeSet};

use orm::{
    At, Error, ErrorKind, FieldDef, Judge, Kind, Op, Purpose, Result, SelectionDef, Session,
    SortKey, Verb, engine, json::parse_object, parse_changes, parse_parameter,
};
use serde_json::{Value, json};

use crate::{
    filter_logic::ask,
    library::Sample,
    shelf::{reader, tag},
    stage::{Stage, on_stage},
};

/// A field of the samples 1, 2 and 3; sample 4 has nothing in it.
struct Row {
    key: &'static str,
    values: [Value; 3],
    /// An operator, what it compares with, and the samples that it finds.
    cases: Vec<(&'static str, Value, &'static [i64])>,
}

impl Row {
    /// One that only `null` speaks of.
    fn opaque(key: &'static str, values: [Value; 3]) -> Self {
        let cases = vec![("null", json!(true), &[4][..]), ("null", json!(false), &[1, 2, 3])];
        Self { key, values, cases }
    }

    /// One whose values are equal or not.
    fn comparable(key: &'static str, values: [Value; 3]) -> Self {
        let [a, b, c] = values.clone();
        Self::opaque(key, values).with([
            ("eq", b.clone(), &[2][..]),
            ("ne", b, &[1, 3, 4]),
            ("in", json!([a, c]), &[1, 3]),
            ("in", json!([]), &[]),
            ("nin", json!([a, c]), &[2, 4]),
            ("nin", json!([]), &[1, 2, 3, 4]),
        ])
    }

    /// One whose values have an order, in which they are given.
    fn ordered(key: &'static str, values: [Value; 3]) -> Self {
        let [a, b, c] = values.clone();
        Self::comparable(key, values).with([
            ("lt", b.clone(), &[1][..]),
            ("lte", b.clone(), &[1, 2]),
            ("gt", b.clone(), &[3]),
            ("gte", b.clone(), &[2, 3]),
            ("between", json!([a, b]), &[1, 2]),
            ("between", json!([c, a]), &[]),
        ])
    }

    fn with<const N: usize>(mut self, cases: [(&'static str, Value, &'static [i64]); N]) -> Self {
        self.cases.extend(cases);
        self
    }
}

fn table() -> Vec<Row> {
    let texts = [json!("Lamp"), json!("a%_\\"), json!("лампа")];
    let captions = [json!("Lamp"), json!("Table"), json!("Стол")];
    let moments = ["2026-03-31T10:00:00Z", "2026-03-31T10:00:00.5Z", "2026-04-01T00:00:00Z"];
    let uuids =
        ["00000000-0000-0000-0000-000000000000", UUID, "ffffffff-ffff-ffff-ffff-ffffffffffff"];
    vec![
        Row::ordered("text", texts).with([
            ("like", json!("%a%"), &[1, 2][..]),
            ("like", json!("Lam_"), &[1]),
            ("like", json!("lamp"), &[]),
            ("ilike", json!("lamp"), &[1]),
            ("ilike", json!("%\\"), &[2]),
            ("starts", json!("a%"), &[2]),
            ("starts", json!("l"), &[]),
            ("contains", json!("%_\\"), &[2]),
            ("contains", json!("амп"), &[3]),
        ]),
        Row::ordered("caption", captions).with([
            ("like", json!("%a%"), &[1, 2][..]),
            ("like", json!("lamp"), &[]),
            ("ilike", json!("l%"), &[1]),
            ("starts", json!("Ст"), &[3]),
            ("starts", json!("Л"), &[]),
            ("contains", json!("abl"), &[2]),
        ]),
        Row::ordered("small", [json!(-32768), json!(0), json!(32767)]),
        Row::ordered("middle", [json!(i32::MIN), json!(7), json!(i32::MAX)]),
        Row::ordered("large", [json!(i64::MIN), json!(7), json!(i64::MAX)]),
        Row::ordered("float", [json!(-1.5), json!(0), json!(2.25)]),
        Row::ordered("decimal", [json!("-1.5"), json!("0.0001"), json!("12.34")]),
        Row::opaque("flag", [json!(true), json!(false), json!(true)]).with([
            ("eq", json!(true), &[1, 3][..]),
            ("ne", json!(true), &[2, 4]),
            ("in", json!([true, false]), &[1, 2, 3]),
            ("nin", json!([false]), &[1, 3, 4]),
        ]),
        Row::ordered("day", [json!("0001-01-01"), json!("2024-02-29"), json!("9999-12-31")]),
        Row::ordered("clock", [json!("00:00:00"), json!("12:30:00.000001"), json!("23:59:59")]),
        Row::ordered("moment", moments.map(|it| json!(it))),
        Row::comparable("uuid", uuids.map(|it| json!(it))),
        Row::opaque("json", [json!({"a": 1}), json!([2]), json!("c")]),
        Row::opaque("bytes", [json!(""), json!("AP8="), json!("AA==")]),
        Row::comparable("state", [json!("shelf"), json!("lent"), json!("lost")]),
        Row::comparable("other_id", [json!(1), json!(2), json!(3)]),
        Row::comparable("twin_id", [json!(2), json!(3), json!(1)]),
        Row::comparable("subject_ref", [json!("samples/1"), json!("samples/2"), json!("tags/1")])
            .with([
                ("starts", json!("samples/"), &[1, 2][..]),
                ("starts", json!("tags/1"), &[3]),
                ("starts", json!("sample_/"), &[]),
            ]),
        Row::comparable("created_by_id", [json!(1), json!(2), json!(3)]),
        // Of 1 it is sample 3, of 2 sample 1, of 3 sample 2.
        Row::opaque("twin_ids", [Value::Null, Value::Null, Value::Null]).with([
            ("some", json!({"text": "Lamp"}), &[2][..]),
            ("none", json!({"text": "Lamp"}), &[1, 3, 4]),
            ("every", json!({"text": "Lamp"}), &[2, 4]),
        ]),
        Row::opaque("tag_ids", [json!([1, 2]), json!([2]), json!([1])]).with([
            ("some", json!({"name": "red"}), &[1, 3][..]),
            ("none", json!({"name": "red"}), &[2, 4]),
            ("every", json!({"name": "red"}), &[3, 4]),
        ]),
    ]
}

const UUID: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";

/// The row of a kind: whoever adds a kind is stopped here. A secret has no way to be asked for.
fn key_of(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Text => "text",
        Kind::Translated => "caption",
        Kind::Int2 => "small",
        Kind::Int4 => "middle",
        Kind::Int8 => "large",
        Kind::Float => "float",
        Kind::Decimal => "decimal",
        Kind::Bool => "flag",
        Kind::Date => "day",
        Kind::Time => "clock",
        Kind::DateTime => "moment",
        Kind::Uuid => "uuid",
        Kind::Json => "json",
        Kind::Bytes => "bytes",
        Kind::Selection(_) => "state",
        Kind::Many2One(_) => "other_id",
        Kind::One2One(_) => "twin_id",
        Kind::AnyRecord => "subject_ref",
        Kind::Asker => "created_by_id",
        Kind::One2Many(_) => "twin_ids",
        Kind::Many2Many(_) => "tag_ids",
        Kind::Secret => return None,
    })
}

#[tokio::test]
async fn each_operator_of_each_kind_finds_what_is_written_down() {
    on_stage(async |stage| {
        let system = &filled(stage).await;
        for row in table() {
            for (op, operand, expected) in &row.cases {
                let field = name(row.key);
                let filter = json!({ field: { *op: operand } });
                assert_eq!(ask(system, "samples", &filter).await.unwrap(), *expected, "{filter}");
                if *op == "eq" {
                    let short = json!({ field: operand });
                    assert_eq!(ask(system, "samples", &short).await.unwrap(), *expected, "{short}");
                }
                let opposite: Vec<i64> = (1..=4).filter(|it| !expected.contains(it)).collect();
                let not = json!({ "not": filter });
                assert_eq!(ask(system, "samples", &not).await.unwrap(), opposite, "{not}");
                if !["some", "every", "none"].contains(op) {
                    let found = ask_by_text(system, field, op, operand).await.unwrap();
                    assert_eq!(found, *expected, "{field}[{op}]={operand}");
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn an_operator_that_a_kind_has_not_is_refused_in_both_lanes() {
    on_stage(async |stage| {
        let system = &stage.system();
        for row in table().iter().filter(|it| !it.key.ends_with("_ids")) {
            let known: BTreeSet<&str> = row.cases.iter().map(|it| it.0).collect();
            for op in Op::ALL.map(Op::name).into_iter().filter(|it| !known.contains(it)) {
                let filter = json!({ row.key: { op: "1" } });
                refused(ask(system, "samples", &filter).await, "operator", &filter);
                refused(ask_by_text(system, row.key, op, &json!("1")).await, "operator", &filter);
            }
        }
        for row in table().iter().filter(|it| it.key.ends_with("_ids")) {
            let field = name(row.key);
            for op in Op::ALL.map(Op::name) {
                let filter = json!({ field: { op: "1" } });
                refused(ask(system, "samples", &filter).await, "unknown_operator", &filter);
                refused(ask_by_text(system, field, op, &json!("1")).await, "record", &filter);
            }
        }
        for asked in [json!({"secret": "x"}), json!({"secret": {"null": true}})] {
            let error = ask(system, "samples", &asked).await.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::BadQuery(it) if it.code == "unknown_field"));
        }
    })
    .await;
}

#[tokio::test]
async fn each_operator_of_each_kind_stands_in_the_table() {
    on_stage(async |stage| {
        let schema = stage.database.schema();
        let samples = schema.by_table("samples").unwrap();
        let table = table();
        for field in samples.fields() {
            let Some(key) = key_of(field.def.kind) else { continue };
            let row = table.iter().find(|it| it.key == key);
            let row = row.unwrap_or_else(|| panic!("no row for {}", field.def.kind.rules().name));
            let said: BTreeSet<&str> = row.cases.iter().map(|it| it.0).collect();
            let of_kind = operators(samples.by_key(key).unwrap().def);
            assert_eq!(said, of_kind, "the operators of {key}");
        }
        // The rows are of the kinds that they stand for, and none is for nothing.
        for row in &table {
            let field = samples.by_key(row.key).unwrap();
            assert_eq!(key_of(field.def.kind), Some(row.key));
        }
        let every = every_kind().map(key_of).into_iter().flatten();
        assert_eq!(every.collect::<BTreeSet<_>>(), table.iter().map(|it| it.key).collect());
    })
    .await;
}

/// One of each kind but secrets.
fn every_kind() -> [Kind; 21] {
    static CHOICES: SelectionDef = SelectionDef { name: "Choices", choices: &[], is_open: false };
    let to = <Sample as orm::Model>::def;
    [
        Kind::Text,
        Kind::Translated,
        Kind::Int2,
        Kind::Int4,
        Kind::Int8,
        Kind::Float,
        Kind::Decimal,
        Kind::Bool,
        Kind::Date,
        Kind::Time,
        Kind::DateTime,
        Kind::Uuid,
        Kind::Json,
        Kind::Bytes,
        Kind::Selection(&CHOICES),
        Kind::Many2One(to),
        Kind::One2One(to),
        Kind::AnyRecord,
        Kind::Asker,
        Kind::One2Many(to),
        Kind::Many2Many(to),
    ]
}

/// What a field can be compared with.
fn operators(def: &FieldDef) -> BTreeSet<&'static str> {
    let of_relation = ["some", "every", "none"].into_iter().filter(|_| def.kind.is_to_many());
    let of_kind = def.kind.rules().operators.iter().map(|it| it.name());
    of_kind.chain(of_relation).chain(["null"]).collect()
}

/// The samples of the table, made by bodies of three readers and of the system.
async fn filled(stage: &Stage) -> Session {
    let system = stage.system();
    for name in ["red", "blue"] {
        tag(&system, name).await;
    }
    for at in 0..4 {
        let session = match at {
            3 => stage.system(),
            _ => {
                let by = reader(&system, "Ann").await.get();
                stage.session_of(Some(by), stage.all_rights())
            }
        };
        // What leads to samples comes when all of them stand.
        let late = ["other_id", "twin_id", "subject_ref", "twin_ids", "created_by_id"];
        let mut body = json!({});
        for row in table().iter().filter(|it| at < 3 && !late.contains(&it.key)) {
            body[row.key] = match row.key {
                "tag_ids" => json!({ "set": row.values[at] }),
                _ => row.values[at].clone(),
            };
        }
        write(&session, Purpose::Create, 0, &body).await;
    }
    for at in 0..3 {
        let mut body = json!({});
        for row in
            table().iter().filter(|it| ["other_id", "twin_id", "subject_ref"].contains(&it.key))
        {
            body[row.key] = row.values[at].clone();
        }
        write(&stage.session(stage.all_rights()), Purpose::Update, at as i64 + 1, &body).await;
    }
    system
}

async fn write(session: &Session, purpose: Purpose, id: i64, body: &Value) {
    let model = session.schema().by_table("samples").unwrap();
    let text = body.to_string();
    let object = parse_object(text.as_bytes()).unwrap();
    let (changes, faults) = parse_changes(&mut Judge::new(session), model, &object, purpose, "");
    assert!(faults.is_empty(), "{body}: {faults:?}");
    match purpose {
        Purpose::Create => engine::create(session, model, changes).await.unwrap(),
        Purpose::Update => engine::update(session, model, id, changes, None).await.unwrap(),
    };
}

/// The samples that a query string's parameter finds, which has every value as text.
async fn ask_by_text(session: &Session, path: &str, op: &str, operand: &Value) -> Result<Vec<i64>> {
    let text = |it: &Value| it.as_str().map_or_else(|| it.to_string(), str::to_owned);
    let text = match operand.as_array() {
        Some(list) => list.iter().map(text).collect::<Vec<_>>().join(","),
        None => text(operand),
    };
    let model = session.schema().by_table("samples").unwrap();
    let mut judge = Judge::new(session);
    judge.model(model, Verb::Read);
    let path = judge.path(model, path, &At::Parameter(path.to_owned()))?.unwrap();
    let values = [Cow::Owned(text)];
    let filter = parse_parameter(session.outlook(), &path, Some(op), &values, "it")?;
    judge.verdict()?;
    let list = engine::List {
        fields: vec![model.field("id").unwrap().id],
        filter,
        sort: vec![SortKey::id(&[])],
        limit: 100,
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

/// What filters call a field: to-many fields by their names.
fn name(key: &'static str) -> &'static str {
    match key {
        "twin_ids" => "twins",
        "tag_ids" => "tags",
        key => key,
    }
}

#[track_caller]
fn refused(outcome: Result<Vec<i64>, Error>, reason: &str, filter: &Value) {
    let error = outcome.unwrap_err();
    let ErrorKind::BadQuery(violation) = error.kind() else { panic!("{filter}: {error:?}") };
    let params = [("reason", reason.to_owned())];
    assert_eq!((violation.code, &violation.params[..1]), ("bad_filter", &params[..]), "{filter}");
}
