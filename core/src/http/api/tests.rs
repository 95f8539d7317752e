//! Types with routes in, a document and a table out.

use poem_openapi::payload::PlainText;

use super::*;

struct Shop;

#[OpenApi(prefix_path = "/things")]
impl Shop {
    /// Takes a thing off the shelf.
    #[oai(path = "/:id/take", method = "post", operation_id = "take_thing")]
    async fn take(&self, id: poem_openapi::param::Path<i64>) -> PlainText<String> {
        PlainText(id.0.to_string())
    }
}

struct Stock;

#[OpenApi(prefix_path = "/things")]
impl Stock {
    #[oai(path = "/:thing/take", method = "post")]
    async fn take_thing(&self, thing: poem_openapi::param::Path<i64>) -> PlainText<String> {
        PlainText(thing.0.to_string())
    }

    #[oai(path = "/:thing/take", method = "get")]
    async fn taken(&self, thing: poem_openapi::param::Path<i64>) -> PlainText<String> {
        PlainText(thing.0.to_string())
    }
}

struct Twin;

#[OpenApi(prefix_path = "/twins")]
impl Twin {
    #[oai(path = "/", method = "get", operation_id = "take_thing")]
    async fn list(&self) -> PlainText<String> {
        PlainText(String::new())
    }
}

#[test]
fn a_route_has_its_whole_path_and_its_own_names() {
    let (document, table) = service(vec![Api::of(Shop)]).unwrap();
    assert_eq!(table.listing(), [(Method::POST, "/api/v1/things/{id}/take".to_owned())]);
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    let operation = &document["paths"]["/api/v1/things/{id}/take"]["post"];
    assert_eq!(operation["summary"], "Takes a thing off the shelf.");
}

#[test]
fn types_share_a_path_but_not_a_method() {
    let apis = vec![Api::of(Shop), Api::of(Stock)];
    let (document, table) = service(apis).unwrap();
    let error = table.into_route().err().unwrap().to_string();
    assert!(error.contains("api::tests::Shop and by"), "{error}");
    assert!(error.contains("api::tests::Stock"), "{error}");
    assert_eq!(document.matches("\"/api/v1/things/{thing}/take\"").count(), 1, "{document}");
}

#[test]
fn an_operation_id_stands_for_one_operation() {
    let apis = vec![Api::of(Shop), Api::of(Twin)];
    let error = service(apis).err().unwrap();
    assert_eq!(
        error.to_string(),
        "the operation id `take_thing` stands for /things/{id}/take and for /twins; rename one"
    );
}

#[test]
fn the_scope_ends_when_describing_panics() {
    let ended: Result<()> = within(Vec::new(), || panic!("two types of one name"));
    let error = ended.unwrap_err().to_string();
    assert_eq!(error, "routes cannot be described: two types of one name");
    assert!(SCOPE.with_borrow(Option::is_none));
}
