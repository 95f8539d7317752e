//! Records that point at others, some of which are hidden.

use serde_json::json;

use crate::office::Office;

const PAPERS: &str = "/api/v1/papers";
const MEMOS: &str = "/api/v1/memos";

#[tokio::test]
async fn the_id_of_a_hidden_record_in_a_column_of_a_visible_one_stays_and_all_behind_it_is_absent()
{
    let it = Office::arrange().await;
    let folder = it.id("Bob's folder");
    let paper = it.ann.get(it.at("Ann's low")).await.expect(200).json();
    assert_eq!(paper["folder_id"], folder);
    assert!(paper.get("folder").is_none(), "{paper}");
    for (query, anns, bobs) in [
        (format!("folder_id={folder}"), "Ann's low", "Bob's low"),
        ("folder.name=Bob's+folder".to_owned(), "", "Bob's low"),
        ("folder.level=0&folder.name[ne]=Free+folder".to_owned(), "", "Bob's low"),
        ("folder.owner.name=bob".to_owned(), "", "Bob's low"),
        ("folder[null]=true".to_owned(), "Ann's low", ""),
        ("folder_id[null]=true".to_owned(), "", ""),
        (
            "folder.name[ne]=Bob's+folder".to_owned(),
            "Ann's high, Ann's low, Ann's mid, Free low",
            "Free low",
        ),
        (
            "sort=folder.name,name".to_owned(),
            "Ann's high, Ann's mid, Free low, Ann's low",
            "Bob's low, Free low",
        ),
    ] {
        for (client, expected) in [(&it.ann, anns), (&it.bob, bobs)] {
            let found = client.get(&format!("{PAPERS}?{query}")).await.expect(200);
            assert_eq!(found.column("name"), expected, "{query}");
        }
    }
    it.app.stop().await;
}

#[tokio::test]
async fn writing_the_id_of_a_hidden_record_is_as_of_a_missing_one() {
    let it = Office::arrange().await;
    let hidden = it.id("High folder");
    let expected = "422 validation: /folder_id not_found";
    let before = it.stored().await;
    let to = |folder: i64| json!({ "name": "New", "folder_id": folder });
    for (one, other) in [
        (it.ann.post(PAPERS, to(hidden)).await, it.ann.post(PAPERS, to(999_999)).await),
        (
            it.ann.patch(it.at("Ann's low"), to(hidden)).await,
            it.ann.patch(it.at("Ann's low"), to(999_999)).await,
        ),
    ] {
        assert_eq!(one.fault(), expected);
        assert_eq!(one.without_request_id(), other.without_request_id());
    }
    assert_eq!(it.stored().await, before);
    // A target without a read grant is as hidden.
    let vault = json!({ "name": "New", "vault_id": 1 });
    let refused = it.ann.post(PAPERS, vault.clone()).await;
    assert_eq!(refused.fault(), "422 validation: /vault_id not_found");
    it.ada.post(PAPERS, vault).await.expect(201);
    it.bob.patch(it.at("Bob's low"), json!({ "folder_id": hidden })).await.expect(200);
    it.app.stop().await;
}

#[tokio::test]
async fn a_patch_that_repeats_the_stored_id_of_a_hidden_record_is_no_write_of_it() {
    let it = Office::arrange().await;
    let (low, stored) = (it.at("Ann's low"), it.id("Bob's folder"));
    let same = json!({ "level": 1, "folder_id": stored });
    assert_eq!(it.ann.patch(low, same).await.expect(200).at("level"), 1);
    let other = json!({ "level": 2, "folder_id": it.id("High folder") });
    assert_eq!(it.ann.patch(low, other).await.fault(), "422 validation: /folder_id not_found");
    // Once it is gone, she cannot bring it back.
    it.ann.patch(low, json!({ "folder_id": null })).await.expect(200);
    let back = it.ann.patch(low, json!({ "folder_id": stored })).await;
    assert_eq!(back.fault(), "422 validation: /folder_id not_found");
    it.app.stop().await;
}

#[tokio::test]
async fn linking_needs_update_on_the_record_that_is_written_and_read_on_the_target() {
    let it = Office::arrange().await;
    let link = |paper: i64, label: i64| format!("/api/v1/office/papers/{paper}/labels/{label}");
    let (free, bobs) = (it.id("Free label"), it.id("Bob's label"));
    let mid = it.id("Ann's mid");
    let hidden = it.ann.post(&link(mid, bobs), json!({})).await;
    let missing = it.ann.post(&link(mid, 999_999), json!({})).await;
    assert_eq!(hidden.fault(), "422 validation: /label_ids/add/0 not_found");
    assert_eq!(hidden.without_request_id(), missing.without_request_id());
    let high = it.ann.post(&link(it.id("Ann's high"), free), json!({})).await;
    assert_eq!(high.fault(), "403 access_denied");
    let unseen = it.ann.post(&link(it.id("Bob's low"), free), json!({})).await;
    assert_eq!(unseen.fault(), "404 not_found");
    assert_eq!(it.gus.post(&link(mid, free), json!({})).await.fault(), "403 access_denied");
    let links = "select count(*)::text from papers__labels";
    assert_eq!(it.sql(links).await, "4");
    it.ann.post(&link(mid, free), json!({})).await.expect(200);
    it.max.post(&link(mid, bobs), json!({})).await.expect(200);
    assert_eq!(it.sql(links).await, "6");
    it.app.stop().await;
}

#[tokio::test]
async fn paths_inside_a_rule_see_raw_rows_and_those_of_a_caller_what_the_caller_sees() {
    let it = Office::arrange().await;
    let low = "folder.level=0";
    for (who, client, seen, through) in [
        ("ann", &it.ann, "Open memo", ""),
        ("bob", &it.bob, "Open memo", "Open memo"),
        ("max", &it.max, "Closed memo, Open memo", "Open memo"),
    ] {
        assert_eq!(client.get(MEMOS).await.expect(200).column("text"), seen, "{who}");
        let found = client.get(&format!("{MEMOS}?{low}")).await.expect(200);
        assert_eq!(found.column("text"), through, "{who}");
        let sorted = client.get(&format!("{MEMOS}?sort=folder.level")).await.expect(200);
        assert_eq!(sorted.column("text").len(), seen.len(), "{who}");
    }
    // The rule holds for what is written, too: hers is a free folder that is too high.
    let folder = json!({ "name": "Up", "level": 9 });
    let folder = it.ann.post("/api/v1/folders", folder).await.expect(201).id();
    let memo = |folder: i64| json!({ "text": "New", "folder_id": folder });
    assert_eq!(it.ann.post(MEMOS, memo(folder)).await.fault(), "403 access_denied");
    it.ann.post(MEMOS, memo(it.id("Free folder"))).await.expect(201);
    it.app.stop().await;
}
