//! Whatever goes wrong is a problem document, in the order and the language clients rely on.

use artel_testing::Reply;
use http::Method;

use crate::desk::serve;

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    check("GET", "/nowhere", &[], "", "404 not_found").await;
    check("GET", "/api/v1/desk/notes/lamp", &[], "", "404 not_found").await;
    check("GET", "/api/v1/desk/notes/", &[], "", "404 not_found").await;
}

#[tokio::test]
async fn a_method_that_a_path_has_not_names_those_it_has() {
    let (running, client) = serve([]).await;
    let reply = client.delete("/api/v1/desk/notes").await;
    assert_eq!(reply.header("allow"), "GET, HEAD, POST, OPTIONS");
    assert_eq!(shown(&reply), "405 method_not_allowed");
    let reply = client.send(Method::OPTIONS, "/api/v1/desk/notes", &[], "").await.expect(204);
    assert_eq!(reply.header("allow"), "GET, HEAD, POST, OPTIONS");
    running.stop().await;
}

#[tokio::test]
async fn head_is_get_without_its_body() {
    let (running, client) = serve([]).await;
    let got = client.get("/api/v1/desk/notes/1").await.expect(200);
    let reply = client.send(Method::HEAD, "/api/v1/desk/notes/1", &[], "").await.expect(200);
    assert_eq!(reply.body.len(), 0);
    assert_eq!(reply.header("content-length"), got.body.len().to_string());
    running.stop().await;
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_400() {
    for body in ["", "{", "[]", "{\"text\":\"a\",\"text\":\"b\"}", "{\"text\":\"\\u0000\"}"] {
        check("POST", "/api/v1/desk/notes", &[JSON], body, "400 bad_json").await;
    }
}

#[tokio::test]
async fn a_body_that_is_wrong_has_every_fault_at_once() {
    let (running, client) = serve([]).await;
    let body = r#"{"text": "eleven letters", "weight": "1", "colour": "red"}"#;
    let reply = client.send(Method::POST, "/api/v1/desk/notes", &[JSON], body).await.expect(422);
    let problem = reply.json();
    assert_eq!(
        problem["errors"],
        serde_json::json!({
            "text": "must have at most 10 characters",
            "weight": "must be integer",
            "colour": "is unknown",
        })
    );
    assert_eq!(problem["detail"], "3 fields are invalid");
    assert_eq!(problem["request_id"], reply.header("x-request-id"));
    running.stop().await;
}

#[tokio::test]
async fn a_body_that_is_called_something_else_is_415() {
    let form = ("content-type", "application/x-www-form-urlencoded");
    let text = ("content-type", "text/plain");
    let latin = ("content-type", "application/json; charset=latin1");
    for content_type in [form, text, latin] {
        let body = r#"{"text": "a"}"#;
        let expected = "415 unsupported_media_type";
        check("POST", "/api/v1/desk/notes", &[content_type], body, expected).await;
    }
    check("POST", "/api/v1/desk/notes", &[], "{}", "415 unsupported_media_type").await;
}

#[tokio::test]
async fn nothing_in_a_query_is_ignored() {
    check("GET", "/api/v1/desk/notes?q=a&tag=1&tag=2", &[], "", "200 ").await;
    check("GET", "/api/v1/desk/notes?page=1", &[], "", "400 unknown_parameter").await;
    check("GET", "/api/v1/desk/notes?q=a&q=b", &[], "", "400 bad_parameter").await;
    check("GET", "/api/v1/desk/notes?tag=a", &[], "", "400 bad_parameter").await;
    check("GET", "/api/v1/desk/notes/1?x", &[], "", "400 unknown_parameter").await;
}

#[tokio::test]
async fn a_client_without_json_is_told() {
    let html = [("accept", "text/html")];
    check("GET", "/api/v1/desk/notes/1", &html, "", "406 not_acceptable").await;
    check("GET", "/api/docs", &html, "", "200 ").await;
}

#[tokio::test]
async fn a_fault_of_ours_says_its_number_and_nothing_else() {
    for path in ["/api/v1/desk/panic", "/api/v1/desk/broken"] {
        let (running, client) = serve([]).await;
        let reply = client.get(path).await.expect(500);
        let problem = reply.json();
        assert_eq!(problem["code"], "internal");
        assert_eq!(problem["request_id"], reply.header("x-request-id"));
        for leak in ["ink", "drawer", "desk", ".rs"] {
            assert!(!reply.text().contains(leak), "{}", reply.text());
        }
        client.get("/api/v1/desk/notes/1").await.expect(200);
        running.stop().await;
    }
}

#[tokio::test]
async fn texts_follow_the_language_of_the_client() {
    let (running, client) = serve([]).await;
    let russian = [("accept-language", "ru-RU,ru;q=0.9")];
    let reply = client.send(Method::GET, "/nowhere", &russian, "").await;
    assert_eq!(reply.json()["title"], "Не найдено");
    assert_eq!(shown(&reply), "404 not_found");
    running.stop().await;
}

/// Asks once and compares status and code.
async fn check(
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &'static str,
    expected: &str,
) {
    let (running, client) = serve([]).await;
    let reply = client.send(method.parse().unwrap(), path, headers, body).await;
    assert_eq!(shown(&reply), expected, "{method} {path} {body}: {}", reply.text());
    running.stop().await;
}

/// Status and code; an error of another form than a problem fails the test.
#[track_caller]
fn shown(reply: &Reply) -> String {
    if reply.is_success() {
        return format!("{} ", reply.status);
    }
    assert_eq!(reply.header("content-type"), "application/problem+json");
    let problem = reply.json();
    assert_eq!(problem["status"], reply.status);
    format!("{} {}", reply.status, problem["code"].as_str().unwrap())
}
