//! Lines that are written with the record that has them.

use http::Method;
use serde_json::{Value, json};

use crate::office::Office;

const PAPERS: &str = "/api/v1/papers";

#[tokio::test]
async fn lines_inside_a_post_of_their_parent_need_create_on_the_parent_only() {
    let it = Office::arrange().await;
    let paper = |name: &str, line: Value| json!({ "name": name, "lines": { "create": [line] } });
    let line = json!({ "text": "new" });
    // Sam makes papers, and neither reads nor changes them.
    let made = it.sam.post(PAPERS, paper("Sam's", line.clone())).await.expect(201);
    assert!(made.body.is_empty());
    let alone = json!({ "paper_id": it.id("Free low"), "text": "alone" });
    assert_eq!(it.sam.post("/api/v1/lines", alone.clone()).await.fault(), "403 access_denied");
    it.ann.post("/api/v1/lines", alone).await.expect(201);
    for who in [&it.will, &it.gus, &it.nora] {
        let refused = who.post(PAPERS, paper("Refused", line.clone())).await;
        assert_eq!(refused.fault(), "403 access_denied");
    }
    // Field rights still apply.
    let closed = paper("Closed", json!({ "text": "new", "weight": 7 }));
    let refused = it.sam.post(PAPERS, closed.clone()).await;
    let expected = "403 field_forbidden: /lines/create/0/weight field_forbidden";
    assert_eq!(refused.fault(), expected);
    it.ada.post(PAPERS, closed).await.expect(201);
    let texts = "select text from lines join papers on papers.id = paper_id \
                 where name in ('Sam''s', 'Refused', 'Closed') order by lines.id";
    assert_eq!(it.sql(texts).await, "new\nnew");
    it.app.stop().await;
}

#[tokio::test]
async fn a_parent_s_rule_that_looks_at_its_lines_is_judged_before_and_after() {
    let it = Office::arrange().await;
    let ben = it.app.user_with("ben", &["office.binder"]).await;
    // Whatever Ben makes or changes has no line that is secret.
    let free = it.at("Free low");
    let lines = |text: &str| json!({ "lines": { "create": [{ "text": text }] } });
    assert_eq!(ben.patch(free, lines("secret")).await.fault(), "403 access_denied");
    ben.patch(free, lines("open")).await.expect(200);
    it.max.patch(free, lines("secret")).await.expect(200);
    // It would be one that he may change, and is none yet.
    let secret = it.sql("select id::text from lines where text = 'secret'").await;
    let secret: i64 = secret.parse().unwrap();
    let delete = json!({ "lines": { "delete": [secret] } });
    assert_eq!(ben.patch(free, delete.clone()).await.fault(), "403 access_denied");
    let open = json!({ "lines": { "update": [{ "id": secret, "text": "open" }] } });
    assert_eq!(ben.patch(free, open).await.fault(), "403 access_denied");
    it.max.patch(free, delete).await.expect(200);
    ben.patch(free, lines("open")).await.expect(200);

    let new =
        |name: &str, text: &str| json!({ "name": name, "lines": { "create": [{ "text": text }] } });
    assert_eq!(ben.post(PAPERS, new("a", "secret")).await.fault(), "403 access_denied");
    ben.post(PAPERS, new("b", "open")).await.expect(201);
    it.max.post(PAPERS, new("c", "secret")).await.expect(201);
    assert_eq!(it.sql("select name from papers where length(name) = 1 order by 1").await, "b\nc");
    it.app.stop().await;
}

#[tokio::test]
async fn a_line_of_another_parent_is_422_not_found_as_a_missing_one() {
    let it = Office::arrange().await;
    let (own, foreign) = (it.id("ann-line"), it.id("bob-line"));
    let before = it.sql("select string_agg(lines::text, ' ' order by id) from lines").await;
    for id in [foreign, 999_999] {
        for (commands, pointer) in [
            (json!({ "update": [{ "id": own }, { "id": id, "text": "x" }] }), "update/1/id"),
            (json!({ "delete": [own, id] }), "delete/1"),
        ] {
            for who in [&it.ann, &it.max, &it.admin] {
                let body = json!({ "name": "Renamed", "lines": commands });
                let refused = who.patch(it.at("Ann's low"), body).await;
                let expected = format!("422 validation: /lines/{pointer} not_found");
                assert_eq!(refused.fault(), expected);
            }
        }
    }
    let after = it.sql("select string_agg(lines::text, ' ' order by id) from lines").await;
    assert_eq!(before, after);
    let own = json!({ "lines": { "update": [{ "id": own, "text": "x" }] } });
    it.ann.patch(it.at("Ann's low"), own).await.expect(200);
    it.app.stop().await;
}

#[tokio::test]
async fn lines_come_change_and_go_with_their_parent_and_raise_its_version_once() {
    let it = Office::arrange().await;
    let (paper, line) = (it.at("Ann's low"), it.id("ann-line"));
    let version = it.ann.get(paper).await.expect(200).json()["version"].as_i64().unwrap();
    let changes = json!({ "name": "Renamed", "lines": {
        "create": [{ "text": "one" }, { "text": "two" }],
        "update": [{ "id": line, "text": "changed" }],
    } });
    let stale = [("content-type", "application/json"), ("if-match", "\"v99\"")];
    let refused = it.ann.send(Method::PATCH, paper, &stale, changes.to_string()).await;
    assert_eq!(refused.fault(), "412 version_mismatch");
    let changed = it.ann.patch(paper, changes.clone()).await.expect(200).json();
    assert_eq!((&changed["name"], &changed["version"]), (&json!("Renamed"), &json!(version + 1)));
    assert!(changed.get("lines").is_none());
    let texts = "select text from lines where text in ('one', 'two', 'changed') order by 1";
    assert_eq!(it.sql(texts).await, "changed\none\ntwo");
    let faulty = json!({ "name": "Again", "lines": {
        "delete": [line], "create": [{ "text": "x" }, { "text": "y".repeat(61) }, {}] } });
    let refused = it.ann.patch(paper, faulty).await;
    let expected = "422 validation: /lines/create/1/text too_long, /lines/create/2/text required";
    assert_eq!(refused.fault(), expected);
    assert_eq!(it.sql(texts).await, "changed\none\ntwo");
    let schema = it.ann.get(&format!("{PAPERS}/schema")).await.expect(200).json();
    let fields = schema["fields"].as_array().unwrap();
    let lines = fields.iter().find(|it| it["name"] == "lines").unwrap();
    assert_eq!((&lines["read_only"], &lines["can"]["write"]), (&json!(false), &json!(true)));
    let bulk = json!({ "filter": { "level": 0 }, "max_affected": 9,
        "data": { "lines": { "delete": [line] } } });
    let refused = it.ann.post(&format!("{PAPERS}/update_where"), bulk).await;
    assert_eq!(refused.json()["violations"][0]["pointer"], "/data/lines");
    it.app.stop().await;
}
