//! Asking for records of others by their keys, and by paths through them.

use artel_testing::Reply;
use http::Method;
use serde_json::json;

use crate::office::{Office, path};

#[tokio::test]
async fn t01_a_hidden_record_is_as_a_missing_one_in_bytes_headers_and_statements() {
    let it = Office::arrange().await;
    let folder = it.id("High folder");
    for (collection, hidden) in [
        ("papers", "Bob's low"),
        ("lines", "bob-line"),
        ("folders", "High folder"),
        ("memos", "Closed memo"),
    ] {
        for (method, body) in [
            (Method::GET, String::new()),
            (Method::PATCH, "{}".to_owned()),
            (Method::PATCH, r#"{"owner_id": null, "text": "x"}"#.to_owned()),
            (Method::PATCH, format!(r#"{{"folder_id": {folder}}}"#)),
            (Method::DELETE, String::new()),
        ] {
            let hidden = ask(&it, &method, it.at(hidden), &body).await;
            let missing = ask(&it, &method, &path(collection, 999_999), &body).await;
            assert_eq!(hidden, missing, "{method} {collection} {body}");
        }
    }
    for name in ["Bob's low", "bob-line", "High folder"] {
        it.bob.get(it.at(name)).await.expect(200);
    }
    assert_eq!(it.ann.get(it.at("Bob's low")).await.fault(), "404 not_found");
    it.ann.get(it.at("Ann's low")).await.expect(200);
    it.app.stop().await;
}

#[tokio::test]
async fn t01_a_key_that_is_known_finds_nothing_in_lists() {
    let it = Office::arrange().await;
    let (hidden, own) = (it.id("Bob's low"), it.id("Ann's low"));
    for query in [
        format!("id={hidden}"),
        format!("id[in]={hidden},{own}"),
        format!("id[between]={hidden},{hidden}"),
        format!("id={hidden}&id={own}"),
    ] {
        let found = it.ann.get(&format!("/api/v1/papers?{query}&count=exact")).await.expect(200);
        assert!(!found.column("name").contains("Bob"), "{query}: {}", found.text());
        let found = it.bob.get(&format!("/api/v1/papers?{query}")).await.expect(200);
        assert_eq!(found.column("name"), "Bob's low", "{query}");
    }
    it.app.stop().await;
}

#[tokio::test]
async fn t07_fields_behind_a_path_are_those_of_their_own_model() {
    let it = Office::arrange().await;
    for (collection, query) in [
        ("papers", "folder.code=x"),
        ("papers", "folder.code[null]=true"),
        ("papers", "sort=folder.code"),
        ("lines", "paper.cost[gte]=1"),
        ("lines", "sort=-paper.note"),
        ("lines", "paper.folder.code[starts]=c"),
        ("memos", "folder.code[contains]=o"),
        ("papers", "owner.login=bob"),
        ("papers", "created_by.is_admin=true"),
    ] {
        let refused = it.ann.get(&format!("/api/v1/{collection}?{query}")).await.fault();
        assert!(refused.starts_with("403 field_forbidden"), "{query}: {refused}");
        it.admin.get(&format!("/api/v1/{collection}?{query}")).await.expect(200);
    }
    for filter in [
        json!({ "lines": { "some": { "weight": { "gt": 1 } } } }),
        json!({ "lines": { "none": { "weight": { "null": true } } } }),
        json!({ "lines": { "every": { "paper": { "cost": "1" } } } }),
        json!({ "folder": { "owner": { "login": "bob" } } }),
        json!({ "labels": { "some": { "owner": { "email": "x" } } } }),
    ] {
        let search = "/api/v1/papers/search";
        let body = json!({ "filter": filter });
        let refused = it.ann.post(search, body.clone()).await.fault();
        assert!(refused.starts_with("403 field_forbidden"), "{filter}: {refused}");
        it.admin.post(search, body).await.expect(200);
    }
    // What leads through a path cannot be given out at all, for anybody.
    for name in ["folder.code", "lines.weight", "owner.password", "folder.owner.login"] {
        for client in [&it.ann, &it.admin] {
            let refused = client.get(&format!("/api/v1/papers?fields=id,{name}")).await.fault();
            assert_eq!(refused, "400 unknown_field: fields unknown_field", "{name}");
        }
    }
    it.app.stop().await;
}

#[tokio::test]
async fn t07_parts_of_a_hidden_record_are_hidden_and_not_counted() {
    let it = Office::arrange().await;
    let list = "/api/v1/lines?sort=text&count=exact";
    for (client, expected, total) in [
        (&it.ann, "ann-line, high-line", 2),
        (&it.bob, "bob-line", 1),
        (&it.max, "ann-line, bob-line, high-line", 3),
    ] {
        let found = client.get(list).await.expect(200);
        assert_eq!(
            (found.column("text").as_str(), &found.at("page")["total"]),
            (expected, &json!(total))
        );
    }
    // Through a relation, a hidden part is not there.
    let text = |text: &str| json!({ "filter": { "labels": { "some": { "name": text } } } });
    let search = "/api/v1/papers/search";
    let found = it.ann.post(search, text("Bob's label")).await.expect(200);
    assert_eq!(found.column("name"), "");
    let found = it.bob.post(search, text("Bob's label")).await.expect(200);
    assert_eq!(found.column("name"), "Bob's low");
    let none = json!({ "filter": { "labels": { "none": { "name": "Bob's label" } } } });
    let found = it.ann.post(search, none).await.expect(200);
    assert_eq!(found.column("name"), "Ann's high, Ann's low, Ann's mid, Free low");
    it.app.stop().await;
}

#[tokio::test]
async fn t09_each_step_of_a_path_needs_the_right_to_read_its_model() {
    let it = Office::arrange().await;
    for query in [
        "vault.folder.name=Free+folder",
        "vault.folder.owner.name=bob",
        "vault.name[ne]=x",
        "sort=vault.folder.name",
        "folder.name=x&vault.id=1",
    ] {
        let path = format!("/api/v1/papers?{query}");
        assert_eq!(it.ann.get(&path).await.fault(), "403 access_denied", "{query}");
        assert_eq!(it.max.get(&path).await.fault(), "403 access_denied", "{query}");
        it.ada.get(&path).await.expect(200);
    }
    let body =
        json!({ "filter": { "lines": { "some": { "paper": { "vault": { "name": "x" } } } } } });
    let refused = it.ann.post("/api/v1/papers/search", body.clone()).await;
    assert_eq!(refused.fault(), "403 access_denied");
    it.ada.post("/api/v1/papers/search", body).await.expect(200);
    it.app.stop().await;
}

/// Everything of an answer that two requests can have in common.
async fn ask(it: &Office, method: &Method, path: &str, body: &str) -> (u16, String, String, u64) {
    let json = [("content-type", "application/json")];
    let reply: Reply = it.ann.send(method.clone(), path, &json, body.to_owned()).await;
    let own = ["x-request-id", "date", "server-timing"];
    let others = reply.headers.iter().filter(|(name, _)| !own.contains(&name.as_str()));
    let headers = others.map(|(name, value)| format!("{name}: {value:?}\n")).collect();
    let text = reply.text().replace(reply.header("x-request-id"), "…");
    (reply.status, text, headers, reply.statements())
}
