//! What has become of leads, as those read it who may see them.

use serde_json::json;

use crate::funnel::{Funnel, path};

#[tokio::test]
async fn whoever_sees_a_lead_sees_how_it_came_so_far() {
    let it = Funnel::arrange().await;
    let lead = path(it.ann_lead);
    it.ann.patch(&lead, json!({ "stage_id": it.won.get(), "amount": "150" })).await.expect(200);
    let history = lead.clone() + "/history";
    let told = it.ann.get(&history).await.expect(200).json();
    let last = &told["data"][0];
    assert_eq!((&last["verb"], &last["by_id"]), (&json!("update"), &json!(it.user("ann").await)));
    assert_eq!(
        last["changes"],
        json!([
            { "field": "stage_id", "old": it.new.get(), "new": it.won.get() },
            { "field": "amount", "old": "100.00", "new": "150.00" },
        ])
    );
    assert_eq!(told["data"][1]["verb"], "create");
    assert_eq!(it.diana.get(&history).await.expect(200).json(), told);
    assert_eq!(it.boris.get(&history).await.fault(), "404 not_found");
    assert_eq!(it.fedor.get(&history).await.fault(), "404 not_found");
    assert_eq!(it.grace.get(&history).await.fault(), "403 access_denied");
    it.app.stop().await;
}

#[tokio::test]
async fn a_change_of_many_is_in_the_history_of_each() {
    let it = Funnel::arrange().await;
    let body = json!({
        "filter": { "active": true }, "data": { "probability": 5 }, "max_affected": 9,
    });
    it.diana.post("/api/v1/leads/update_where", body).await.expect(200);
    for lead in [it.ann_lead, it.boris_lead, it.free_lead] {
        let told = it.diana.get(&(path(lead) + "/history?limit=1")).await.expect(200).json();
        let expected = json!([{ "field": "probability", "old": null, "new": 5 }]);
        assert_eq!(told["data"][0]["changes"], expected);
    }
    it.app.stop().await;
}
