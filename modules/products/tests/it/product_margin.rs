//! What is left of a price: it follows price and cost, and is closed like the cost.

use serde_json::json;

use crate::catalogue::{Catalogue, PRODUCTS, path};

#[tokio::test]
async fn the_margin_follows_price_and_cost_and_is_told_to_managers_only() {
    let it = Catalogue::arrange().await;
    let lamp = path(it.desk_lamp);
    let margin = async || it.manager.get(&lamp).await.expect(200).at("margin");
    assert_eq!(margin().await, "14.50");
    it.manager.patch(&lamp, json!({ "price": "20.00" })).await.expect(200);
    assert_eq!(margin().await, "-5.50");
    it.manager.patch(&lamp, json!({ "cost": null })).await.expect(200);
    assert_eq!(margin().await, json!(null));
    let written = it.manager.patch(&lamp, json!({ "margin": "1.00" })).await;
    assert_eq!(written.fault(), "422 validation: /margin read_only");

    assert!(it.reader.get(&lamp).await.expect(200).json().get("margin").is_none());
    for query in ["fields=margin", "margin[gt]=0", "sort=-margin"] {
        let way = format!("{PRODUCTS}?{query}");
        it.manager.get(&way).await.expect(200);
        assert!(it.reader.get(&way).await.fault().starts_with("403 field_forbidden"), "{query}");
    }
    it.app.stop().await;
}
