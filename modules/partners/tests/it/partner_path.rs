//! Paths from partners to what stands behind them: other partners, owners, contacts.

use serde_json::json;

use crate::address_book::{AddressBook, PARTNERS, path};

#[tokio::test]
async fn what_lies_behind_a_hidden_partner_is_as_if_absent() {
    let it = AddressBook::arrange().await;
    let person = it.ann.get(&path(it.ann_person)).await.expect(200);
    assert_eq!(person.at("parent_id"), it.boris_firm.get(), "the column is part of the record");

    for query in ["parent.name=Boris's+firm", "parent.owner.name=boris", "parent[null]=false"] {
        let way = format!("{PARTNERS}?{query}");
        assert_eq!(it.ann.get(&way).await.expect(200).column("name"), "", "{query}");
        assert_eq!(it.diana.get(&way).await.expect(200).column("name"), "Ann's person", "{query}");
    }
    for query in ["parent[null]=true", "parent.name[null]=true", "parent.name[ne]=Boris's+firm"] {
        let way = format!("{PARTNERS}?{query}");
        let (ann, diana) =
            (it.ann.get(&way).await.expect(200), it.diana.get(&way).await.expect(200));
        assert_eq!(ann.column("name"), "Ann's firm, Ann's person, Free firm", "{query}");
        assert_eq!(diana.column("name"), "Ann's firm, Boris's firm, Free firm", "{query}");
    }
    let column = format!("{PARTNERS}?parent_id[null]=false");
    assert_eq!(it.ann.get(&column).await.expect(200).column("name"), "Ann's person");
    it.app.stop().await;
}

#[tokio::test]
async fn a_hidden_partner_does_not_order_those_that_lead_to_it() {
    let it = AddressBook::arrange().await;
    let way = format!("{PARTNERS}?sort=parent.name,name");
    let (ann, diana) = (it.ann.get(&way).await.expect(200), it.diana.get(&way).await.expect(200));
    assert_eq!(ann.column("name"), "Ann's firm, Ann's person, Free firm");
    assert_eq!(diana.column("name"), "Ann's person, Ann's firm, Boris's firm, Free firm");
    it.app.stop().await;
}

#[tokio::test]
async fn contacts_of_a_hidden_partner_are_found_by_nobody_else() {
    let it = AddressBook::arrange().await;
    let of_boris = json!({ "partner": { "parent": { "name": { "starts": "Boris" } } } });
    let some = |value: &str| json!({ "contacts": { "some": { "value": { "starts": value } } } });
    for (filter, ann, diana) in [
        (some("ann-firm"), "Ann's firm", "Ann's firm"),
        (some("boris"), "", "Boris's firm"),
        (json!({ "parent": some("boris") }), "", "Ann's person"),
        (
            json!({ "contacts": { "none": { "kind": "phone" } } }),
            "Ann's person, Free firm",
            "Ann's person, Boris's firm, Free firm",
        ),
        (
            json!({ "contacts": { "every": { "kind": "email" } } }),
            "Ann's person, Free firm",
            "Ann's person, Boris's firm, Free firm",
        ),
        (json!({ "contacts": { "some": of_boris } }), "", "Ann's person"),
    ] {
        let body = json!({ "filter": filter, "count": "exact" });
        for (client, expected) in [(&it.ann, ann), (&it.diana, diana)] {
            let found = client.post(&format!("{PARTNERS}/search"), body.clone()).await.expect(200);
            assert_eq!(found.column("name"), expected, "{filter}");
        }
    }
    it.app.stop().await;
}

#[tokio::test]
async fn the_login_of_an_owner_is_closed_by_every_path() {
    let it = AddressBook::arrange().await;
    for (query, at) in [
        ("owner.login=boris", "owner.login"),
        ("owner.login[starts]=b", "owner.login[starts]"),
        ("owner.email[null]=true", "owner.email[null]"),
        ("sort=owner.login", "sort"),
        ("parent.owner.login=boris", "parent.owner.login"),
    ] {
        let way = format!("{PARTNERS}?{query}");
        let expected = format!("403 field_forbidden: {at} field_forbidden");
        assert_eq!(it.ann.get(&way).await.fault(), expected, "{query}");
        it.admin.get(&way).await.expect(200);
    }
    let search = format!("{PARTNERS}/search");
    let body = json!({ "filter": { "owner": { "login": { "like": 1 } } } });
    let fault = it.ann.post(&search, body).await.fault();
    assert_eq!(fault, "403 field_forbidden: /filter/owner/login field_forbidden");
    it.app.stop().await;
}

#[tokio::test]
async fn a_password_is_no_field_for_anybody() {
    let it = AddressBook::arrange().await;
    for client in [&it.ann, &it.admin] {
        for query in ["owner.password[null]=false", "sort=owner.password"] {
            let fault = client.get(&format!("{PARTNERS}?{query}")).await.fault();
            assert!(fault.starts_with("400 unknown_field"), "{query}: {fault}");
        }
        let body = json!({ "filter": { "owner": { "password": { "null": false } } } });
        let fault = client.post(&format!("{PARTNERS}/search"), body).await.fault();
        assert_eq!(fault, "400 unknown_field: /filter/owner/password unknown_field");
    }
    it.app.stop().await;
}
