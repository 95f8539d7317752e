//! The members of teams by id: those who have left are hidden from managers, and their places stay.

use orm::Model;
use serde_json::{Value, json};
use users::User;

use crate::funnel::Funnel;

const NORTH: &str = "/api/v1/teams/1";
const WITH_IDS: &str = "/api/v1/teams/1?fields=member_ids";

#[tokio::test]
async fn ids_of_a_to_many_are_those_of_visible_records() {
    let it = Funnel::arrange().await;
    let [ann, boris] = [it.user("ann").await, it.user("boris").await];
    assert_eq!(it.diana.get(WITH_IDS).await.expect(200).at("member_ids"), json!([ann, boris]));
    leave(&it, boris).await;
    let list = "/api/v1/teams?fields=member_ids";
    for (client, expected) in
        [(&it.diana, json!([ann])), (&it.grace, json!([ann])), (&it.admin, json!([ann, boris]))]
    {
        assert_eq!(client.get(WITH_IDS).await.expect(200).at("member_ids"), expected);
        let listed = client.get(list).await.expect(200).at("data");
        assert_eq!(listed, json!([{ "member_ids": expected }]));
        let found = client.post("/api/v1/teams/search", json!({ "fields": ["member_ids"] })).await;
        assert_eq!(found.expect(200).at("data"), listed);
    }
    it.app.stop().await;
}

#[tokio::test]
async fn a_hidden_record_is_linked_and_unlinked_like_a_missing_one() {
    let it = Funnel::arrange().await;
    let [ann, boris, diana, grace] = [
        it.user("ann").await,
        it.user("boris").await,
        it.user("diana").await,
        it.user("grace").await,
    ];
    leave(&it, boris).await;
    leave(&it, grace).await;
    let write =
        async |members: Value| it.diana.patch(NORTH, json!({ "member_ids": members })).await;

    let hidden = write(json!({ "add": [diana, grace] })).await;
    let missing = write(json!({ "add": [diana, 404] })).await;
    assert_eq!(hidden.fault(), "422 validation: /member_ids/add/1 not_found");
    assert_eq!(hidden.without_request_id(), missing.without_request_id());
    let team = |members: Value| json!({ "name": "South", "member_ids": members });
    let made = it.diana.post("/api/v1/teams", team(json!({ "set": [grace] }))).await;
    assert_eq!(made.fault(), "422 validation: /member_ids/set/0 not_found");
    // What was linked already is no exception.
    let hidden = write(json!({ "add": [boris] })).await;
    assert_eq!(hidden.fault(), "422 validation: /member_ids/add/0 not_found");

    for (members, version) in [
        (json!({ "remove": [boris] }), 1),
        (json!({ "remove": [404] }), 1),
        (json!({ "set": [ann] }), 1),
        (json!({ "set": [diana] }), 2),
    ] {
        let written = write(members.clone()).await.expect(200);
        assert_eq!(written.at("version"), version, "{members}");
    }
    let mut members = vec![boris, diana];
    members.sort_unstable();
    assert_eq!(it.admin.get(WITH_IDS).await.expect(200).at("member_ids"), json!(members));
    let written = it.admin.patch(NORTH, json!({ "member_ids": { "remove": [boris] } })).await;
    assert_eq!(written.expect(200).at("version"), 3);
    assert_eq!(it.admin.get(WITH_IDS).await.expect(200).at("member_ids"), json!([diana]));
    it.app.stop().await;
}

#[tokio::test]
async fn ids_of_a_closed_field_are_refused_where_they_are_named() {
    let it = Funnel::arrange().await;
    let way = format!("/api/v1/users/{}?fields=role_ids", it.user("ann").await);
    let fault = "403 field_forbidden: fields field_forbidden";
    assert_eq!(it.ann.get(&way).await.fault(), fault);
    assert_eq!(it.ann.get("/api/v1/users?fields=id,company_ids").await.fault(), fault);
    let roles = it.admin.get(&way).await.expect(200).at("role_ids");
    assert_eq!(roles.as_array().unwrap().len(), 2);
    it.app.stop().await;
}

/// Blocks a user: only administrators see them from now on.
async fn leave(it: &Funnel, user: i64) {
    User::update(&it.app.session(), user, [User::ACTIVE.set(false)]).await.unwrap();
}
