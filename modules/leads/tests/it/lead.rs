//! Leads: who sees which, and what is told of the others.

use http::Method;
use serde_json::json;

use crate::funnel::{Funnel, LEADS, path};

#[tokio::test]
async fn each_sees_the_leads_that_the_rules_give_them_by_every_path() {
    let it = Funnel::arrange().await;
    let (ann, boris, free) = (it.ann_lead, it.boris_lead, it.free_lead);
    for (client, expected) in [
        (&it.ann, vec![ann, free]),
        (&it.boris, vec![boris, free]),
        (&it.diana, vec![ann, boris, free]),
        (&it.fedor, vec![]),
        (&it.admin, vec![ann, boris, free]),
    ] {
        assert_eq!(it.seen(client).await, expected);
    }
    it.app.stop().await;
}

#[tokio::test]
async fn a_grant_without_a_rule_shows_nothing_and_writes_nothing() {
    let it = Funnel::arrange().await;
    let list = it.fedor.get(&format!("{LEADS}?count=exact")).await.expect(200).json();
    let empty = json!({ "has_more": false, "total": 0, "total_kind": "exact" });
    assert_eq!(list, json!({ "data": [], "page": empty }));
    it.fedor.get(&format!("{LEADS}/schema")).await.expect(200);
    assert_eq!(it.fedor.get(&path(it.free_lead)).await.fault(), "404 not_found");
    let body = json!({ "name": "New", "stage_id": it.new.get() });
    assert_eq!(it.fedor.post(LEADS, body.clone()).await.fault(), "403 access_denied");
    assert_eq!(it.fedor.patch(&path(it.free_lead), body).await.fault(), "403 access_denied");
    assert_eq!(it.fedor.delete(&path(it.free_lead)).await.fault(), "403 access_denied");
    it.ann.delete(&path(it.free_lead)).await.expect(204);
    it.app.stop().await;
}

#[tokio::test]
async fn who_has_no_role_for_leads_is_denied_by_every_path() {
    let it = Funnel::arrange().await;
    let one = path(it.free_lead);
    for way in [LEADS, &one, &format!("{LEADS}/schema"), &format!("{LEADS}/defaults")] {
        assert_eq!(it.app.guest().get(way).await.fault(), "401 unauthenticated", "{way}");
        assert_eq!(it.grace.get(way).await.fault(), "403 access_denied", "{way}");
        it.ann.get(way).await.expect(200);
    }
    let body = json!({ "name": "New", "stage_id": it.new.get() });
    let search = format!("{LEADS}/search");
    assert_eq!(it.grace.post(&search, json!({})).await.fault(), "403 access_denied");
    assert_eq!(it.grace.post(LEADS, body.clone()).await.fault(), "403 access_denied");
    assert_eq!(it.grace.patch(&one, body.clone()).await.fault(), "403 access_denied");
    assert_eq!(it.grace.delete(&one).await.fault(), "403 access_denied");
    it.ann.post(LEADS, body).await.expect(201);
    let models = it.grace.get("/api/v1/models").await.expect(200).column("model");
    assert!(!models.split(", ").any(|it| it == "leads"), "{models}");
    it.app.stop().await;
}

#[tokio::test]
async fn a_hidden_lead_is_as_a_missing_one() {
    let it = Funnel::arrange().await;
    let json = [("content-type", "application/json")];
    for (method, body) in [
        (Method::GET, ""),
        (Method::PATCH, r#"{"name": "Mine"}"#),
        (Method::PATCH, r#"{"stage_id": 999999}"#),
        (Method::DELETE, ""),
    ] {
        let hidden = it.ann.send(method.clone(), &path(it.boris_lead), &json, body).await;
        let missing = format!("{LEADS}/999999");
        let missing = it.ann.send(method.clone(), &missing, &json, body).await;
        assert_eq!(hidden.fault(), "404 not_found", "{method} {body}");
        assert_eq!(hidden.without_request_id(), missing.without_request_id(), "{method} {body}");
    }
    it.boris.patch(&path(it.boris_lead), json!({ "name": "Mine" })).await.expect(200);
    it.app.stop().await;
}

#[tokio::test]
async fn a_condition_tells_nothing_of_a_hidden_lead() {
    let it = Funnel::arrange().await;
    for query in [
        "q=boris",
        "amount=300",
        "amount[gt]=200",
        "stage.name[starts]=Выигран",
        "owner.name=boris",
        "kind=opportunity",
    ] {
        assert_eq!(it.found(&it.ann, query).await, "", "{query}");
        assert_eq!(it.found(&it.boris, query).await, "Boris's lead", "{query}");
    }
    // The order of what is seen has no gap where something is hidden.
    let sorted = "sort=-amount&limit=1&offset=1";
    assert_eq!(it.found(&it.ann, sorted).await, "Free lead");
    assert_eq!(it.found(&it.diana, sorted).await, "Ann's lead");
    it.app.stop().await;
}

#[tokio::test]
async fn counting_costs_one_statement_more() {
    let it = Funnel::arrange().await;
    for client in [&it.ann, &it.diana, &it.admin] {
        assert_eq!(client.get(&path(it.free_lead)).await.expect(200).statements(), 1);
        assert_eq!(client.get(LEADS).await.expect(200).statements(), 1);
        let counted = client.get(&format!("{LEADS}?count=exact")).await.expect(200);
        assert_eq!(counted.statements(), 2);
    }
    it.app.stop().await;
}
