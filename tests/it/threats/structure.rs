//! Filters whose shape tries to get around the rules.

use std::collections::BTreeSet;

use artel_testing::Client;
use serde_json::{Value, json};

use crate::office::Office;

const SEARCH: &str = "/api/v1/papers/search";

#[tokio::test]
async fn t10_no_structure_of_a_filter_widens_what_is_seen() {
    let it = Office::arrange().await;
    let seen = ids(&it.ann, json!({})).await;
    let all = ids(&it.max, json!({})).await;
    assert_eq!((seen.len(), all.len()), (4, 5));
    let (ann, bob) = (it.user("ann").await, it.user("bob").await);
    for filter in [
        json!({ "or": [{ "id": { "gt": 0 } }, { "id": { "lt": 0 } }] }),
        json!({ "or": [{ "owner_id": bob }, { "owner_id": ann }, { "owner_id": { "null": true } }] }),
        json!({ "not": { "owner_id": ann } }),
        json!({ "not": { "or": [] } }),
        json!({ "and": [] }),
        json!({ "not": { "and": [{ "owner_id": ann }, { "not": { "owner_id": ann } }] } }),
        json!({ "or": [{ "and": [] }, { "owner_id": bob }] }),
        json!({ "id": { "nin": [] } }),
        json!({ "owner_id": { "in": [ann, bob] } }),
        json!({ "owner": { "name": { "ne": "nobody" } } }),
        json!({ "owner": { "null": false } }),
        json!({ "lines": { "every": { "text": "x" } } }),
        json!({ "labels": { "none": { "name": "x" } } }),
        deep(json!({ "owner_id": bob }), 8),
        deep(json!({ "not": { "owner_id": bob } }), 6),
    ] {
        let hers = ids(&it.ann, filter.clone()).await;
        assert!(hers.is_subset(&seen), "{filter}: {hers:?}");
        let theirs = ids(&it.max, filter.clone()).await;
        assert!(hers.is_subset(&theirs), "{filter}");
        // A filter and its opposite are disjoint, and together all.
        if filter != deep(json!({ "owner_id": bob }), 8) {
            let opposite = ids(&it.ann, json!({ "not": filter })).await;
            assert!(hers.is_disjoint(&opposite), "{filter}");
            assert_eq!(&hers | &opposite, seen, "{filter}");
        }
    }
    let too_deep = it.ann.post(SEARCH, json!({ "filter": deep(json!({ "id": 1 }), 9) })).await;
    assert!(too_deep.fault().starts_with("400 bad_filter"), "{}", too_deep.text());
    it.app.stop().await;
}

#[tokio::test]
async fn t10_no_query_string_widens_what_is_seen() {
    let it = Office::arrange().await;
    for query in [
        "id[gt]=0&id[gt]=0",
        "owner_id[ne]=@me",
        "owner_id[nin]=",
        "or=1",
        "or[0][id]=1",
        "filter={}",
        "owner_id=@me&owner_id[ne]=@me",
        "name[ilike]=%25",
        "name[like]=%25%27%20or%201=1--",
    ] {
        let found = it.ann.get(&format!("/api/v1/papers?{query}")).await;
        let is_refused = found.status == 400;
        assert!(is_refused || !found.expect(200).column("name").contains("Bob"), "{query}");
    }
    let found = it.bob.get("/api/v1/papers?owner_id=@me").await.expect(200);
    assert_eq!(found.column("name"), "Bob's low");
    it.app.stop().await;
}

#[tokio::test]
async fn t10_no_structure_widens_what_a_write_of_many_reaches() {
    let it = Office::arrange().await;
    let bob = it.user("bob").await;
    let theirs = "select papers::text from papers where name = 'Bob''s low'";
    let before = it.sql(theirs).await;
    for filter in [
        json!({ "or": [{ "id": { "gt": 0 } }, { "owner_id": bob }] }),
        json!({ "not": { "id": 0 } }),
        json!({ "not": { "or": [] } }),
    ] {
        let update = json!({ "filter": filter, "data": { "stamp": 5 }, "max_affected": 99 });
        it.ann.post("/api/v1/papers/update_where", update).await.expect(200);
        let delete = json!({ "filter": filter, "max_affected": 99 });
        it.ann.post("/api/v1/papers/delete_where", delete).await.expect(200);
    }
    assert_eq!(it.sql(theirs).await, before);
    assert_eq!(
        it.sql("select name from papers order by name").await,
        "Ann's high\nAnn's mid\nBob's low"
    );
    it.app.stop().await;
}

async fn ids(client: &Client, filter: Value) -> BTreeSet<i64> {
    let body = json!({ "filter": filter, "fields": ["id"], "limit": 1000 });
    let found = client.post(SEARCH, body).await.expect(200).at("data");
    found.as_array().unwrap().iter().map(|it| it["id"].as_i64().unwrap()).collect()
}

/// The same under so many levels that change nothing.
fn deep(filter: Value, levels: usize) -> Value {
    (0..levels).fold(filter, |inner, level| match level % 2 {
        0 => json!({ "or": [inner] }),
        _ => json!({ "and": [inner] }),
    })
}
