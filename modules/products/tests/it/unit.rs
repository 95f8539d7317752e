//! Units: there from the start, and not to be lost while something is counted in them.

use serde_json::json;

use crate::catalogue::Catalogue;

const UNITS: &str = "/api/v1/units";

#[tokio::test]
async fn an_installation_has_its_units() {
    let it = Catalogue::arrange().await;
    let list = it.reader.get(&format!("{UNITS}?sort=id")).await.expect(200);
    assert_eq!(list.column("name"), "шт. / pcs, ч / h, кг / kg, компл. / set");
    it.app.stop().await;
}

#[tokio::test]
async fn units_are_unique_written_by_managers_and_kept_while_in_use() {
    let it = Catalogue::arrange().await;
    let metre = json!({ "name": "м / m" });
    assert_eq!(it.reader.post(UNITS, metre.clone()).await.fault(), "403 access_denied");
    let made = it.manager.post(UNITS, metre.clone()).await.expect(201);
    assert_eq!(it.manager.post(UNITS, metre).await.fault(), "409 unique: /name unique");
    let path = format!("{UNITS}/{}", made.id());
    it.manager.patch(&path, json!({ "name": "пог. м / m" })).await.expect(200);
    assert_eq!(it.reader.delete(&path).await.fault(), "403 access_denied");
    it.manager.delete(&path).await.expect(204);

    let in_use = it.manager.delete(&format!("{UNITS}/{}", it.pieces.get())).await;
    assert_eq!(in_use.fault(), "409 foreign_key");
    assert_eq!(in_use.at("models"), json!(["products"]));
    it.app.stop().await;
}
