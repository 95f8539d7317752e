//! Names and values that would like to be SQL.

use artel_testing::{Client, Reply};
use http::Method;
use serde_json::{Value, json};

use crate::office::Office;

const PAPERS: &str = "/api/v1/papers";

/// Names, orders, operators and values as they are tried elsewhere.
const CORPUS: [&str; 28] = [
    "name; drop table canary",
    "name)--",
    "\"name\"",
    "name\"",
    "name'",
    "'",
    "''",
    "\\'",
    "name,note",
    "name asc, note",
    "name asc nulls first",
    "name desc; --",
    "x]--",
    "t1.password",
    "papers.name",
    "name::text",
    "name||note",
    "(select note from papers limit 1)",
    "1; drop table canary; --",
    "1' or '1'='1",
    "1 or 1=1",
    "') or 1=1 --",
    "$1",
    "$$",
    "/* */",
    "%",
    "pg_sleep(10)",
    "name\u{2019}; drop table canary",
];

#[tokio::test]
async fn t19_a_name_is_looked_up_and_never_written_into_a_statement() {
    let it = Office::arrange().await;
    it.sql("create table canary (id int)").await;
    let before = it.stored().await;
    for text in CORPUS {
        let name = encoded(text);
        for path in [
            format!("{PAPERS}?{name}=1"),
            format!("{PAPERS}?{name}[eq]=1"),
            format!("{PAPERS}?name[{name}]=1"),
            format!("{PAPERS}?folder.{name}=1"),
            format!("{PAPERS}?sort={name}"),
            format!("{PAPERS}?sort=-{name}"),
            format!("{PAPERS}?sort=id,{name}"),
            format!("{PAPERS}?fields={name}"),
            format!("{PAPERS}?count={name}"),
            format!("{PAPERS}?limit={name}"),
            format!("{PAPERS}?offset={name}"),
            format!("{PAPERS}?id={name}"),
            format!("{PAPERS}?level[in]={name}"),
            format!("{PAPERS}?folder_id={name}"),
            format!("{PAPERS}?created_at[gte]={name}"),
        ] {
            refused(&it.ann.get(&path).await, &path);
        }
        for body in [
            json!({ "filter": { text: 1 } }),
            json!({ "filter": { "name": { text: 1 } } }),
            json!({ "filter": { "folder": { text: 1 } } }),
            json!({ "filter": { "lines": { text: {} } } }),
            json!({ "filter": { "level": text } }),
            json!({ "sort": [text] }),
            json!({ "fields": [text] }),
            json!({ "count": text }),
            json!({ "limit": text }),
            json!({ text: 1 }),
        ] {
            refused(
                &it.ann.post(&format!("{PAPERS}/search"), body.clone()).await,
                &body.to_string(),
            );
            let many =
                json!({ "filter": body["filter"], "data": { text: 1 }, "max_affected": text });
            for route in ["update_where", "delete_where"] {
                let reply = it.ann.post(&format!("{PAPERS}/{route}"), many.clone()).await;
                refused(&reply, &many.to_string());
            }
        }
        for body in [json!({ "name": "x", text: 1 }), json!({ "name": "x", "level": text })] {
            refused(&it.ann.post(PAPERS, body.clone()).await, &body.to_string());
            refused(&it.ann.patch(it.at("Ann's low"), body.clone()).await, &body.to_string());
        }
        let path = format!("{PAPERS}/{name}");
        assert_eq!(it.ann.get(&path).await.fault(), "404 not_found", "{path}");
        let header = [("if-match", "\"v1'; drop table canary; --\"")];
        let reply = it.ann.send(Method::DELETE, it.at("Ann's low"), &header, "").await;
        refused(&reply, "If-Match");
    }
    assert_eq!(it.stored().await, before);
    assert_eq!(it.sql("select count(*)::text from canary").await, "0", "the table is still there");
    it.ann.get(&format!("{PAPERS}?sort=-name&fields=name&count=exact")).await.expect(200);
    it.app.stop().await;
}

#[tokio::test]
async fn t19_a_value_is_found_and_stored_as_it_was_sent() {
    let it = Office::arrange().await;
    it.sql("create table canary (id int)").await;
    for text in CORPUS {
        let made = it.ann.post("/api/v1/labels", json!({ "name": text })).await.expect(201);
        assert_eq!(made.at("name"), text);
        let value = encoded(text);
        for query in [
            format!("name={value}"),
            format!("name[starts]={value}&name[contains]={value}&name={value}"),
            format!("name={value}&name=no+such+label"),
            format!("q={value}&name={value}"),
        ] {
            let found = it.ann.get(&format!("/api/v1/labels?{query}")).await.expect(200);
            assert_eq!(names(&found), [text], "{query}");
        }
        let literal = format!("zzz{value}zzz");
        let found = it.ann.get(&format!("/api/v1/labels?q={literal}")).await.expect(200);
        assert_eq!(names(&found).len(), 0, "{text} is taken literally");
        let many = json!({ "filter": { "name": text }, "data": { "name": format!("{text} ") },
            "max_affected": 1 });
        let done = it.ann.post("/api/v1/labels/update_where", many).await.expect(200);
        assert_eq!(done.at("affected"), 1, "{text}");
        check_gone(&it.ann, text).await;
    }
    assert_eq!(it.sql("select count(*)::text from canary").await, "0");
    it.app.stop().await;
}

async fn check_gone(client: &Client, text: &str) {
    let delete = json!({ "filter": { "name": format!("{text} ") }, "max_affected": 1 });
    let done = client.post("/api/v1/labels/delete_where", delete).await.expect(200);
    assert_eq!(done.at("affected"), 1, "{text}");
}

fn names(reply: &Reply) -> Vec<String> {
    let data = reply.at("data");
    data.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
}

#[track_caller]
fn refused(reply: &Reply, about: &str) {
    let json: Value = reply.json();
    assert!(matches!(reply.status, 400 | 403 | 422), "{about}: {} {json}", reply.status);
}

fn encoded(text: &str) -> String {
    text.bytes().map(|it| format!("%{it:02X}")).collect()
}
