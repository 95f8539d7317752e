//! What a product costs the company: closed to everyone but managers, by every path.

use serde_json::json;

use crate::catalogue::{Catalogue, PRODUCTS, path};

#[tokio::test]
async fn the_cost_does_not_leave_for_those_who_may_not_know() {
    let it = Catalogue::arrange().await;
    let path = path(it.desk_lamp);
    for (path, is_list) in [(PRODUCTS, true), (path.as_str(), false)] {
        for (client, expected) in [(&it.reader, false), (&it.manager, true)] {
            let json = client.get(path).await.expect(200).json();
            let record = if is_list { &json["data"][0] } else { &json };
            assert_eq!(record.get("cost").is_some(), expected, "{path}: {record}");
        }
    }
    let found = it.search(json!({ "filter": { "name": "Desk lamp" } })).await.expect(200).json();
    assert!(found["data"][0].get("cost").is_none(), "{found}");
    for (client, expected) in [(&it.reader, false), (&it.manager, true)] {
        let schema = client.get(&format!("{PRODUCTS}/schema")).await.expect(200).json();
        let fields = schema["fields"].as_array().unwrap();
        assert_eq!(fields.iter().any(|it| it["name"] == "cost"), expected);
    }
    it.app.stop().await;
}

#[tokio::test]
async fn the_cost_cannot_be_asked_for_by_query_string() {
    let it = Catalogue::arrange().await;
    for (query, at) in [
        ("fields=id,cost", "fields"),
        ("cost=25.50", "cost"),
        ("cost[gte]=1", "cost[gte]"),
        ("cost[null]=true", "cost[null]"),
        ("cost=1&cost=2", "cost"),
        ("sort=cost", "sort"),
        ("sort=name,-cost", "sort"),
        ("limit=0&cost[lt]=30&count=exact", "cost[lt]"),
    ] {
        let path = format!("{PRODUCTS}?{query}");
        let expected = format!("403 field_forbidden: {at} field_forbidden");
        assert_eq!(it.reader.get(&path).await.fault(), expected, "{query}");
        it.manager.get(&path).await.expect(200);
    }
    // Refused before operator and value are looked at: to a manager these are faults.
    for query in ["cost[like]=2", "cost=cheap", "cost[between]=1"] {
        let path = format!("{PRODUCTS}?{query}");
        it.reader.get(&path).await.expect(403);
        it.manager.get(&path).await.expect(400);
    }
    let path = format!("{}?fields=cost", path(it.desk_lamp));
    assert_eq!(it.reader.get(&path).await.fault(), "403 field_forbidden: fields field_forbidden");
    assert_eq!(it.manager.get(&path).await.expect(200).json(), json!({ "cost": "25.50" }));
    it.app.stop().await;
}

#[tokio::test]
async fn the_cost_cannot_be_asked_for_by_body() {
    let it = Catalogue::arrange().await;
    let path = format!("{PRODUCTS}/search");
    for (body, at) in [
        (json!({ "filter": { "cost": "25.50" } }), "/filter/cost"),
        (json!({ "filter": { "cost": { "null": true } } }), "/filter/cost"),
        (json!({ "filter": { "not": { "cost": { "gt": 1 } } } }), "/filter/not/cost"),
        (json!({ "filter": { "or": [{ "id": 1 }, { "cost": 1 }] } }), "/filter/or/1/cost"),
        (json!({ "fields": ["id", "cost"] }), "/fields/1"),
        (json!({ "sort": ["-cost"] }), "/sort/0"),
    ] {
        let expected = format!("403 field_forbidden: {at} field_forbidden");
        assert_eq!(it.reader.post(&path, body.clone()).await.fault(), expected, "{body}");
        it.manager.post(&path, body).await.expect(200);
    }
    it.app.stop().await;
}

#[tokio::test]
async fn the_cost_tells_nothing_through_the_order_or_the_search_of_others() {
    let it = Catalogue::arrange().await;
    it.check_query("q=25.5", "").await;
    it.check_query("sort=price,name", "Lesson, Desk lamp, Chair, Floor lamp").await;
    it.app.stop().await;
}
