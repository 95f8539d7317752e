//! Closed fields, and filters that stand anywhere.

use serde_json::{Value, json};

use crate::office::Office;

const PAPERS: &str = "/api/v1/papers";

#[tokio::test]
async fn q_looks_at_the_marked_fields_that_the_caller_may_read_and_none_left_is_403() {
    let it = Office::arrange().await;
    for (query, anns, adas) in [
        ("q=LOW", "Ann's low, Free low", "Ann's low, Bob's low, Free low"),
        ("q=alpha", "", "Ann's low"),
    ] {
        for (client, expected) in [(&it.ann, anns), (&it.ada, adas)] {
            let found = client.get(&format!("{PAPERS}?{query}")).await.expect(200);
            assert_eq!(found.column("name"), expected, "{query}");
            let text = query.strip_prefix("q=").unwrap();
            let found = client.post(&format!("{PAPERS}/search"), json!({ "q": text })).await;
            assert_eq!(found.expect(200).column("name"), expected, "{query}");
        }
    }
    let refused = it.ann.get("/api/v1/chests?q=gold").await;
    assert_eq!(refused.fault(), "403 field_forbidden: q field_forbidden");
    let refused = it.ann.post("/api/v1/chests/search", json!({ "q": "gold" })).await;
    assert_eq!(refused.fault(), "403 field_forbidden: /q field_forbidden");
    it.ann.get("/api/v1/chests").await.expect(200);
    let found = it.admin.get("/api/v1/chests?q=gold").await.expect(200);
    assert_eq!(found.column("content"), "gold");
    it.app.stop().await;
}

#[tokio::test]
async fn what_follows_from_a_closed_field_is_closed_unless_its_author_reveals_it() {
    let it = Office::arrange().await;
    let chests = "/api/v1/chests";
    let anns = it.ann.get(chests).await.expect(200);
    assert_eq!(anns.column("is_full"), "true");
    assert_eq!(anns.json()["data"][0].get("length"), None);
    let admins = it.admin.get(chests).await.expect(200);
    assert_eq!((admins.column("is_full"), admins.column("length")), ("true".into(), "4".into()));
    for query in ["fields=length", "sort=length", "length=4", "length[gt]=0"] {
        let refused = it.ann.get(&format!("{chests}?{query}")).await.fault();
        assert!(refused.starts_with("403 field_forbidden"), "{query}: {refused}");
        it.admin.get(&format!("{chests}?{query}")).await.expect(200);
    }
    let full = it.ann.get(&format!("{chests}?is_full=true&fields=is_full&sort=is_full")).await;
    assert_eq!(full.expect(200).column("is_full"), "true");
    it.app.stop().await;
}

#[tokio::test]
async fn schema_leaves_hidden_fields_out_and_lists_write_only_ones() {
    let it = Office::arrange().await;
    let can = async |client: &artel_testing::Client, name: &str| {
        let schema = client.get(&format!("{PAPERS}/schema")).await.expect(200).json();
        let fields = schema["fields"].as_array().unwrap().clone();
        fields.into_iter().find(|it| it["name"] == name).map_or(Value::Null, |it| it["can"].clone())
    };
    for (name, anns, adas) in [
        ("name", json!({ "read": true, "write": true }), json!({ "read": true, "write": true })),
        ("cost", Value::Null, json!({ "read": true, "write": true })),
        ("note", Value::Null, json!({ "read": true, "write": true })),
        ("stamp", json!({ "read": false, "write": true }), json!({ "read": true, "write": true })),
        ("pin", json!({ "read": false, "write": true }), json!({ "read": false, "write": true })),
    ] {
        assert_eq!(can(&it.ann, name).await, anns, "{name}");
        assert_eq!(can(&it.ada, name).await, adas, "{name}");
    }
    // In the document of the whole API, which is open to all, names may stand.
    let document = it.app.guest().get("/api/openapi.json").await.expect(200).json();
    assert!(document["components"]["schemas"]["Paper"]["properties"].get("cost").is_some());
    it.app.stop().await;
}

#[tokio::test]
async fn defaults_leave_hidden_fields_out() {
    let it = Office::arrange().await;
    for client in [&it.ann, &it.sam, &it.ada] {
        let defaults = client.get(&format!("{PAPERS}/defaults")).await.expect(200);
        assert_eq!(defaults.json(), json!({ "level": 0 }));
    }
    it.app.stop().await;
}

#[tokio::test]
async fn filters_wherever_they_stand_are_400_bad_filter() {
    let it = Office::arrange().await;
    for filter in [
        json!({ "name": null }),
        json!({ "name": { "gt": 1 } }),
        json!({ "level": "high" }),
        json!({ "level": { "like": "1" } }),
        json!({ "folder": 1 }),
        json!({ "labels": { "name": "x" } }),
        json!({ "and": {} }),
        json!([]),
        json!("name"),
    ] {
        for (route, body) in [
            ("search", json!({ "filter": filter })),
            ("update_where", json!({ "filter": filter, "data": {}, "max_affected": 1 })),
            ("delete_where", json!({ "filter": filter, "max_affected": 1 })),
        ] {
            let fault = it.ann.post(&format!("{PAPERS}/{route}"), body.clone()).await.fault();
            assert!(fault.starts_with("400 bad_filter: /filter"), "{route} {body}: {fault}");
        }
    }
    for query in
        ["name[between]=a", "level=high", "level[like]=1", "level[in]=a,b", "name[null]=maybe"]
    {
        let fault = it.ann.get(&format!("{PAPERS}?{query}")).await.fault();
        assert!(fault.starts_with("400 bad_filter: "), "{query}: {fault}");
    }
    it.ann.get(&format!("{PAPERS}?level[in]=1,2&name[null]=false")).await.expect(200);
    it.app.stop().await;
}
