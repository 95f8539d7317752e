//! What there is to look at after the first start, and to measure with after `--large`.

use artel_testing::{Client, TestApp};
use serde_json::json;

#[tokio::test]
async fn each_demo_user_sees_their_share_of_the_sales() {
    let app = TestApp::builder().demo().start(&[auth_token::MODULE, sales::MODULE]).await;
    let admin = app.admin().await;
    assert_eq!(counted(&admin, "sales").await, 120);
    let empty = json!({ "filter": { "lines": { "null": true } } });
    let empty = admin.post("/api/v1/sales/search", empty).await.expect(200);
    assert_eq!(empty.column("number"), "", "every sale has lines");
    let (ann, diana) = (app.user("ann").await, app.user("diana").await);
    let (of_ann, of_diana) = (counted(&ann, "sales").await, counted(&diana, "sales").await);
    assert!(10 < of_ann && of_ann < of_diana && of_diana < 120, "{of_ann}, {of_diana}");
    assert_eq!(counted(&app.user("fedor").await, "sales").await, 0, "a grant, and no rule");
    app.user("grace").await.get("/api/v1/sales").await.expect(403);
    app.stop().await;
}

/// Held against the database's own arithmetic, which rounds as ours should.
#[tokio::test]
async fn the_large_demo_data_adds_up_and_is_loaded_once() {
    let app = TestApp::builder().demo().start(&[auth_token::MODULE, sales::MODULE]).await;
    assert_eq!(app.seed_large_demo().await, ["partners", "products", "sales"]);
    assert!(app.seed_large_demo().await.is_empty());
    let admin = app.admin().await;
    for (of, count) in [("products", 1_000), ("partners", 10_000), ("sales", 5_000)] {
        assert_eq!(counted(&admin, of).await, count, "{of}");
    }
    let found = async |text| app.session().sql(text, &[]).await.unwrap().len();
    let wrong_lines = "\
        select l.id::text from sale_lines l left join taxes t on t.id = l.tax_id \
        where subtotal <> round(round(price * qty, 2) * (100 - discount) / 100, 2) \
        or tax_amount <> round(subtotal * coalesce(t.percent, 0) / 100, 2) \
        or total <> subtotal + tax_amount";
    assert_eq!(found(wrong_lines).await, 0);
    let wrong_sales = "\
        select s.id::text from sales s, lateral (select sum(subtotal) as untaxed, \
        sum(tax_amount) as tax, sum(total) as total from sale_lines where sale_id = s.id) l \
        where (amount_untaxed, amount_tax, amount_total) \
        is distinct from (l.untaxed, l.tax, l.total)";
    assert_eq!(found(wrong_sales).await, 0);
    let sizes = "select count(*)::text from sale_lines where sale_id > 120 group by sale_id \
                 having count(*) not between 3 and 8";
    assert_eq!(found(sizes).await, 0);
    app.stop().await;
}

async fn counted(client: &Client, of: &str) -> i64 {
    let page = client.get(&format!("/api/v1/{of}?limit=0&count=exact")).await.expect(200);
    page.at("page")["total"].as_i64().unwrap()
}
