//! What is around the API: ids of requests, health, figures, documents.

use artel_testing::Reply;
use http::Method;
use serde_json::json;

use crate::desk::serve;

#[tokio::test]
async fn a_sane_request_id_is_kept_and_another_replaced() {
    let (running, client) = serve([]).await;
    for (sent, is_kept) in [("front-7.a_b", true), ("two words", false), ("", false)] {
        let reply = client.send(Method::GET, "/", &[("x-request-id", sent)], "").await;
        let id = reply.header("x-request-id");
        assert_eq!(id == sent, is_kept, "{sent}: {id}");
        assert!(!id.is_empty());
    }
    running.stop().await;
}

#[tokio::test]
async fn every_answer_is_guarded() {
    let reply = get("/health/live", &[]).await.expect(200);
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    assert_eq!(reply.header("cache-control"), "no-store");
}

#[tokio::test]
async fn readiness_names_what_is_not_ready() {
    let reply = get("/health/ready", &[]).await.expect(503);
    assert_eq!(reply.json()["not_ready"][0]["name"], "database");
    assert_eq!(reply.header("retry-after"), "1");
}

#[tokio::test]
async fn figures_are_by_route_and_not_by_path() {
    let (running, client) = serve([]).await;
    client.get("/api/v1/desk/notes/4711").await.expect(200);
    client.get("/nowhere/4711").await.expect(404);
    let figures = client.get("/metrics").await.expect(200).text();
    let line =
        "http_requests_total{method=\"GET\",route=\"/api/v1/desk/notes/{id}\",status=\"2xx\"}";
    assert!(figures.contains(line), "{figures}");
    assert!(figures.contains("http_request_seconds_bucket"), "{figures}");
    assert!(!figures.contains("4711"), "{figures}");
    running.stop().await;
}

#[tokio::test]
async fn the_documents_need_no_other_host() {
    let page = get("/api/docs", &[]).await.expect(200);
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
    for path in ["/api/docs", "/api/docs/docs.js", "/api/docs/docs.css"] {
        let file = get(path, &[]).await.expect(200).text();
        assert!(!file.contains("http://") && !file.contains("https://"), "{path}");
        assert!(!file.contains("innerHTML") && !file.contains("onclick="), "{path}");
    }
}

#[tokio::test]
async fn documents_that_are_known_are_not_sent_again() {
    for path in ["/api/docs", "/api/openapi.json"] {
        let first = get(path, &[]).await.expect(200);
        let again = get(path, &[("if-none-match", first.header("etag"))]).await.expect(304);
        assert_eq!(again.body.len(), 0);
        assert_eq!(again.header("etag"), first.header("etag"));
    }
}

#[tokio::test]
async fn the_document_has_the_routes_of_modules() {
    let document = get("/api/openapi.json", &[]).await.expect(200).json();
    let operation = &document["paths"]["/api/v1/desk/notes/{id}"]["get"];
    assert_eq!(operation["summary"], "Gives the note of a number.");
    assert_eq!(operation["security"], json!([]));
    let personal = &document["paths"]["/api/v1/desk/mine"]["get"];
    assert_eq!(personal["security"], json!([{"bearer": []}]));
}

async fn get(path: &str, headers: &[(&str, &str)]) -> Reply {
    let (running, client) = serve([]).await;
    let reply = client.send(Method::GET, path, headers, "").await;
    running.stop().await;
    reply
}
