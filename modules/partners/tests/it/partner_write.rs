//! Writing partners: nothing moves out of one's scope, or into it.

use serde_json::json;

use crate::address_book::{AddressBook, CONTACTS, PARTNERS, path};

#[tokio::test]
async fn a_partner_cannot_be_moved_out_of_ones_scope() {
    let it = AddressBook::arrange().await;
    let own = path(it.ann_firm);
    let to_boris = json!({ "name": "Given away", "owner_id": it.user("boris").await });
    let to_south = json!({ "name": "Given away", "company_id": it.south.get() });
    assert_eq!(it.ann.patch(&own, to_boris.clone()).await.fault(), "403 access_denied");
    assert_eq!(it.ann.patch(&own, to_south.clone()).await.fault(), "403 access_denied");
    assert_eq!(it.diana.patch(&own, to_south).await.fault(), "403 access_denied");
    let kept = it.ann.get(&own).await.expect(200);
    assert_eq!((kept.at("name"), kept.at("version")), (json!("Ann's firm"), json!(1)));

    it.diana.patch(&own, to_boris).await.expect(200);
    assert_eq!(it.ann.get(&own).await.fault(), "404 not_found");
    it.boris.get(&own).await.expect(200);
    it.app.stop().await;
}

#[tokio::test]
async fn a_partner_cannot_be_moved_into_ones_scope() {
    let it = AddressBook::arrange().await;
    let to_ann = json!({ "owner_id": it.user("ann").await });
    let free = json!({ "owner_id": null });
    for foreign in [it.boris_firm, it.southern_firm] {
        for body in [&to_ann, &free, &json!({ "company_id": null })] {
            let fault = it.ann.patch(&path(foreign), body.clone()).await.fault();
            assert_eq!(fault, "404 not_found", "{body}");
        }
    }
    // What is free may be taken, and what is one's own may be let go.
    it.ann.patch(&path(it.free_firm), to_ann).await.expect(200);
    assert_eq!(it.boris.get(&path(it.free_firm)).await.fault(), "404 not_found");
    it.ann.patch(&path(it.free_firm), free).await.expect(200);
    it.boris.get(&path(it.free_firm)).await.expect(200);
    it.app.stop().await;
}

#[tokio::test]
async fn a_new_partner_stands_within_the_scope_of_its_maker() {
    let it = AddressBook::arrange().await;
    let (ann, boris) = (it.user("ann").await, it.user("boris").await);
    let south = it.south.get();
    let of_boris = json!({ "name": "New", "owner_id": boris });
    let of_south = json!({ "name": "New", "company_id": south });
    for (client, body, expected) in [
        (&it.ann, json!({ "name": "New" }), 201),
        (&it.ann, json!({ "name": "New", "owner_id": ann }), 201),
        (&it.ann, of_boris.clone(), 403),
        (&it.ann, of_south.clone(), 403),
        (&it.diana, of_boris, 201),
        (&it.diana, of_south.clone(), 403),
        (&it.clara, of_south.clone(), 201),
        (&it.admin, of_south, 201),
    ] {
        let made = client.post(PARTNERS, body.clone()).await;
        assert_eq!(made.status, expected, "{body}: {}", made.text());
    }
    let made = it.admin.get(&format!("{PARTNERS}?name=New&count=exact")).await.expect(200);
    assert_eq!(made.at("page")["total"], 5, "what was refused was not written");
    it.app.stop().await;
}

#[tokio::test]
async fn a_new_partner_is_of_its_makers_company_where_nobody_says() {
    let it = AddressBook::arrange().await;
    let north = it.admin.get(&path(it.ann_firm)).await.expect(200).at("company_id");
    let south = json!(it.south.get());
    let none = json!(null);
    for (client, body, expected) in [
        (&it.ann, json!({ "name": "New" }), &north),
        (&it.clara, json!({ "name": "New" }), &south),
        (&it.ann, json!({ "name": "Everyone's", "company_id": null }), &none),
        (&it.admin, json!({ "name": "Nobody's" }), &none),
    ] {
        let made = client.post(PARTNERS, body.clone()).await.expect(201);
        assert_eq!(made.at("company_id"), *expected, "{body}");
    }
    // Who works for another company does not see it; who works for none sees what is of none.
    let seen = it.clara.get(&format!("{PARTNERS}?name=New&count=exact")).await.expect(200);
    assert_eq!(seen.at("page")["total"], 1);
    it.app.stop().await;
}

#[tokio::test]
async fn the_id_of_a_hidden_partner_is_written_as_that_of_a_missing_one() {
    let it = AddressBook::arrange().await;
    let own = path(it.ann_firm);
    let hidden = it.ann.patch(&own, json!({ "parent_id": it.boris_firm.get() })).await;
    let missing = it.ann.patch(&own, json!({ "parent_id": 999_999 })).await;
    assert_eq!(hidden.fault(), "422 validation: /parent_id not_found");
    assert_eq!(hidden.without_request_id(), missing.without_request_id());
    it.diana.patch(&own, json!({ "parent_id": it.boris_firm.get() })).await.expect(200);

    let new = json!({ "name": "New", "parent_id": it.boris_firm.get() });
    assert_eq!(it.ann.post(PARTNERS, new).await.fault(), "422 validation: /parent_id not_found");
    // Repeating what is stored is no write of it.
    let person = json!({ "name": "Renamed", "parent_id": it.boris_firm.get() });
    it.ann.patch(&path(it.ann_person), person).await.expect(200);
    it.app.stop().await;
}

#[tokio::test]
async fn a_deleted_partner_takes_its_contacts_along_and_lets_go_of_its_people() {
    let it = AddressBook::arrange().await;
    it.boris.delete(&path(it.boris_firm)).await.expect(204);
    let left = it.admin.get(&format!("{CONTACTS}?value[starts]=boris")).await.expect(200);
    assert_eq!(left.column("value"), "");
    let person = it.ann.get(&path(it.ann_person)).await.expect(200);
    assert_eq!(person.at("parent_id"), json!(null));
    it.app.stop().await;
}

#[tokio::test]
async fn a_partner_has_defaults_choices_and_limits() {
    let it = AddressBook::arrange().await;
    let defaults = it.ann.get(&format!("{PARTNERS}/defaults")).await.expect(200).json();
    let north = it.admin.get(&path(it.ann_firm)).await.expect(200).at("company_id");
    assert_eq!(defaults, json!({ "kind": "person", "company_id": north, "active": true }));
    let defaults = it.admin.get(&format!("{PARTNERS}/defaults")).await.expect(200).json();
    assert_eq!(defaults, json!({ "kind": "person", "active": true }));
    let long = "x".repeat(41);
    for (body, expected) in [
        (json!({}), "/name required"),
        (json!({ "name": "x", "kind": "robot" }), "/kind choice"),
        (json!({ "name": "x", "phone": long }), "/phone too_long"),
        (json!({ "name": "x", "owner_id": 999_999 }), "/owner_id not_found"),
        (json!({ "name": "x", "contacts": [] }), "/contacts wrong_type"),
    ] {
        let fault = it.ann.post(PARTNERS, body.clone()).await.fault();
        assert_eq!(fault, format!("422 validation: {expected}"), "{body}");
    }
    it.app.stop().await;
}
