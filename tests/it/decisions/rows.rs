//! Which rows somebody reaches, before a write and after it.

use artel_testing::{Reply, seen};
use http::Method;
use serde_json::json;

use crate::office::{Office, path};

const PAPERS: &str = "/api/v1/papers";

#[tokio::test]
async fn granted_but_no_row_passes_the_rules_is_an_empty_list_and_404() {
    let it = Office::arrange().await;
    let all =
        ["Ann's low", "Ann's high", "Ann's mid", "Bob's low", "Free low"].map(|name| it.id(name));
    assert_eq!(seen(&it.gus, "papers", &all).await.len(), 0);
    let list = it.gus.get(&format!("{PAPERS}?count=exact")).await.expect(200).json();
    let nothing = json!({ "has_more": false, "total": 0, "total_kind": "exact" });
    assert_eq!(list, json!({ "data": [], "page": nothing }));
    assert_eq!(it.gus.get(it.at("Free low")).await.fault(), "404 not_found");
    assert_eq!(seen(&it.max, "papers", &all).await.len(), 5);
    it.app.stop().await;
}

#[tokio::test]
async fn hidden_is_missing_byte_for_byte_but_for_the_request_id() {
    let it = Office::arrange().await;
    for (method, body) in [
        (Method::GET, ""),
        (Method::PATCH, r#"{"name": "Mine"}"#),
        (Method::PATCH, r#"{"folder_id": 999999}"#),
        (Method::PATCH, r#"{"level": 9}"#),
        (Method::DELETE, ""),
    ] {
        let hidden = send(&it, &method, it.at("Bob's low"), body).await;
        let missing = send(&it, &method, &path("papers", 999_999), body).await;
        let own = send(&it, &method, it.at("Ann's low"), body).await;
        assert_eq!(hidden.fault(), "404 not_found", "{method} {body}");
        assert_eq!(hidden.without_request_id(), missing.without_request_id(), "{method} {body}");
        assert_ne!(own.status, 404, "{method} {body}");
    }
    it.app.stop().await;
}

#[tokio::test]
async fn a_row_readable_but_the_rule_for_update_or_delete_says_no_is_403() {
    let it = Office::arrange().await;
    let (high, mid) = (it.at("Ann's high"), it.at("Ann's mid"));
    it.ann.get(high).await.expect(200);
    let rename = json!({ "name": "Renamed" });
    assert_eq!(it.ann.patch(high, rename.clone()).await.fault(), "403 access_denied");
    assert_eq!(it.ann.patch(high, json!({ "level": 0 })).await.fault(), "403 access_denied");
    for refused in [high, mid] {
        assert_eq!(it.ann.delete(refused).await.fault(), "403 access_denied");
    }
    it.ann.patch(mid, rename).await.expect(200);
    it.ann.delete(it.at("Ann's low")).await.expect(204);
    it.max.delete(high).await.expect(204);
    it.app.stop().await;
}

#[tokio::test]
async fn a_row_writable_by_rule_but_not_readable_is_404() {
    let it = Office::arrange().await;
    let bobs = it.at("Bob's low");
    for body in [json!({ "name": "Mine" }), json!({ "owner_id": it.user("ann").await })] {
        assert_eq!(it.ann.patch(bobs, body).await.fault(), "404 not_found");
    }
    assert_eq!(it.ann.delete(bobs).await.fault(), "404 not_found");
    it.bob.patch(bobs, json!({ "name": "Mine" })).await.expect(200);
    it.bob.delete(bobs).await.expect(204);
    it.app.stop().await;
}

#[tokio::test]
async fn the_new_row_breaks_the_rule_is_403_and_nothing_written() {
    let it = Office::arrange().await;
    let before = it.stored().await;
    let high = json!({ "name": "New", "level": 9 });
    assert_eq!(it.ann.post(PAPERS, high.clone()).await.fault(), "403 access_denied");
    assert_eq!(it.ann.patch(it.at("Ann's low"), high.clone()).await.fault(), "403 access_denied");
    assert_eq!(it.stored().await, before);
    let low = json!({ "name": "New", "level": 5 });
    it.ann.post(PAPERS, low).await.expect(201);
    it.ann.patch(it.at("Ann's low"), json!({ "level": 5 })).await.expect(200);
    it.max.patch(it.at("Free low"), json!({ "level": 9 })).await.expect(200);
    it.app.stop().await;
}

#[tokio::test]
async fn the_new_row_is_fine_but_out_of_its_writers_sight_is_written_and_bare() {
    let it = Office::arrange().await;
    let bob = it.user("bob").await;
    let made = it.ann.post(PAPERS, json!({ "name": "For Bob", "owner_id": bob })).await;
    let made = made.expect(201);
    assert_eq!((made.text().as_str(), made.header("etag")), ("", ""));
    let location = made.header("location");
    assert_eq!(it.ann.get(location).await.fault(), "404 not_found");
    assert_eq!(it.bob.get(location).await.expect(200).at("name"), "For Bob");

    let given = it.ann.patch(it.at("Ann's low"), json!({ "owner_id": bob })).await.expect(204);
    assert_eq!((given.text().as_str(), given.header("etag")), ("", ""));
    assert_eq!(it.ann.get(it.at("Ann's low")).await.fault(), "404 not_found");
    it.bob.get(it.at("Ann's low")).await.expect(200);

    let sent = it.sam.post(PAPERS, json!({ "name": "Sent" })).await.expect(201);
    assert_eq!(sent.text(), "");
    it.ann.get(sent.header("location")).await.expect(200);
    let seen = it.ann.post(PAPERS, json!({ "name": "Own" })).await.expect(201);
    assert_eq!(seen.at("name"), "Own");
    it.app.stop().await;
}

async fn send(it: &Office, method: &Method, path: &str, body: &'static str) -> Reply {
    it.ann.send(method.clone(), path, &[("content-type", "application/json")], body).await
}
