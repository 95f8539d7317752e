//! Bodies that name more than a caller may set.

use artel_testing::Client;
use http::Method;
use serde_json::{Value, json};

use crate::office::Office;

const PAPERS: &str = "/api/v1/papers";
const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

#[tokio::test]
async fn t05_what_may_not_be_set_refuses_the_whole_body_and_nothing_is_written() {
    let it = Office::arrange().await;
    let before = it.stored().await;
    for (key, value, expected) in [
        ("id", json!(1), "422 validation: /id read_only"),
        ("version", json!(1), "422 validation: /version read_only"),
        ("created_at", json!("2020-01-01T00:00:00Z"), "422 validation: /created_at read_only"),
        ("created_by_id", json!(1), "422 validation: /created_by_id read_only"),
        ("updated_at", Value::Null, "422 validation: /updated_at read_only"),
        ("updated_by_id", json!(1), "422 validation: /updated_by_id read_only"),
        ("cost", json!("1.00"), "403 field_forbidden: /cost field_forbidden"),
        ("cost", json!({ "no": "number" }), "403 field_forbidden: /cost field_forbidden"),
        ("note", Value::Null, "403 field_forbidden: /note field_forbidden"),
        ("owner", json!({ "is_admin": true }), "422 validation: /owner unknown_field"),
        ("owner_id", json!({ "id": 1, "is_admin": true }), "422 validation: /owner_id wrong_type"),
        ("created_by", json!(1), "422 validation: /created_by unknown_field"),
        ("lines", json!([{ "text": "x" }]), "422 validation: /lines wrong_type"),
        ("is_admin", json!(true), "422 validation: /is_admin unknown_field"),
        ("isAdmin", json!(true), "422 validation: /isAdmin unknown_field"),
        ("ID", json!(1), "422 validation: /ID unknown_field"),
        ("id ", json!(1), "422 validation: /id  unknown_field"),
        ("Cost", json!("1.00"), "422 validation: /Cost unknown_field"),
        ("name\u{200b}", json!("x"), "422 validation: /name\u{200b} unknown_field"),
        ("__proto__", json!({}), "422 validation: /__proto__ unknown_field"),
        ("papers.level", json!(1), "422 validation: /papers.level unknown_field"),
    ] {
        let body = json!({ "name": "New", key: value });
        let made = it.ann.post(PAPERS, body.clone()).await.fault();
        let changed = it.ann.patch(it.at("Ann's low"), body.clone()).await.fault();
        let many = json!({ "filter": { "id": 1 }, "data": body, "max_affected": 9 });
        let many = it.ann.post(&format!("{PAPERS}/update_where"), many).await.fault();
        assert_eq!(made, expected, "{key}");
        assert_eq!(changed, expected, "{key}");
        assert_eq!(many, expected.replace(": /", ": /data/"), "{key}");
    }
    assert_eq!(it.stored().await, before);
    it.ann.post(PAPERS, json!({ "name": "New", "level": 1, "stamp": 2 })).await.expect(201);
    it.ada.post(PAPERS, json!({ "name": "Newer", "cost": "1.00" })).await.expect(201);
    it.app.stop().await;
}

#[tokio::test]
async fn t05_a_key_twice_is_no_body() {
    let it = Office::arrange().await;
    for body in [
        r#"{"name": "a", "name": "b"}"#,
        r#"{"name": "a", "\u006eame": "b"}"#,
        r#"{"name": "a", "owner_id": {"id": 1, "id": 2}}"#,
    ] {
        for (method, path) in [(Method::POST, PAPERS), (Method::PATCH, it.at("Ann's low"))] {
            let refused = it.ann.send(method.clone(), path, &JSON, body).await;
            assert_eq!(refused.fault(), "400 bad_json", "{method} {body}");
        }
        let many = format!(r#"{{"filter": {{"id": 1}}, "data": {body}, "max_affected": 1}}"#);
        let many = it.ann.send(Method::POST, &format!("{PAPERS}/update_where"), &JSON, many).await;
        assert_eq!(many.fault(), "400 bad_json", "{body}");
    }
    it.ann.patch(it.at("Ann's low"), json!({ "name": "a" })).await.expect(200);
    it.app.stop().await;
}

#[tokio::test]
async fn t05_nobody_makes_themselves_an_administrator() {
    let it = Office::arrange().await;
    let users = "select users::text from users order by id";
    let before = it.sql(users).await;
    let own = format!("/api/v1/users/{}", it.user("ann").await);
    for body in [
        json!({ "is_admin": true }),
        json!({ "name": "Ann", "is_admin": true }),
        json!({ "password": "a new password" }),
        json!({ "login": "root" }),
        json!({ "active": true, "roles": [1] }),
        json!({ "role_ids": { "add": [1] } }),
    ] {
        check(&it.ann, &own, &body).await;
        check(&it.max, &own, &body).await;
    }
    let new = json!({ "login": "eve", "name": "Eve", "is_admin": true });
    assert_eq!(it.ann.post("/api/v1/users", new).await.status, 403);
    let all = json!({ "filter": { "id": { "gt": 0 } }, "data": { "is_admin": true }, "max_affected": 99 });
    assert_eq!(it.ann.post("/api/v1/users/update_where", all).await.status, 403);
    assert_eq!(it.sql(users).await, before);
    it.admin.patch(&own, json!({ "name": "Ann" })).await.expect(200);
    it.app.stop().await;
}

async fn check(client: &Client, path: &str, body: &Value) {
    let refused = client.patch(path, body.clone()).await;
    assert_eq!(refused.status, 403, "{body}: {}", refused.text());
}
