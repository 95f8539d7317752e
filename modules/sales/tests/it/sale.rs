//! Sales: who sees and changes which, and what a new one begins with.

use serde_json::json;

use crate::counter::{Counter, LINES, SALES, path, path_of_line};

#[tokio::test]
async fn each_sees_the_sales_that_the_rules_give_them_by_every_path() {
    let it = Counter::arrange().await;
    let (ann, boris, free) = (it.ann_sale, it.boris_sale, it.free_sale);
    let (nobodys, southern) = (it.nobodys_sale, it.southern_sale);
    assert_eq!(it.seen(&it.ann).await, [ann, free, nobodys]);
    assert_eq!(it.seen(&it.boris).await, [boris, free, nobodys]);
    assert_eq!(it.seen(&it.diana).await, [ann, boris, free, nobodys]);
    assert_eq!(it.seen(&it.clara).await, [nobodys, southern]);
    assert_eq!(it.seen(&it.admin).await, [ann, boris, free, nobodys, southern]);
    assert!(it.seen(&it.fedor).await.is_empty(), "a grant, and no rule");
    assert_eq!(it.grace.get(SALES).await.fault(), "403 access_denied");
    it.app.stop().await;
}

#[tokio::test]
async fn lines_are_seen_and_written_with_their_sale() {
    let it = Counter::arrange().await;
    let line = it.line(&it.boris, it.boris_sale, json!({})).await.expect(201).id();
    let name = json!({ "name": "x" });
    for client in [&it.boris, &it.diana] {
        assert_eq!(client.get(LINES).await.expect(200).column("id"), line.to_string());
        client.get(&path_of_line(line)).await.expect(200);
        client.patch(&path_of_line(line), name.clone()).await.expect(200);
    }
    for client in [&it.ann, &it.clara, &it.fedor] {
        assert_eq!(client.get(LINES).await.expect(200).column("id"), "");
        client.get(&path_of_line(line)).await.expect(404);
    }
    for client in [&it.ann, &it.clara] {
        client.patch(&path_of_line(line), name.clone()).await.expect(404);
        client.delete(&path_of_line(line)).await.expect(404);
        let refused = it.line(client, it.boris_sale, json!({})).await;
        assert_eq!(refused.fault(), "422 validation: /sale_id not_found");
    }
    let refused = it.fedor.patch(&path_of_line(line), name).await;
    assert_eq!(refused.fault(), "403 access_denied", "a guest only reads");
    it.grace.get(LINES).await.expect(403);
    it.boris.delete(&path(it.boris_sale)).await.expect(204);
    it.boris.get(&path_of_line(line)).await.expect(404);
    it.app.stop().await;
}

#[tokio::test]
async fn nobody_moves_a_sale_to_where_they_may_not_be() {
    let it = Counter::arrange().await;
    let [ann, boris] = [it.user("ann").await, it.user("boris").await];
    let (free, south) = (path(it.free_sale), it.south.get());
    let give = |owner: i64| json!({ "owner_id": owner });
    assert_eq!(it.ann.patch(&free, give(boris)).await.fault(), "403 access_denied");
    let away = it.diana.patch(&free, json!({ "company_id": south })).await;
    assert_eq!(away.fault(), "403 access_denied");
    assert_eq!(it.sell(&it.ann, give(boris)).await.fault(), "403 access_denied");
    let abroad = it.sell(&it.diana, json!({ "company_id": south })).await;
    assert_eq!(abroad.fault(), "403 access_denied");
    it.diana.patch(&free, give(boris)).await.expect(200);
    it.ann.get(&free).await.expect(404);
    it.sell(&it.ann, give(ann)).await.expect(201);
    it.app.stop().await;
}

#[tokio::test]
async fn a_new_sale_needs_its_partner_and_nothing_else() {
    let it = Counter::arrange().await;
    let sale = it.sell(&it.ann, json!({})).await.expect(201);
    assert_eq!(sale.at("amount_total"), "0.00");
    let stage = format!("/api/v1/sale_stages/{}", sale.at("stage_id"));
    assert_eq!(it.ann.get(&stage).await.expect(200).at("sequence"), 1);
    let today = orm::chrono::Utc::now().date_naive();
    let date = sale.at("date").as_str().unwrap().parse::<orm::chrono::NaiveDate>().unwrap();
    assert!((today - date).num_days().abs() <= 1, "{date}");
    let nobody = it.ann.post(SALES, json!({})).await;
    assert_eq!(nobody.fault(), "422 validation: /partner_id required");
    let schema = it.ann.get("/api/v1/sales/schema").await.expect(200).json();
    let required = schema["fields"].as_array().unwrap().iter().filter(|it| it["required"] == true);
    let required: Vec<_> = required.map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(required, ["partner"]);
    // Stages and taxes are read by everyone and written by managers.
    let tax = json!({ "name": "x", "percent": 1 });
    assert_eq!(it.ann.post("/api/v1/taxes", tax.clone()).await.fault(), "403 access_denied");
    it.diana.post("/api/v1/taxes", tax).await.expect(201);
    it.grace.get("/api/v1/taxes").await.expect(200);
    it.app.stop().await;
}
