//! Paths from leads to what stands behind them: partners, stages, teams and their members.

use serde_json::json;

use crate::funnel::{Funnel, LEADS, path};

#[tokio::test]
async fn a_path_through_a_model_without_a_grant_is_denied() {
    let it = Funnel::arrange().await;
    for query in [
        "partner.name=Free+firm",
        "partner[null]=true",
        "partner.parent.name=x",
        "sort=partner.name",
        "sort=-partner.parent.name",
    ] {
        let way = format!("{LEADS}?{query}");
        assert_eq!(it.boris.get(&way).await.fault(), "403 access_denied", "{query}");
        it.ann.get(&way).await.expect(200);
    }
    let body = json!({ "filter": { "not": { "partner": { "name": "x" } } } });
    let search = format!("{LEADS}/search");
    assert_eq!(it.boris.post(&search, body.clone()).await.fault(), "403 access_denied");
    it.ann.post(&search, body).await.expect(200);
    // The column is a part of the lead.
    let lead = it.boris.get(&path(it.boris_lead)).await.expect(200);
    assert_eq!(lead.at("partner_id"), it.free_firm.get());
    let way = format!("partner_id={}", it.free_firm.get());
    assert_eq!(it.found(&it.boris, &way).await, "Boris's lead");
    it.app.stop().await;
}

#[tokio::test]
async fn what_lies_behind_a_hidden_partner_is_as_if_absent() {
    let it = Funnel::arrange().await;
    for (query, ann, diana) in [
        ("partner.name=Boris's+firm", "", "Ann's lead"),
        ("partner.owner.name=boris", "", "Ann's lead"),
        ("partner.parent.name=Free+firm", "", "Ann's lead"),
        ("partner[null]=true", "Free lead, Ann's lead", "Free lead"),
        ("partner.name[ne]=Boris's+firm", "Free lead, Ann's lead", "Free lead, Boris's lead"),
        ("partner_id[null]=true", "Free lead", "Free lead"),
        ("sort=partner.name,-id", "Free lead, Ann's lead", "Ann's lead, Boris's lead, Free lead"),
    ] {
        assert_eq!(it.found(&it.ann, query).await, ann, "{query}");
        assert_eq!(it.found(&it.diana, query).await, diana, "{query}");
    }
    it.app.stop().await;
}

#[tokio::test]
async fn a_filter_goes_from_references_on_to_many() {
    let it = Funnel::arrange().await;
    let member = |name: &str| json!({ "team": { "members": { "some": { "name": name } } } });
    for (filter, expected) in [
        (member("ann"), "Boris's lead, Ann's lead"),
        (member("diana"), ""),
        (json!({ "not": member("ann") }), "Free lead"),
        (
            json!({ "team": { "members": { "every": { "name": { "in": ["ann", "boris"] } } } } }),
            "Free lead, Boris's lead, Ann's lead",
        ),
        (json!({ "team": { "members": { "none": { "name": "ann" } } } }), "Free lead"),
        (json!({ "stage": { "closed": false } }), "Free lead, Ann's lead"),
        (
            json!({ "team": { "name": "North" }, "or": [
                { "amount": { "gt": "100" } },
                { "partner": { "parent": { "name": "Free firm" } } },
            ] }),
            "Boris's lead, Ann's lead",
        ),
    ] {
        let body = json!({ "filter": filter });
        let found = it.diana.post(&format!("{LEADS}/search"), body).await.expect(200);
        assert_eq!(found.column("name"), expected, "{filter}");
        assert_eq!(found.statements(), 1, "{filter}");
    }
    let login = json!({ "filter": { "team": { "members": { "some": { "login": "ann" } } } } });
    let fault = it.diana.post(&format!("{LEADS}/search"), login).await.fault();
    assert_eq!(fault, "403 field_forbidden: /filter/team/members/some/login field_forbidden");
    it.app.stop().await;
}

#[tokio::test]
async fn whoever_asks_is_named_by_a_macro() {
    let it = Funnel::arrange().await;
    assert_eq!(it.found(&it.ann, "owner_id=@me").await, "Ann's lead");
    assert_eq!(it.found(&it.boris, "owner_id=@me").await, "Boris's lead");
    assert_eq!(it.found(&it.diana, "owner_id=@me").await, "");
    assert_eq!(
        it.found(&it.diana, "created_at[gte]=@today-1d&created_at[lte]=@now").await,
        "Free lead, Boris's lead, Ann's lead"
    );
    it.app.stop().await;
}
