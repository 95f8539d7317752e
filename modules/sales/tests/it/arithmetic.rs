//! The arithmetic of a line, worked out by hand: every amount is rounded to 2 places, half away
//! from zero, and the next one follows from what is rounded.

use std::collections::BTreeMap;

use serde_json::json;

use crate::counter::{Counter, path};

/// Price, quantity, discount, tax in per cent (none: no tax); subtotal, tax, total.
type Row = [&'static str; 7];

const TABLE: [Row; 30] = [
    ["100.00", "1", "0", "20", "100.00", "20.00", "120.00"],
    ["100.00", "3", "0", "", "300.00", "0.00", "300.00"],
    ["19.99", "3", "0", "20", "59.97", "11.99", "71.96"],
    ["19.99", "3", "10", "20", "53.97", "10.79", "64.76"],
    ["0.00", "5", "10", "20", "0.00", "0.00", "0.00"],
    ["12.50", "0", "0", "20", "0.00", "0.00", "0.00"],
    ["12.50", "4", "100", "20", "0.00", "0.00", "0.00"],
    ["12.50", "4", "0", "0", "50.00", "0.00", "50.00"],
    // Halves: 0.005, 0.015, 0.025, 1.005.
    ["0.01", "0.5", "0", "20", "0.01", "0.00", "0.01"],
    ["0.03", "0.5", "0", "20", "0.02", "0.00", "0.02"],
    ["0.05", "0.5", "0", "20", "0.03", "0.01", "0.04"],
    ["2.01", "0.5", "0", "0", "1.01", "0.00", "1.01"],
    // Just below a half, and just above: 0.0049, 0.0051.
    ["0.01", "0.499", "0", "", "0.00", "0.00", "0.00"],
    ["0.01", "0.501", "0", "", "0.01", "0.00", "0.01"],
    // Halves of a discount: 0.05 x 0.5 = 0.025, 9.99 x 0.5 = 4.995.
    ["0.05", "1", "50", "", "0.03", "0.00", "0.03"],
    ["9.99", "1", "50", "", "5.00", "0.00", "5.00"],
    // Halves of a tax: 0.025, 1.105, 0.35 x 0.1 = 0.035.
    ["0.25", "1", "0", "10", "0.25", "0.03", "0.28"],
    ["11.05", "1", "0", "10", "11.05", "1.11", "12.16"],
    ["0.35", "1", "0", "10", "0.35", "0.04", "0.39"],
    // What comes back is rounded away from zero too.
    ["0.01", "-0.5", "0", "20", "-0.01", "0.00", "-0.01"],
    ["0.05", "-1", "50", "", "-0.03", "0.00", "-0.03"],
    ["-0.25", "1", "0", "10", "-0.25", "-0.03", "-0.28"],
    ["19.99", "-3", "10", "20", "-53.97", "-10.79", "-64.76"],
    // Three places of quantity: 3.33333 and 1.19988.
    ["3.33", "1.001", "0", "20", "3.33", "0.67", "4.00"],
    ["99.99", "0.012", "0", "20", "1.20", "0.24", "1.44"],
    // The price of all is rounded before the discount: 3.34665 is 3.35, and 3.015 is 3.02.
    ["10.05", "0.333", "10", "", "3.02", "0.00", "3.02"],
    // Two places of discount, three of tax: 87.655 is 87.66, and 7.779825 is 7.78.
    ["100.00", "1", "12.34", "8.875", "87.66", "7.78", "95.44"],
    ["1.00", "1", "33.33", "", "0.67", "0.00", "0.67"],
    // As large as it gets.
    [
        "1000000000.00",
        "1000000.000",
        "0",
        "100",
        "1000000000000000.00",
        "1000000000000000.00",
        "2000000000000000.00",
    ],
    [
        "999999999.99",
        "999999.999",
        "0.01",
        "20",
        "999899998990101.00",
        "199979999798020.20",
        "1199879998788121.20",
    ],
];

#[tokio::test]
async fn lines_come_to_what_a_pencil_says() {
    let it = Counter::arrange().await;
    let mut taxes = BTreeMap::new();
    for [_, _, _, percent, ..] in TABLE {
        if !percent.is_empty() && !taxes.contains_key(percent) {
            let tax = json!({ "name": format!("{percent} per cent"), "percent": percent });
            let made = it.diana.post("/api/v1/taxes", tax).await.expect(201);
            taxes.insert(percent, made.id());
        }
    }
    for [price, qty, discount, percent, subtotal, tax_amount, total] in TABLE {
        let said = json!({
            "price": price, "qty": qty, "discount": discount, "tax_id": taxes.get(percent),
        });
        let line = it.line(&it.ann, it.ann_sale, said).await.expect(201);
        let found = ["subtotal", "tax_amount", "total"].map(|key| line.at(key));
        let row = format!("{price} x {qty}, {discount} % off, tax {percent} %");
        assert_eq!(found, [subtotal, tax_amount, total].map(|it| json!(it)), "{row}");
    }
    it.app.stop().await;
}

#[tokio::test]
async fn what_no_line_can_hold_is_refused_and_moves_nothing() {
    let it = Counter::arrange().await;
    it.line(&it.ann, it.ann_sale, json!({ "qty": 2 })).await.expect(201);
    for (said, fault) in [
        (json!({ "discount": "-0.01" }), "/discount greater_than_or_equal"),
        (json!({ "discount": "100.01" }), "/discount less_than_or_equal"),
        (json!({ "discount": "0.001" }), "/discount too_precise"),
        (json!({ "qty": "0.0001" }), "/qty too_precise"),
        (json!({ "qty": "1000000.001" }), "/qty less_than_or_equal"),
        (json!({ "qty": "-1000000.001" }), "/qty greater_than_or_equal"),
        (json!({ "price": "1000000000.01" }), "/price less_than_or_equal"),
        (json!({ "price": "1.005" }), "/price too_precise"),
        (json!({ "subtotal": "1.00" }), "/subtotal read_only"),
        (json!({ "qty": null }), "/qty required"),
    ] {
        let refused = it.line(&it.ann, it.ann_sale, said.clone()).await;
        assert_eq!(refused.fault(), format!("422 validation: {fault}"), "{said}");
    }
    let sale = it.ann.get(&path(it.ann_sale)).await.expect(200);
    assert_eq!(sale.at("amount_total"), "80.00");
    it.app.stop().await;
}
