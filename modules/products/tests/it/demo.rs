//! What there is to look at after the first start.

use std::collections::BTreeSet;

use artel_testing::TestApp;

#[tokio::test]
async fn the_demo_catalogue_is_large_enough_to_look_at() {
    let app = TestApp::builder().demo().start(&[auth_token::MODULE, products::MODULE]).await;
    let grace = app.user("grace").await;
    let list = grace.get("/api/v1/products?limit=1000&count=exact").await.expect(200);
    assert!(list.at("page")["total"].as_i64() >= Some(200));
    let json = list.json();
    let records = json["data"].as_array().unwrap();
    let distinct =
        |key: &str| records.iter().map(|it| it[key].to_string()).collect::<BTreeSet<_>>().len();
    assert!(distinct("category_id") >= 10);
    assert!(distinct("kind") == 3 && distinct("unit_id") >= 3);
    assert_eq!(distinct("name"), distinct("sku"), "no two are called the same");
    let names = list.column("name");
    assert!(names.contains("Стол письменный") && names.contains("Notebook A5"));
    app.stop().await;
}
