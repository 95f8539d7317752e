//! Fields are closed and opened with the next request; what its declaration closes stays closed.

use artel_testing::{Client, Reply};
use serde_json::{Value, json};

use crate::desk::{Desk, NOTES, find};

const RIGHTS: &str = "/api/v1/field_rights";
const FIRST: &str = "/api/v1/notes/1";

#[tokio::test]
async fn a_field_closes_and_opens_with_the_next_request() {
    let it = Desk::arrange().await;
    let eve = it.app.user_with("eve", &["it.boss"]).await;
    let [clerk, boss] = [it.role("it.clerk").await, it.role("it.boss").await];
    assert_eq!(remark(&it.ann).await, "of ann");
    let right = field_right(&it, "notes", "remark", [true, false], boss).await;
    assert_eq!([remark(&it.ann).await.as_str(), &remark(&eve).await], ["closed", "of ann"]);
    for query in ["remark=of", "sort=remark", "fields=remark", "remark[null]=true"] {
        let asked = it.ann.get(&format!("{NOTES}?{query}")).await;
        assert_eq!(code(&asked), "field_forbidden", "{query}");
        eve.get(&format!("{NOTES}?{query}")).await.expect(200);
    }
    // Reading is closed, writing is not.
    it.ann.patch(FIRST, json!({ "remark": "changed" })).await.expect(200);
    assert_eq!(remark(&eve).await, "changed");
    it.change(&right, json!({ "role_ids": { "add": [clerk] } })).await;
    assert_eq!(remark(&it.ann).await, "changed");
    it.change(&right, json!({ "role_ids": { "remove": [clerk] } })).await;
    assert_eq!(remark(&it.ann).await, "closed");
    it.root.delete(&right).await.expect(204);
    assert_eq!(remark(&it.ann).await, "changed");
    it.stop().await;
}

#[tokio::test]
async fn writing_is_closed_by_itself_and_does_not_imply_reading() {
    let it = Desk::arrange().await;
    let eve = it.app.user_with("eve", &["it.boss"]).await;
    let [clerk, boss] = [it.role("it.clerk").await, it.role("it.boss").await];
    let change = json!({ "remark": "changed" });
    field_right(&it, "notes", "remark", [false, true], boss).await;
    assert_eq!(code(&it.ann.patch(FIRST, change.clone()).await), "field_forbidden");
    let new = json!({ "name": "new", "remark": "x" });
    assert_eq!(code(&it.ann.post(NOTES, new).await), "field_forbidden");
    it.ann.post(NOTES, json!({ "name": "new" })).await.expect(201);
    assert_eq!(remark(&it.ann).await, "of ann");
    eve.patch(FIRST, change.clone()).await.expect(200);
    // Whoever may write the price may not read it for that.
    field_right(&it, "notes", "price", [false, true], clerk).await;
    it.ann.patch(FIRST, json!({ "price": 8 })).await.expect(200);
    assert_eq!(code(&it.ann.get(&format!("{FIRST}?fields=price")).await), "field_forbidden");
    assert_eq!(eve.get(FIRST).await.expect(200).at("price"), 8);
    it.stop().await;
}

#[tokio::test]
async fn a_reference_is_closed_with_every_path_through_it() {
    let it = Desk::arrange().await;
    let boss = it.role("it.boss").await;
    it.ann.get(&format!("{NOTES}?owner.name=ann")).await.expect(200);
    field_right(&it, "notes", "owner", [true, false], boss).await;
    for query in ["owner_id=1", "owner.name=ann", "sort=owner.name", "fields=owner_id"] {
        let asked = it.ann.get(&format!("{NOTES}?{query}")).await;
        assert_eq!(code(&asked), "field_forbidden", "{query}");
    }
    let note = it.ann.get(FIRST).await.expect(200).json();
    assert_eq!(note.get("owner_id"), None);
    it.stop().await;
}

#[tokio::test]
async fn a_field_of_a_part_is_closed_though_its_rights_are_those_of_its_parent() {
    let it = Desk::arrange().await;
    let boss = it.role("it.boss").await;
    let part = it.make("parts", json!({ "note_id": 1 })).await;
    assert_eq!(it.ann.get(&part).await.expect(200).at("note_id"), 1);
    let right = field_right(&it, "parts", "note", [true, false], boss).await;
    assert_eq!(it.ann.get(&part).await.expect(200).json().get("note_id"), None);
    it.root.delete(&right).await.expect(204);
    assert_eq!(it.ann.get(&part).await.expect(200).at("note_id"), 1);
    it.stop().await;
}

#[tokio::test]
async fn what_its_declaration_closes_is_opened_by_rows_alone() {
    let it = Desk::arrange().await;
    let eve = it.app.user_with("eve", &["it.boss"]).await;
    let clerk = it.role("it.clerk").await;
    let prices = async || [price(&it.ann).await, price(&eve).await];
    assert_eq!(prices().await, ["closed", "7"]);
    let seeded = find(&it.root, "field_rights", "field=price&can_read=true").await;
    it.change(&seeded, json!({ "can_read": false })).await;
    assert_eq!(prices().await, ["closed", "closed"]);
    assert_eq!(price(&it.root).await, "7");
    let own = field_right(&it, "notes", "price", [true, false], clerk).await;
    assert_eq!(prices().await, ["7", "7"]);
    it.root.delete(&own).await.expect(204);
    assert_eq!(prices().await, ["closed", "closed"]);
    it.change(&seeded, json!({ "can_read": true, "role_ids": { "add": [clerk] } })).await;
    assert_eq!(prices().await, ["7", "7"]);
    it.stop().await;
}

#[tokio::test]
async fn a_right_is_of_a_field_and_of_roles() {
    let it = Desk::arrange().await;
    let boss = it.role("it.boss").await;
    for (model, field, roles, expected) in [
        ("nothing", "name", vec![boss], "422 validation: /model unknown_model"),
        ("notes", "nothing", vec![boss], "422 validation: /field unknown_field"),
        ("notes", "owner_id", vec![boss], "422 validation: /field unknown_field"),
        ("notes", "remark", vec![], "422 validation: /role_ids required"),
        ("notes", "remark", vec![404], "422 validation: /role_ids/set/0 not_found"),
    ] {
        let body = json!({
            "model": model, "field": field, "can_read": true, "role_ids": { "set": roles },
        });
        assert_eq!(it.root.post(RIGHTS, body).await.fault(), expected);
    }
    let body = json!({ "model": "notes", "field": "remark", "can_read": true });
    let fault = it.root.post(RIGHTS, body).await.fault();
    assert_eq!(fault, "422 validation: /role_ids required");
    let right = field_right(&it, "notes", "remark", [true, false], boss).await;
    let emptied = it.root.patch(&right, json!({ "role_ids": { "set": [] } })).await;
    assert_eq!(emptied.fault(), "422 validation: /role_ids required");
    assert_eq!(remark(&it.ann).await, "closed");
    it.stop().await;
}

#[tokio::test]
async fn the_key_of_a_record_can_be_closed_like_any_other_field() {
    let it = Desk::arrange().await;
    let boss = it.role("it.boss").await;
    for field in ["id", "version", "name", "created_at", "created_by"] {
        field_right(&it, "notes", field, [true, true], boss).await;
        for path in ["notes", "notes/1", "notes/schema", "notes?count=exact", "users", "models"] {
            let read = it.ann.get(&format!("/api/v1/{path}")).await;
            assert_ne!(read.status / 100, 5, "{field} {path} {}", read.text());
        }
        let made = it.ann.post(NOTES, json!({ "remark": "x" })).await;
        assert_ne!(made.status / 100, 5, "{field} {}", made.text());
        let changed = it.ann.patch(FIRST, json!({ "remark": field })).await;
        assert_ne!(changed.status / 100, 5, "{field} {}", changed.text());
    }
    it.root.get(FIRST).await.expect(200);
    it.stop().await;
}

#[tokio::test]
async fn who_is_an_administrator_is_written_by_administrators_whatever_rows_say() {
    let it = Desk::arrange().await;
    let kim = it.app.user_with("kim", &["security.admin", "it.clerk"]).await;
    let keepers = it.role("security.admin").await;
    let ann = format!("/api/v1/users/{}", it.user("ann").await);
    field_right(&it, "users", "is_admin", [true, true], keepers).await;
    for is_admin in [true, false] {
        let change = json!({ "is_admin": is_admin });
        assert_eq!(
            kim.patch(&ann, change).await.fault(),
            "403 field_forbidden: /is_admin field_forbidden"
        );
    }
    kim.patch(&ann, json!({ "name": "Ann" })).await.expect(200);
    it.change(&ann, json!({ "is_admin": true })).await;
    it.stop().await;
}

async fn field_right(
    it: &Desk,
    model: &str,
    field: &str,
    [can_read, can_write]: [bool; 2],
    role: i64,
) -> String {
    let body = json!({
        "model": model, "field": field, "can_read": can_read, "can_write": can_write,
        "role_ids": { "set": [role] },
    });
    it.make("field_rights", body).await
}

#[track_caller]
fn code(refused: &Reply) -> String {
    assert_eq!(refused.status, 403, "{}", refused.text());
    refused.at("code").as_str().unwrap_or_default().to_owned()
}

async fn remark(client: &Client) -> String {
    shown(client, "remark").await
}

async fn price(client: &Client) -> String {
    shown(client, "price").await
}

/// A field of the first note, as it comes when nobody asks for it by name.
async fn shown(client: &Client, field: &str) -> String {
    let note = client.get(FIRST).await.expect(200).json();
    match note.get(field) {
        None => "closed".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
