//! Macros in rules that administrators save: what they stand for follows whoever asks.

use serde_json::json;

use crate::desk::{Desk, notes};

#[tokio::test]
async fn a_macro_of_one_value_that_has_none_makes_the_rule_false() {
    let it = Desk::arrange().await;
    let north = company(&it, "North").await;
    it.sql(&format!("update notes set company_id = {north} where name = 'bob''s'")).await;
    let rule = it.rule(json!({ "company_id": "@my_company" })).await;
    let ann = format!("/api/v1/users/{}", it.user("ann").await);
    assert_eq!(notes(&it.ann).await, "");
    it.change(&rule, json!({ "filter": { "not": { "company_id": "@my_company" } } })).await;
    assert_eq!(notes(&it.ann).await, "");
    it.change(&rule, json!({ "filter": { "or": [{}, { "company_id": "@my_company" }] } })).await;
    assert_eq!(notes(&it.ann).await, "");
    it.change(&ann, json!({ "company_id": north })).await;
    assert_eq!(notes(&it.ann).await, "ann's, bob's, free");
    it.change(&rule, json!({ "filter": { "not": { "company_id": "@my_company" } } })).await;
    assert_eq!(notes(&it.ann).await, "ann's, free");
    it.change(&rule, json!({ "filter": { "company_id": "@my_company" } })).await;
    assert_eq!([notes(&it.ann).await.as_str(), &notes(&it.bob).await], ["bob's", ""]);
    it.stop().await;
}

#[tokio::test]
async fn companies_are_those_that_one_may_work_for_and_the_one_that_one_does() {
    let it = Desk::arrange().await;
    let [north, south] = [company(&it, "North").await, company(&it, "South").await];
    it.sql(&format!("update notes set company_id = {north} where name = 'ann''s'")).await;
    it.sql(&format!("update notes set company_id = {south} where name = 'bob''s'")).await;
    let rule = it.rule(json!({ "company_id": { "in": "@my_companies" } })).await;
    let ann = format!("/api/v1/users/{}", it.user("ann").await);
    assert_eq!(notes(&it.ann).await, "");
    it.change(&ann, json!({ "company_id": north })).await;
    assert_eq!(notes(&it.ann).await, "ann's");
    it.change(&ann, json!({ "company_ids": { "add": [south] } })).await;
    assert_eq!(notes(&it.ann).await, "ann's, bob's");
    it.change(&rule, json!({ "filter": { "company_id": { "nin": "@my_companies" } } })).await;
    assert_eq!(notes(&it.ann).await, "free");
    it.change(&ann, json!({ "company_id": null, "company_ids": { "set": [] } })).await;
    assert_eq!(notes(&it.ann).await, "ann's, bob's, free");
    it.stop().await;
}

#[tokio::test]
async fn roles_are_ones_own_with_all_that_they_imply() {
    let it = Desk::arrange().await;
    let eve = it.app.user_with("eve", &["it.boss"]).await;
    let [clerk, boss] = [it.role("it.clerk").await, it.role("it.boss").await];
    it.sql(&format!("update notes set role_id = {clerk} where name = 'ann''s'")).await;
    it.sql(&format!("update notes set role_id = {boss} where name = 'bob''s'")).await;
    it.rule(json!({ "role_id": { "in": "@my_roles" } })).await;
    assert_eq!([notes(&it.ann).await.as_str(), &notes(&eve).await], ["ann's", "ann's, bob's"]);
    it.stop().await;
}

#[tokio::test]
async fn what_a_module_adds_follows_its_records_with_the_next_request() {
    let it = Desk::arrange().await;
    let [ann, bob] = [it.user("ann").await, it.user("bob").await];
    let circle = it.make("circles", json!({ "name": "round" })).await;
    it.sql("update notes set circle_id = 1 where name = 'free'").await;
    it.rule(json!({ "circle_id": { "in": "@my_circles" } })).await;
    assert_eq!([notes(&it.ann).await, notes(&it.bob).await], ["", ""]);
    it.change(&circle, json!({ "member_ids": { "add": [ann] } })).await;
    assert_eq!([notes(&it.ann).await.as_str(), &notes(&it.bob).await], ["free", ""]);
    it.change(&circle, json!({ "member_ids": { "set": [bob] } })).await;
    assert_eq!([notes(&it.ann).await.as_str(), &notes(&it.bob).await], ["", "free"]);
    it.sql("update notes set circle_id = null").await;
    it.root.delete(&circle).await.expect(204);
    assert_eq!([notes(&it.ann).await, notes(&it.bob).await], ["", ""]);
    it.stop().await;
}

#[tokio::test]
async fn whoever_is_signed_in_twice_has_the_same_lists_everywhere() {
    let it = Desk::arrange().await;
    let ann = it.user("ann").await;
    it.make("circles", json!({ "name": "round", "member_ids": { "set": [ann] } })).await;
    it.sql("update notes set circle_id = 1 where name = 'free'").await;
    let again = it.app.user("ann").await;
    assert_eq!(notes(&again).await, "ann's, bob's, free");
    it.rule(json!({ "circle_id": { "in": "@my_circles" } })).await;
    // Both are made anew by one statement.
    it.app.app().authenticator().unwrap().refresh().await.unwrap();
    assert_eq!([notes(&it.ann).await, notes(&again).await], ["free", "free"]);
    it.stop().await;
}

async fn company(it: &Desk, name: &str) -> i64 {
    let path = it.make("companies", json!({ "name": name })).await;
    path.rsplit('/').next().unwrap().parse().unwrap()
}
