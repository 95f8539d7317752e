//! Rules that say nothing that can be understood are refused when they are saved.

use serde_json::{Value, json};

use crate::desk::{Desk, notes};

const RULES: &str = "/api/v1/rules";

#[tokio::test]
async fn a_rule_is_of_a_model_with_rights_of_its_own() {
    let it = Desk::arrange().await;
    for (model, expected) in [
        ("nothing", "422 validation: /model unknown_model"),
        ("parts", "422 validation: /model follows_parent"),
    ] {
        let rule = json!({ "name": "r", "model": model, "on_read": true, "filter": {} });
        assert_eq!(it.root.post(RULES, rule).await.fault(), expected);
    }
    let rule = it.rule(json!({})).await;
    let moved = it.root.patch(&rule, json!({ "model": "parts", "open": true })).await;
    assert_eq!(moved.fault(), "422 validation: /model follows_parent");
    it.stop().await;
}

#[tokio::test]
async fn a_filter_that_says_nothing_is_refused() {
    let it = Desk::arrange().await;
    for (filter, expected) in [
        (json!({ "nothing": 1 }), "400 unknown_field: /filter/nothing unknown_field"),
        (
            json!({ "owner": { "nothing": 1 } }),
            "400 unknown_field: /filter/owner/nothing unknown_field",
        ),
        (
            json!({ "owner": { "password": "x" } }),
            "400 unknown_field: /filter/owner/password unknown_field",
        ),
        (json!({ "name": { "near": 1 } }), "400 bad_filter: /filter/name/near bad_filter"),
        (json!({ "price": "dear" }), "400 bad_filter: /filter/price bad_filter"),
        (
            json!({ "or": [{}, { "nothing": 1 }] }),
            "400 unknown_field: /filter/or/1/nothing unknown_field",
        ),
        (json!([]), "400 bad_filter: /filter bad_filter"),
        (json!("owner_id"), "400 bad_filter: /filter bad_filter"),
        (json!(null), "422 validation: /filter required"),
    ] {
        refused(&it, filter, expected).await;
    }
    assert_eq!(notes(&it.ann).await, "ann's, bob's, free");
    refused(&it, json!({ "owner_id": "@me" }), "saved").await;
    assert_eq!(notes(&it.ann).await, "ann's");
    it.stop().await;
}

#[tokio::test]
async fn a_macro_stands_where_it_belongs() {
    let it = Desk::arrange().await;
    let no = "400 bad_filter: /filter bad_filter";
    for (filter, expected) in [
        (json!({ "owner_id": "@my_company" }), no),
        (json!({ "company_id": "@me" }), no),
        (json!({ "company_id": { "in": "@my_roles" } }), no),
        (
            json!({ "company_id": { "in": ["@my_companies"] } }),
            "400 bad_filter: /filter/company_id/in/0 bad_filter",
        ),
        (
            json!({ "company_id": { "in": "@my_company" } }),
            "400 bad_filter: /filter/company_id/in bad_filter",
        ),
        (json!({ "circle_id": { "in": "@my_companies" } }), no),
        (json!({ "role_id": { "in": "@my_circles" } }), no),
        (json!({ "price": "@me" }), "400 bad_filter: /filter/price bad_filter"),
        (json!({ "id": "@me" }), no),
        (json!({ "owner_id": { "eq": "@me" } }), "saved"),
        (json!({ "owner": { "id": { "in": ["@me", 7] } } }), "saved"),
        (json!({ "company_id": "@my_company" }), "saved"),
        (json!({ "company_id": { "in": "@my_companies" } }), "saved"),
        (json!({ "not": { "role_id": { "nin": "@my_roles" } } }), "saved"),
        (json!({ "circle_id": { "in": "@my_circles" } }), "saved"),
        (json!({ "owner": { "roles": { "null": true } } }), "saved"),
        (json!({ "created_at": { "gte": "@today-7d" } }), "saved"),
    ] {
        refused(&it, filter, expected).await;
    }
    let unknown = it.root.post(RULES, rule(&json!({ "owner_id": "@nobody" }))).await;
    assert_eq!(unknown.status, 400, "{}", unknown.text());
    let unknown = it.root.post(RULES, rule(&json!({ "circle_id": "@my_circles" }))).await;
    assert_eq!(unknown.status, 400, "{}", unknown.text());
    it.stop().await;
}

#[tokio::test]
async fn a_filter_of_any_size_is_understood_or_refused() {
    let it = Desk::arrange().await;
    let many = |count: usize| json!({ "or": vec![json!({ "owner_id": "@me" }); count] });
    let deep = |depth: usize| (0..depth).fold(json!({}), |it, _| json!({ "not": it }));
    refused(&it, many(10_000), "400 bad_filter: /filter/or/200/owner_id bad_filter").await;
    refused(&it, many(201), "400 bad_filter: /filter/or/200/owner_id bad_filter").await;
    refused(&it, many(200), "saved").await;
    assert_eq!(it.root.post(RULES, rule(&deep(500))).await.fault(), "400 bad_json");
    let nine = it.root.post(RULES, rule(&deep(9))).await;
    assert_eq!(nine.json()["code"], "bad_filter");
    refused(&it, deep(8), "saved").await;
    it.stop().await;
}

#[tokio::test]
async fn what_is_switched_off_may_be_broken() {
    let it = Desk::arrange().await;
    let broken = json!({
        "name": "later", "model": "notes", "on_read": true, "active": false,
        "filter": { "nothing": 1 },
    });
    let path = it.make("rules", broken).await;
    assert_eq!(notes(&it.ann).await, "ann's, bob's, free");
    let switched_on = it.root.patch(&path, json!({ "active": true })).await;
    assert_eq!(switched_on.fault(), "400 unknown_field: /filter/nothing unknown_field");
    it.change(&path, json!({ "active": true, "filter": { "owner_id": "@me" } })).await;
    assert_eq!(notes(&it.ann).await, "ann's");
    it.stop().await;
}

fn rule(filter: &Value) -> Value {
    json!({ "name": "r", "model": "notes", "on_read": true, "filter": filter })
}

/// Saves a rule of this filter, or fails so.
async fn refused(it: &Desk, filter: Value, expected: &str) {
    let text = filter.to_string();
    let reply = it.root.post(RULES, rule(&filter)).await;
    let found = if reply.status == 201 { "saved".to_owned() } else { reply.fault() };
    assert_eq!(found, expected, "{}", text.chars().take(100).collect::<String>());
}
