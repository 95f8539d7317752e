//! Rules without a value to compare with, models without a grant, work on somebody's behalf.

use artel_testing::Client;
use orm::{Id, Model};
use serde_json::json;
use users::{Company, User};

use crate::office::{Desk, Office};

#[tokio::test]
async fn t14_without_a_grant_there_is_nothing() {
    let it = Office::arrange().await;
    for collection in ["papers", "folders", "lines", "labels", "vaults", "memos", "chests", "desks"]
    {
        let path = format!("/api/v1/{collection}");
        for way in [path.clone(), format!("{path}/1"), format!("{path}/schema")] {
            assert_eq!(it.nora.get(&way).await.fault(), "403 access_denied", "{way}");
            it.admin.get(&path).await.expect(200);
        }
        let found = it.nora.post(&format!("{path}/search"), json!({})).await;
        assert_eq!(found.fault(), "403 access_denied", "{path}");
    }
    let models = it.nora.get("/api/v1/models").await.expect(200).column("model");
    assert!(!models.contains("papers") && !models.contains("vaults"), "{models}");
    let models = it.ann.get("/api/v1/models").await.expect(200).column("model");
    assert!(models.contains("papers") && !models.contains("vaults"), "{models}");
    it.app.stop().await;
}

/// A rule that names one's company is false without one, also under `not`. A list that is empty
/// holds nothing, and its opposite everything: that is what lists say everywhere.
#[tokio::test]
async fn t17_a_rule_whose_macro_has_no_value_is_false_also_under_not() {
    let it = Office::arrange().await;
    let session = it.app.session();
    let company =
        async |name: &str| Company::create(&session, [Company::NAME.set(name)]).await.unwrap().id();
    let (north, south) = (company("North").await, company("South").await);
    for (name, of) in [("No desk", None), ("North desk", Some(north)), ("South desk", Some(south))]
    {
        let desk = [Desk::NAME.set(name), Desk::COMPANY.set(of)];
        Desk::create(&session, desk).await.unwrap();
    }
    for (role, with, without) in [
        ("office.same", "North desk", ""),
        ("office.other", "No desk, South desk", ""),
        ("office.among", "North desk", ""),
        ("office.outside", "No desk, South desk", "No desk, North desk, South desk"),
    ] {
        let of_north = employee(&it, &format!("{role}.north"), role, Some(north)).await;
        let of_none = employee(&it, &format!("{role}.none"), role, None).await;
        for (client, expected) in [(of_north, with), (of_none, without)] {
            let found = client.get("/api/v1/desks?sort=name").await.expect(200);
            assert_eq!(found.column("name"), expected, "{role}");
        }
    }
    it.app.stop().await;
}

/// Sessions of the system are listed by `tidy::system_sessions_are_listed`: none of them begins
/// in a request. So whatever a request does is done by, and stamped with, whoever sent it.
#[tokio::test]
async fn t18_what_a_request_does_is_done_as_whoever_sent_it() {
    let it = Office::arrange().await;
    let ann = it.user("ann").await;
    let raw = "/api/v1/office/raw";
    for client in [&it.ann, &it.ada, &it.admin] {
        assert_eq!(client.post(raw, json!({})).await.fault(), "403 access_denied");
    }
    let stamps = async |name: &str, table: &str| {
        it.sql(format!(
            "select concat_ws(' ', created_by_id, updated_by_id) from {table} where id = {}",
            it.id(name)
        ))
        .await
    };
    assert_eq!(stamps("Ann's low", "papers").await, "", "the system arranged it");
    // Her change of a part is a change of the whole, as her.
    it.ann.patch(it.at("ann-line"), json!({ "text": "x" })).await.expect(200);
    assert_eq!(stamps("ann-line", "lines").await, ann.to_string());
    assert_eq!(stamps("Ann's low", "papers").await, ann.to_string());
    let price = format!("/api/v1/office/papers/{}/price", it.id("Ann's mid"));
    it.ann.post(&price, json!({})).await.expect(200);
    assert_eq!(stamps("Ann's mid", "papers").await, ann.to_string());
    let many =
        json!({ "filter": { "name": "Free low" }, "data": { "level": 1 }, "max_affected": 1 });
    it.ann.post("/api/v1/papers/update_where", many).await.expect(200);
    assert_eq!(stamps("Free low", "papers").await, ann.to_string());
    let made = it.ann.post("/api/v1/papers", json!({ "name": "New" })).await.expect(201);
    assert_eq!((made.at("created_by_id"), made.at("updated_by_id")), (json!(ann), json!(ann)));
    assert_eq!(it.sql("select count(*)::text from papers where level = 9").await, "1");
    it.app.stop().await;
}

async fn employee(it: &Office, login: &str, role: &str, company: Option<Id<Company>>) -> Client {
    it.app.user(login).await;
    let user = Id::new(it.user(login).await);
    User::update(&it.app.session(), user, [User::COMPANY.set(company)]).await.unwrap();
    it.app.user_with(login, &[role]).await
}
