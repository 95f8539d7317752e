//! What a model lets somebody do at all.

use artel_testing::Client;
use http::Method;
use serde_json::json;

use crate::office::Office;

const PAPERS: &str = "/api/v1/papers";
const DENIED: &str = "403 access_denied";

#[tokio::test]
async fn no_grant_for_the_verb_on_the_model_is_403_on_list_read_search_and_write_alike() {
    let it = Office::arrange().await;
    let low = it.at("Ann's low").to_owned();
    for (method, path, body) in every_way(&low) {
        let refused = ask(&it.nora, &method, &path, body).await;
        assert_eq!(refused, DENIED, "{method} {path}");
        assert_eq!(ask(&it.app.guest(), &method, &path, body).await, "401 unauthenticated");
    }
    // Nothing was written, and whoever has the grant may do it all.
    for (method, path, body) in every_way(&low) {
        let done = ask(&it.ann, &method, &path, body).await;
        assert!(done.starts_with('2'), "{method} {path}: {done}");
    }
    it.app.stop().await;
}

#[tokio::test]
async fn an_update_or_delete_grant_without_a_read_grant_is_403() {
    let it = Office::arrange().await;
    let low = it.at("Free low").to_owned();
    for (method, path, body) in every_way(&low) {
        assert_eq!(ask(&it.will, &method, &path, body).await, DENIED, "{method} {path}");
    }
    it.ann.patch(&low, json!({ "name": "Renamed" })).await.expect(200);
    it.ann.delete(&low).await.expect(204);
    it.app.stop().await;
}

#[tokio::test]
async fn schema_and_defaults_need_any_grant_and_create() {
    let it = Office::arrange().await;
    let [schema, defaults] = ["schema", "defaults"].map(|it| format!("{PAPERS}/{it}"));
    for (who, client, described, begun) in [
        ("a clerk", &it.ann, "200", "200"),
        ("who only reads", &it.gus, "200", DENIED),
        ("who only makes", &it.sam, "200", "200"),
        ("who changes and may not read", &it.will, "200", DENIED),
        ("who has nothing", &it.nora, DENIED, DENIED),
    ] {
        assert_eq!(ask(client, &Method::GET, &schema, "").await, described, "{who}");
        assert_eq!(ask(client, &Method::GET, &defaults, "").await, begun, "{who}");
    }
    it.app.stop().await;
}

#[tokio::test]
async fn a_path_through_a_model_without_a_read_grant_is_403() {
    let it = Office::arrange().await;
    for query in [
        "vault.name=Vault",
        "vault[null]=true",
        "vault.folder.name=x",
        "vault.folder.owner.name=x",
        "sort=vault.name",
        "sort=-vault.folder.name",
    ] {
        let path = format!("{PAPERS}?{query}");
        assert_eq!(ask(&it.ann, &Method::GET, &path, "").await, DENIED, "{query}");
        assert_eq!(ask(&it.ada, &Method::GET, &path, "").await, "200", "{query}");
    }
    for (route, filter) in [
        ("search", r#""filter": {"vault": {"name": "x"}}"#),
        ("search", r#""filter": {"not": {"vault": {"folder": {"name": "x"}}}}"#),
        ("search", r#""filter": {"or": [{"id": 1}, {"vault": {"null": true}}]}"#),
        ("search", r#""sort": ["vault.name"]"#),
        ("delete_where", r#""max_affected": 1, "filter": {"vault": {"name": "x"}}"#),
        ("update_where", r#""max_affected": 1, "data": {}, "filter": {"vault": {"name": "x"}}"#),
    ] {
        let (path, body) = (format!("{PAPERS}/{route}"), format!("{{{filter}}}"));
        assert_eq!(ask(&it.ann, &Method::POST, &path, &body).await, DENIED, "{body}");
        assert_eq!(ask(&it.ada, &Method::POST, &path, &body).await, "200", "{body}");
    }
    // The column is a part of the paper.
    let found = it.ann.get(&format!("{PAPERS}?vault_id[null]=false")).await.expect(200);
    assert_eq!(found.column("name"), "Ann's low");
    it.app.stop().await;
}

/// Every generated route that needs a grant, the destructive ones last.
fn every_way(paper: &str) -> Vec<(Method, String, &'static str)> {
    let of = |method: Method, rest: &str, body| (method, format!("{PAPERS}{rest}"), body);
    vec![
        of(Method::GET, "", ""),
        of(Method::GET, "?limit=0&count=exact", ""),
        of(Method::GET, "?q=x", ""),
        of(Method::POST, "/search", "{}"),
        (Method::GET, paper.to_owned(), ""),
        of(Method::POST, "", r#"{"name": "New"}"#),
        (Method::PATCH, paper.to_owned(), r#"{"name": "Changed"}"#),
        of(
            Method::POST,
            "/update_where",
            r#"{"filter": {"name": "New"}, "data": {"name": "Newer"}, "max_affected": 9}"#,
        ),
        of(Method::POST, "/delete_where", r#"{"filter": {"name": "Newer"}, "max_affected": 9}"#),
        (Method::DELETE, paper.to_owned(), ""),
    ]
}

/// The status of the answer, with its code where it is a problem.
async fn ask(client: &Client, method: &Method, path: &str, body: &str) -> String {
    let json = [("content-type", "application/json")];
    let reply = client.send(method.clone(), path, &json, body.to_owned()).await;
    if reply.is_success() { reply.status.to_string() } else { reply.fault() }
}
