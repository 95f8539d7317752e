//! Lines: what they take over from their product, and where they stand.

use serde_json::{Value, json};

use crate::counter::{Counter, LINES, path, path_of_line, with};

#[tokio::test]
async fn a_line_takes_over_from_its_product_what_nobody_says() {
    let it = Counter::arrange().await;
    let hour = it.admin.post("/api/v1/units", json!({ "name": "per day" })).await.expect(201).id();
    let lesson = json!({ "name": "Lesson", "price": "20.00", "unit_id": hour });
    let lesson = it.admin.post("/api/v1/products", lesson).await.expect(201).id();

    let line = it.line(&it.ann, it.ann_sale, json!({})).await.expect(201);
    let found = ["name", "unit_id", "price", "qty", "sequence"].map(|key| line.at(key));
    let expected =
        [json!("Lamp"), json!(it.pieces.get()), json!("40.00"), json!("1.000"), json!(1)];
    assert_eq!(found, expected);
    let said = json!({ "name": "A lamp", "price": "0.00", "sequence": 7 });
    let said = it.line(&it.ann, it.ann_sale, said).await.expect(201);
    assert_eq!([said.at("name"), said.at("price")], [json!("A lamp"), json!("0.00")]);
    let next = it.line(&it.ann, it.ann_sale, json!({})).await.expect(201);
    assert_eq!(next.at("sequence"), 8);

    // Another product is another name and price; the same one again is not.
    let path = path_of_line(said.id());
    let kept = json!({ "product_id": it.lamp.get(), "qty": 2 });
    assert_eq!(it.ann.patch(&path, kept).await.expect(200).at("name"), "A lamp");
    let other = json!({ "product_id": lesson, "price": "19.00" });
    let other = it.ann.patch(&path, other).await.expect(200);
    let found = ["name", "unit_id", "price", "subtotal"].map(|key| other.at(key));
    assert_eq!(found, [json!("Lesson"), json!(hour), json!("19.00"), json!("38.00")]);

    let lost = json!({ "sale_id": it.ann_sale, "product_id": 404 });
    let lost = it.ann.post(LINES, lost).await;
    assert_eq!(lost.fault(), "422 validation: /product_id not_found");
    let nothing = it.ann.post(LINES, json!({})).await;
    let expected = "422 validation: /sale_id required, /product_id required";
    assert_eq!(nothing.fault(), expected);
    let listed = format!("{LINES}?sale_id={}", it.ann_sale);
    assert_eq!(it.ann.get(&listed).await.expect(200).column("sequence"), "1, 7, 8");
    it.app.stop().await;
}

#[tokio::test]
async fn a_form_shows_what_comes_with_a_product_and_what_it_comes_to() {
    let it = Counter::arrange().await;
    let form = async |client: &artel_testing::Client, record: Value, changed: Value| {
        let body = json!({ "record": record, "changed": changed });
        client.post(&format!("{LINES}/onchange"), body).await
    };
    let chosen = json!({ "product_id": it.lamp.get(), "qty": "2.5", "name": "as typed" });
    let follows = form(&it.ann, chosen.clone(), json!(["product_id"])).await.expect(200).json();
    let expected = json!({
        "name": "Lamp", "unit_id": it.pieces.get(), "price": "40.00",
        "subtotal": "100.00", "tax_amount": "0.00", "total": "100.00",
    });
    assert_eq!(follows, json!({ "record": expected, "warnings": [] }));
    // What was entered last stays.
    let follows = form(&it.ann, chosen, json!(["product_id", "name"])).await.expect(200);
    assert!(follows.at("record").get("name").is_none());
    let nothing = form(&it.ann, json!({}), json!([])).await.expect(200).at("record");
    assert_eq!(nothing, json!({}));
    for (record, changed, expected) in [
        (json!({ "product_id": 404 }), json!([]), "422 validation: /record/product_id not_found"),
        (json!({ "qty": "x" }), json!([]), "422 validation: /record/qty invalid"),
        (json!({ "colour": 1 }), json!([]), "422 validation: /record/colour unknown_field"),
        (json!({}), json!(["colour"]), "422 validation: /changed/0 unknown_field"),
    ] {
        assert_eq!(form(&it.ann, record, changed).await.fault(), expected);
    }
    let none = it.admin.get(&format!("{LINES}?name=Lamp")).await.expect(200).at("data");
    assert_eq!(none, json!([]), "nothing is saved");
    it.app.stop().await;
}

#[tokio::test]
async fn a_sale_comes_with_its_lines_in_one_request() {
    let it = Counter::arrange().await;
    let lamp = |more: Value| with(json!({ "product_id": it.lamp.get() }), more);
    let lines = json!([lamp(json!({ "qty": 2 })), lamp(json!({ "name": "Gift", "price": 0 }))]);
    let sale = it.sell(&it.ann, json!({ "lines": { "create": lines } })).await.expect(201);
    assert_eq!([sale.at("number"), sale.at("amount_total")], ["S00004", "80.00"]);
    let of_sale = format!("{LINES}?sale_id={}&fields=name,price,sequence", sale.id());
    let listed = async || it.ann.get(&of_sale).await.expect(200).at("data");
    let expected = json!([
        { "name": "Lamp", "price": "40.00", "sequence": 1 },
        { "name": "Gift", "price": "0.00", "sequence": 2 },
    ]);
    assert_eq!(listed().await, expected);

    let more = json!({ "lines": { "create": [lamp(json!({ "discount": 50 }))] } });
    let sale = it.ann.patch(&path(sale.id()), more).await.expect(200);
    assert_eq!(sale.at("amount_total"), "100.00");
    assert_eq!(listed().await[2]["sequence"], 3);
    // One wrong line undoes all, and takes no number away for ever.
    let wrong = json!([lamp(json!({})), { "product_id": 404 }, lamp(json!({ "discount": 101 }))]);
    let refused = it.sell(&it.ann, json!({ "lines": { "create": wrong } })).await;
    let expected = "422 validation: /lines/create/2/discount less_than_or_equal";
    assert_eq!(refused.fault(), expected);
    let lost = json!([lamp(json!({})), { "product_id": 404 }]);
    let refused = it.sell(&it.ann, json!({ "lines": { "create": lost } })).await;
    assert_eq!(refused.fault(), "422 validation: /lines/create/1/product_id not_found");
    assert_eq!(it.sell(&it.ann, json!({})).await.expect(201).at("number"), "S00005");
    it.app.stop().await;
}
