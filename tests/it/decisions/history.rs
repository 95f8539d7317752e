//! Who changed what: told to whoever may see the record, as far as they may see its fields.

use serde_json::json;

use crate::office::{Office, PIN};

#[tokio::test]
async fn history_is_told_to_whoever_may_read_the_record_now() {
    let it = Office::arrange().await;
    let of = |name: &str| it.at(name).to_owned() + "/history";
    for (name, client, expected) in [
        ("Ann's low", &it.ann, "200"),
        ("Ann's low", &it.bob, "404 not_found"),
        ("Bob's low", &it.ann, "404 not_found"),
        ("Bob's low", &it.bob, "200"),
        ("Free low", &it.ann, "200"),
        ("Bob's low", &it.max, "200"),
        ("Bob's low", &it.admin, "200"),
        ("Free low", &it.gus, "404 not_found"),
        ("Free low", &it.will, "403 access_denied"),
        ("Free low", &it.sam, "403 access_denied"),
        ("Free low", &it.nora, "403 access_denied"),
    ] {
        let reply = client.get(&of(name)).await;
        let found = if reply.status == 200 { "200".to_owned() } else { reply.fault() };
        assert_eq!(found, expected, "{name}");
    }
    let hidden = it.ann.get(&of("Bob's low")).await.without_request_id();
    let missing = it.ann.get("/api/v1/papers/999999/history").await.without_request_id();
    assert_eq!(hidden, missing);
    it.app.guest().get(&of("Free low")).await.expect(401);
    it.app.stop().await;
}

#[tokio::test]
async fn history_leaves_out_closed_fields_secrets_and_links_to_hidden_records() {
    let it = Office::arrange().await;
    let paper = it.at("Ann's low").to_owned();
    let change = json!({ "cost": "11.00", "stamp": 5, "pin": "2468", "note": "gamma" });
    it.admin.patch(&paper, change).await.expect(200);
    it.admin.patch(&paper, json!({ "name": "Ann's best" })).await.expect(200);
    let history = paper.clone() + "/history";
    let anns = it.ann.get(&history).await.expect(200);
    let adas = it.ada.get(&history).await.expect(200);
    let fields = |reply: &artel_testing::Reply, at: usize| {
        let changes = reply.json()["data"][at]["changes"].clone();
        let names = changes.as_array().into_iter().flatten();
        names.map(|it| it["field"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(fields(&anns, 0), "name");
    assert_eq!(fields(&adas, 0), "name");
    // An entry of closed fields alone is none.
    assert_eq!((fields(&anns, 1), fields(&adas, 2)), ("label_ids".into(), "label_ids".into()));
    assert_eq!(fields(&adas, 1), "note cost stamp");
    assert_eq!(fields(&anns, 2), "name owner_id folder_id vault_id level");
    assert_eq!(fields(&adas, 4), "name owner_id folder_id vault_id level note cost stamp");
    let linked = |reply: &artel_testing::Reply| reply.text().matches("label_ids").count();
    assert_eq!((linked(&anns), linked(&adas)), (1, 2), "Bob's label is hidden from Ann");
    for told in [&anns, &adas] {
        assert!(!told.text().contains("pin") && !told.text().contains(PIN), "{}", told.text());
        assert!(!told.text().contains("2468"), "{}", told.text());
    }
    // The id of a hidden record in a column of a visible one stays.
    assert!(anns.text().contains("\"field\":\"vault_id\""));
    it.app.stop().await;
}

#[tokio::test]
async fn history_of_a_deleted_record_is_for_administrators() {
    let it = Office::arrange().await;
    let paper = it.at("Free low").to_owned();
    it.max.get(&paper).await.expect(200);
    it.admin.delete(&paper).await.expect(204);
    let history = paper + "/history";
    for client in [&it.ann, &it.max, &it.ada] {
        assert_eq!(client.get(&history).await.fault(), "404 not_found");
    }
    let told = it.admin.get(&history).await.expect(200).json();
    let verbs = told["data"].as_array().unwrap().iter().map(|it| it["verb"].as_str().unwrap());
    assert_eq!(verbs.collect::<Vec<_>>().join(" "), "delete update create");
    assert_eq!(
        told["data"][0]["changes"][0],
        json!({ "field": "name", "old": "Free low", "new": null })
    );
    let never = it.admin.get("/api/v1/papers/999999/history").await;
    assert_eq!(never.fault(), "404 not_found");
    it.app.stop().await;
}

#[tokio::test]
async fn history_is_read_page_by_page_and_only_where_it_is_kept() {
    let it = Office::arrange().await;
    let paper = it.at("Free low").to_owned();
    for name in ["one", "two", "three"] {
        it.ann.patch(&paper, json!({ "name": name })).await.expect(200);
    }
    let page = it.ann.get(&format!("{paper}/history?limit=2")).await.expect(200).json();
    assert_eq!(page["page"], json!({ "has_more": true }));
    assert_eq!(
        page["data"][1]["changes"][0],
        json!({ "field": "name", "old": "one", "new": "two" })
    );
    let before = &page["data"][1]["id"];
    let rest = it.ann.get(&format!("{paper}/history?limit=3&before={before}")).await.expect(200);
    assert_eq!(rest.json()["page"], json!({ "has_more": false }));
    assert_eq!(rest.json()["data"][2]["verb"], "create");
    for query in ["limit=1001", "limit=-1", "limit=", "before=0", "before=x"] {
        let fault = it.ann.get(&format!("{paper}/history?{query}")).await.fault();
        let name = query.split('=').next().unwrap();
        assert_eq!(fault, format!("400 bad_parameter: {name} bad_parameter"), "{query}");
    }
    let fault = it.ann.get(&format!("{paper}/history?offset=1")).await.fault();
    assert_eq!(fault, "400 unknown_parameter: offset unknown_parameter");
    let folder = it.admin.get("/api/v1/folders?limit=1").await.expect(200).json();
    let folder = folder["data"][0]["id"].as_i64().unwrap();
    assert_eq!(it.admin.get(&format!("/api/v1/folders/{folder}/history")).await.status, 404);
    it.app.stop().await;
}

#[tokio::test]
async fn what_is_left_out_of_history_costs_no_statement_of_its_own() {
    let it = Office::arrange().await;
    let paper = it.at("Free low").to_owned();
    for cost in 1..=30 {
        it.admin.patch(&paper, json!({ "cost": cost })).await.expect(200);
    }
    let told = it.ann.get(&(paper + "/history?limit=1")).await.expect(200);
    let changes = told.json()["data"][0]["changes"].to_string();
    assert!(changes.contains("field") && !changes.contains("cost"), "{changes}");
    assert!(told.statements() <= 5, "{} for what is closed", told.statements());
    it.app.stop().await;
}
