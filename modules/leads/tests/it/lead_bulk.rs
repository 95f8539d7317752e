//! Many leads at once: those that pass, that are seen, and that may be changed; all or none.

use http::Method;
use serde_json::{Value, json};

use crate::funnel::{Funnel, LEADS, path};

#[tokio::test]
async fn a_write_of_many_reaches_what_its_caller_sees() {
    let it = Funnel::arrange().await;
    let every = || json!({ "id": { "gt": 0 } });
    let rename = json!({ "filter": every(), "data": { "name": "Renamed" }, "max_affected": 2 });
    let done = it.ann.post(&update_where(), rename.clone()).await.expect(200);
    assert_eq!(done.json(), json!({ "affected": 2 }));
    let again = it.ann.post(&update_where(), rename).await.expect(200);
    assert_eq!(again.json(), json!({ "affected": 0 }), "they are so already");
    assert_eq!(it.found(&it.diana, "").await, "Renamed, Boris's lead, Renamed");

    let delete = json!({ "filter": every(), "max_affected": 10 });
    let done = it.ann.post(&delete_where(), delete).await.expect(200);
    assert_eq!(done.json(), json!({ "affected": 2 }));
    assert_eq!(it.found(&it.diana, "").await, "Boris's lead");
    it.app.stop().await;
}

#[tokio::test]
async fn more_leads_than_allowed_are_left_alone() {
    let it = Funnel::arrange().await;
    let every = json!({ "id": { "gt": 0 } });
    let update = json!({ "filter": every, "data": { "name": "x" }, "max_affected": 2 });
    let delete = json!({ "filter": every, "max_affected": 2 });
    for (route, body) in [(update_where(), update), (delete_where(), delete)] {
        let refused = it.diana.post(&route, body).await;
        assert_eq!(refused.fault(), "409 max_affected", "{route}");
        assert_eq!(refused.at("affected"), 3);
    }
    assert_eq!(it.found(&it.diana, "").await, "Free lead, Boris's lead, Ann's lead");
    it.app.stop().await;
}

#[tokio::test]
async fn one_new_lead_outside_of_the_rule_refuses_all() {
    let it = Funnel::arrange().await;
    let to = |owner: i64| {
        let filter = json!({ "stage": { "closed": false } });
        json!({ "filter": filter, "data": { "owner_id": owner }, "max_affected": 9 })
    };
    let (ann, boris) = (it.user("ann").await, it.user("boris").await);
    let refused = it.ann.post(&update_where(), to(boris)).await;
    assert_eq!(refused.fault(), "403 access_denied");
    assert_eq!(it.ann.get(&path(it.ann_lead)).await.expect(200).at("version"), 1);
    let mut too_many = to(boris);
    too_many["max_affected"] = json!(1);
    assert_eq!(it.ann.post(&update_where(), too_many).await.fault(), "409 max_affected");
    let done = it.ann.post(&update_where(), to(ann)).await.expect(200);
    assert_eq!(done.json(), json!({ "affected": 1 }), "one of the two was hers already");
    it.app.stop().await;
}

#[tokio::test]
async fn the_body_is_judged_whole() {
    let it = Funnel::arrange().await;
    let id = json!({ "id": 1 });
    for (body, expected) in [
        (json!({}), "/filter required, /data required, /max_affected required"),
        (
            json!({ "filter": null, "data": null, "max_affected": null }),
            "/data required, /filter required, /max_affected required",
        ),
        (json!({ "filter": {}, "data": { "name": "x" }, "max_affected": 1 }), "/filter required"),
        (
            json!({ "filter": { "and": [{}] }, "data": {}, "max_affected": "1" }),
            "/filter required, /max_affected wrong_type",
        ),
        (
            json!({ "filter": id, "data": [], "max_affected": -1 }),
            "/data wrong_type, /max_affected greater_than_or_equal",
        ),
        (
            json!({ "filter": id, "data": { "name": 1, "colour": 2, "version": 3 },
                    "max_affected": 1.5, "a/b": 1 }),
            "/a~1b unknown_field, /data/colour unknown_field, /data/name wrong_type, \
             /data/version read_only, /max_affected invalid",
        ),
        (
            json!({ "filter": id, "data": { "probability": 101 }, "max_affected": 1 }),
            "/data/probability less_than_or_equal",
        ),
    ] {
        check(&it, &update_where(), &body, &format!("422 validation: {expected}")).await;
    }
    let with_data = json!({ "filter": id, "data": {}, "max_affected": 1 });
    check(&it, &delete_where(), &with_data, "422 validation: /data unknown_field").await;
    it.app.stop().await;
}

#[tokio::test]
async fn a_bad_filter_comes_before_all_and_what_is_closed_before_the_rest() {
    let it = Funnel::arrange().await;
    let body = |filter: Value| json!({ "filter": filter, "data": { "name": 1 } });
    for (filter, expected) in [
        (json!({ "colour": 1 }), "400 unknown_field: /filter/colour unknown_field"),
        (json!({ "name": { "gt": 1 } }), "400 bad_filter: /filter/name/gt bad_filter"),
        (json!([]), "400 bad_filter: /filter bad_filter"),
        (
            json!({ "owner": { "login": "ann" } }),
            "403 field_forbidden: /filter/owner/login field_forbidden",
        ),
    ] {
        check(&it, &update_where(), &body(filter.clone()), expected).await;
        let only_filter = json!({ "filter": filter, "data": 1 });
        check(&it, &delete_where(), &only_filter, expected).await;
    }
    let through = body(json!({ "partner": { "name": "x" } }));
    let denied = it.boris.post(&update_where(), through).await;
    assert_eq!(denied.fault(), "403 access_denied", "he may not read partners");
    for denied in [&it.grace, &it.fedor] {
        let refused = denied.post(&update_where(), body(json!({ "id": 1 }))).await;
        assert_eq!(refused.fault(), "403 access_denied");
    }
    let unknown = format!("{}?foo=1", update_where());
    check(&it, &unknown, &json!({}), "400 unknown_parameter: foo unknown_parameter").await;
    it.app.stop().await;
}

#[tokio::test]
async fn what_the_database_refuses_is_said_of_the_data() {
    let it = Funnel::arrange().await;
    let every = json!({ "id": { "gt": 0 } });
    let with = |partner: i64, max: i64| json!({ "filter": every, "data": { "partner_id": partner }, "max_affected": max });
    let expected = "422 validation: /data/partner_id not_found";
    for max in [9, 1] {
        let hidden = it.ann.post(&update_where(), with(it.boris_firm.get(), max)).await;
        assert_eq!(hidden.fault(), expected, "before `max_affected` is looked at: {max}");
        let missing = it.ann.post(&update_where(), with(999_999, max)).await;
        assert_eq!(hidden.without_request_id(), missing.without_request_id());
    }
    let free = it.ann.post(&update_where(), with(it.free_firm.get(), 9)).await.expect(200);
    assert_eq!(free.json(), json!({ "affected": 2 }));

    let stages = json!({ "filter": every, "data": { "name": "One" }, "max_affected": 9 });
    let taken = it.diana.post("/api/v1/lead_stages/update_where", stages).await;
    assert_eq!(taken.fault(), "409 unique: /data/name unique");
    let stages = json!({ "filter": every, "max_affected": 9 });
    let used = it.diana.post("/api/v1/lead_stages/delete_where", stages).await;
    assert_eq!(used.fault(), "409 foreign_key");
    assert_eq!(used.at("models"), json!(["leads"]));
    it.app.stop().await;
}

#[tokio::test]
async fn the_routes_take_posts_of_json_of_those_who_are_signed_in() {
    let it = Funnel::arrange().await;
    let body = json!({ "filter": { "id": 1 }, "max_affected": 1 });
    let guest = it.app.guest().post(&delete_where(), body).await;
    assert_eq!(guest.fault(), "401 unauthenticated");
    for route in [update_where(), delete_where()] {
        let get = it.ann.get(&route).await;
        assert_eq!((get.status, get.header("allow")), (405, "POST, OPTIONS"), "{route}");
        let text = it.ann.send(Method::POST, &route, &[("content-type", "text/plain")], "{}").await;
        assert_eq!(text.fault(), "415 unsupported_media_type");
        let json = [("content-type", "application/json")];
        let twice = r#"{"max_affected": 1, "max_affected": 2}"#;
        assert_eq!(it.ann.send(Method::POST, &route, &json, twice).await.fault(), "400 bad_json");
    }
    it.app.stop().await;
}

async fn check(it: &Funnel, route: &str, body: &Value, expected: &str) {
    let fault = it.ann.post(route, body.clone()).await.fault();
    assert_eq!(fault, expected, "{route} {body}");
}

fn update_where() -> String {
    format!("{LEADS}/update_where")
}

fn delete_where() -> String {
    format!("{LEADS}/delete_where")
}
