//! Tags of partners: read by those who look after partners, written by their managers.

use serde_json::json;

use crate::address_book::AddressBook;

const TAGS: &str = "/api/v1/partner_tags";

#[tokio::test]
async fn tags_are_read_by_users_and_written_by_managers() {
    let it = AddressBook::arrange().await;
    let vip = json!({ "name": "VIP" });
    assert_eq!(it.grace.get(TAGS).await.fault(), "403 access_denied");
    assert_eq!(it.ann.post(TAGS, vip.clone()).await.fault(), "403 access_denied");
    let made = it.diana.post(TAGS, vip.clone()).await.expect(201);
    assert_eq!(it.diana.post(TAGS, vip).await.fault(), "409 unique: /name unique");
    assert_eq!(it.ann.get(TAGS).await.expect(200).column("name"), "VIP");
    let path = format!("{TAGS}/{}", made.id());
    assert_eq!(it.ann.patch(&path, json!({ "name": "x" })).await.fault(), "403 access_denied");
    assert_eq!(it.ann.delete(&path).await.fault(), "403 access_denied");
    it.diana.delete(&path).await.expect(204);
    it.app.stop().await;
}
