//! Tags: words that come and go without a trace on products.

use serde_json::json;

use crate::catalogue::Catalogue;

const TAGS: &str = "/api/v1/product_tags";

#[tokio::test]
async fn tags_are_unique_and_written_by_managers() {
    let it = Catalogue::arrange().await;
    assert_eq!(it.reader.get(TAGS).await.expect(200).column("name"), "new, sale");
    let eco = json!({ "name": "eco" });
    assert_eq!(it.reader.post(TAGS, eco.clone()).await.fault(), "403 access_denied");
    it.manager.post(TAGS, eco.clone()).await.expect(201);
    assert_eq!(it.manager.post(TAGS, eco).await.fault(), "409 unique: /name unique");
    it.app.stop().await;
}

#[tokio::test]
async fn a_deleted_tag_leaves_its_products() {
    let it = Catalogue::arrange().await;
    let sale = it.manager.get(&format!("{TAGS}?name=sale")).await.expect(200);
    let path = format!("{TAGS}/{}", sale.column("id"));
    assert_eq!(it.reader.delete(&path).await.fault(), "403 access_denied");
    it.manager.delete(&path).await.expect(204);
    it.check_filter(json!({ "tags": { "null": true } }), "Chair, Floor lamp").await;
    it.app.stop().await;
}
