//! The amounts of a sale: the sums of its lines, whatever becomes of these, and nobody's to write.

use artel_testing::Client;
use serde_json::json;

use crate::counter::{Counter, LINES, path, path_of_line};

#[tokio::test]
async fn amounts_follow_their_lines() {
    let it = Counter::arrange().await;
    let (from, to) = (it.ann_sale, it.free_sale);
    let vat = json!({ "name": "a fifth", "percent": 20 });
    let vat = it.diana.post("/api/v1/taxes", vat).await.expect(201).id();
    check(&it.ann, from, ["0.00", "0.00", "0.00"]).await;

    let lamps = json!({ "qty": 3, "discount": 10, "tax_id": vat });
    let lamps = it.line(&it.ann, from, lamps).await.expect(201).id();
    check(&it.ann, from, ["108.00", "21.60", "129.60"]).await;
    let version = it.ann.get(&path(from)).await.expect(200).at("version");
    let more = it.line(&it.ann, from, json!({ "price": "0.05", "qty": "0.5" })).await.expect(201);
    check(&it.ann, from, ["108.03", "21.60", "129.63"]).await;
    let raised = it.ann.get(&path(from)).await.expect(200).at("version");
    assert_eq!(raised.as_i64(), version.as_i64().map(|it| it + 1), "one change is one version");

    let lamps = path_of_line(lamps);
    it.ann.patch(&lamps, json!({ "qty": 1, "discount": 0 })).await.expect(200);
    check(&it.ann, from, ["40.03", "8.00", "48.03"]).await;
    it.ann.patch(&lamps, json!({ "sale_id": to })).await.expect(200);
    check(&it.ann, from, ["0.03", "0.00", "0.03"]).await;
    check(&it.ann, to, ["40.00", "8.00", "48.00"]).await;
    // A tax that changes moves what it is a part of.
    it.diana.patch(&format!("/api/v1/taxes/{vat}"), json!({ "percent": "12.5" })).await.expect(200);
    check(&it.ann, to, ["40.00", "5.00", "45.00"]).await;
    it.ann.delete(&lamps).await.expect(204);
    check(&it.ann, to, ["0.00", "0.00", "0.00"]).await;
    it.ann.delete(&path_of_line(more.id())).await.expect(204);
    check(&it.ann, from, ["0.00", "0.00", "0.00"]).await;

    let written = it.diana.patch(&path(from), json!({ "amount_total": "1.00" })).await;
    assert_eq!(written.fault(), "422 validation: /amount_total read_only");
    it.app.stop().await;
}

#[tokio::test]
async fn a_line_that_cannot_move_leaves_both_sums() {
    let it = Counter::arrange().await;
    let line = it.line(&it.ann, it.ann_sale, json!({ "qty": 2 })).await.expect(201).id();
    // Boris's sale is hidden from Ann, and the southern one from all of North.
    for hidden in [it.boris_sale, it.southern_sale] {
        let moved = it.ann.patch(&path_of_line(line), json!({ "sale_id": hidden })).await;
        assert_eq!(moved.fault(), "422 validation: /sale_id not_found");
    }
    check(&it.ann, it.ann_sale, ["80.00", "0.00", "80.00"]).await;
    check(&it.boris, it.boris_sale, ["0.00", "0.00", "0.00"]).await;
    it.diana.patch(&path_of_line(line), json!({ "sale_id": it.boris_sale })).await.expect(200);
    check(&it.boris, it.boris_sale, ["80.00", "0.00", "80.00"]).await;
    assert_eq!(it.ann.get(LINES).await.expect(200).column("id"), "");
    it.app.stop().await;
}

#[tokio::test]
async fn lines_that_come_at_once_are_all_counted() {
    let it = Counter::arrange().await;
    let add = || it.line(&it.ann, it.ann_sale, json!({ "price": "0.10" }));
    let (a, b, c, d, e, f) = tokio::join!(add(), add(), add(), add(), add(), add());
    for line in [a, b, c, d, e, f] {
        line.expect(201);
    }
    check(&it.ann, it.ann_sale, ["0.60", "0.00", "0.60"]).await;
    it.app.stop().await;
}

async fn check(client: &Client, sale: i64, expected: [&str; 3]) {
    let sale = client.get(&path(sale)).await.expect(200);
    let found = ["amount_untaxed", "amount_tax", "amount_total"].map(|key| sale.at(key));
    assert_eq!(found, expected.map(|it| json!(it)));
}
