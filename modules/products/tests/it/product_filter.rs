//! Products looked for through their relations; every filter and its opposite together find all.

use serde_json::json;

use crate::catalogue::Catalogue;

#[tokio::test]
async fn a_filter_looks_through_references_at_any_depth() {
    let it = Catalogue::arrange().await;
    it.check_query("category.name=Lamps", "Desk lamp, Floor lamp").await;
    it.check_query("category.parent.name=Light", "Desk lamp, Floor lamp").await;
    it.check_query("category.parent.parent.name=Home", "Desk lamp, Floor lamp").await;
    it.check_query("category.parent.parent.parent.name=Home", "").await;
    let deep = json!({ "category": { "parent": { "parent": { "name": { "ilike": "h%" } } } } });
    it.check_filter(deep, "Desk lamp, Floor lamp").await;
    it.check_filter(
        json!({ "unit": { "name": { "contains": "pcs" } } }),
        "Chair, Desk lamp, Floor lamp",
    )
    .await;
    it.app.stop().await;
}

#[tokio::test]
async fn what_is_not_there_is_a_row_of_absent_values() {
    let it = Catalogue::arrange().await;
    it.check_query("category.name[ne]=Lamps", "Chair, Lesson").await;
    it.check_query("category.parent_id[null]=true", "Chair, Lesson").await;
    it.check_query("category[null]=true", "Lesson").await;
    it.check_query("category.parent[null]=true", "Chair, Lesson").await;
    it.check_filter(json!({ "category": { "null": true } }), "Lesson").await;
    it.check_filter(
        json!({ "category": { "parent": { "null": false } } }),
        "Desk lamp, Floor lamp",
    )
    .await;
    it.check_filter(json!({ "category": { "name": { "nin": ["Lamps"] } } }), "Chair, Lesson").await;
    let either = json!({ "or": [{ "category": { "name": "Home" } }, { "sku": { "null": true } }] });
    it.check_filter(either, "Chair, Lesson").await;
    it.app.stop().await;
}

#[tokio::test]
async fn tags_are_asked_for_with_some_every_and_none() {
    let it = Catalogue::arrange().await;
    let of = |quantifier: &str, name: &str| json!({ "tags": { quantifier: { "name": name } } });
    it.check_filter(of("some", "new"), "Desk lamp, Lesson").await;
    it.check_filter(of("every", "sale"), "Chair, Floor lamp").await;
    it.check_filter(of("none", "sale"), "Chair, Lesson").await;
    it.check_filter(json!({ "tags": { "null": true } }), "Chair").await;
    let both =
        json!({ "tags": { "some": { "name": "sale" }, "every": { "name": { "ne": "new" } } } });
    it.check_filter(both, "Floor lamp").await;
    it.app.stop().await;
}

#[tokio::test]
async fn one_of_and_ranges_by_query_string() {
    let it = Catalogue::arrange().await;
    it.check_query("sku=C-1&sku=L-2", "Chair, Floor lamp").await;
    it.check_query("sku[in]=C-1,L-2", "Chair, Floor lamp").await;
    it.check_query("sku[nin]=C-1,L-2", "Desk lamp, Lesson").await;
    it.check_query("price[between]=40,55", "Chair, Desk lamp").await;
    it.check_query("price[gt]=40.00&price[lt]=90", "Chair").await;
    it.check_query("active=false", "Floor lamp").await;
    it.check_query("kind=service", "Lesson").await;
    it.app.stop().await;
}

#[tokio::test]
async fn text_is_found_literally_unless_it_is_a_pattern() {
    let it = Catalogue::arrange().await;
    it.check_query("q=LAMP", "Desk lamp, Floor lamp").await;
    it.check_query("q=l-1", "Desk lamp").await;
    it.check_query("q=%25", "").await;
    it.check_query("name[contains]=_", "").await;
    it.check_query("name[starts]=Desk", "Desk lamp").await;
    it.check_query("name[like]=%25lamp", "Desk lamp, Floor lamp").await;
    it.check_query("name[like]=%25LAMP", "").await;
    it.check_query("name[ilike]=_hair", "Chair").await;
    it.app.stop().await;
}

#[tokio::test]
async fn a_filter_that_does_not_suit_its_field_is_refused_with_its_place() {
    let it = Catalogue::arrange().await;
    for (filter, expected) in [
        (json!({ "name": null }), "bad_filter: /filter/name bad_filter"),
        (json!({ "price": { "like": "4%" } }), "bad_filter: /filter/price/like bad_filter"),
        (json!({ "kind": "toy" }), "bad_filter: /filter/kind bad_filter"),
        (json!({ "tags": { "name": "sale" } }), "bad_filter: /filter/tags/name bad_filter"),
        (json!({ "category": 1 }), "bad_filter: /filter/category bad_filter"),
        (
            json!({ "category": { "colour": 1 } }),
            "unknown_field: /filter/category/colour unknown_field",
        ),
        (json!({ "and": [{ "colour": 1 }] }), "unknown_field: /filter/and/0/colour unknown_field"),
    ] {
        let fault = it.search(json!({ "filter": filter })).await.fault();
        assert_eq!(fault, format!("400 {expected}"), "{filter}");
    }
    it.app.stop().await;
}
