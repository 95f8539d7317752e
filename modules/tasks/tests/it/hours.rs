//! Hours: parts of their task, added up in it.

use serde_json::json;

use crate::workshop::{HOURS, Workshop, path};

#[tokio::test]
async fn a_task_adds_up_the_hours_that_went_into_it() {
    let it = Workshop::arrange().await;
    let spent = async |expected: &str| {
        assert_eq!(it.ann.get(&path(it.paint)).await.expect(200).at("spent_hours"), expected);
    };
    let hours = |hours: &str| json!({ "task_id": it.paint, "hours": hours });
    spent("0.00").await;
    let entry = it.boris.post(HOURS, hours("1.25")).await.expect(201);
    assert_eq!(entry.at("user_id"), it.user("boris").await);
    it.ann.post(HOURS, hours("0.50")).await.expect(201);
    spent("1.75").await;
    let entry = format!("{HOURS}/{}", entry.id());
    it.boris.patch(&entry, json!({ "hours": 2 })).await.expect(200);
    spent("2.50").await;
    // Hours are written by whoever may change the task, and seen with it.
    it.clara.get(&entry).await.expect(404);
    it.clara.delete(&entry).await.expect(404);
    let stranger = it.clara.post(HOURS, hours("1")).await;
    assert_eq!(stranger.fault(), "422 validation: /task_id not_found");
    it.grace.get(HOURS).await.expect(403);
    it.ann.patch(&entry, json!({ "task_id": it.dig })).await.expect(200);
    spent("0.50").await;
    assert_eq!(it.clara.get(&path(it.dig)).await.expect(200).at("spent_hours"), "2.00");
    it.clara.delete(&entry).await.expect(204);
    assert_eq!(it.clara.get(&path(it.dig)).await.expect(200).at("spent_hours"), "0.00");
    for (wrong, fault) in [("24.01", "less_than_or_equal"), ("-0.01", "greater_than_or_equal")] {
        let wrong = it.ann.post(HOURS, hours(wrong)).await;
        assert_eq!(wrong.fault(), format!("422 validation: /hours {fault}"));
    }
    it.app.stop().await;
}
