//! A day with the whole product: an administrator, a manager and those who sell, each through
//! what the rules give them.

use artel_testing::{Client, Reply, TestApp};
use orm::Decimal;
use serde_json::{Value, json};

const LEADS: &str = "/api/v1/leads";
const PARTNERS: &str = "/api/v1/partners";
const PRODUCTS: &str = "/api/v1/products";

#[tokio::test]
async fn each_signs_in_and_sees_their_own_view_of_one_list() {
    let app = open().await;
    let wrong = json!({ "login": "ann", "password": "demo-boris" });
    let wrong = app.guest().post("/api/v1/auth/sign_in", wrong).await;
    assert_eq!(wrong.fault(), "401 bad_credentials");

    let (admin, diana, ann) =
        (app.admin().await, sign_in(&app, "diana").await, sign_in(&app, "ann").await);
    let all = total(&admin.get(&counted(LEADS, "")).await);
    assert_eq!(all, 500);
    assert_eq!(total(&diana.get(&counted(LEADS, "")).await), all);
    let own = total(&ann.get(&counted(LEADS, "&owner_id=@me")).await);
    let free = total(&ann.get(&counted(LEADS, "&owner_id[null]=true")).await);
    assert!(own > 0 && free > 0, "{own} and {free}");
    assert_eq!(total(&ann.get(&counted(LEADS, "")).await), own + free);
    assert_eq!(total(&admin.get(&counted(LEADS, "&owner.login=ann")).await), own);
    assert_eq!(ann.get(&counted(LEADS, "&owner.login=ann")).await.status, 403);

    assert_eq!(total(&sign_in(&app, "fedor").await.get(&counted(LEADS, "")).await), 0);
    let grace = sign_in(&app, "grace").await;
    assert_eq!(grace.get(LEADS).await.fault(), "403 access_denied");
    assert_eq!(total(&grace.get(&counted(PRODUCTS, "")).await), 240);
    app.stop().await;
}

#[tokio::test]
async fn a_list_is_filtered_through_relations_sorted_and_paged() {
    let app = open().await;
    let diana = sign_in(&app, "diana").await;
    let query = "stage.closed=false&owner.name[ne]=Clara+Weiss&amount[gte]=1000&sort=-amount";
    let whole = diana.get(&format!("{LEADS}?{query}&limit=1000")).await.expect(200).at("data");
    let whole = whole.as_array().unwrap();
    assert!(whole.len() > 50, "{}", whole.len());
    assert_eq!(total(&diana.get(&counted(LEADS, &format!("&{query}"))).await), whole.len() as u64);

    let mut paged: Vec<Value> = Vec::new();
    loop {
        let offset = paged.len();
        let page = diana.get(&format!("{LEADS}?{query}&limit=20&offset={offset}")).await;
        let page = page.expect(200);
        assert_eq!(page.statements(), 1);
        paged.extend(page.at("data").as_array().unwrap().iter().cloned());
        if page.at("page")["has_more"] == false {
            break;
        }
    }
    assert_eq!(paged, *whole);

    let searched = json!({
        "filter": { "and": [
            { "stage": { "closed": false } },
            { "not": { "owner": { "name": "Clara Weiss" } } },
            { "amount": { "gte": "1000" } },
        ] },
        "sort": ["-amount"],
        "limit": 1000,
    });
    let searched = diana.post(&format!("{LEADS}/search"), searched).await.expect(200);
    assert_eq!(searched.at("data"), json!(whole));
    app.stop().await;
}

#[tokio::test]
async fn a_lead_goes_from_one_who_sells_to_another_and_ends() {
    let app = open().await;
    let (ann, boris, diana) =
        (sign_in(&app, "ann").await, sign_in(&app, "boris").await, sign_in(&app, "diana").await);

    let partner = json!({ "name": "ООО «Берег»", "kind": "company", "owner_id": me(&ann).await });
    let partner = ann.post(PARTNERS, partner).await.expect(201).id();
    let contact = json!({ "partner_id": partner, "kind": "telegram", "value": "@bereg" });
    let contact = ann.post("/api/v1/contacts", contact).await.expect(201);
    let stages = ann.get("/api/v1/lead_stages").await.expect(200).at("data");
    let lead = json!({
        "name": "Столы для «Берега»",
        "stage_id": stages[0]["id"],
        "partner_id": partner,
        "owner_id": me(&ann).await,
        "amount": "125000.50",
    });
    let made = ann.post(LEADS, lead).await.expect(201);
    let lead = made.header("location").to_owned();
    let moved = ann.patch(&lead, json!({ "stage_id": stages[1]["id"], "probability": 40 })).await;
    assert_eq!(moved.expect(200).at("version"), 2);

    // Nobody beside her and her manager knows of it.
    let hidden = format!("/api/v1/contacts/{}", contact.id());
    for path in [&lead, &hidden, &format!("{PARTNERS}/{partner}")] {
        assert_eq!(boris.get(path).await.fault(), "404 not_found", "{path}");
        diana.get(path).await.expect(200);
    }
    // She cannot give it away, her manager can.
    let to_boris = json!({ "owner_id": me(&boris).await });
    assert_eq!(ann.patch(&lead, to_boris.clone()).await.fault(), "403 access_denied");
    diana.patch(&lead, to_boris).await.expect(200);
    assert_eq!(ann.get(&lead).await.fault(), "404 not_found");

    // He has the lead now, but not its partner.
    let taken = boris.get(&lead).await.expect(200);
    assert_eq!(taken.at("partner_id"), partner);
    let by_partner = json!({ "filter": { "partner": { "name": { "contains": "Берег" } } } });
    let search = format!("{LEADS}/search");
    assert_eq!(boris.post(&search, by_partner.clone()).await.expect(200).column("id"), "");
    assert!(!diana.post(&search, by_partner).await.expect(200).column("id").is_empty());
    boris.delete(&lead).await.expect(204);
    assert_eq!(diana.get(&lead).await.fault(), "404 not_found");
    app.stop().await;
}

#[tokio::test]
async fn the_catalogue_is_written_by_its_manager_and_read_by_everyone() {
    let app = open().await;
    let (emil, ann) = (sign_in(&app, "emil").await, sign_in(&app, "ann").await);
    let query = "category.parent.name=Books+and+paper&tags[null]=false&sort=-price";
    let book = "category.name=Books&sort=-price&limit=1";
    let found = emil.get(&format!("{PRODUCTS}?{book}")).await.expect(200).at("data");
    assert!(found[0]["cost"].is_string(), "{found}");
    assert!(!emil.get(&format!("{PRODUCTS}?{query}")).await.expect(200).column("id").is_empty());

    let path = format!("{PRODUCTS}/{}", found[0]["id"]);
    let cheaper = json!({ "price": "990.00", "cost": "400.00" });
    assert_eq!(ann.patch(&path, cheaper.clone()).await.fault(), "403 access_denied");
    emil.patch(&path, cheaper).await.expect(200);
    let seen = ann.get(&path).await.expect(200).json();
    assert_eq!((&seen["price"], seen.get("cost")), (&json!("990.00"), None));
    let first = ann.get(&format!("{PRODUCTS}?{book}")).await.expect(200).at("data");
    assert_ne!(first[0]["id"], found[0]["id"], "it is not the dearest any more");
    app.stop().await;
}

#[tokio::test]
async fn the_first_requests_of_the_readme_are_answered_as_it_says() {
    let app = open().await;
    let ann = sign_in(&app, "ann").await;
    let query = "category.name=Books&price[gte]=100&sort=-price&limit=5";
    let found = ann.get(&format!("{PRODUCTS}?{query}")).await.expect(200).at("data");
    let books = found.as_array().unwrap();
    let price = |it: &Value| it["price"].as_str().unwrap().parse::<Decimal>().unwrap();
    assert_eq!(books.len(), 5);
    assert!(books.is_sorted_by(|a, b| price(a) >= price(b)), "{found}");
    assert!(books.iter().all(|it| it.get("cost").is_none()), "{found}");
    for closed in ["cost[gte]=1", "sort=cost", "fields=cost"] {
        let fault = ann.get(&format!("{PRODUCTS}?{closed}")).await.fault();
        assert!(fault.starts_with("403 field_forbidden"), "{closed}: {fault}");
    }
    app.stop().await;
}

/// The whole product with its demo data.
async fn open() -> TestApp {
    let modules = [
        auth_token::MODULE,
        products::MODULE,
        partners::MODULE,
        leads::MODULE,
        sales::MODULE,
        tasks::MODULE,
        chat::MODULE,
    ];
    TestApp::builder().demo().start(&modules).await
}

/// Somebody of the demo data, by their password.
async fn sign_in(app: &TestApp, login: &str) -> Client {
    let body = json!({ "login": login, "password": format!("demo-{login}") });
    let signed_in = app.guest().post("/api/v1/auth/sign_in", body).await.expect(200);
    app.guest().with_token(signed_in.at("access_token").as_str().unwrap())
}

async fn me(client: &Client) -> i64 {
    client.get("/api/v1/auth/me").await.expect(200).id()
}

fn counted(path: &str, more: &str) -> String {
    format!("{path}?limit=0&count=exact{more}")
}

#[track_caller]
fn total(reply: &Reply) -> u64 {
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.at("page")["total"].as_u64().unwrap()
}
