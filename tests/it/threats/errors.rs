//! What the database says when it refuses: it stays with us.

use artel_testing::{Client, Reply};
use http::Method;
use serde_json::json;

use crate::office::Office;

const LABELS: &str = "/api/v1/labels";

/// Refuses whatever is called like a code of the server, in words that must not leave.
const SPILL: &str = "create function spill() returns trigger language plpgsql as $$ \
    declare code text := case tg_op when 'DELETE' then old.name else new.name end; \
    begin \
      if code ~ '^[0-9A-Z]{5}$' then \
        raise exception 'Key (canary)=(leak) in /src/backend/canary.c' using errcode = code, \
          detail = 'DETAIL Key (canary)=(leak)', hint = 'canary', table = 'canary_table', \
          column = 'canary_column', constraint = 'canary_constraint'; \
      end if; \
      return case tg_op when 'DELETE' then old else new end; \
    end $$";

/// Codes of the server with what a write that ends in them is answered.
const CODES: [(&str, &str); 27] = [
    ("22001", "422 validation"),
    ("22003", "422 validation"),
    ("22007", "422 validation"),
    ("22012", "422 validation"),
    ("22P02", "422 validation"),
    ("23502", "422 validation"),
    ("23503", "422 validation"),
    ("23505", "422 validation"),
    ("23514", "422 validation"),
    ("23P01", "422 validation"),
    ("P0001", "422 validation"),
    ("40001", "409 busy"),
    ("40P01", "409 busy"),
    ("55P03", "409 busy"),
    ("53000", "503 unavailable"),
    ("53100", "503 unavailable"),
    ("53200", "503 unavailable"),
    ("53300", "503 unavailable"),
    ("57014", "503 unavailable"),
    ("57P01", "503 unavailable"),
    ("57P02", "503 unavailable"),
    ("57P03", "503 unavailable"),
    ("08006", "503 unavailable"),
    ("58030", "503 unavailable"),
    // These are faults of ours.
    ("42P01", "500 internal"),
    ("42501", "500 internal"),
    ("42703", "500 internal"),
];

#[tokio::test]
async fn t13_no_failure_of_the_database_says_what_it_said_to_us() {
    let it = Office::arrange().await;
    it.sql("insert into labels (name) select 'plain ' || n from generate_series(1, 3) n").await;
    for (code, _) in CODES {
        it.sql(format!("insert into labels (name) values ('{code}')")).await;
    }
    it.sql(SPILL).await;
    it.sql(
        "create trigger spill before insert or update or delete on labels \
         for each row execute function spill()",
    )
    .await;
    let plain = it.ann.get(&format!("{LABELS}?name=plain+1")).await.expect(200).at("data");
    let plain = format!("{LABELS}/{}", plain[0]["id"]);
    for (code, expected) in CODES {
        // Taken names are free for the trigger, which comes first.
        let body = json!({ "name": code });
        check(&it.ann.post(LABELS, body.clone()).await, code, expected);
        check(&it.ann.patch(&plain, body.clone()).await, code, expected);
        let many = json!({ "filter": { "name": "plain 2" }, "data": body, "max_affected": 1 });
        check(&it.ann.post(&format!("{LABELS}/update_where"), many).await, code, expected);
        let stored = it.ann.get(&format!("{LABELS}?name={code}")).await.expect(200).at("data");
        let stored = format!("{LABELS}/{}", stored[0]["id"]);
        let deleted = it.ann.delete(&stored).await;
        let fault = if code == "23503" { "409 foreign_key" } else { expected };
        check(&deleted, code, fault);
        let many = json!({ "filter": { "name": code }, "max_affected": 1 });
        check(&it.ann.post(&format!("{LABELS}/delete_where"), many).await, code, fault);
    }
    it.ann.patch(&plain, json!({ "name": "fine" })).await.expect(200);
    it.ann.post(LABELS, json!({ "name": "fine, too" })).await.expect(201);
    it.ann.delete(&plain).await.expect(204);
    it.app.stop().await;
}

#[tokio::test]
async fn t13_faults_of_requests_name_nothing_of_the_inside() {
    let it = Office::arrange().await;
    let low = it.at("Ann's low").to_owned();
    for (method, path, body) in [
        (Method::GET, "/api/v1/papers?name[like]=%5C".to_owned(), ""),
        (Method::GET, "/api/v1/papers?id=99999999999999999999".to_owned(), ""),
        (Method::GET, "/api/v1/papers?level=2147483648".to_owned(), ""),
        (Method::GET, "/api/v1/papers/99999999999999999999".to_owned(), ""),
        (Method::GET, "/api/v1/nothing".to_owned(), ""),
        (Method::POST, "/api/v1/papers".to_owned(), r#"{"name": "Bob's low"}"#),
        (Method::POST, "/api/v1/papers".to_owned(), r#"{"name": "x", "level": 2147483648}"#),
        (
            Method::POST,
            "/api/v1/papers".to_owned(),
            r#"{"name": "x", "owner_id": 9223372036854775807}"#,
        ),
        (Method::POST, "/api/v1/papers".to_owned(), r#"{"name": "x"#),
        (Method::PATCH, low.clone(), r#"{"name": null, "level": 1e400}"#),
        (Method::PATCH, low, r#"{"folder_id": -1}"#),
        (Method::DELETE, it.at("Free folder").to_owned(), ""),
    ] {
        let json = [("content-type", "application/json")];
        let reply = it.ann.send(method.clone(), &path, &json, body).await;
        assert!(reply.status < 500, "{method} {path}: {}", reply.text());
        clean(&reply, &format!("{method} {path}"));
    }
    it.app.stop().await;
}

#[tokio::test]
async fn t13_reading_through_a_broken_table_says_nothing_of_it() {
    let it = Office::arrange().await;
    let asks: [(&Client, &str); 3] =
        [(&it.ann, "/api/v1/labels"), (&it.ann, "/api/v1/labels/1"), (&it.admin, "/api/v1/labels")];
    for (client, path) in asks {
        client.get(path).await.expect(200);
    }
    it.sql("alter table labels rename column name to renamed").await;
    for (client, path) in asks {
        let reply = client.get(path).await;
        check(&reply, path, "500 internal");
    }
    it.app.stop().await;
}

#[track_caller]
fn check(reply: &Reply, about: &str, expected: &str) {
    assert_eq!(reply.fault(), expected, "{about}: {}", reply.text());
    clean(reply, about);
}

/// Nothing of the database, of a path or of the code in a body or a header.
#[track_caller]
fn clean(reply: &Reply, about: &str) {
    let headers = format!("{:?}", reply.headers).to_lowercase();
    let text = reply.text().to_lowercase();
    for word in [
        "key (",
        "detail:",
        "hint",
        "canary",
        "leak",
        "src/",
        ".rs",
        "sqlstate",
        "postgres",
        "constraint",
        "column",
        "_uq",
        "_fk",
        "_ck",
        "select ",
        "insert ",
        "relation",
    ] {
        assert!(
            !text.contains(word) && !headers.contains(word),
            "{about}: {word} in {text} {headers}"
        );
    }
}
