//! Bodies in, faults out.

use chrono::Utc;
use poem_openapi::{Enum, Object, registry::Registry, types::Type};

use super::*;
use crate::http::NotNull;

/// What a route could take.
#[derive(Object)]
struct Order {
    #[oai(validator(max_length = 5))]
    title: String,
    #[oai(validator(minimum(value = "1"), maximum(value = "10", exclusive)))]
    count: i32,
    note: Option<String>,
    #[oai(validator(max_items = 2))]
    lines: Option<Vec<Line>>,
    urgency: Option<Urgency>,
    #[oai(validator(max_length = 3))]
    size: NotNull<String>,
    /// The one above the others.
    first: Option<Line>,
    key: Option<Uuid>,
    until: Option<DateTime<Utc>>,
}

#[derive(Object)]
struct Line {
    product_id: i64,
    is_gift: Option<bool>,
}

#[derive(Enum)]
#[oai(rename_all = "snake_case")]
enum Urgency {
    Normal,
    VeryHigh,
}

#[test]
fn what_fits_has_no_faults() {
    check(r#"{"title": "a", "count": 1}"#, "");
    check(
        r#"{"title": "äöüßж", "count": 9, "note": null, "urgency": "very_high",
            "lines": [{"product_id": 1, "is_gift": false}]}"#,
        "",
    );
}

#[test]
fn an_object_that_may_be_absent_is_looked_into() {
    check(r#"{"title": "a", "count": 1, "first": null}"#, "");
    check(r#"{"title": "a", "count": 1, "first": {"product_id": 1}}"#, "");
    check(
        r#"{"title": "a", "count": 1, "first": {"product_id": "1", "x": 1}}"#,
        "/first/product_id wrong_type integer, /first/x unknown_field",
    );
}

#[test]
fn a_text_has_the_format_of_its_kind() {
    check(
        r#"{"title": "a", "count": 1, "key": "0190a5b2-0000-7000-8000-000000000001",
            "until": "2030-01-02T03:04:05.5+03:00"}"#,
        "",
    );
    check(
        r#"{"title": "a", "count": 1, "key": "0190", "until": "2030-01-02"}"#,
        "/key invalid, /until invalid",
    );
}

#[test]
fn every_fault_is_found_at_its_place() {
    check(r"{}", "/title required, /count required");
    check(r#"{"title": null, "count": "1"}"#, "/title required, /count wrong_type integer");
    check(r#"{"title": "abcdef", "count": 1, "x/y": 1}"#, "/title too_long 5, /x~1y unknown_field");
    check(
        r#"{"title": "a", "count": 1, "lines": [{"product_id": true}, {"id": 1}]}"#,
        "/lines/0/product_id wrong_type integer, /lines/1/product_id required, \
         /lines/1/id unknown_field",
    );
    check(
        r#"{"title": "a", "count": 1, "lines": [{"product_id":1},{"product_id":1},{"product_id":1}]}"#,
        "/lines too_many 2",
    );
}

#[test]
fn what_may_be_absent_may_be_null_unless_it_is_marked() {
    check(r#"{"title": "a", "count": 1, "note": null, "size": "xxl"}"#, "");
    check(r#"{"title": "a", "count": 1, "size": null}"#, "/size required");
    check(r#"{"title": "a", "count": 1, "size": "xxxl"}"#, "/size too_long 3");
}

#[test]
fn numbers_are_taken_from_their_text() {
    check(r#"{"title": "a", "count": 0}"#, "/count greater_than_or_equal 1");
    check(r#"{"title": "a", "count": 10}"#, "/count less_than 10");
    check(r#"{"title": "a", "count": 1.5}"#, "/count wrong_type integer");
    check(r#"{"title": "a", "count": 99999999999999999999}"#, "/count out_of_range");
}

#[test]
fn a_choice_is_one_of_its_values() {
    check(r#"{"title": "a", "count": 1, "urgency": "low"}"#, "/urgency choice normal, very_high");
}

#[track_caller]
fn check(body: &str, expected: &str) {
    let mut registry = Registry::new();
    Order::register(&mut registry);
    let shapes = Shapes::of(registry.schemas);
    let object = orm::json::parse_object(body.as_bytes()).unwrap();
    let shown = |it: Violation| {
        let orm::At::Pointer(at) = it.at else { panic!("{it:?}") };
        let params: String = it.params.iter().map(|(_, value)| format!(" {value}")).collect();
        format!("{at} {}{params}", it.code)
    };
    let faults = shapes.faults(object, &Order::schema_ref());
    assert_eq!(faults.into_iter().map(shown).collect::<Vec<_>>().join(", "), expected);
}
