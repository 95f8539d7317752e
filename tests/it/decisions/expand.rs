//! What stands behind relations: the decisions of every edge, and the faults of naming one.

use serde_json::{Value, json};

use crate::office::Office;

const PAPERS: &str = "/api/v1/papers";
const SEARCH: &str = "/api/v1/papers/search";

#[tokio::test]
async fn the_record_behind_the_id_of_a_hidden_one_is_absent_and_lists_hold_visible_ones() {
    let it = Office::arrange().await;
    let path = format!("{}?fields=folder_id&expand=folder,labels.owner,lines", it.at("Ann's low"));
    let labels = |of: &Value| {
        let labels = of["labels"].as_array().unwrap().iter();
        labels.map(|it| it["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(", ")
    };
    // The only label that she sees has no owner to ask for.
    for (client, statements, folder, expected) in [
        (&it.ann, 4, Value::Null, "Free label"),
        (&it.max, 5, json!("Bob's folder"), "Bob's label, Free label"),
    ] {
        let paper = client.get(&path).await.expect(200);
        assert_eq!(paper.statements(), statements, "one for each level and relation");
        let paper = paper.json();
        assert_eq!(paper["folder_id"], it.id("Bob's folder"));
        assert_eq!(paper["folder"]["name"], folder);
        assert_eq!(paper["folder"].is_null(), folder.is_null());
        assert_eq!(labels(&paper), expected);
        assert_eq!(paper["lines"][0]["text"], "ann-line");
    }
    it.app.stop().await;
}

#[tokio::test]
async fn a_model_without_read_grant_is_403_at_every_level() {
    let it = Office::arrange().await;
    for expand in ["vault", "vault.folder", "folder,vault"] {
        let path = format!("{PAPERS}?expand={expand}");
        assert_eq!(it.ann.get(&path).await.fault(), "403 access_denied", "{expand}");
        let path = format!("{}?expand={expand}", it.at("Ann's low"));
        assert_eq!(it.ann.get(&path).await.fault(), "403 access_denied", "{expand}");
        assert_eq!(it.ada.get(&path).await.expect(200).at("vault")["name"], "Vault");
    }
    let body = json!({ "expand": { "folder": { "expand": { "owner": {} } }, "vault": {} } });
    assert_eq!(it.max.post(SEARCH, body.clone()).await.fault(), "403 access_denied");
    it.ada.post(SEARCH, body).await.expect(200);
    let body =
        json!({ "expand": { "lines": { "expand": { "paper": { "expand": { "vault": {} } } } } } });
    assert_eq!(it.max.post(SEARCH, body.clone()).await.fault(), "403 access_denied");
    it.ada.post(SEARCH, body).await.expect(200);
    it.app.stop().await;
}

#[tokio::test]
async fn closed_fields_of_a_level_are_left_out_and_refused_where_they_are_named() {
    let it = Office::arrange().await;
    let path = format!("{}?fields=id&expand=folder,lines", it.at("Ann's high"));
    let (seen, whole) =
        (it.ann.get(&path).await.expect(200).json(), it.ada.get(&path).await.expect(200).json());
    for (relation, at, closed) in [("folder", "/folder", "code"), ("lines", "/lines/0", "weight")] {
        assert!(seen.pointer(at).unwrap().get(closed).is_none(), "{seen}");
        assert!(!whole.pointer(at).unwrap()[closed].is_null(), "{whole}");
        let levels = [
            (json!({ "fields": ["id", closed] }), "fields/1".to_owned()),
            (json!({ "filter": { closed: { "null": false } } }), format!("filter/{closed}")),
        ];
        let sort = (json!({ "sort": [closed] }), "sort/0".to_owned());
        for (level, place) in levels.into_iter().chain((relation == "lines").then_some(sort)) {
            let body = json!({ "expand": { relation: level } });
            let expected =
                format!("403 field_forbidden: /expand/{relation}/{place} field_forbidden");
            assert_eq!(it.ann.post(SEARCH, body.clone()).await.fault(), expected);
            it.ada.post(SEARCH, body).await.expect(200);
        }
    }
    it.app.stop().await;
}

#[tokio::test]
async fn each_level_has_its_own_fields_filter_order_and_limit() {
    let it = Office::arrange().await;
    let body = json!({
        "fields": ["name"], "sort": ["name"], "limit": 2,
        "expand": {
            "labels": { "fields": ["name"], "sort": ["-name"], "limit": 1 },
            "folder": { "fields": ["name"], "filter": { "level": 0 }, "expand": { "owner": { "fields": ["name"] } } },
            "lines": { "fields": ["text"], "filter": { "text": { "starts": "high" } } },
        },
    });
    let found = it.max.post(SEARCH, body).await.expect(200);
    assert_eq!(found.statements(), 5);
    let free = json!({ "name": "Free folder", "owner": null });
    let bobs = json!({ "name": "Bob's folder", "owner": { "name": "bob" } });
    assert_eq!(
        found.json()["data"],
        json!([
            { "name": "Ann's high", "labels": [], "folder": free, "lines": [{ "text": "high-line" }] },
            { "name": "Ann's low", "labels": [{ "name": "Free label" }],
              "labels_page": { "has_more": true }, "folder": bobs, "lines": [] },
        ])
    );
    it.app.stop().await;
}

#[tokio::test]
async fn an_answer_with_what_stands_behind_is_never_304() {
    let it = Office::arrange().await;
    let low = it.at("Ann's low");
    let tag = it.ann.get(low).await.expect(200).header("etag").to_owned();
    let known = async |path: &str, tag: &str| {
        it.ann.send("GET".parse().unwrap(), path, &[("if-none-match", tag)], "").await.status
    };
    assert_eq!(known(low, &tag).await, 304);
    let path = format!("{low}?expand=folder");
    let tag = it.ann.get(&path).await.expect(200).header("etag").to_owned();
    assert!(tag.starts_with("\"v"), "{tag}");
    assert_eq!(known(&path, &tag).await, 200);
    it.app.stop().await;
}

#[tokio::test]
async fn what_cannot_be_expanded_is_said_with_its_place() {
    let it = Office::arrange().await;
    let low = it.at("Ann's low");
    for (expand, fault) in [
        ("nothing", "unknown_field"),
        ("", "unknown_field"),
        ("pin", "unknown_field"),
        ("folder.nothing", "unknown_field"),
        ("name", "bad_parameter"),
        ("folder_id", "bad_parameter"),
        ("label_ids", "bad_parameter"),
        ("labels,labels", "bad_parameter"),
        ("lines.paper.lines.paper.lines", "bad_parameter"),
    ] {
        for path in [PAPERS, low] {
            let said = it.ann.get(&format!("{path}?expand={expand}")).await.fault();
            assert_eq!(said, format!("400 {fault}: expand {fault}"), "{expand}");
        }
    }
    it.ann.get(&format!("{PAPERS}?expand=lines,lines.paper.lines.paper")).await.expect(200);
    // A closed field is refused before it is asked whether it leads anywhere.
    let said = it.ann.get(&format!("{PAPERS}?expand=cost")).await.fault();
    assert_eq!(said, "403 field_forbidden: expand field_forbidden");
    let deep = json!({ "lines": { "expand": { "paper": { "expand": { "lines": { "expand": { "paper": { "expand": { "lines": {} } } } } } } } } });
    for (expand, fault) in [
        (json!([]), "bad_parameter: /expand"),
        (json!({ "nothing": {} }), "unknown_field: /expand/nothing"),
        (json!({ "a/b": {} }), "unknown_field: /expand/a~1b"),
        (json!({ "name": {} }), "bad_parameter: /expand/name"),
        (json!({ "lines": true }), "bad_parameter: /expand/lines"),
        (json!({ "lines": { "limit": 1001 } }), "bad_parameter: /expand/lines/limit"),
        (json!({ "lines": { "limit": -1 } }), "bad_parameter: /expand/lines/limit"),
        (json!({ "lines": { "limit": "1" } }), "bad_parameter: /expand/lines/limit"),
        (json!({ "lines": { "offset": 1 } }), "unknown_parameter: /expand/lines/offset"),
        (json!({ "lines": { "sort": ["nothing"] } }), "unknown_field: /expand/lines/sort/0"),
        (json!({ "lines": { "fields": ["no"] } }), "unknown_field: /expand/lines/fields/0"),
        (
            json!({ "lines": { "filter": { "text": { "gt": [] } } } }),
            "bad_filter: /expand/lines/filter/text/gt",
        ),
        (json!({ "folder": { "limit": 1 } }), "bad_parameter: /expand/folder/limit"),
        (json!({ "folder": { "sort": ["name"] } }), "bad_parameter: /expand/folder/sort"),
        (deep, "bad_parameter: /expand/lines/expand/paper/expand/lines/expand/paper/expand/lines"),
    ] {
        let said = it.ann.post(SEARCH, json!({ "expand": expand })).await.fault();
        let code = fault.split_once(':').unwrap().0;
        assert_eq!(said, format!("400 {fault} {code}"), "{expand}");
    }
    it.app.stop().await;
}

#[tokio::test]
async fn too_many_relations_and_too_many_records_are_refused() {
    let it = Office::arrange().await;
    let relations = ["folder", "labels", "lines", "owner", "created_by", "updated_by"];
    let behind = ["owner", "created_by", "updated_by"];
    let mut paths: Vec<String> = Vec::new();
    for first in relations {
        paths.push(first.to_owned());
        for second in behind.into_iter().filter(|_| first != "lines") {
            paths.push(format!("{first}.{second}"));
        }
    }
    let wide = |paths: &[String]| format!("{PAPERS}?limit=0&expand={}", paths.join(","));
    let of_users = |it: &String| it.starts_with("owner.") || it.contains("ated_by.");
    paths.retain(|it| !of_users(it) || it.ends_with("ated_by"));
    it.admin.get(&wide(&paths)).await.expect(200);
    for third in ["created_by", "updated_by"] {
        for path in paths.clone().iter().filter(|it| it.matches('.').count() < 3) {
            let path = format!("{path}.{third}");
            if !paths.contains(&path) && !path.starts_with("lines.") {
                paths.push(path);
            }
        }
    }
    let said = it.admin.get(&wide(&paths)).await.fault();
    assert_eq!((paths.len() > 50, &*said), (true, "400 bad_parameter: expand bad_parameter"));
    // One paper with lines, each with its paper, each with its lines again.
    let many = "insert into lines (paper_id, text) select id, 'x' from papers, \
                generate_series(1, 150) where name = 'Ann''s low'";
    it.app.session().sql(many, &[]).await.unwrap();
    let body = |limit: i64| {
        let again = json!({ "lines": { "limit": limit, "fields": ["id"] } });
        json!({ "filter": { "name": "Ann's low" }, "expand": { "lines": { "limit": 1000, "expand": { "paper": { "expand": again } } } } })
    };
    it.ann.post(SEARCH, body(100)).await.expect(200);
    let refused = it.ann.post(SEARCH, body(150)).await;
    let place = "/expand/lines/expand/paper/expand/lines";
    assert_eq!(refused.fault(), format!("400 bad_parameter: {place} bad_parameter"));
    assert!(refused.text().contains("`lines`"), "{}", refused.text());
    // A record that is not there is said first.
    let path = "/api/v1/papers/999999?expand=lines";
    assert_eq!(it.ann.get(path).await.fault(), "404 not_found");
    it.app.stop().await;
}
