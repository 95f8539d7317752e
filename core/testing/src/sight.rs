//! What somebody sees of a collection, asked for by every path that there is.

use serde_json::{Value, json};

use crate::{Client, Reply};

/// The ids of the records of `collection` that `client` sees, in order, out of `all`.
///
/// Every path must say the same: list, search, pages, counts, conditions on the key, and each
/// record by itself. A record that is not seen must answer as one that is not there.
pub async fn seen(client: &Client, collection: &str, all: &[i64]) -> Vec<i64> {
    let path = format!("/api/v1/{collection}");
    let seen = ids(&client.get(&format!("{path}?fields=id&sort=id&limit=1000")).await);
    for (way, found) in lists(client, &path, all).await {
        assert_eq!(found, seen, "{way} of {collection} shows something else than the list");
    }
    assert_eq!(counted(client, &path, "").await, seen.len(), "the count of {collection}");
    let missing = client.get(&format!("{path}/{}", i64::MAX)).await.expect(404);
    for id in all {
        let is_seen = seen.contains(id);
        let found = counted(client, &path, &format!("&id={id}")).await;
        assert_eq!(found, usize::from(is_seen), "the count of {collection} {id}");
        let read = client.get(&format!("{path}/{id}")).await;
        if is_seen {
            assert_eq!(read.expect(200).id(), *id);
        } else {
            let answer = read.without_request_id();
            assert_eq!(answer, missing.without_request_id(), "{collection} {id} is hidden");
        }
    }
    seen
}

/// The ways to all that is seen, each with what it shows.
async fn lists(client: &Client, path: &str, all: &[i64]) -> Vec<(&'static str, Vec<i64>)> {
    let search = async |body: Value| client.post(&format!("{path}/search"), body).await;
    let any = json!({ "or": [{ "id": { "lt": 1 } }, { "not": { "id": { "lt": 1 } } }] });
    let known: Vec<String> = all.iter().map(i64::to_string).collect();
    let known = format!("{path}?sort=id&limit=1000&id[in]={}", known.join(","));
    let mut backwards = ids(&client.get(&format!("{path}?sort=-id&limit=1000")).await);
    backwards.reverse();
    vec![
        ("a search", ids(&search(json!({ "sort": ["id"], "limit": 1000 })).await)),
        (
            "a search for anything",
            ids(&search(json!({ "filter": any, "sort": ["id"], "limit": 1000 })).await),
        ),
        ("a list of known keys", ids(&client.get(&known).await)),
        ("the list backwards", backwards),
        ("the list in pages", pages(client, path).await),
    ]
}

async fn pages(client: &Client, path: &str) -> Vec<i64> {
    let mut all = Vec::new();
    loop {
        let offset = all.len();
        let page = client.get(&format!("{path}?sort=id&limit=2&offset={offset}")).await;
        all.extend(ids(&page));
        if page.at("page")["has_more"] != true {
            return all;
        }
    }
}

async fn counted(client: &Client, path: &str, more: &str) -> usize {
    let page = client.get(&format!("{path}?limit=0&count=exact{more}")).await.expect(200);
    let total = page.at("page")["total"].as_u64();
    total.and_then(|it| it.try_into().ok()).expect("a count was asked for")
}

fn ids(reply: &Reply) -> Vec<i64> {
    assert_eq!(reply.status, 200, "{}", reply.text());
    let json = reply.json();
    let records = json["data"].as_array().expect("a list has records");
    records.iter().map(|it| it["id"].as_i64().expect("a record has its id")).collect()
}
