//! Getting more by being linked with it: roles of one's own, records of others.

use serde_json::json;

use crate::office::Office;

#[tokio::test]
async fn t11_nobody_gives_themselves_a_role() {
    let it = Office::arrange().await;
    let links = "select users__roles::text from users__roles order by 1";
    let before = it.sql(links).await;
    let role: i64 =
        it.sql("select id::text from roles where name = 'office.auditor'").await.parse().unwrap();
    let own = format!("/api/v1/users/{}", it.user("ann").await);
    let keeper = it.app.user_with("kim", &["security.admin"]).await;
    let keepers = it.sql(links).await;
    for client in [&it.ann, &it.max, &it.ada, &keeper] {
        for body in [
            json!({ "role_ids": { "add": [role] } }),
            json!({ "role_ids": { "set": [role] } }),
            json!({ "role_ids": [role] }),
            json!({ "roles": [role] }),
        ] {
            let refused = client.patch(&own, body.clone()).await;
            assert!(matches!(refused.status, 403 | 422), "{body}: {}", refused.text());
        }
        for (path, body) in [
            (format!("/api/v1/roles/{role}"), json!({ "implies_ids": { "add": [role] } })),
            (format!("/api/v1/roles/{role}"), json!({ "name": "base.user" })),
        ] {
            let refused = client.patch(&path, body.clone()).await;
            assert!(matches!(refused.status, 403 | 404 | 405 | 422), "{body}: {}", refused.text());
        }
    }
    assert_eq!(it.sql(links).await, keepers);
    assert!(keepers.len() > before.len(), "roles are given where they may be");
    assert_eq!(it.ann.get("/api/v1/papers?sort=cost").await.status, 403);
    it.ada.get("/api/v1/papers?sort=cost").await.expect(200);
    it.app.stop().await;
}

#[tokio::test]
async fn t11_a_link_to_a_hidden_record_is_as_one_to_a_missing_one() {
    let it = Office::arrange().await;
    let low = it.at("Ann's low");
    for (path, key, hidden) in [
        (low, "folder_id", it.id("High folder")),
        (low, "vault_id", 1),
        (it.at("ann-line"), "paper_id", it.id("Bob's low")),
        (it.at("Open memo"), "folder_id", it.id("High folder")),
    ] {
        let one = it.ann.patch(path, json!({ key: hidden })).await;
        let none = it.ann.patch(path, json!({ key: 999_999 })).await;
        let stays = path == low && key == "vault_id";
        if stays {
            // It is stored there: repeating it is no write of it.
            one.expect(200);
            it.ann.patch(path, json!({ key: null })).await.expect(200);
            let again = it.ann.patch(path, json!({ key: hidden })).await;
            assert_eq!(again.without_request_id(), none.without_request_id(), "{path} {key}");
            continue;
        }
        assert_eq!(one.fault(), format!("422 validation: /{key} not_found"), "{path}");
        assert_eq!(one.without_request_id(), none.without_request_id(), "{path} {key}");
        assert_eq!(one.statements(), none.statements(), "{path} {key}");
    }
    it.ada.patch(low, json!({ "folder_id": it.id("High folder") })).await.expect(200);
    it.app.stop().await;
}

#[tokio::test]
async fn t11_a_part_of_a_record_of_somebody_else_is_out_of_reach() {
    let it = Office::arrange().await;
    let (theirs, own) = (it.at("bob-line"), it.at("ann-line"));
    let change = json!({ "text": "Changed" });
    assert_eq!(it.ann.patch(theirs, change.clone()).await.fault(), "404 not_found");
    assert_eq!(it.ann.delete(theirs).await.fault(), "404 not_found");
    let many = json!({ "filter": { "id": { "gt": 0 } }, "data": change, "max_affected": 9 });
    let done = it.ann.post("/api/v1/lines/update_where", many).await.expect(200);
    assert_eq!(done.json(), json!({ "affected": 1 }), "not of Bob's, not of the high one");
    let texts = "select text from lines order by id";
    assert_eq!(it.sql(texts).await, "Changed\nhigh-line\nbob-line");
    it.bob.patch(theirs, change.clone()).await.expect(200);
    it.ann.patch(own, json!({ "text": "Again" })).await.expect(200);
    it.app.stop().await;
}
