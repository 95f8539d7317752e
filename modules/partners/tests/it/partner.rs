//! Partners: who sees which, and what is told of the others.

use http::Method;
use serde_json::json;

use crate::address_book::{AddressBook, PARTNERS, path};

#[tokio::test]
async fn each_sees_the_partners_that_the_rules_give_them_by_every_path() {
    let it = AddressBook::arrange().await;
    for (client, expected) in it.everyone() {
        assert_eq!(it.seen(client, "partners", "name").await, expected);
    }
    it.app.stop().await;
}

#[tokio::test]
async fn partners_of_a_company_are_seen_by_all_who_work_for_it() {
    let it = AddressBook::arrange().await;
    let free = "Ann's person, Free firm";
    // No company, then a second one beside one's own.
    let nobody = it.app.user_with("nobody", &["partners.manager"]).await;
    assert_eq!(it.seen(&nobody, "partners", "name").await, free);
    it.also_works_for_south("nobody").await;
    let somebody = it.app.user("nobody").await;
    let expected = format!("{free}, Southern firm");
    assert_eq!(it.seen(&somebody, "partners", "name").await, expected);
    it.also_works_for_south("diana").await;
    let diana = it.app.user("diana").await;
    let all = "Ann's firm, Ann's person, Boris's firm, Free firm, Southern firm";
    assert_eq!(it.seen(&diana, "partners", "name").await, all);
    it.app.stop().await;
}

#[tokio::test]
async fn who_has_no_role_for_partners_is_denied_by_every_path() {
    let it = AddressBook::arrange().await;
    let one = path(it.free_firm);
    for way in [PARTNERS, &one, &format!("{PARTNERS}/schema"), &format!("{PARTNERS}/defaults")] {
        assert_eq!(it.app.guest().get(way).await.fault(), "401 unauthenticated", "{way}");
        assert_eq!(it.grace.get(way).await.fault(), "403 access_denied", "{way}");
        it.ann.get(way).await.expect(200);
    }
    let search = format!("{PARTNERS}/search");
    assert_eq!(it.grace.post(&search, json!({})).await.fault(), "403 access_denied");
    it.ann.post(&search, json!({})).await.expect(200);
    let new = json!({ "name": "New firm" });
    assert_eq!(it.grace.post(PARTNERS, new.clone()).await.fault(), "403 access_denied");
    assert_eq!(it.grace.patch(&one, new.clone()).await.fault(), "403 access_denied");
    assert_eq!(it.grace.delete(&one).await.fault(), "403 access_denied");
    it.ann.post(PARTNERS, new).await.expect(201);

    let models = it.grace.get("/api/v1/models").await.expect(200).column("model");
    assert!(!models.contains("partners") && !models.contains("contacts"), "{models}");
    let models = it.ann.get("/api/v1/models").await.expect(200).column("model");
    assert!(models.contains("partners") && models.contains("contacts"), "{models}");
    it.app.stop().await;
}

#[tokio::test]
async fn a_hidden_partner_is_as_a_missing_one() {
    let it = AddressBook::arrange().await;
    let json = ("content-type", "application/json");
    let known = ("if-none-match", "*");
    let demanded = ("if-match", "\"v7\"");
    for (method, headers, body) in [
        (Method::GET, vec![], ""),
        (Method::GET, vec![known], ""),
        (Method::PATCH, vec![json], r#"{"name": "Mine"}"#),
        (Method::PATCH, vec![json, demanded], r#"{"name": "Mine"}"#),
        (Method::PATCH, vec![json], "{}"),
        (Method::PATCH, vec![json], r#"{"owner_id": 1, "parent_id": 1}"#),
        (Method::DELETE, vec![], ""),
        (Method::DELETE, vec![demanded], ""),
    ] {
        let hidden = it.ann.send(method.clone(), &path(it.boris_firm), &headers, body).await;
        let missing = format!("{PARTNERS}/999999");
        let missing = it.ann.send(method.clone(), &missing, &headers, body).await;
        assert_eq!(hidden.fault(), "404 not_found", "{method} {headers:?} {body}");
        assert_eq!(hidden.without_request_id(), missing.without_request_id(), "{method} {body}");
    }
    assert_eq!(it.boris.get(&path(it.boris_firm)).await.expect(200).at("version"), 1);
    it.boris.patch(&path(it.boris_firm), json!({ "name": "Mine" })).await.expect(200);
    it.boris.delete(&path(it.boris_firm)).await.expect(204);
    it.app.stop().await;
}

#[tokio::test]
async fn a_condition_tells_nothing_of_a_hidden_partner() {
    let it = AddressBook::arrange().await;
    let id = it.boris_firm.get();
    for query in [
        format!("id={id}"),
        "name=Boris's firm".replace(' ', "+"),
        "name[starts]=Boris".to_owned(),
        "q=boris".to_owned(),
        "owner.name=boris".to_owned(),
        "owner.name[ilike]=b%25".to_owned(),
    ] {
        let way = format!("{PARTNERS}?{query}&count=exact");
        let page = it.ann.get(&way).await.expect(200);
        assert_eq!(
            (page.column("name").as_str(), &page.at("page")["total"]),
            ("", &json!(0)),
            "{query}"
        );
        assert_eq!(it.boris.get(&way).await.expect(200).column("name"), "Boris's firm", "{query}");
    }
    it.app.stop().await;
}

#[tokio::test]
async fn whoever_stands_under_a_rule_reads_in_one_statement_too() {
    let it = AddressBook::arrange().await;
    for (way, expected) in [
        (path(it.ann_firm), 1),
        (PARTNERS.to_owned(), 1),
        (format!("{PARTNERS}?parent.owner.name=boris&sort=-company.name&q=ann"), 1),
        (format!("{PARTNERS}?count=exact"), 2),
        (format!("{PARTNERS}?count=estimated"), 2),
    ] {
        assert_eq!(it.ann.get(&way).await.expect(200).statements(), expected, "{way}");
    }
    it.app.stop().await;
}
