//! Products: who reads and writes them, what a record must be, how lists are paged.

use serde_json::{Value, json};

use crate::catalogue::{Catalogue, PRODUCTS, path};

#[tokio::test]
async fn everyone_who_signed_in_reads_the_catalogue() {
    let it = Catalogue::arrange().await;
    let guest = it.app.guest();
    for path in [PRODUCTS, &path(it.chair), &format!("{PRODUCTS}/schema")] {
        assert_eq!(guest.get(path).await.fault(), "401 unauthenticated", "{path}");
        it.reader.get(path).await.expect(200);
        it.manager.get(path).await.expect(200);
    }
    it.check_query("", "Chair, Desk lamp, Floor lamp, Lesson").await;
    it.app.stop().await;
}

#[tokio::test]
async fn only_managers_write_the_catalogue() {
    let it = Catalogue::arrange().await;
    let lamp = json!({ "name": "Wall lamp", "unit_id": it.pieces.get() });
    let cheaper = json!({ "price": "39.90" });
    let path = path(it.desk_lamp);

    assert_eq!(it.reader.post(PRODUCTS, lamp.clone()).await.fault(), "403 access_denied");
    assert_eq!(it.reader.patch(&path, cheaper.clone()).await.fault(), "403 access_denied");
    assert_eq!(it.reader.delete(&path).await.fault(), "403 access_denied");
    let defaults = format!("{PRODUCTS}/defaults");
    assert_eq!(it.reader.get(&defaults).await.fault(), "403 access_denied");
    // Whoever may not write is not told what is there either.
    let missing = format!("{PRODUCTS}/999999");
    assert_eq!(it.reader.patch(&missing, cheaper.clone()).await.fault(), "403 access_denied");
    assert_eq!(it.reader.delete(&missing).await.fault(), "403 access_denied");
    assert_eq!(it.reader.get(&path).await.expect(200).at("price"), "40.00");

    let made = it.manager.post(PRODUCTS, lamp).await.expect(201);
    assert_eq!(made.header("location"), format!("{PRODUCTS}/{}", made.id()));
    assert_eq!(it.manager.patch(&path, cheaper).await.expect(200).at("price"), "39.90");
    it.manager.delete(&path).await.expect(204);
    assert_eq!(it.reader.get(&path).await.fault(), "404 not_found");
    it.check_query("", "Chair, Floor lamp, Lesson, Wall lamp").await;
    it.app.stop().await;
}

#[tokio::test]
async fn a_new_product_starts_with_its_defaults() {
    let it = Catalogue::arrange().await;
    let defaults = it.manager.get(&format!("{PRODUCTS}/defaults")).await.expect(200).json();
    assert_eq!(defaults, json!({ "kind": "goods", "price": "0.00", "active": true }));

    let least = json!({ "name": "Shade", "unit_id": it.pieces.get() });
    let made = it.manager.post(PRODUCTS, least).await.expect(201).json();
    for (key, expected) in defaults.as_object().unwrap() {
        assert_eq!(made[key], *expected, "{key}");
    }
    for key in ["sku", "cost", "category_id"] {
        assert_eq!(made[key], Value::Null, "{key}");
    }
    assert_eq!(made["version"], 1);
    let me = it.manager.get("/api/v1/auth/me").await.expect(200).id();
    assert_eq!(made["created_by_id"], me);
    it.app.stop().await;
}

#[tokio::test]
async fn every_fault_of_a_product_is_said_at_once() {
    let it = Catalogue::arrange().await;
    let unit = it.pieces.get();
    let long = "x".repeat(201);
    for (body, expected) in [
        (json!({}), "/name required, /unit_id required"),
        (json!({ "name": null, "unit_id": unit }), "/name required"),
        (json!({ "name": long, "unit_id": unit }), "/name too_long"),
        (json!({ "name": "x", "unit_id": "1" }), "/unit_id wrong_type"),
        (json!({ "name": "x", "unit_id": unit, "price": "1.001" }), "/price too_precise"),
        (json!({ "name": "x", "unit_id": unit, "price": -1 }), "/price greater_than_or_equal"),
        (json!({ "name": "x", "unit_id": unit, "kind": "toy" }), "/kind choice"),
        (json!({ "name": "x", "unit_id": unit, "active": "yes" }), "/active wrong_type"),
        (json!({ "name": "x", "unit_id": unit, "category": 1 }), "/category unknown_field"),
        (
            json!({ "name": "x", "unit_id": unit, "id": 7, "version": 1 }),
            "/id read_only, /version read_only",
        ),
        (
            json!({ "name": 5, "colour": "red", "kind": 1 }),
            "/name wrong_type, /colour unknown_field, /kind wrong_type, /unit_id required",
        ),
    ] {
        let fault = it.manager.post(PRODUCTS, body.clone()).await.fault();
        let mut faults: Vec<&str> =
            fault.strip_prefix("422 validation: ").unwrap_or(&fault).split(", ").collect();
        faults.sort_unstable();
        let mut expected: Vec<&str> = expected.split(", ").collect();
        expected.sort_unstable();
        assert_eq!(faults, expected, "{body}");
    }
    it.check_query("count=exact", "Chair, Desk lamp, Floor lamp, Lesson").await;
    it.app.stop().await;
}

#[tokio::test]
async fn limits_hold_for_changes_too_and_nothing_is_written_then() {
    let it = Catalogue::arrange().await;
    let path = path(it.chair);
    let body = json!({ "name": "Armchair", "price": "0.005" });
    assert_eq!(it.manager.patch(&path, body).await.fault(), "422 validation: /price too_precise");
    let chair = it.reader.get(&path).await.expect(200).json();
    assert_eq!((&chair["name"], &chair["version"]), (&json!("Chair"), &json!(1)));
    it.app.stop().await;
}

#[tokio::test]
async fn an_sku_is_unique_and_may_be_absent_many_times() {
    let it = Catalogue::arrange().await;
    let unit = it.pieces.get();
    let taken = json!({ "name": "Copy", "sku": "C-1", "unit_id": unit });
    let conflict = it.manager.post(PRODUCTS, taken).await;
    assert_eq!(conflict.fault(), "409 unique: /sku unique");
    assert!(conflict.text().contains("sku"), "{}", conflict.text());
    assert!(!conflict.text().contains("C-1"), "no value is told: {}", conflict.text());

    let path = path(it.desk_lamp);
    assert_eq!(
        it.manager.patch(&path, json!({ "sku": "C-1" })).await.fault(),
        "409 unique: /sku unique"
    );
    it.manager.patch(&path, json!({ "sku": null })).await.expect(200);
    let free = json!({ "name": "Free", "unit_id": unit });
    it.manager.post(PRODUCTS, free).await.expect(201);
    it.check_query("sku[null]=true", "Desk lamp, Free, Lesson").await;
    it.app.stop().await;
}

#[tokio::test]
async fn a_reference_leads_to_a_record_that_is_there() {
    let it = Catalogue::arrange().await;
    let nowhere = json!({ "name": "x", "unit_id": 999_999, "category_id": 999_998 });
    let fault = it.manager.post(PRODUCTS, nowhere).await.fault();
    let expected = ["/unit_id not_found", "/category_id not_found"];
    assert!(expected.iter().all(|it| fault.contains(it)), "{fault}");
    let path = path(it.chair);
    let moved = it.manager.patch(&path, json!({ "category_id": 999_999 })).await;
    assert_eq!(moved.fault(), "422 validation: /category_id not_found");
    let moved = it.manager.patch(&path, json!({ "category_id": it.lamps.get() })).await;
    assert_eq!(moved.expect(200).at("category_id"), it.lamps.get());
    it.app.stop().await;
}

#[tokio::test]
async fn a_version_rises_with_each_change_and_is_demanded_by_if_match() {
    let it = Catalogue::arrange().await;
    let path = path(it.chair);
    let read = it.manager.get(&path).await.expect(200);
    let tag = read.header("etag").to_owned();
    let known = [("if-none-match", tag.as_str())];
    it.manager.send(http::Method::GET, &path, &known, "").await.expect(304);

    let same = it.manager.patch(&path, json!({ "name": "Chair" })).await.expect(200);
    assert_eq!(same.at("version"), 1, "a change that changes nothing is none");
    let changed = it.manager.patch(&path, json!({ "name": "Armchair" })).await.expect(200);
    assert_eq!(changed.at("version"), 2);
    it.manager.send(http::Method::GET, &path, &known, "").await.expect(200);

    let demand = [("if-match", tag.as_str()), ("content-type", "application/json")];
    let body = r#"{"name": "Stool"}"#;
    let late = it.manager.send(http::Method::PATCH, &path, &demand, body).await;
    assert_eq!(
        (late.fault().as_str(), late.at("current_version")),
        ("412 version_mismatch", json!(2))
    );
    let late = it.manager.send(http::Method::DELETE, &path, &demand[..1], "").await;
    assert_eq!(late.fault(), "412 version_mismatch");
    it.manager.send(http::Method::DELETE, &path, &[("if-match", "\"v2\"")], "").await.expect(204);
    it.app.stop().await;
}

#[tokio::test]
async fn a_list_is_sorted_paged_and_counted() {
    let it = Catalogue::arrange().await;
    it.check_query("sort=-price", "Floor lamp, Chair, Desk lamp, Lesson").await;
    it.check_query("sort=category.name,-price", "Chair, Floor lamp, Desk lamp, Lesson").await;
    it.check_query("sort=-category.name,price", "Desk lamp, Floor lamp, Chair, Lesson").await;
    it.check_query("sort=price&limit=2&offset=1", "Desk lamp, Chair").await;
    let page = it.reader.get(&format!("{PRODUCTS}?limit=3&count=exact&active=true")).await;
    let expected = json!({ "has_more": false, "total": 3, "total_kind": "exact" });
    assert_eq!(page.expect(200).at("page"), expected);
    let page = it.reader.get(&format!("{PRODUCTS}?limit=3")).await.expect(200).at("page");
    assert_eq!(page["has_more"], true);
    assert!(page.get("total").is_none(), "not asked for: {page}");
    for (query, expected) in [
        ("limit=1001", "400 bad_parameter: limit bad_parameter"),
        ("offset=-1", "400 bad_parameter: offset bad_parameter"),
        ("limit=1&limit=2", "400 bad_parameter: limit bad_parameter"),
        ("sort=colour", "400 unknown_field: sort unknown_field"),
        ("sort=category", "400 bad_parameter: sort bad_parameter"),
        ("fields=id,colour", "400 unknown_field: fields unknown_field"),
        ("colour=red", "400 unknown_parameter: colour unknown_parameter"),
        ("price[like]=4%25", "400 bad_filter: price[like] bad_filter"),
        ("price=cheap", "400 bad_filter: price bad_filter"),
        ("kind=toy", "400 bad_filter: kind bad_filter"),
    ] {
        let fault = it.reader.get(&format!("{PRODUCTS}?{query}")).await.fault();
        assert_eq!(fault, expected, "{query}");
    }
    let keys =
        ["id", "version", "name", "sku", "kind", "price", "active", "unit_id", "category_id"];
    it.reader.get(&format!("{PRODUCTS}?sort={}", keys[..8].join(","))).await.expect(200);
    let fault = it.reader.get(&format!("{PRODUCTS}?sort={}", keys.join(","))).await.fault();
    assert_eq!(fault, "400 bad_parameter: sort bad_parameter");
    it.app.stop().await;
}

#[tokio::test]
async fn reading_costs_one_statement_and_counting_one_more() {
    let it = Catalogue::arrange().await;
    let through = "category.parent.parent.name=Home&sort=category.name,-price&q=lamp";
    for (path, expected) in [
        (path(it.chair), 1),
        (PRODUCTS.to_owned(), 1),
        (format!("{PRODUCTS}?{through}"), 1),
        (format!("{PRODUCTS}?{through}&count=exact"), 2),
        (format!("{PRODUCTS}?count=estimated"), 2),
    ] {
        assert_eq!(it.reader.get(&path).await.expect(200).statements(), expected, "{path}");
    }
    let tags = json!({ "filter": { "tags": { "some": { "name": "sale" } } } });
    assert_eq!(it.search(tags).await.expect(200).statements(), 1);
    it.app.stop().await;
}

#[tokio::test]
async fn the_schema_speaks_the_language_of_its_reader() {
    let it = Catalogue::arrange().await;
    let path = format!("{PRODUCTS}/schema");
    let russian = [("accept-language", "ru-RU,ru;q=0.9")];
    let schema = it.manager.send(http::Method::GET, &path, &russian, "").await.expect(200).json();
    assert_eq!(schema["label"], "Товары и услуги");
    let kind = field(&schema, "kind");
    assert_eq!((&kind["label"], &kind["required"]), (&json!("Вид"), &json!(false)));
    assert_eq!(kind["choices"][1], json!({ "value": "service", "label": "Услуга" }));
    assert_eq!(field(&schema, "price")["help"], "За единицу, без налогов и скидок.");

    let schema = it.manager.get(&path).await.expect(200).json();
    let unit = field(&schema, "unit");
    assert_eq!(unit["key"], "unit_id");
    assert_eq!((&unit["target"], &unit["required"]), (&json!("units"), &json!(true)));
    assert_eq!(unit["help"], "What it is counted in.");
    it.app.stop().await;
}

fn field<'a>(schema: &'a Value, name: &str) -> &'a Value {
    let fields = schema["fields"].as_array().unwrap();
    fields.iter().find(|it| it["name"] == name).unwrap()
}
