//! Writing leads: nothing moves out of one's scope, or into it.

use serde_json::json;

use crate::funnel::{Funnel, LEADS, path};

#[tokio::test]
async fn a_lead_cannot_be_moved_out_of_ones_scope() {
    let it = Funnel::arrange().await;
    let to_boris = json!({ "name": "Given away", "owner_id": it.user("boris").await });
    for own in [it.ann_lead, it.free_lead] {
        let fault = it.ann.patch(&path(own), to_boris.clone()).await.fault();
        assert_eq!(fault, "403 access_denied");
        let kept = it.ann.get(&path(own)).await.expect(200);
        assert_eq!(kept.at("version"), 1, "nothing was written");
    }
    it.diana.patch(&path(it.ann_lead), to_boris).await.expect(200);
    assert_eq!(it.ann.get(&path(it.ann_lead)).await.fault(), "404 not_found");
    it.boris.get(&path(it.ann_lead)).await.expect(200);
    it.app.stop().await;
}

#[tokio::test]
async fn a_lead_cannot_be_moved_into_ones_scope() {
    let it = Funnel::arrange().await;
    let to_ann = json!({ "owner_id": it.user("ann").await });
    let free = json!({ "owner_id": null });
    for body in [&to_ann, &free] {
        let fault = it.ann.patch(&path(it.boris_lead), body.clone()).await.fault();
        assert_eq!(fault, "404 not_found", "{body}");
    }
    it.ann.patch(&path(it.free_lead), to_ann).await.expect(200);
    assert_eq!(it.boris.get(&path(it.free_lead)).await.fault(), "404 not_found");
    it.ann.patch(&path(it.ann_lead), free).await.expect(200);
    it.boris.get(&path(it.ann_lead)).await.expect(200);
    it.app.stop().await;
}

#[tokio::test]
async fn a_new_lead_stands_within_the_scope_of_its_maker() {
    let it = Funnel::arrange().await;
    let stage = it.new.get();
    let of = |owner: Option<i64>| json!({ "name": "New", "stage_id": stage, "owner_id": owner });
    let (ann, boris) = (it.user("ann").await, it.user("boris").await);
    for (client, body, expected) in [
        (&it.ann, of(None), 201),
        (&it.ann, of(Some(ann)), 201),
        (&it.ann, of(Some(boris)), 403),
        (&it.diana, of(Some(boris)), 201),
        (&it.admin, of(Some(boris)), 201),
    ] {
        let made = client.post(LEADS, body.clone()).await;
        assert_eq!(made.status, expected, "{body}: {}", made.text());
    }
    let made = it.admin.get(&format!("{LEADS}?name=New&count=exact")).await.expect(200);
    assert_eq!(made.at("page")["total"], 4, "what was refused was not written");
    it.app.stop().await;
}

#[tokio::test]
async fn a_hidden_partner_cannot_be_linked_to() {
    let it = Funnel::arrange().await;
    let body =
        |partner: i64| json!({ "name": "New", "stage_id": it.new.get(), "partner_id": partner });
    let hidden = it.ann.post(LEADS, body(it.boris_firm.get())).await;
    let missing = it.ann.post(LEADS, body(999_999)).await;
    assert_eq!(hidden.fault(), "422 validation: /partner_id not_found");
    assert_eq!(hidden.without_request_id(), missing.without_request_id());
    it.ann.post(LEADS, body(it.free_firm.get())).await.expect(201);
    it.diana.post(LEADS, body(it.boris_firm.get())).await.expect(201);
    // Who may not read partners at all cannot link to one.
    let denied = it.boris.post(LEADS, body(it.free_firm.get())).await;
    assert_eq!(denied.fault(), "422 validation: /partner_id not_found");
    // Repeating what is stored is no write of it.
    let same = json!({ "name": "Renamed", "partner_id": it.boris_firm.get() });
    it.ann.patch(&path(it.ann_lead), same).await.expect(200);
    it.app.stop().await;
}

#[tokio::test]
async fn a_lead_has_defaults_choices_and_limits() {
    let it = Funnel::arrange().await;
    let defaults = it.ann.get(&format!("{LEADS}/defaults")).await.expect(200).json();
    assert_eq!(defaults, json!({ "kind": "lead", "active": true }));
    let stage = it.new.get();
    for (body, expected) in [
        (json!({}), "/name required, /stage_id required"),
        (json!({ "name": "x", "stage_id": stage, "kind": "dream" }), "/kind choice"),
        (
            json!({ "name": "x", "stage_id": stage, "probability": 101 }),
            "/probability less_than_or_equal",
        ),
        (json!({ "name": "x", "stage_id": stage, "probability": 1.5 }), "/probability invalid"),
        (
            json!({ "name": "x", "stage_id": stage, "amount": "-0.01" }),
            "/amount greater_than_or_equal",
        ),
        (json!({ "name": "x", "stage_id": stage, "amount": 0.125 }), "/amount too_precise"),
        (json!({ "name": "x", "stage_id": 999_999 }), "/stage_id not_found"),
    ] {
        let fault = it.ann.post(LEADS, body.clone()).await.fault();
        assert_eq!(fault, format!("422 validation: {expected}"), "{body}");
    }
    let exact = json!({ "name": "x", "stage_id": stage, "amount": 0.1, "probability": 100 });
    assert_eq!(it.ann.post(LEADS, exact).await.expect(201).at("amount"), "0.10");
    it.app.stop().await;
}

#[tokio::test]
async fn a_lead_outlives_its_partner() {
    let it = Funnel::arrange().await;
    let partner = format!("/api/v1/partners/{}", it.boris_firm.get());
    it.diana.delete(&partner).await.expect(204);
    let lead = it.ann.get(&path(it.ann_lead)).await.expect(200);
    assert_eq!(lead.at("partner_id"), json!(null));
    it.app.stop().await;
}
