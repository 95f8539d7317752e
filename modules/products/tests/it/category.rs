//! Categories: a forest that everyone reads and managers tend.

use serde_json::json;

use crate::catalogue::Catalogue;

const CATEGORIES: &str = "/api/v1/categories";

#[tokio::test]
async fn everyone_reads_the_tree_and_managers_tend_it() {
    let it = Catalogue::arrange().await;
    let list = it.reader.get(&format!("{CATEGORIES}?parent.name=Home")).await.expect(200);
    assert_eq!(list.column("name"), "Light");
    let garden = json!({ "name": "Garden", "parent_id": it.home.get() });
    assert_eq!(it.reader.post(CATEGORIES, garden.clone()).await.fault(), "403 access_denied");
    let made = it.manager.post(CATEGORIES, garden).await.expect(201);
    let path = format!("{CATEGORIES}/{}", made.id());
    assert_eq!(it.reader.patch(&path, json!({ "name": "x" })).await.fault(), "403 access_denied");
    assert_eq!(it.reader.delete(&path).await.fault(), "403 access_denied");
    let moved = it.manager.patch(&path, json!({ "parent_id": null })).await.expect(200);
    assert_eq!(moved.at("parent_id"), json!(null));
    it.manager.delete(&path).await.expect(204);
    it.app.stop().await;
}

#[tokio::test]
async fn a_category_in_use_cannot_be_deleted() {
    let it = Catalogue::arrange().await;
    let full = it.manager.delete(&format!("{CATEGORIES}/{}", it.lamps.get())).await;
    assert_eq!(full.fault(), "409 foreign_key");
    assert_eq!(full.at("models"), json!(["products"]));
    let root = it.manager.delete(&format!("{CATEGORIES}/{}", it.home.get())).await;
    assert_eq!(root.fault(), "409 foreign_key");
    assert_eq!(root.at("models"), json!(["categories", "products"]));
    it.app.stop().await;
}
