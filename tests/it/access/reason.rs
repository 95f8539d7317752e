//! Each reason that can decide, on a record where it does.

use artel_testing::{Client, TestApp};
use serde_json::{Value, json};

use crate::access::MODULES;

#[tokio::test]
async fn a_rule_decides_about_a_record_and_its_sql_is_shown() {
    let app = start().await;
    let (admin, ann) = (app.admin().await, app.user_with("ann", &["leads.user"]).await);
    let user = me(&ann).await;
    let stage = first(&admin, "lead_stages").await;
    let lead = json!({ "name": "Desks", "stage_id": stage, "owner_id": user });
    let own = admin.post("/api/v1/leads", lead).await.expect(201).id();
    let lead = json!({ "name": "Chairs", "stage_id": stage, "owner_id": me(&admin).await });
    let other = admin.post("/api/v1/leads", lead).await.expect(201).id();

    let explained = explain(&admin, "leads", own, user).await;
    assert_eq!(explained["read"]["allowed"], true);
    let by = &explained["read"]["decided_by"];
    assert_eq!((&by["kind"], &by["name"]), (&json!("rule"), &json!("own and free leads")));
    let sql = r#"("leads"."owner_id" = $1) OR ("leads"."owner_id" IS NULL)"#;
    let said = explained["read"]["sql"].as_str().unwrap();
    assert_eq!(said.replace(['(', ')'], ""), sql.replace(['(', ')'], ""));

    let explained = explain(&admin, "leads", other, user).await;
    assert_eq!(explained["read"]["decided_by"], json!({ "kind": "rules", "ids": [by["id"]] }));
    assert_eq!(kinds(&explained), "no rules, no rules, no rules");

    let fedor = app.user_with("fedor", &["leads.guest"]).await;
    let explained = explain(&admin, "leads", own, me(&fedor).await).await;
    assert_eq!(kinds(&explained), "no no_rule_for_roles, no no_grant, no no_grant");
    let explained = explain(&admin, "leads", own, me(&admin).await).await;
    assert_eq!(kinds(&explained), "yes administrator, yes administrator, yes administrator");
    let explained = explain(&admin, "lead_stages", stage, user).await;
    assert_eq!(kinds(&explained), "yes grant, no no_grant, no no_grant");
    assert_eq!(explained["read"]["decided_by"]["role"], "base.user");
    app.stop().await;
}

#[tokio::test]
async fn a_rule_for_everyone_refuses_and_a_part_follows_its_parent() {
    let app = start().await;
    let (admin, diana) = (app.admin().await, app.user_with("diana", &["partners.manager"]).await);
    let user = me(&diana).await;
    let company = admin.post("/api/v1/companies", json!({ "name": "Elsewhere" })).await.id();
    let owner = me(&admin).await;
    let partner = json!({ "name": "Far", "company_id": company, "owner_id": owner });
    let partner = admin.post("/api/v1/partners", partner).await.expect(201).id();
    let contact = json!({ "partner_id": partner, "kind": "phone", "value": "1" });
    let contact = admin.post("/api/v1/contacts", contact).await.expect(201).id();
    let explained = explain(&admin, "contacts", contact, user).await;
    assert_eq!(kinds(&explained), "no parent, no parent, no parent");
    let by = &explained["delete"]["decided_by"];
    assert_eq!((&by["model"], &by["id"]), (&json!("partners"), &json!(partner)));
    assert_eq!(by["decision"]["decided_by"]["name"], "records of one's companies");
    assert!(explained["read"]["sql"].as_str().unwrap().contains("EXISTS"), "{explained}");

    admin.patch(&format!("/api/v1/partners/{partner}"), json!({ "company_id": null })).await;
    let explained = explain(&admin, "contacts", contact, user).await;
    let by = &explained["read"]["decided_by"]["decision"];
    assert_eq!(
        (&by["allowed"], &by["decided_by"]["name"]),
        (&json!(true), &json!("every partner"))
    );
    diana.get(&format!("/api/v1/contacts/{contact}")).await.expect(200);
    app.stop().await;
}

#[tokio::test]
async fn what_closes_beside_rules_is_named() {
    let app = start().await;
    let (admin, ann) = (app.admin().await, app.user_with("ann", &["leads.manager"]).await);
    let user = me(&ann).await;
    let stage = first(&admin, "lead_stages").await;
    let grant = "/api/v1/grants?model=lead_stages&can_update=true&fields=id,can_read,role_id";
    let grant = admin.get(grant).await.expect(200).at("data")[0]["id"].as_i64().unwrap();
    let all = "/api/v1/grants?model=lead_stages&fields=id";
    for it in admin.get(all).await.expect(200).at("data").as_array().unwrap() {
        let path = format!("/api/v1/grants/{}", it["id"]);
        admin.patch(&path, json!({ "can_read": false })).await.expect(200);
    }
    let explained = explain(&admin, "lead_stages", stage, user).await;
    assert_eq!(kinds(&explained), "no no_grant, no needs_read, no needs_read");
    assert!(grant > 0);

    let olga = app.user_with("olga", &["security.admin"]).await;
    let explained = explain(&admin, "users", me(&admin).await, me(&olga).await).await;
    assert_eq!(kinds(&explained), "yes rule, no module, no no_grant");

    admin.patch(&format!("/api/v1/users/{user}"), json!({ "active": false })).await.expect(200);
    let explained = explain(&admin, "lead_stages", stage, user).await;
    assert_eq!(kinds(&explained), "no not_active, no not_active, no not_active");

    let sql = "update rules set filter = '{\"nothing\": 1}' where name = 'own and free leads' \
               returning id::text";
    app.session().sql(sql, &[]).await.unwrap();
    let lead = json!({ "name": "Desks", "stage_id": stage });
    let lead = admin.post("/api/v1/leads", lead).await.expect(201).id();
    let boris = app.user_with("boris", &["leads.manager"]).await;
    let explained = explain(&admin, "leads", lead, me(&boris).await).await;
    assert_eq!(kinds(&explained), "no broken_rule, no broken_rule, no broken_rule");
    app.stop().await;
}

#[tokio::test]
async fn only_administrators_ask_and_what_is_missing_is_said() {
    let app = start().await;
    let (admin, ann) = (app.admin().await, app.user("ann").await);
    let user = me(&ann).await;
    let stage = first(&admin, "lead_stages").await;
    let path = format!("/api/v1/lead_stages/{stage}/access");
    let whole = format!("{path}?user_id={user}");
    admin.get(&whole).await.expect(200);
    assert_eq!(ann.get(&whole).await.fault(), "403 access_denied");
    assert_eq!(app.guest().get(&whole).await.fault(), "401 unauthenticated");
    for wrong in ["", "?user_id=", "?user_id=ann", "?user_id=-1", "?user_id=999999"] {
        let fault = admin.get(&format!("{path}{wrong}")).await.fault();
        assert_eq!(fault, "400 bad_parameter: user_id bad_parameter", "{wrong}");
    }
    let fault = admin.get(&format!("{whole}&more=1")).await.fault();
    assert_eq!(fault, "400 unknown_parameter: more unknown_parameter");
    let missing = format!("/api/v1/lead_stages/999999/access?user_id={user}");
    assert_eq!(admin.get(&missing).await.fault(), "404 not_found");
    app.stop().await;
}

async fn start() -> TestApp {
    TestApp::start(&MODULES).await
}

async fn explain(admin: &Client, model: &str, id: i64, user: i64) -> Value {
    let path = format!("/api/v1/{model}/{id}/access?user_id={user}");
    admin.get(&path).await.expect(200).json()
}

/// Each verb in a word or two.
fn kinds(explained: &Value) -> String {
    let one = |verb: &str| {
        let decision = &explained[verb];
        let allowed = if decision["allowed"] == true { "yes" } else { "no" };
        format!("{allowed} {}", decision["decided_by"]["kind"].as_str().unwrap())
    };
    ["read", "update", "delete"].map(one).join(", ")
}

async fn me(client: &Client) -> i64 {
    client.get("/api/v1/auth/me").await.expect(200).id()
}

async fn first(admin: &Client, collection: &str) -> i64 {
    let path = format!("/api/v1/{collection}?fields=id&limit=1");
    admin.get(&path).await.expect(200).at("data")[0]["id"].as_i64().unwrap()
}
