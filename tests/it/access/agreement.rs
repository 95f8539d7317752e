//! What is explained is what happens: every shipped model, users of every kind, over HTTP.

use artel_testing::{Client, Reply, TestApp};
use http::Method;
use orm::{RouteSet, schema::SchemaModel};
use serde_json::{Value, json};

use crate::access::MODULES;

/// Records looked at of each model: the first and the last of them.
const RECORDS: usize = 6;

#[tokio::test]
async fn every_explanation_is_what_the_user_gets() {
    let app = TestApp::builder().demo().start(&MODULES).await;
    let admin = app.admin().await;
    let mut askers = Vec::new();
    for login in ["ann", "diana", "emil", "fedor", "grace"] {
        askers.push(asker(app.user(login).await).await);
    }
    askers.push(asker(app.user_with("olga", &["security.admin"]).await).await);
    askers.push(asker(admin.clone()).await);
    let (mut allowed, mut refused) = (0, 0);
    let schema = app.app().schema.clone();
    for model in schema.models().iter().filter(|it| it.def.routes != RouteSet::None) {
        for id in sample(&admin, model).await {
            for (user, client) in &askers {
                let explained = format!("/api/v1/{}/{id}/access?user_id={user}", model.def.table);
                let explained = admin.get(&explained).await.expect(200).json();
                for (verb, got) in attempts(client, model, id).await {
                    let said = &explained[verb];
                    assert_eq!(
                        said["allowed"], got,
                        "#{user} {verb} {}/{id}: {said}",
                        model.def.table
                    );
                    *(if got { &mut allowed } else { &mut refused }) += 1;
                }
            }
        }
    }
    assert!(allowed > 200 && refused > 200, "{allowed} and {refused}");
    app.stop().await;
}

#[tokio::test]
async fn closed_fields_are_those_that_answers_leave_out() {
    let app = TestApp::builder().demo().start(&MODULES).await;
    let admin = app.admin().await;
    let ann = app.user_with("ann", &[]).await;
    let user = ann.get("/api/v1/auth/me").await.id();
    for path in ["/api/v1/products/1", "/api/v1/users/1"] {
        let explained = admin.get(&format!("{path}/access?user_id={user}")).await.expect(200);
        let seen = ann.get(path).await.expect(200).json();
        for name in explained.at("fields")["closed_for_reading"].as_array().unwrap() {
            let name = name.as_str().unwrap();
            assert!(seen.get(name).is_none(), "{path} shows {name}");
        }
        let shown = admin.get(path).await.expect(200).json();
        let left_out = shown.as_object().unwrap().keys().filter(|it| seen.get(it).is_none());
        for key in left_out {
            let name = key.strip_suffix("_id").unwrap_or(key);
            let closed = explained.at("fields")["closed_for_reading"].clone();
            assert!(closed.as_array().unwrap().contains(&json!(name)), "{path}: {name}");
        }
    }
    app.stop().await;
}

async fn asker(client: Client) -> (i64, Client) {
    (client.get("/api/v1/auth/me").await.expect(200).id(), client)
}

async fn sample(admin: &Client, model: &SchemaModel) -> Vec<i64> {
    let path = format!("/api/v1/{}?fields=id&limit=1000&sort=id", model.def.table);
    let data = admin.get(&path).await.expect(200).at("data");
    let ids: Vec<i64> =
        data.as_array().unwrap().iter().filter_map(|it| it["id"].as_i64()).collect();
    let last = ids.len().saturating_sub(RECORDS / 2).max(RECORDS / 2);
    ids.iter().take(RECORDS / 2).chain(ids.iter().skip(last)).copied().collect()
}

/// Tries each verb and leaves everything as it is: a change of nothing, a deletion of a version
/// that nobody has.
async fn attempts(client: &Client, model: &SchemaModel, id: i64) -> Vec<(&'static str, bool)> {
    let path = format!("/api/v1/{}/{id}", model.def.table);
    let mut attempts = vec![("read", is_allowed(&client.get(&path).await))];
    if model.def.routes == RouteSet::All {
        attempts.push((
            "update",
            is_allowed(&client.patch(&path, Value::Object(Default::default())).await),
        ));
        let of_no_version = [("if-match", "\"v999999\"")];
        let deleted = client.send(Method::DELETE, &path, &of_no_version, "").await;
        attempts.push(("delete", is_allowed(&deleted)));
    }
    attempts
}

fn is_allowed(reply: &Reply) -> bool {
    match reply.status {
        200 | 409 | 412 => true,
        403 | 404 => false,
        _ => panic!("neither yes nor no: {}", reply.fault()),
    }
}
