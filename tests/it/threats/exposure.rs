//! What answers hold: the keys that somebody may see, and never a secret.

use std::collections::BTreeSet;

use artel_testing::{Client, Reply};
use serde_json::{Value, json};

use crate::office::{Office, PIN};

const FRAMEWORK: &str = "id version created_at created_by_id updated_at updated_by_id";

/// What everyone with a grant may read of each collection, and what only auditors may.
const READABLE: [(&str, &str, &str); 6] = [
    ("papers", "name owner_id folder_id vault_id level", "note cost stamp"),
    ("folders", "name owner_id level", "code"),
    ("lines", "paper_id text", "weight"),
    ("labels", "name owner_id", ""),
    ("memos", "text folder_id", ""),
    ("chests", "is_full", "content length"),
];

#[tokio::test]
async fn t06_the_keys_of_all_answers_are_those_that_may_be_read() {
    let it = Office::arrange().await;
    for (collection, open, closed) in READABLE {
        let usual = set(&[FRAMEWORK, open]);
        let whole = set(&[FRAMEWORK, open, closed]);
        for (who, client, expected) in [
            ("ann", &it.ann, &usual),
            ("bob", &it.bob, &usual),
            ("max", &it.max, &usual),
            ("ada", &it.ada, &whole),
            ("an administrator", &it.admin, &whole),
        ] {
            let mut keys = BTreeSet::new();
            for reply in reads(client, collection).await {
                gather(&reply, &mut keys);
            }
            assert_eq!(&keys, expected, "{who} of {collection}");
        }
    }
    it.app.stop().await;
}

#[tokio::test]
async fn t06_answers_to_writes_hold_no_more_than_those_to_reads() {
    let it = Office::arrange().await;
    let (_, open, closed) = READABLE[0];
    for (who, client, expected) in [
        ("ann", &it.ann, set(&[FRAMEWORK, open])),
        ("max", &it.max, set(&[FRAMEWORK, open])),
        ("ada", &it.ada, set(&[FRAMEWORK, open, closed])),
    ] {
        let new = json!({ "name": format!("of {who}"), "stamp": 7, "pin": PIN });
        let made = client.post("/api/v1/papers", new).await.expect(201);
        let path = made.header("location").to_owned();
        let changed = client.patch(&path, json!({ "stamp": 8, "pin": "1234" })).await.expect(200);
        let by_hand = format!("/api/v1/office/papers/{}", made.id());
        let by_hand = client.get(&by_hand).await.expect(200);
        for reply in [made, changed, by_hand] {
            let mut keys = BTreeSet::new();
            gather(&reply, &mut keys);
            assert_eq!(keys, expected, "{who}: {}", reply.text());
        }
    }
    // Whoever may make and not read gets nothing at all.
    let sent = it.sam.post("/api/v1/papers", json!({ "name": "Sent", "pin": PIN })).await;
    assert_eq!(sent.expect(201).text(), "");
    it.app.stop().await;
}

#[tokio::test]
async fn t06_a_secret_leaves_for_nobody_not_even_in_a_fault() {
    let it = Office::arrange().await;
    let low = it.at("Ann's low");
    for client in [&it.ann, &it.ada, &it.admin] {
        for query in
            ["fields=pin", "sort=pin", "pin=7391", "pin[null]=true", "pin[starts]=7", "q=7391"]
        {
            let reply = client.get(&format!("/api/v1/papers?{query}")).await;
            let is_empty = query.starts_with('q') && reply.json()["data"] == json!([]);
            assert!(is_empty || reply.status == 400, "{query}: {}", reply.text());
        }
        let wrong = [
            json!({ "pin": { "no": PIN } }),
            json!({ "pin": [PIN] }),
            json!({ "pin": 7391, "level": "x" }),
        ];
        for body in wrong {
            let reply = client.patch(low, body.clone()).await.expect(422);
            assert!(!reply.text().contains(PIN), "{body}: {}", reply.text());
        }
        for reply in reads(client, "papers").await {
            assert!(!reply.text().contains(PIN), "{}", reply.text());
        }
    }
    let hashes = it.admin.get("/api/v1/users?limit=1000").await.expect(200);
    assert!(!hashes.text().contains("argon2") && !hashes.text().contains("password"));
    assert_eq!(it.sql("select count(*)::text from papers where pin = '7391'").await, "5");
    it.app.stop().await;
}

/// Everything that shows records of a collection.
async fn reads(client: &Client, collection: &str) -> Vec<Reply> {
    let path = format!("/api/v1/{collection}");
    let list = client.get(&format!("{path}?limit=1000")).await.expect(200);
    let first = list.json()["data"][0]["id"].clone();
    let search = client.post(&format!("{path}/search"), json!({})).await.expect(200);
    let one = client.get(&format!("{path}/{first}")).await.expect(200);
    let mut replies = vec![list, search, one];
    if collection == "papers" {
        replies.push(client.get("/api/v1/office/dear_papers").await.expect(200));
    }
    replies
}

/// The keys of the records in an answer.
fn gather(reply: &Reply, keys: &mut BTreeSet<String>) {
    let json = reply.json();
    let records = match &json["data"] {
        Value::Array(list) => list.clone(),
        _ => vec![json],
    };
    for record in records {
        keys.extend(record.as_object().unwrap().keys().cloned());
    }
}

fn set(lists: &[&str]) -> BTreeSet<String> {
    lists.iter().flat_map(|it| it.split_whitespace()).map(str::to_owned).collect()
}
