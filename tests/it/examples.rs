//! The examples, run as somebody who has just read them runs them.

use artel_testing::{Client, TestDb};
use serde_json::{Value, json};

use crate::process::{self, fresh_home};

const PASSWORD: &str = "a password for the examples";

#[tokio::test(flavor = "multi_thread")]
async fn hello_model_is_a_whole_service() {
    check("hello_model", &[], async |guest| {
        let admin = sign_in(&guest, "admin", PASSWORD).await;
        let notes = "/api/v1/notes";
        assert_eq!(guest.get(notes).await.fault(), "401 unauthenticated");
        let first = admin.post(notes, json!({ "text": "Say hello" })).await.expect(201);
        admin.post(notes, json!({ "text": "Say more", "done": true })).await.expect(201);
        let fault = admin.post(notes, json!({ "done": "no" })).await.fault();
        assert_eq!(fault, "422 validation: /done wrong_type, /text required");
        let path = format!("{notes}/{}", first.id());
        admin.patch(&path, json!({ "done": true })).await.expect(200);
        let done = admin.get(&format!("{notes}?done=true&q=say")).await.expect(200);
        assert_eq!(done.column("text"), "Say more, Say hello");
        admin.delete(&path).await.expect(204);
        assert_eq!(admin.get(notes).await.expect(200).column("text"), "Say more");
        let operations = operations(&guest, "/notes").await;
        assert_eq!(operations, ["get", "post"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn custom_route_stands_beside_the_generated_ones() {
    check("custom_route", &["--demo"], async |guest| {
        let reader = sign_in(&guest, "grace", "demo-grace").await;
        let manager = sign_in(&guest, "emil", "demo-emil").await;
        let products = "/api/v1/products";
        let cheapest = format!("{products}/cheapest");
        assert_eq!(guest.get(&cheapest).await.fault(), "401 unauthenticated");

        let list = format!("{products}?active=true&sort=price,id&limit=3");
        for (client, sees_cost) in [(&reader, false), (&manager, true)] {
            let (own, generated) = (client.get(&cheapest).await, client.get(&list).await);
            let own = own.expect(200).at("data");
            assert_eq!(ids(&own), ids(&generated.expect(200).at("data")));
            assert_eq!(own[0].get("cost").is_some(), sees_cost, "{own}");
        }

        let first = &reader.get(&cheapest).await.expect(200).at("data")[0]["id"];
        let archive = format!("{products}/{first}/archive");
        assert_eq!(reader.post(&archive, json!({})).await.fault(), "403 access_denied");
        assert_eq!(manager.post(&archive, json!({})).await.expect(200).at("active"), false);
        let missing = manager.post(&format!("{products}/999999/archive"), json!({})).await;
        assert_eq!(missing.fault(), "404 not_found");
        assert_ne!(reader.get(&cheapest).await.expect(200).at("data")[0]["id"], *first);
        // What is generated stays beside what is written by hand.
        assert_eq!(
            reader.get(&format!("{products}/{first}")).await.expect(200).at("active"),
            false
        );
        assert_eq!(operations(&guest, "/products/{id}/archive").await, ["post"]);
        assert_eq!(operations(&guest, "/products/{id}").await, ["delete", "get", "patch"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn extend_model_is_one_table_with_what_two_modules_say_of_it() {
    check("extend_model", &["--demo"], async |guest| {
        let admin = sign_in(&guest, "admin", PASSWORD).await;
        let seller = sign_in(&guest, "ann", "demo-ann").await;
        let partners = "/api/v1/partners";
        let new =
            json!({ "name": "Fast & Far", "kind": "carrier", "inn": "7701234567", "rating": 7 });
        let made = admin.post(partners, new.clone()).await.expect(201);
        assert_eq!((made.at("kind"), made.at("inn")), (json!("carrier"), json!("7701234567")));
        assert_eq!(admin.post(partners, new).await.fault(), "409 unique: /inn unique");
        let wrong = json!({ "name": "x", "kind": "ghost", "inn": "1234567890123", "rating": 11 });
        let expected = "422 validation: /inn too_long, /kind choice, /rating less_than_or_equal";
        assert_eq!(admin.post(partners, wrong).await.fault(), expected);
        let short = json!({ "name": "x", "kind": "company", "inn": "77" });
        assert_eq!(admin.post(partners, short).await.fault(), "422 validation: /inn invalid");
        let path = format!("{partners}/{}", made.id());

        // Who may not read a field of an extension does not know it, nor find by it.
        let seen = seller.get(&path).await.expect(200).json();
        assert_eq!((&seen["inn"], seen.get("rating")), (&json!("7701234567"), None));
        let list = format!("{partners}?inn=7701234567&kind=carrier");
        assert_eq!(seller.get(&list).await.expect(200).column("name"), "Fast & Far");
        let by_rating = format!("{partners}?rating[gte]=7");
        assert_eq!(admin.get(&by_rating).await.expect(200).column("name"), "Fast & Far");
        assert_eq!(
            seller.get(&by_rating).await.fault(),
            "403 field_forbidden: rating[gte] field_forbidden"
        );
        let rated = seller.patch(&path, json!({ "rating": 1 })).await;
        assert_eq!(rated.fault(), "403 field_forbidden: /rating field_forbidden");
        assert_eq!(
            admin.post(&format!("{path}/praise"), json!({})).await.expect(200).at("rating"),
            9
        );

        let schema = admin.get(&format!("{partners}/schema")).await.expect(200).json();
        assert_eq!(schema["default_filter"], json!({ "active": true }));
        let fields = schema["fields"].as_array().unwrap();
        let field = |name| fields.iter().find(|it| it["name"] == name).unwrap();
        assert_eq!(field("inn")["label"], "Tax number");
        let kinds = field("kind")["choices"].as_array().unwrap();
        let kinds: Vec<_> = kinds.iter().map(|it| it["label"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["Person", "Company", "Carrier", "Customs broker"]);
        let document = guest.get("/api/openapi.json").await.expect(200).json();
        let described = &document["components"]["schemas"]["Partner"]["properties"];
        assert!(described.get("inn").is_some(), "{described}");
    })
    .await;
}

/// Serves an example on a fresh database, lets somebody talk to it, and stops it in order.
async fn check(name: &str, flags: &[&str], talk: impl AsyncFnOnce(Client)) {
    let database = TestDb::empty().await;
    let home = fresh_home();
    let mut command = process::example(&home, name, &["serve", "--listen", "127.0.0.1:0"]);
    command
        .args(flags)
        .env("DATABASE_URL", database.url())
        .env("ARTEL_AUTH__ADMIN_PASSWORD", PASSWORD);
    let mut serving = home.wait_until_ready(&mut command);
    talk(Client::guest(serving.address)).await;
    assert_eq!(serving.end("TERM"), Some(0), "{name} stops in order");
    database.drop().await;
}

async fn sign_in(guest: &Client, login: &str, password: &str) -> Client {
    let body = json!({ "login": login, "password": password });
    let signed_in = guest.post("/api/v1/auth/sign_in", body).await.expect(200);
    guest.with_token(signed_in.at("access_token").as_str().unwrap())
}

fn ids(records: &Value) -> Vec<i64> {
    records.as_array().unwrap().iter().map(|it| it["id"].as_i64().unwrap()).collect()
}

/// The methods that the document names at a path of the API, by name.
async fn operations(guest: &Client, path: &str) -> Vec<String> {
    let document = guest.get("/api/openapi.json").await.expect(200).json();
    let methods = document["paths"][format!("/api/v1{path}")].as_object();
    let methods = methods.unwrap_or_else(|| panic!("the document does not name {path}"));
    let mut methods: Vec<String> = methods.keys().cloned().collect();
    methods.sort_unstable();
    methods
}
