//! Parameters that nobody knows, that come twice, or that are of another type, on every route.

use http::Method;
use serde_json::{Value, json};

use crate::office::Office;

const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

#[tokio::test]
async fn t20_every_generated_route_refuses_what_it_does_not_know() {
    let it = Office::arrange().await;
    let before = it.stored().await;
    let document = it.app.guest().get("/api/openapi.json").await.expect(200).json();
    let mut tried = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        if path.starts_with("/api/v1/auth") || path.starts_with("/api/v1/office") {
            continue;
        }
        for method in methods.as_object().unwrap().keys() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let path = path.replace("{id}", "1");
            for query in ["foo=1", "lookup[name]=1", "Limit=1", "limit%00=1", "$where=1", "_=1"] {
                let asked = format!("{path}?{query}");
                let reply = it.admin.send(method.clone(), &asked, &JSON, "{}").await;
                assert_eq!(reply.status, 400, "{method} {asked}: {}", reply.text());
                let code = reply.at("code");
                let codes = ["unknown_parameter", "unknown_field", "bad_parameter"];
                let is_told = codes.iter().any(|it| code == *it);
                assert!(is_told, "{method} {asked}: {code}");
                tried += 1;
            }
        }
    }
    assert!(tried > 500, "{tried}");
    assert_eq!(it.stored().await, before);
    it.app.stop().await;
}

#[tokio::test]
async fn t20_a_parameter_of_one_value_is_not_taken_twice() {
    let it = Office::arrange().await;
    for (path, twice) in [
        ("/api/v1/papers", "limit=1&limit=1"),
        ("/api/v1/papers", "limit=1&offset=0&offset=0"),
        ("/api/v1/papers", "sort=id&sort=name"),
        ("/api/v1/papers", "count=none&count=exact"),
        ("/api/v1/papers", "fields=id&fields=name"),
        ("/api/v1/papers", "q=a&q=b"),
        (it.at("Ann's low"), "fields=id&fields=id"),
        ("/api/v1/papers", "limit=1&%6Cimit=2"),
    ] {
        let refused = it.ann.get(&format!("{path}?{twice}")).await.fault();
        assert!(refused.starts_with("400 bad_parameter"), "{twice}: {refused}");
        let once = twice.split('&').next().unwrap();
        it.ann.get(&format!("{path}?{once}")).await.expect(200);
    }
    it.app.stop().await;
}

#[tokio::test]
async fn t20_a_value_of_another_type_is_no_value() {
    let it = Office::arrange().await;
    for query in [
        "limit=true",
        "limit=1.0",
        "limit=1e1",
        "limit=%201",
        "limit=0x10",
        "limit=",
        "limit=-1",
        "limit[]=1",
        "limit[eq]=1",
        "offset=null",
        "offset=[0]",
        "count=true",
        "count=1",
        "id=true",
        "id=1.5",
        "id=one",
        "level=%221%22",
        "level[in]=1,true",
        "level[null]=1",
        "level[between]=1",
        "level[between]=1,2,3",
        "created_at=1",
        "created_at[gt]=yesterday",
        "fields=",
        "fields=id,,name",
        "sort=",
        "sort=,id",
        "name[null]=yes",
    ] {
        let reply = it.ann.get(&format!("/api/v1/papers?{query}")).await;
        assert_eq!(reply.status, 400, "{query}: {}", reply.text());
    }
    for body in [
        json!({ "limit": "1" }),
        json!({ "limit": true }),
        json!({ "limit": [1] }),
        json!({ "limit": 1.5 }),
        json!({ "offset": null }),
        json!({ "count": true }),
        json!({ "count": ["exact"] }),
        json!({ "sort": "id" }),
        json!({ "sort": [1] }),
        json!({ "sort": [["id"]] }),
        json!({ "fields": "id" }),
        json!({ "fields": { "0": "id" } }),
        json!({ "q": 1 }),
        json!({ "q": ["x"] }),
        json!({ "filter": [] }),
        json!({ "filter": { "level": "1" } }),
        json!({ "filter": { "level": true } }),
        json!({ "filter": { "level": [1] } }),
        json!({ "filter": { "level": { "in": 1 } } }),
        json!({ "filter": { "level": { "eq": { "eq": 1 } } } }),
        json!({ "filter": { "name": 1 } }),
        json!({ "filter": { "name": { "null": "true" } } }),
        json!({ "filter": { "folder_id": "1" } }),
        json!({ "filter": { "or": { "id": 1 } } }),
        json!({ "filter": { "not": [{ "id": 1 }] } }),
    ] {
        let reply = it.ann.post("/api/v1/papers/search", body.clone()).await;
        assert_eq!(reply.status, 400, "{body}: {}", reply.text());
    }
    it.ann.post("/api/v1/papers/search", json!({ "limit": 1, "sort": ["id"] })).await.expect(200);
    it.app.stop().await;
}

#[tokio::test]
async fn t20_a_record_takes_values_of_its_own_types_only() {
    let it = Office::arrange().await;
    let before = it.stored().await;
    let wrong: [(&str, Value); 14] = [
        ("level", json!("1")),
        ("level", json!(true)),
        ("level", json!([1])),
        ("level", json!({ "value": 1 })),
        ("level", json!(1.5)),
        ("level", Value::Null),
        ("name", json!(1)),
        ("name", json!(["x"])),
        ("name", json!({})),
        ("name", json!(false)),
        ("owner_id", json!("1")),
        ("owner_id", json!([1])),
        ("owner_id", json!(true)),
        ("pin", json!(1234)),
    ];
    for (key, value) in wrong {
        let mut body = json!({ "name": "New" });
        body[key] = value;
        let place = format!("422 validation: /{key} ");
        let data = format!("422 validation: /data/{key} ");
        let many = json!({ "filter": { "id": 1 }, "data": body, "max_affected": 1 });
        for (reply, place) in [
            (it.ann.post("/api/v1/papers", body.clone()).await, &place),
            (it.ann.patch(it.at("Ann's low"), body.clone()).await, &place),
            (it.ann.post("/api/v1/papers/update_where", many).await, &data),
        ] {
            assert!(reply.fault().starts_with(place.as_str()), "{body}: {}", reply.fault());
        }
    }
    assert_eq!(it.stored().await, before);
    for body in ["[]", "1", "\"x\"", "null", "true", "", "{} {}"] {
        for path in ["", "/search", "/update_where", "/delete_where"] {
            let path = format!("/api/v1/papers{path}");
            let reply = it.ann.send(Method::POST, &path, &JSON, body).await;
            assert_eq!(reply.fault(), "400 bad_json", "{path} {body}");
        }
    }
    it.ann.patch(it.at("Ann's low"), json!({ "level": 1.0 })).await.expect(200);
    it.app.stop().await;
}
