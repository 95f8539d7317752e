//! What has become of partners, as those read it who may see them.

use serde_json::json;

use crate::address_book::{AddressBook, path};

#[tokio::test]
async fn whoever_takes_a_partner_over_sees_what_it_was() {
    let it = AddressBook::arrange().await;
    let firm = path(it.ann_firm);
    let history = firm.clone() + "/history";
    it.ann.patch(&firm, json!({ "name": "Ann & Co" })).await.expect(200);
    assert_eq!(it.boris.get(&history).await.fault(), "404 not_found");
    let to_boris = json!({ "owner_id": it.user("boris").await });
    it.diana.patch(&firm, to_boris).await.expect(200);
    let told = it.boris.get(&history).await.expect(200).json();
    let expected = json!([{ "field": "name", "old": "Ann's firm", "new": "Ann & Co" }]);
    assert_eq!(told["data"][1]["changes"], expected);
    assert_eq!(told["data"][0]["changes"][0]["field"], "owner_id");
    assert_eq!(it.ann.get(&history).await.fault(), "404 not_found");
    it.app.stop().await;
}
