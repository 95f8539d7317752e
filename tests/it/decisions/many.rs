//! Writes of many rows, and what is counted.

use serde_json::{Value, json};

use crate::office::Office;

const PAPERS: &str = "/api/v1/papers";

#[tokio::test]
async fn update_where_and_delete_where_reach_the_rows_that_pass_read_and_the_verb() {
    let it = Office::arrange().await;
    let stamp = json!({ "filter": every(), "data": { "stamp": 1 }, "max_affected": 9 });
    let done = it.ann.post(&route("update_where"), stamp).await.expect(200);
    assert_eq!(done.json(), json!({ "affected": 3 }), "not the high one, and not Bob's");
    assert_eq!(
        it.sql("select name from papers where stamp = 1 order by name").await,
        "Ann's low\nAnn's mid\nFree low"
    );
    let all = json!({ "filter": every(), "max_affected": 9 });
    let done = it.ann.post(&route("delete_where"), all).await.expect(200);
    assert_eq!(done.json(), json!({ "affected": 2 }), "of level 0");
    assert_eq!(
        it.sql("select name from papers order by name").await,
        "Ann's high\nAnn's mid\nBob's low"
    );
    it.app.stop().await;
}

#[tokio::test]
async fn one_new_row_out_of_the_rule_refuses_all_of_update_where() {
    let it = Office::arrange().await;
    let before = it.stored().await;
    let raise = json!({ "filter": every(), "data": { "level": 9 }, "max_affected": 9 });
    let refused = it.ann.post(&route("update_where"), raise.clone()).await;
    assert_eq!(refused.fault(), "403 access_denied");
    assert_eq!(it.stored().await, before);
    let done = it.max.post(&route("update_where"), raise).await.expect(200);
    assert_eq!(done.json(), json!({ "affected": 4 }), "one is so already");
    it.app.stop().await;
}

#[tokio::test]
async fn max_affected_counts_the_rows_that_would_be_written() {
    let it = Office::arrange().await;
    let body = |max: i64| json!({ "filter": every(), "data": { "level": 3 }, "max_affected": max });
    let refused = it.ann.post(&route("update_where"), body(1)).await;
    assert_eq!((refused.fault().as_str(), refused.at("affected")), ("409 max_affected", json!(2)));
    // Her paper of level 3, her high one and Bob's are not counted.
    let done = it.ann.post(&route("update_where"), body(2)).await.expect(200);
    assert_eq!(done.json(), json!({ "affected": 2 }));
    let delete = |max: i64| json!({ "filter": every(), "max_affected": max });
    let refused = it.max.post(&route("delete_where"), delete(4)).await;
    assert_eq!((refused.fault().as_str(), refused.at("affected")), ("409 max_affected", json!(5)));
    it.max.post(&route("delete_where"), delete(5)).await.expect(200);
    it.app.stop().await;
}

#[tokio::test]
async fn count_is_over_visible_rows_only() {
    let it = Office::arrange().await;
    for (query, anns, all) in [
        ("", 4, 5),
        ("&level=0", 2, 3),
        ("&folder.name=Bob's+folder", 0, 2),
        ("&folder_id[null]=false", 4, 5),
        ("&q=low", 2, 3),
    ] {
        for kind in ["exact", "estimated"] {
            let path = format!("{PAPERS}?limit=0&count={kind}{query}");
            for (client, expected) in [(&it.ann, anns), (&it.max, all), (&it.admin, all)] {
                let page = client.get(&path).await.expect(200).at("page");
                assert_eq!(
                    (&page["total"], &page["total_kind"]),
                    (&json!(expected), &json!("exact")),
                    "{path}"
                );
                assert_eq!(page["has_more"], json!(expected > 0), "{path}");
            }
        }
    }
    it.app.stop().await;
}

#[tokio::test]
async fn there_is_no_planners_estimate_for_callers_under_rules() {
    let it = Office::arrange().await;
    let ann = it.user("ann").await;
    it.sql(format!(
        "insert into papers (name, owner_id, level) \
         select 'copy ' || n, {ann}, 0 from generate_series(1, 10100) n"
    ))
    .await;
    it.sql("analyze papers").await;
    let page = async |client: &artel_testing::Client| {
        client.get(&format!("{PAPERS}?limit=0&count=estimated")).await.expect(200).at("page")
    };
    let anns = page(&it.ann).await;
    assert_eq!((&anns["total"], &anns["total_kind"]), (&json!(10_000), &json!("at_least")));
    assert_eq!(page(&it.admin).await["total_kind"], "estimated");
    let bobs = page(&it.bob).await;
    assert_eq!((&bobs["total"], &bobs["total_kind"]), (&json!(2), &json!("exact")));
    it.app.stop().await;
}

fn every() -> Value {
    json!({ "id": { "gt": 0 } })
}

fn route(name: &str) -> String {
    format!("{PAPERS}/{name}")
}
