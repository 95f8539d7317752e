//! The numbers of sales: each company counts its own, whoever sells at the same time.

use std::collections::BTreeSet;

use orm::Model;
use sales::Sale;
use serde_json::json;

use crate::counter::{Counter, SALES, path};

#[tokio::test]
async fn each_company_counts_its_own_sales() {
    let it = Counter::arrange().await;
    // Five were made before: three of North, one of South, and one of nobody.
    let number = async |more| it.sell(&it.admin, more).await.expect(201).at("number");
    assert_eq!(number(json!({ "company_id": it.north.get() })).await, "S00004");
    assert_eq!(number(json!({ "company_id": it.south.get() })).await, "S00002");
    assert_eq!(number(json!({})).await, "S00002");
    assert_eq!(number(json!({ "company_id": it.north.get() })).await, "S00005");
    // A sale that moves is counted where it comes to; one that stays keeps its number.
    let moved = json!({ "company_id": it.south.get() });
    let moved = it.admin.patch(&path(it.ann_sale), moved).await.expect(200);
    assert_eq!(moved.at("number"), "S00003");
    let again = json!({ "company_id": it.south.get(), "notes": "the same" });
    assert_eq!(it.admin.patch(&path(it.ann_sale), again).await.expect(200).at("number"), "S00003");
    it.app.stop().await;
}

#[tokio::test]
async fn no_two_sales_get_the_same_number_at_the_same_time() {
    let it = Counter::arrange().await;
    let sell = async |company: Option<i64>| {
        let sale = it.sell(&it.admin, json!({ "company_id": company })).await;
        sale.expect(201).at("number").as_str().unwrap().to_owned()
    };
    for (company, first) in [(Some(it.north.get()), 4), (None, 2)] {
        let sell = || sell(company);
        let (a, b, c, d, e, f) = tokio::join!(sell(), sell(), sell(), sell(), sell(), sell());
        let found = BTreeSet::from([a, b, c, d, e, f]);
        let expected: BTreeSet<String> = (first..first + 6).map(|it| format!("S{it:05}")).collect();
        assert_eq!(found, expected, "{company:?}");
    }
    // Two transactions that overlap for certain: the second waits for the first.
    let session = it.app.session();
    let new = || [Sale::PARTNER.set(it.partner), Sale::COMPANY.set(it.south)];
    let one = session.begin().await.unwrap();
    let first = Sale::create(&one, new()).await.unwrap();
    let second = async { Sale::create(&session, new()).await.unwrap() };
    let (second, committed) = tokio::join!(second, one.commit());
    committed.unwrap();
    assert_eq!((first.number.as_str(), second.number.as_str()), ("S00002", "S00003"));
    it.app.stop().await;
}

#[tokio::test]
async fn only_managers_bring_numbers_and_none_that_is_taken() {
    let it = Counter::arrange().await;
    let north = it.north.get();
    let brought = json!({ "company_id": north, "number": "S00005" });
    let refused = it.sell(&it.ann, brought.clone()).await;
    assert_eq!(refused.fault(), "403 field_forbidden: /number field_forbidden");
    let renamed = it.ann.patch(&path(it.ann_sale), json!({ "number": "A" })).await;
    assert_eq!(renamed.fault(), "403 field_forbidden: /number field_forbidden");

    it.sell(&it.diana, brought.clone()).await.expect(201);
    assert_eq!(it.sell(&it.diana, brought).await.fault(), "409 unique: /number unique");
    let taken = it.diana.patch(&path(it.free_sale), json!({ "number": "S00005" })).await;
    assert_eq!(taken.fault(), "409 unique: /number unique");
    it.diana.patch(&path(it.free_sale), json!({ "number": "S00003" })).await.expect(200);
    // The counter goes around what is taken.
    let number = async || {
        let sale = it.sell(&it.ann, json!({ "company_id": north })).await;
        sale.expect(201).at("number")
    };
    assert_eq!((number().await, number().await), (json!("S00004"), json!("S00006")));
    // Sales of no company share their numbers with each other, too.
    let free = json!({ "number": "F-1", "company_id": null });
    it.sell(&it.diana, free.clone()).await.expect(201);
    assert_eq!(it.sell(&it.diana, free).await.fault(), "409 unique: /number unique");
    for (number, fault) in [(json!(null), "required"), (json!("x".repeat(41)), "too_long")] {
        let sale = it.diana.post(SALES, it.body(json!({ "number": number }))).await;
        assert_eq!(sale.fault(), format!("422 validation: /number {fault}"));
    }
    it.app.stop().await;
}
