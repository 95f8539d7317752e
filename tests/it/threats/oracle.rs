//! Asking about closed fields until the answers betray them.

use artel_testing::{Client, Reply};
use serde_json::{Value, json};

use crate::office::Office;

/// Closed fields with the collection that they are asked of; through references, too.
const CLOSED: [(&str, &str); 8] = [
    ("papers", "cost"),
    ("papers", "note"),
    ("papers", "stamp"),
    ("papers", "folder.code"),
    ("lines", "weight"),
    ("lines", "paper.cost"),
    ("folders", "code"),
    ("chests", "content"),
];

const OPERATORS: [&str; 14] = [
    "eq", "ne", "lt", "lte", "gt", "gte", "in", "nin", "like", "ilike", "starts", "contains",
    "between", "null",
];

/// Other ways to write a name.
const DISGUISES: [&str; 13] = [
    "{N}",
    "{n} ",
    " {n}",
    "\"{n}\"",
    "t1.{n}",
    "papers.{n}",
    "{n}->x",
    "{n}::text",
    "{n}.x",
    "{n}_id",
    "-{n}",
    "{n}\u{200b}",
    "{n}[eq][eq]",
];

#[tokio::test]
async fn t08_a_closed_field_is_refused_wherever_and_however_it_is_named() {
    let it = Office::arrange().await;
    for (collection, field) in CLOSED {
        for ask in asks(collection, field) {
            let refused = ask.send(&it.ann).await;
            let fault = refused.fault();
            assert!(fault.starts_with("403 field_forbidden: "), "{ask:?}: {fault}");
            let entitled = ask.send(&it.ada).await;
            assert!(matches!(entitled.status, 200 | 400), "{ask:?}: {}", entitled.text());
        }
    }
    it.app.stop().await;
}

#[tokio::test]
async fn t08_the_entitled_may_ask_what_others_may_not() {
    let it = Office::arrange().await;
    for (query, expected) in [
        ("cost[gte]=20&sort=-cost", "Ann's high, Bob's low"),
        ("note[starts]=al", "Ann's low"),
        ("stamp=4242&limit=1&sort=name", "Ann's high"),
        ("folder.code[contains]=Bob&sort=name", "Ann's low, Bob's low"),
    ] {
        let path = format!("/api/v1/papers?{query}");
        assert_eq!(it.ada.get(&path).await.expect(200).column("name"), expected, "{query}");
        assert_eq!(it.max.get(&path).await.status, 403, "{query}");
    }
    it.app.stop().await;
}

#[tokio::test]
async fn t08_a_secret_and_a_disguised_name_are_as_unknown_ones() {
    let it = Office::arrange().await;
    for client in [&it.ann, &it.ada, &it.admin] {
        for (secret, unknown) in asks("papers", "pin").into_iter().zip(asks("papers", "zzz")) {
            let (secret, unknown) = (secret.send(client).await, unknown.send(client).await);
            assert_eq!(secret.status, 400, "{}", secret.text());
            assert_eq!(secret.fault().replace("pin", "zzz"), unknown.fault());
        }
    }
    for disguise in DISGUISES {
        let written =
            |name: &str| disguise.replace("{n}", name).replace("{N}", &name.to_uppercase());
        let (closed, unknown) =
            (asks("papers", &written("cost")), asks("papers", &written("zzzz")));
        for (closed, unknown) in closed.into_iter().zip(unknown) {
            let fault = closed.send(&it.ann).await.fault();
            let refused = fault.starts_with("403 field_forbidden");
            let expected = unknown.send(&it.ann).await.fault();
            let same = fault.to_lowercase().replace("cost", "zzzz") == expected.to_lowercase();
            assert!(refused || same, "{closed:?}: {fault}, and not {expected}");
        }
    }
    // Cyrillic `с` and full-width letters are other letters.
    for alike in ["сost", "ｃｏｓｔ", "cоst"] {
        for ask in asks("papers", alike) {
            assert_eq!(ask.send(&it.ann).await.status, 400, "{ask:?}");
        }
    }
    it.app.stop().await;
}

#[tokio::test]
async fn t08_no_answer_depends_on_a_closed_value() {
    let it = Office::arrange().await;
    let before = everything(&it.ann).await;
    let adas = everything(&it.ada).await;
    for change in [
        "update papers set cost = coalesce(cost, 0) * 7 + id, note = 'changed ' || id, \
         stamp = id, pin = 'other'",
        "update folders set code = 'changed ' || id",
        "update lines set weight = id",
        "update chests set content = 'silver'",
    ] {
        it.sql(change).await;
    }
    for ((ask, before), (_, after)) in before.iter().zip(everything(&it.ann).await) {
        assert_eq!(*before, after, "{ask}");
    }
    assert_ne!(everything(&it.ada).await, adas, "those who may see them see the change");
    it.app.stop().await;
}

/// Every answer that says anything of papers, with what was asked: status, body, statements.
async fn everything(client: &Client) -> Vec<(String, (u16, String, u64))> {
    let mut all = Vec::new();
    for (collection, field) in CLOSED {
        all.extend(asks(collection, field));
        all.extend(innocent(collection));
    }
    let mut answers = Vec::new();
    for ask in all {
        let reply = ask.send(client).await;
        let text = reply.text().replace(reply.header("x-request-id"), "…");
        answers.push((format!("{ask:?}"), (reply.status, text, reply.statements())));
    }
    answers
}

/// A request that changes nothing.
#[derive(Debug)]
enum Ask {
    Get(String),
    Post(String, Value),
}

impl Ask {
    async fn send(&self, client: &Client) -> Reply {
        match self {
            Self::Get(path) => client.get(path).await,
            Self::Post(path, body) => client.post(path, body.clone()).await,
        }
    }
}

/// Every way to name a field.
fn asks(collection: &str, field: &str) -> Vec<Ask> {
    let path = format!("/api/v1/{collection}");
    let name = encoded(field);
    let mut asks: Vec<Ask> = OPERATORS
        .iter()
        .flat_map(|op| {
            let value = if *op == "null" { "true" } else { "1" };
            [
                Ask::Get(format!("{path}?{name}[{op}]={value}")),
                Ask::Post(
                    format!("{path}/search"),
                    json!({ "filter": nested(field, json!({ *op: 1 })) }),
                ),
            ]
        })
        .collect();
    let filter = |value: Value| nested(field, value);
    let search = |body: Value| Ask::Post(format!("{path}/search"), body);
    asks.extend([
        Ask::Get(format!("{path}?{name}=1")),
        Ask::Get(format!("{path}?{name}=1&{name}=2")),
        Ask::Get(format!("{path}?limit=0&count=exact&{name}=1")),
        Ask::Get(format!("{path}?sort={name}")),
        Ask::Get(format!("{path}?sort=id,-{name}")),
        search(json!({ "filter": filter(json!("1")) })),
        search(json!({ "filter": { "not": filter(json!("1")) } })),
        search(json!({ "filter": { "or": [{ "id": 1 }, filter(json!("1"))] }, "limit": 0 })),
        search(json!({ "sort": [format!("-{field}")] })),
        Ask::Post(
            format!("{path}/update_where"),
            json!({ "filter": filter(json!("1")), "data": {}, "max_affected": 0 }),
        ),
        Ask::Post(
            format!("{path}/delete_where"),
            json!({ "filter": filter(json!("1")), "max_affected": 0 }),
        ),
    ]);
    if !field.contains('.') {
        asks.push(Ask::Get(format!("{path}?fields=id,{name}")));
        asks.push(search(json!({ "fields": [field] })));
    }
    asks
}

/// What names no closed field, and must not show one either.
fn innocent(collection: &str) -> Vec<Ask> {
    let path = format!("/api/v1/{collection}");
    let mut asks = vec![
        Ask::Get(format!("{path}?count=exact")),
        Ask::Get(format!("{path}?sort=-id&limit=2&count=estimated")),
        Ask::Get(format!("{path}/schema")),
        Ask::Get(format!("{path}/defaults")),
        Ask::Get(format!("{path}/1")),
    ];
    asks.extend(
        ["alpha", "beta", "gold", "changed", "4242", "7391", "l"]
            .map(|text| Ask::Get(format!("{path}?q={text}&count=exact"))),
    );
    asks
}

/// `{"folder": {"code": value}}` of `folder.code`.
fn nested(field: &str, value: Value) -> Value {
    field.rsplit('.').fold(value, |inner, name| json!({ name: inner }))
}

fn encoded(name: &str) -> String {
    let keep = |it: &u8| it.is_ascii_alphanumeric() || b"._-".contains(it);
    name.bytes()
        .map(|it| if keep(&it) { (it as char).to_string() } else { format!("%{it:02X}") })
        .collect()
}
