//! A rule that breaks after it was saved closes its model for its verbs, and nothing else.

use serde_json::json;

use crate::desk::{Desk, NOTES, find, notes, said};

#[tokio::test]
async fn a_rule_that_breaks_later_closes_its_verb() {
    let it = Desk::arrange().await;
    let rule = it.rule(json!({})).await;
    let first = format!("{NOTES}/1");
    for filter in broken() {
        assert_eq!(notes(&it.ann).await, "ann's, bob's, free");
        it.sql(&format!("update rules set filter = '{filter}' where model = 'notes'")).await;
        assert_eq!(notes(&it.ann).await, "", "{filter}");
        assert_eq!(it.ann.get(&first).await.fault(), "404 not_found");
        let search = it.ann.post(&format!("{NOTES}/search"), json!({ "filter": {} })).await;
        assert_eq!(said(&search), "");
        // A write needs to see what it writes.
        let change = json!({ "remark": "x" });
        assert_eq!(it.ann.patch(&first, change).await.fault(), "404 not_found");
        // Neither other verbs and models nor administrators are concerned.
        it.ann.post(NOTES, json!({ "name": "new" })).await.expect(201);
        it.ann.get("/api/v1/users").await.expect(200);
        assert_eq!(notes(&it.root).await, "ann's, bob's, free, new");
        // It can always be switched off.
        it.change(&rule, json!({ "active": false })).await;
        assert_eq!(notes(&it.ann).await, "ann's, bob's, free, new");
        it.sql("delete from notes where name = 'new'").await;
        it.change(&rule, json!({ "active": true, "filter": {} })).await;
    }
    it.stop().await;
}

/// Filters that no administrator could save.
fn broken() -> Vec<String> {
    let small = [
        r#"{"gone": 1}"#,
        "[1, 2]",
        r#"{"owner_id": "@gone"}"#,
        r#"{"owner_id": {"near": 1}}"#,
        r#"{"or": [{}, {"gone": 1}]}"#,
        r#"{"owner": {"password": "x"}}"#,
        r#"{"name": "a", "name": "b"}"#,
        "null",
    ];
    let many = vec!["{}"; 10_000].join(",");
    let deep = format!("{}{{}}{}", "{\"not\":".repeat(500), "}".repeat(500));
    let large = [format!(r#"{{"or":[{many}]}}"#), deep];
    small.into_iter().map(str::to_owned).chain(large).collect()
}

#[tokio::test]
async fn a_broken_rule_of_one_role_closes_for_every_role() {
    let it = Desk::arrange().await;
    let eve = it.app.user_with("eve", &["it.boss"]).await;
    let [clerk, boss] = [it.role("it.clerk").await, it.role("it.boss").await];
    for role in [clerk, boss] {
        let rule = it.rule(json!({})).await;
        it.change(&rule, json!({ "role_ids": { "set": [role] } })).await;
    }
    assert_eq!(notes(&eve).await, "ann's, bob's, free");
    let own = "select min(id) from rules where model = 'notes'";
    it.sql(&format!("update rules set filter = '{{\"gone\": 1}}' where id = ({own})")).await;
    assert_eq!([notes(&it.ann).await, notes(&eve).await], ["", ""]);
    it.stop().await;
}

#[tokio::test]
async fn rules_of_private_models_hold_for_administrators_also_when_broken() {
    let it = Desk::arrange().await;
    let diary = it.make("diaries", json!({ "name": "mine" })).await;
    let rule = json!({ "name": "r", "model": "diaries", "on_read": true, "filter": {} });
    let rule = it.make("rules", rule).await;
    it.root.get(&diary).await.expect(200);
    it.change(&rule, json!({ "filter": { "name": "yours" } })).await;
    it.root.get(&diary).await.expect(404);
    it.sql("update rules set filter = '{\"gone\": 1}' where name in ('r', 'a rule')").await;
    it.root.get(&diary).await.expect(404);
    assert_eq!(said(&it.root.get("/api/v1/diaries").await), "");
    it.change(&rule, json!({ "active": false })).await;
    it.root.get(&diary).await.expect(200);
    it.stop().await;
}

#[tokio::test]
async fn what_does_not_fit_is_said_and_gives_nothing() {
    let it = Desk::arrange().await;
    it.rule(json!({})).await;
    it.sql("update rules set filter = '{\"gone\": 1}' where name in ('r', 'a rule')").await;
    it.sql("update grants set model = 'gone' where model = 'notes'").await;
    it.sql("update field_rights set field = 'gone' where model = 'notes'").await;
    let rights = it.app.app().rights.latest(&it.app.session()).await.unwrap();
    let faults = rights.faults().join("\n");
    for said in ["closes `notes`", "there is no model `gone`", "`notes` has no field `gone`"] {
        assert!(faults.contains(said), "{said} is not in\n{faults}");
    }
    assert_eq!(notes(&it.ann).await, "403 access_denied");
    // What is left of it can be switched off, and not be put to other use.
    let grant = find(&it.root, "grants", "model=gone").await;
    it.change(&grant, json!({ "can_read": false })).await;
    let moved = it.root.patch(&grant, json!({ "model": "gone too" })).await;
    assert_eq!(moved.fault(), "422 validation: /model unknown_model");
    let right = find(&it.root, "field_rights", "field=gone&can_read=true").await;
    it.change(&right, json!({ "can_read": false })).await;
    let moved = it.root.patch(&right, json!({ "field": "gone too" })).await;
    assert_eq!(moved.fault(), "422 validation: /field unknown_field");
    it.stop().await;
}
