//! Changing records of others, and moving one's own out of sight or theirs into it.

use serde_json::{Value, json};

use crate::office::Office;

const PAPERS: &str = "/api/v1/papers";

#[tokio::test]
async fn t02_a_write_of_many_leaves_the_records_of_others_alone() {
    let it = Office::arrange().await;
    let (own, hidden, high) = (it.id("Ann's low"), it.id("Bob's low"), it.id("Ann's high"));
    let them = json!({ "id": { "in": [own, hidden, high] } });
    let rest = "select papers::text from papers where name <> 'Ann''s low' order by name";
    let before = it.sql(rest).await;
    let update = json!({ "filter": them, "data": { "stamp": 1 }, "max_affected": 9 });
    let done = it.ann.post(&format!("{PAPERS}/update_where"), update.clone()).await.expect(200);
    assert_eq!(done.json(), json!({ "affected": 1 }));
    let delete = json!({ "filter": them, "max_affected": 9 });
    let done = it.ann.post(&format!("{PAPERS}/delete_where"), delete).await.expect(200);
    assert_eq!(done.json(), json!({ "affected": 1 }));
    assert_eq!(it.sql(rest).await, before, "what she may not change is as it was");
    let done = it.max.post(&format!("{PAPERS}/update_where"), update).await.expect(200);
    assert_eq!(done.json(), json!({ "affected": 2 }));
    it.app.stop().await;
}

#[tokio::test]
async fn t02_single_writes_of_hidden_records_change_nothing() {
    let it = Office::arrange().await;
    let before = it.stored().await;
    let lines = "select lines::text from lines order by id";
    let lines_before = it.sql(lines).await;
    for (path, body) in [
        (it.at("Bob's low"), json!({ "name": "Mine" })),
        (it.at("Bob's low"), json!({ "owner_id": null })),
        (it.at("bob-line"), json!({ "text": "Mine" })),
        (it.at("bob-line"), json!({ "paper_id": it.id("Ann's low") })),
    ] {
        assert_eq!(it.ann.patch(path, body).await.fault(), "404 not_found", "{path}");
        assert_eq!(it.ann.delete(path).await.fault(), "404 not_found", "{path}");
    }
    assert_eq!(it.stored().await, before);
    assert_eq!(it.sql(lines).await, lines_before);
    it.bob.patch(it.at("bob-line"), json!({ "text": "Mine" })).await.expect(200);
    it.bob.delete(it.at("bob-line")).await.expect(204);
    it.app.stop().await;
}

#[tokio::test]
async fn t03_nothing_is_moved_out_of_scope_or_into_it() {
    let it = Office::arrange().await;
    let (ann, bob) = (it.user("ann").await, it.user("bob").await);
    let folders = "select folders::text from folders order by id";
    let before = it.sql(folders).await;
    let mine = it.at("Free folder");
    let to = |owner: i64| json!({ "owner_id": owner });
    for (path, body, expected) in [
        (mine, to(bob), "403 access_denied"),
        (it.at("Bob's folder"), to(ann), "404 not_found"),
        (it.at("Bob's folder"), json!({ "owner_id": null }), "404 not_found"),
    ] {
        assert_eq!(it.ann.patch(path, body.clone()).await.fault(), expected, "{path} {body}");
    }
    let new = |owner: Value| json!({ "name": "New", "owner_id": owner });
    let made = it.ann.post("/api/v1/folders", new(json!(bob))).await;
    assert_eq!(made.fault(), "403 access_denied");
    let filter = json!({ "id": { "gt": 0 } });
    let all = json!({ "filter": filter, "data": to(bob), "max_affected": 9 });
    let moved = it.ann.post("/api/v1/folders/update_where", all).await;
    assert_eq!(moved.fault(), "403 access_denied");
    assert_eq!(it.sql(folders).await, before);

    it.ann.post("/api/v1/folders", new(json!(ann))).await.expect(201);
    it.ann.patch(mine, to(ann)).await.expect(200);
    it.max.patch(mine, to(bob)).await.expect(200);
    it.app.stop().await;
}

#[tokio::test]
async fn t03_a_part_is_moved_only_between_records_that_may_both_be_changed() {
    let it = Office::arrange().await;
    let line = it.at("ann-line");
    let to = |name: &str| json!({ "paper_id": it.id(name) });
    let hidden = it.ann.patch(line, to("Bob's low")).await;
    assert_eq!(hidden.fault(), "422 validation: /paper_id not_found");
    assert_eq!(it.ann.patch(line, to("Ann's high")).await.fault(), "403 access_denied");
    assert_eq!(
        it.ann.patch(it.at("high-line"), to("Ann's low")).await.fault(),
        "403 access_denied"
    );
    let new = |name: &str| json!({ "text": "New", "paper_id": it.id(name) });
    let made = it.ann.post("/api/v1/lines", new("Ann's high")).await;
    assert_eq!(made.fault(), "403 access_denied");
    let made = it.ann.post("/api/v1/lines", new("Bob's low")).await;
    assert_eq!(made.fault(), "422 validation: /paper_id not_found");
    let filter = json!({ "id": { "gt": 0 } });
    let all = json!({ "filter": filter, "data": to("Ann's high"), "max_affected": 9 });
    let moved = it.ann.post("/api/v1/lines/update_where", all).await;
    assert_eq!(moved.fault(), "403 access_denied");
    assert_eq!(it.sql("select count(*)::text from lines").await, "3");
    it.ann.patch(line, to("Ann's mid")).await.expect(200);
    it.ann.post("/api/v1/lines", new("Free low")).await.expect(201);
    it.app.stop().await;
}
