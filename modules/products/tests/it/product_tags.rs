//! The tags of products: their ids in answers, and changes of them in bodies.

use artel_testing::Reply;
use http::Method;
use orm::Id;
use serde_json::{Value, json};

use crate::catalogue::{Catalogue, PRODUCTS, path};

#[tokio::test]
async fn ids_come_only_where_they_are_named_and_cost_one_statement() {
    let it = Catalogue::arrange().await;
    let [new, sale] = it.tags;
    let one = it.reader.get(&format!("{}?fields=tag_ids,name", path(it.desk_lamp))).await;
    assert_eq!(one.statements(), 2);
    assert_eq!(one.expect(200).json(), json!({ "name": "Desk lamp", "tag_ids": [new, sale] }));
    let expected = json!([
        { "tag_ids": [] },
        { "tag_ids": [new, sale] },
        { "tag_ids": [sale] },
        { "tag_ids": [new] },
    ]);
    let list = it.reader.get(&format!("{PRODUCTS}?fields=tag_ids&sort=name")).await.expect(200);
    assert_eq!((list.statements(), list.at("data")), (2, expected.clone()));
    let found = it.search(json!({ "fields": ["tag_ids"], "sort": ["name"] })).await.expect(200);
    assert_eq!((found.statements(), found.at("data")), (2, expected));
    let page = it.reader.get(&format!("{PRODUCTS}?fields=tag_ids&sort=name&limit=1")).await;
    assert_eq!(page.expect(200).at("data"), json!([{ "tag_ids": [] }]));
    let none = it.reader.get(&format!("{PRODUCTS}?fields=id,tag_ids&name=x")).await.expect(200);
    assert_eq!(none.at("data"), json!([]));
    for answer in [
        it.reader.get(&path(it.chair)).await.expect(200),
        it.manager.patch(&path(it.chair), json!({ "tag_ids": { "add": [new] } })).await.expect(200),
    ] {
        assert_eq!(answer.json().get("tag_ids"), None, "{}", answer.text());
    }
    for query in ["fields=tags", "fields=tag_ids,tag_ids", "sort=tag_ids"] {
        let fault = it.reader.get(&format!("{PRODUCTS}?{query}")).await.fault();
        assert!(fault.starts_with("400 unknown_field"), "{query}: {fault}");
    }
    it.app.stop().await;
}

#[tokio::test]
async fn a_product_is_made_and_changed_with_its_tags() {
    let it = Catalogue::arrange().await;
    let [new, sale] = it.tags;
    let body =
        |tags: Value| json!({ "name": "Shade", "unit_id": it.pieces.get(), "tag_ids": tags });
    let made = it.manager.post(PRODUCTS, body(json!({ "set": [sale, new, sale] }))).await;
    let made = made.expect(201);
    assert_eq!(made.at("version"), 1);
    let id = Id::new(made.id());
    for (change, expected, version) in [
        (json!({ "tag_ids": { "remove": [new] } }), json!([sale]), 2),
        (json!({ "tag_ids": { "add": [new], "remove": [sale] }, "price": "7" }), json!([new]), 3),
        (json!({ "tag_ids": { "set": [new] }, "price": "7" }), json!([new]), 3),
        (json!({ "tag_ids": { "add": [new], "remove": [sale] } }), json!([new]), 3),
        (json!({ "tag_ids": {} }), json!([new]), 3),
        (json!({ "tag_ids": { "set": [] } }), json!([]), 4),
    ] {
        let changed = it.manager.patch(&path(id), change.clone()).await.expect(200);
        assert_eq!(changed.at("version"), version, "{change}");
        assert_eq!(ids(&it, id).await, expected, "{change}");
    }
    it.app.stop().await;
}

#[tokio::test]
async fn every_fault_of_links_is_told_and_nothing_is_written() {
    let it = Catalogue::arrange().await;
    let [new, sale] = it.tags;
    let many = vec![new; 1001];
    for (tags, expected) in [
        (json!({ "add": [new, 404, 405] }), "/tag_ids/add/1 not_found, /tag_ids/add/2 not_found"),
        (json!({ "set": [404] }), "/tag_ids/set/0 not_found"),
        (json!([sale]), "/tag_ids wrong_type"),
        (json!({ "set": [sale], "remove": [new] }), "/tag_ids invalid"),
        (
            json!({ "all": [sale], "add": ["1"] }),
            "/tag_ids/add/0 wrong_type, /tag_ids/all unknown_field",
        ),
        (json!({ "add": many }), "/tag_ids/add too_many"),
    ] {
        let change = json!({ "name": "Stool", "tag_ids": tags });
        let fault = it.manager.patch(&path(it.chair), change.clone()).await.fault();
        assert_eq!(fault, format!("422 validation: {expected}"), "{change}");
    }
    // With what is wrong with references.
    let change = json!({ "category_id": 404, "tag_ids": { "add": [404] } });
    let fault = it.manager.patch(&path(it.chair), change).await.fault();
    assert_eq!(fault, "422 validation: /category_id not_found, /tag_ids/add/0 not_found");
    let new_one = json!({ "name": "Shade", "unit_id": 404, "tag_ids": { "add": [404] } });
    let fault = it.manager.post(PRODUCTS, new_one).await.fault();
    assert_eq!(fault, "422 validation: /unit_id not_found, /tag_ids/add/0 not_found");

    let change = json!({ "tag_ids": { "add": [sale] } });
    assert_eq!(it.reader.patch(&path(it.chair), change.clone()).await.fault(), "403 access_denied");
    assert_eq!(it.manager.patch(&path(Id::new(404)), change).await.fault(), "404 not_found");
    let kept = it.reader.get(&path(it.chair)).await.expect(200).json();
    assert_eq!((&kept["name"], &kept["version"]), (&json!("Chair"), &json!(1)));
    assert_eq!(ids(&it, it.chair).await, json!([]));
    it.app.stop().await;
}

#[tokio::test]
async fn a_tag_of_an_answer_with_ids_speaks_of_them_too() {
    let it = Catalogue::arrange().await;
    let [new, sale] = it.tags;
    let way = format!("{}?fields=name,tag_ids", path(it.desk_lamp));
    let read = it.manager.get(&way).await.expect(200).header("etag").to_owned();
    let known = [("if-none-match", read.as_str())];
    it.manager.send(Method::GET, &way, &known, "").await.expect(304);

    let demand = [("if-match", read.as_str()), ("content-type", "application/json")];
    let add = format!(r#"{{"tag_ids":{{"remove":[{sale}]}}}}"#);
    it.manager.send(Method::PATCH, &path(it.desk_lamp), &demand, add.clone()).await.expect(200);
    let late = it.manager.send(Method::PATCH, &path(it.desk_lamp), &demand, add).await;
    assert_eq!(late.fault(), "412 version_mismatch");

    let read = it.manager.send(Method::GET, &way, &known, "").await.expect(200);
    let known = [("if-none-match", read.header("etag"))];
    // The product does not change when a tag of it goes; its list of tags does.
    it.manager.delete(&format!("/api/v1/product_tags/{new}")).await.expect(204);
    let read = it.manager.send(Method::GET, &way, &known, "").await.expect(200);
    assert_eq!(read.at("tag_ids"), json!([]));
    it.app.stop().await;
}

#[tokio::test]
async fn two_who_add_different_tags_at_once_both_count() {
    let it = Catalogue::arrange().await;
    let change = async |id: i64| {
        it.manager.patch(&path(it.chair), json!({ "tag_ids": { "add": [id] } })).await.expect(200)
    };
    let changed: [Reply; 2] = tokio::join!(change(it.tags[0]), change(it.tags[1])).into();
    let mut versions = changed.map(|it| it.at("version").as_i64());
    versions.sort_unstable();
    assert_eq!(versions, [Some(2), Some(3)]);
    assert_eq!(ids(&it, it.chair).await, json!(it.tags));
    it.app.stop().await;
}

#[tokio::test]
async fn the_schema_says_how_tags_are_named() {
    let it = Catalogue::arrange().await;
    let schema = it.reader.get(&format!("{PRODUCTS}/schema")).await.expect(200).json();
    let fields = schema["fields"].as_array().unwrap();
    let tags = fields.iter().find(|it| it["name"] == "tags").unwrap();
    assert_eq!((&tags["key"], &tags["target"]), (&json!("tag_ids"), &json!("product_tags")));
    assert_eq!((&tags["required"], &tags["read_only"]), (&json!(false), &json!(false)));
    assert_eq!(tags["can"], json!({ "read": true, "write": true }));
    it.app.stop().await;
}

/// The ids of the tags of a product, as its readers see them.
async fn ids(it: &Catalogue, product: Id<products::Product>) -> Value {
    it.reader.get(&format!("{}?fields=tag_ids", path(product))).await.expect(200).at("tag_ids")
}
