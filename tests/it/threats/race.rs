//! Between a check and its write: one moves a record away while another changes it.

use orm::{Id, Model};
use serde_json::json;

use crate::office::{Folder, Memo, Office, path as path_of};

const ROUNDS: usize = 150;

#[tokio::test]
async fn t04_nobody_writes_what_has_left_their_scope_while_they_wrote() {
    let it = Office::arrange().await;
    let (path, id) = (it.at("Bob's low"), it.id("Bob's low"));
    let (ann, bob) = (it.user("ann").await, it.user("bob").await);
    let many = json!({ "filter": { "id": id }, "data": { "stamp": 1 }, "max_affected": 1 });
    let mut lost = 0;
    for round in 0..ROUNDS {
        it.max.patch(path, json!({ "owner_id": bob, "stamp": 0 })).await.expect(200);
        let away = it.max.patch(path, json!({ "owner_id": ann }));
        // By turns one record and many; whoever is sent first has no advantage.
        let change = async {
            match round % 2 {
                0 => it.bob.patch(path, json!({ "stamp": 1 })).await,
                _ => it.bob.post("/api/v1/papers/update_where", many.clone()).await,
            }
        };
        let (away, change) = match round % 4 {
            0 | 1 => tokio::join!(away, change),
            _ => {
                let (change, away) = tokio::join!(change, away);
                (away, change)
            }
        };
        let moved = away.expect(200).at("version").as_i64().unwrap();
        let wrote = match change.status {
            200 if round % 2 == 0 => true,
            200 => change.at("affected") == 1,
            _ => {
                assert_eq!(change.fault(), "404 not_found");
                false
            }
        };
        let stored = it.sql(format!(
            "select concat_ws(' ', owner_id, stamp, version) from papers where id = {id}"
        ));
        let stamp = i32::from(wrote);
        assert_eq!(
            stored.await,
            format!("{ann} {stamp} {moved}"),
            "she came last in round {round}"
        );
        lost += usize::from(!wrote);
    }
    assert!(lost > 0, "the two never met");
    it.app.stop().await;
}

#[tokio::test]
async fn t04_nobody_deletes_what_has_left_their_scope_while_they_deleted() {
    let it = Office::arrange().await;
    let (ann, bob) = (it.user("ann").await, it.user("bob").await);
    let mut kept = 0;
    for round in 0..ROUNDS {
        let new = json!({ "name": format!("round {round}"), "owner_id": bob });
        let path =
            it.max.post("/api/v1/papers", new).await.expect(201).header("location").to_owned();
        let (away, gone) = match round % 2 {
            0 => {
                tokio::join!(it.max.patch(&path, json!({ "owner_id": ann })), it.bob.delete(&path))
            }
            _ => {
                let gone = it.bob.delete(&path);
                let (gone, away) =
                    tokio::join!(gone, it.max.patch(&path, json!({ "owner_id": ann })));
                (away, gone)
            }
        };
        match (away.status, gone.status) {
            (200, 404) => {
                kept += 1;
                it.ann.get(&path).await.expect(200);
            }
            (404, 204) => _ = it.max.get(&path).await.expect(404),
            other => panic!("round {round}: {other:?}"),
        }
    }
    assert!(kept > 0 && kept < ROUNDS, "one of the two always won: {kept}");
    it.app.stop().await;
}

/// The rights of a part are those of its whole, so the whole must not leave while a part of it is
/// written. A write of a part raises the version of the whole, which tells who came last.
#[tokio::test]
async fn t04_nobody_writes_parts_of_what_has_left_their_scope_while_they_wrote() {
    let it = Office::arrange().await;
    let (path, paper, other) = (it.at("Bob's low"), it.id("Bob's low"), it.id("Free low"));
    let (ann, bob) = (it.user("ann").await, it.user("bob").await);
    let mut lost = 0;
    for round in 0..ROUNDS {
        it.max.patch(path, json!({ "owner_id": bob })).await.expect(200);
        let new = json!({ "text": format!("{round}"), "paper_id": paper });
        let part = it.max.post("/api/v1/lines", new.clone()).await.expect(201).id();
        let part_path = path_of("lines", part);
        let of_part = json!({ "id": part });
        let change = async {
            match round % 6 {
                0 => it.bob.patch(&part_path, json!({ "text": "changed" })).await,
                1 => it.bob.delete(&part_path).await,
                2 => it.bob.post("/api/v1/lines", new.clone()).await,
                3 => it.bob.patch(&part_path, json!({ "paper_id": other })).await,
                4 => {
                    let data = json!({ "text": "changed" });
                    let many = json!({ "filter": of_part, "data": data, "max_affected": 1 });
                    it.bob.post("/api/v1/lines/update_where", many).await
                }
                _ => {
                    let many = json!({ "filter": of_part, "max_affected": 1 });
                    it.bob.post("/api/v1/lines/delete_where", many).await
                }
            }
        };
        let away = it.max.patch(path, json!({ "owner_id": ann }));
        let (change, away) = tokio::join!(change, away);
        let moved = away.expect(200).at("version").as_i64().unwrap();
        let wrote = match change.status {
            200 if round % 6 > 3 => change.at("affected") == 1,
            200 | 201 | 204 => true,
            403 | 404 | 422 => false,
            _ => panic!("round {round}: {}", change.text()),
        };
        let last = it.sql(format!(
            "select concat_ws(' ', owner_id, version) from papers where id = {paper}"
        ));
        assert_eq!(last.await, format!("{ann} {moved}"), "he came last in round {round}");
        lost += usize::from(!wrote);
    }
    assert!(lost > 0, "the two never met");
    it.app.stop().await;
}

/// What a rule looks at changes in one transaction with the record; whoever waited for the record
/// is judged by what came of both.
#[tokio::test]
async fn t04_nobody_writes_what_another_table_has_taken_out_of_their_scope_while_they_waited() {
    let it = Office::arrange().await;
    let (path, memo) = (it.at("Open memo"), it.id("Open memo"));
    let bobs = it.id("Bob's folder");
    let of_memo = json!({ "id": memo });
    let update = json!({ "filter": of_memo, "data": { "text": "x" }, "max_affected": 1 });
    let delete = json!({ "filter": of_memo, "max_affected": 1 });
    for way in 0..5 {
        it.max.patch(&path_of("folders", bobs), json!({ "level": 0 })).await.expect(200);
        let tx = it.app.session().begin().await.unwrap();
        let high = [Folder::LEVEL.set(9)];
        Folder::update(&tx, Id::new(bobs), high).await.unwrap();
        let text = format!("changed {way}");
        Memo::update(&tx, Id::new(memo), [Memo::TEXT.set(text.as_str())]).await.unwrap();
        let write = async {
            match way {
                0 => it.bob.patch(path, json!({ "text": "x" })).await,
                // To a folder that he may write in, from one that he may not any more.
                1 => it.bob.patch(path, json!({ "folder_id": it.id("Free folder") })).await,
                2 => it.bob.delete(path).await,
                3 => it.bob.post("/api/v1/memos/update_where", update.clone()).await,
                _ => it.bob.post("/api/v1/memos/delete_where", delete.clone()).await,
            }
        };
        let commit = async {
            let waiting = "select count(*)::text from pg_stat_activity \
                           where datname = current_database() and wait_event_type = 'Lock'";
            while it.sql(waiting).await == "0" {
                tokio::task::yield_now().await;
            }
            tx.commit().await.unwrap();
        };
        let (refused, ()) = tokio::join!(write, commit);
        match way {
            0..=2 => assert_eq!(refused.fault(), "404 not_found", "way {way}"),
            _ => assert_eq!(refused.expect(200).at("affected"), 0, "way {way}"),
        }
        let stored = format!("select concat_ws(' ', text, folder_id) from memos where id = {memo}");
        assert_eq!(it.sql(stored).await, format!("{text} {bobs}"), "way {way}");
    }
    it.max.patch(path, json!({ "text": "x" })).await.expect(200);
    it.app.stop().await;
}
