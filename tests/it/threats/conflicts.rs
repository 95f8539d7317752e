//! What counts and conflicts tell of records that are hidden.

use serde_json::json;

use crate::office::Office;

#[tokio::test]
async fn t12_totals_and_pages_are_over_what_is_seen() {
    let it = Office::arrange().await;
    let ann = it.user("ann").await;
    for (filter, sql) in [
        ("", "true"),
        ("&level=0", "level = 0"),
        ("&level[gt]=0", "level > 0"),
        ("&name[contains]=low", "name like '%low%'"),
        ("&id[gt]=0&sort=-name", "true"),
    ] {
        for (client, rule) in [
            (&it.ann, format!("owner_id = {ann} or owner_id is null")),
            (&it.max, "true".to_owned()),
            (&it.gus, "false".to_owned()),
        ] {
            let count = format!("select count(*)::text from papers where ({rule}) and {sql}");
            let expected: u64 = it.sql(count).await.parse().unwrap();
            for limit in 0..6 {
                let path = format!("/api/v1/papers?count=exact&limit={limit}{filter}");
                let page = client.get(&path).await.expect(200).at("page");
                let has_more = limit < expected;
                let whole =
                    json!({ "has_more": has_more, "total": expected, "total_kind": "exact" });
                assert_eq!(page, whole, "{path}");
            }
        }
    }
    it.app.stop().await;
}

#[tokio::test]
async fn t12_a_unique_value_of_a_hidden_record_is_known_to_be_taken_and_no_more() {
    let it = Office::arrange().await;
    let hidden = it.ann.post("/api/v1/folders", json!({ "name": "High folder" })).await;
    let seen = it.ann.post("/api/v1/folders", json!({ "name": "Free folder" })).await;
    assert_eq!(hidden.fault(), "409 unique: /name unique");
    assert_eq!(hidden.without_request_id(), seen.without_request_id());
    it.ann.post("/api/v1/folders", json!({ "name": "New folder" })).await.expect(201);
    it.app.stop().await;
}
