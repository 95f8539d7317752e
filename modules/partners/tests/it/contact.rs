//! Contacts: parts of their partners, with no rights of their own.

use serde_json::json;

use crate::address_book::{AddressBook, CONTACTS};

#[tokio::test]
async fn contacts_are_seen_with_their_partners_by_every_path() {
    let it = AddressBook::arrange().await;
    let (phone, ann, person) = ("+7 1", "ann-firm@example.com", "ann-person@example.com");
    let (boris, free) = ("boris-firm@example.com", "free-firm@example.com");
    for (client, expected) in [
        (&it.ann, vec![phone, ann, person, free]),
        (&it.boris, vec![boris, free]),
        (&it.diana, vec![phone, ann, person, boris, free]),
        (&it.clara, vec![person, free]),
        (&it.admin, vec![phone, ann, person, boris, free]),
    ] {
        assert_eq!(it.seen(client, "contacts", "value").await, expected.join(", "));
    }
    it.app.stop().await;
}

#[tokio::test]
async fn who_may_not_read_partners_may_not_read_contacts() {
    let it = AddressBook::arrange().await;
    let one = format!("{CONTACTS}/{}", contact(&it, "free-firm").await);
    for way in
        [CONTACTS, &one, &format!("{CONTACTS}?partner.name=x"), &format!("{CONTACTS}/schema")]
    {
        assert_eq!(it.app.guest().get(way).await.fault(), "401 unauthenticated", "{way}");
        assert_eq!(it.grace.get(way).await.fault(), "403 access_denied", "{way}");
        it.ann.get(way).await.expect(200);
    }
    let body = json!({ "partner_id": it.free_firm.get(), "kind": "phone", "value": "1" });
    assert_eq!(it.grace.post(CONTACTS, body.clone()).await.fault(), "403 access_denied");
    assert_eq!(it.grace.patch(&one, json!({ "value": "1" })).await.fault(), "403 access_denied");
    assert_eq!(it.grace.delete(&one).await.fault(), "403 access_denied");
    it.ann.post(CONTACTS, body).await.expect(201);
    it.app.stop().await;
}

#[tokio::test]
async fn changing_a_contact_is_changing_its_partner() {
    let it = AddressBook::arrange().await;
    let own = format!("{CONTACTS}/{}", contact(&it, "ann-firm").await);
    let hidden = format!("{CONTACTS}/{}", contact(&it, "boris-firm").await);
    let missing = format!("{CONTACTS}/999999");
    let body = json!({ "value": "new@example.com" });
    for foreign in [&hidden, &missing] {
        assert_eq!(it.ann.patch(foreign, body.clone()).await.fault(), "404 not_found");
        assert_eq!(it.ann.delete(foreign).await.fault(), "404 not_found");
    }
    it.boris.patch(&hidden, body.clone()).await.expect(200);
    it.ann.patch(&own, body).await.expect(200);
    it.ann.delete(&own).await.expect(204);
    it.boris.delete(&hidden).await.expect(204);
    it.app.stop().await;
}

#[tokio::test]
async fn a_contact_is_made_and_moved_between_partners_that_one_may_change() {
    let it = AddressBook::arrange().await;
    let of = |partner: i64| json!({ "partner_id": partner, "kind": "phone", "value": "+7 2" });
    let hidden = it.ann.post(CONTACTS, of(it.boris_firm.get())).await;
    let missing = it.ann.post(CONTACTS, of(999_999)).await;
    assert_eq!(hidden.fault(), "422 validation: /partner_id not_found");
    assert_eq!(hidden.without_request_id(), missing.without_request_id());
    let made = it.ann.post(CONTACTS, of(it.ann_firm.get())).await.expect(201);

    let path = format!("{CONTACTS}/{}", made.id());
    let moved = it.ann.patch(&path, json!({ "partner_id": it.boris_firm.get() })).await;
    assert_eq!(moved.fault(), "422 validation: /partner_id not_found");
    it.ann.patch(&path, json!({ "partner_id": it.free_firm.get() })).await.expect(200);
    assert_eq!(it.boris.get(&path).await.expect(200).at("partner_id"), it.free_firm.get());
    it.diana.patch(&path, json!({ "partner_id": it.boris_firm.get() })).await.expect(200);
    assert_eq!(it.ann.get(&path).await.fault(), "404 not_found");
    it.app.stop().await;
}

#[tokio::test]
async fn a_contact_has_its_kind_and_its_value() {
    let it = AddressBook::arrange().await;
    let partner = it.ann_firm.get();
    for (body, expected) in [
        (json!({ "partner_id": partner }), "/kind required, /value required"),
        (json!({ "partner_id": partner, "kind": "pigeon", "value": "x" }), "/kind choice"),
        (json!({ "partner_id": null, "kind": "email", "value": "x" }), "/partner_id required"),
    ] {
        let fault = it.ann.post(CONTACTS, body.clone()).await.fault();
        assert_eq!(fault, format!("422 validation: {expected}"), "{body}");
    }
    it.app.stop().await;
}

#[tokio::test]
async fn contacts_are_looked_for_through_their_partners() {
    let it = AddressBook::arrange().await;
    for (query, ann, diana) in [
        ("partner.name=Ann's+firm&kind=phone", "+7 1", "+7 1"),
        ("partner.parent.name=Boris's+firm", "", "ann-person@example.com"),
        ("partner.parent.owner.name=boris", "", "ann-person@example.com"),
        ("partner.owner.name=boris", "", "boris-firm@example.com"),
        ("q=boris", "", "boris-firm@example.com"),
    ] {
        let way = format!("{CONTACTS}?{query}");
        let (found, all) =
            (it.ann.get(&way).await.expect(200), it.diana.get(&way).await.expect(200));
        assert_eq!(
            (found.column("value"), all.column("value")),
            (ann.to_owned(), diana.to_owned()),
            "{query}"
        );
        assert_eq!(found.statements(), 1, "{query}");
    }
    it.app.stop().await;
}

/// The contact whose value begins so.
async fn contact(it: &AddressBook, value: &str) -> String {
    it.admin
        .get(&format!("{CONTACTS}?value[starts]={value}&limit=1"))
        .await
        .expect(200)
        .column("id")
}
