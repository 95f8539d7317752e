//! Stages: there from the start, in their order, and kept while a lead is in them.

use serde_json::json;

use crate::funnel::Funnel;

const STAGES: &str = "/api/v1/lead_stages";

#[tokio::test]
async fn an_installation_has_its_stages_in_order() {
    let it = Funnel::arrange().await;
    let stages = it.grace.get(STAGES).await.expect(200);
    assert_eq!(
        stages.column("name"),
        "Новый / New, Переговоры / In talks, Предложение / Offer, Выигран / Won, Проигран / Lost"
    );
    assert_eq!(stages.column("closed"), "false, false, false, true, true");
    it.app.stop().await;
}

#[tokio::test]
async fn managers_write_stages_and_cannot_lose_one_in_use() {
    let it = Funnel::arrange().await;
    let paused = json!({ "name": "Paused", "sequence": 9 });
    for client in [&it.ann, &it.fedor, &it.grace] {
        assert_eq!(client.post(STAGES, paused.clone()).await.fault(), "403 access_denied");
    }
    let made = it.diana.post(STAGES, paused.clone()).await.expect(201);
    assert_eq!(it.diana.post(STAGES, paused).await.fault(), "409 unique: /name unique");
    let path = format!("{STAGES}/{}", made.id());
    assert_eq!(it.ann.patch(&path, json!({ "closed": true })).await.fault(), "403 access_denied");
    assert_eq!(it.ann.delete(&path).await.fault(), "403 access_denied");
    let negative = it.diana.patch(&path, json!({ "sequence": -1 })).await;
    assert_eq!(negative.fault(), "422 validation: /sequence greater_than_or_equal");
    it.diana.patch(&path, json!({ "closed": true })).await.expect(200);
    it.diana.delete(&path).await.expect(204);

    let in_use = it.diana.delete(&format!("{STAGES}/{}", it.won.get())).await;
    assert_eq!(in_use.fault(), "409 foreign_key");
    assert_eq!(in_use.at("models"), json!(["leads"]));
    it.app.stop().await;
}
