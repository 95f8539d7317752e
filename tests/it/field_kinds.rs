//! Texts in several languages, references that nothing shares and references to anything, as a
//! client meets them.

use artel_testing::{Client, Reply};
use http::Method;
use serde_json::{Value, json};

use crate::office::Office;

const NOTICES: &str = "/api/v1/notices";

#[tokio::test]
async fn a_text_is_of_the_language_of_the_request() {
    let it = Office::arrange().await;
    let ann = &it.ann;
    let new = json!({ "title": "Лампа", "text": "Светит" });
    let made = ask(ann, Method::POST, NOTICES, "ru", &new).await.expect(201);
    let path = &format!("{NOTICES}/{}", made.id());
    assert_eq!(get(ann, path, "en").await.at("title"), "Лампа", "no other text is there");

    // `If-Match` speaks of the record, whatever the language of who read it.
    let tag = made.header("etag");
    let headers = [("accept-language", "en"), ("if-match", tag), ("content-type", JSON)];
    let body = json!({ "title": "Lamp" }).to_string();
    let changed = ann.send(Method::PATCH, path, &headers, body).await.expect(200);
    assert_eq!((changed.at("title"), changed.at("text")), (json!("Lamp"), json!("Светит")));
    let (en, ru) = (get(ann, path, "en").await, get(ann, path, "ru").await);
    assert_eq!((en.at("title"), ru.at("title")), (json!("Lamp"), json!("Лампа")));

    // What is known in one language is not known in another.
    let known = async |language, reply: &Reply| {
        let tag = reply.header("etag").to_owned();
        let headers = [("accept-language", language), ("if-none-match", &*tag)];
        ann.send(Method::GET, path, &headers, "").await.status
    };
    assert_eq!((known("en", &en).await, known("ru", &ru).await), (304, 304));
    assert_eq!((known("ru", &en).await, known("en", &ru).await), (200, 200));

    for (query, of_en, of_ru) in [
        ("q=lam", "Lamp", ""),
        ("q=лам", "", "Лампа"),
        ("title=Lamp", "Lamp", ""),
        ("title[starts]=Ла", "", "Лампа"),
        ("title[in]=Lamp,Лампа", "Lamp", "Лампа"),
        ("text[null]=false", "Lamp", "Лампа"),
    ] {
        let list = format!("{NOTICES}?{query}");
        assert_eq!(get(ann, &list, "en").await.column("title"), of_en, "{query}");
        assert_eq!(get(ann, &list, "ru").await.column("title"), of_ru, "{query}");
    }
    let cleared = ask(ann, Method::PATCH, path, "en", &json!({ "text": null })).await;
    assert_eq!(cleared.expect(200).at("text"), Value::Null);
    assert_eq!(get(ann, path, "ru").await.at("text"), Value::Null);
    let long = ask(ann, Method::PATCH, path, "ru", &json!({ "title": "Л".repeat(11) })).await;
    assert_eq!(long.fault(), "422 validation: /title too_long");
    let shaped = ask(ann, Method::PATCH, path, "ru", &json!({ "title": { "ru": "Л" } })).await;
    assert_eq!(shaped.fault(), "422 validation: /title wrong_type");
    it.app.stop().await;
}

#[tokio::test]
async fn lists_have_the_order_of_their_reader() {
    let it = Office::arrange().await;
    for (title, translated) in [("Apple", "Яблоко"), ("Pear", "Груша")] {
        let made = it.ann.post(NOTICES, json!({ "title": title })).await.expect(201);
        let path = format!("{NOTICES}/{}", made.id());
        ask(&it.ann, Method::PATCH, &path, "ru", &json!({ "title": translated })).await.expect(200);
    }
    assert_eq!(get(&it.ann, NOTICES, "en").await.column("title"), "Apple, Pear");
    assert_eq!(get(&it.ann, NOTICES, "ru").await.column("title"), "Груша, Яблоко");
    let falling = format!("{NOTICES}?sort=-title");
    assert_eq!(get(&it.ann, &falling, "ru").await.column("title"), "Яблоко, Груша");
    it.app.stop().await;
}

#[tokio::test]
async fn a_reference_to_anything_leads_to_what_its_writer_sees() {
    let it = Office::arrange().await;
    let of = |name: &str| it.at(name).trim_start_matches("/api/v1/").to_owned();
    let about = |subject: &str| json!({ "title": "A", "subject_ref": subject });
    let made = it.ann.post(NOTICES, about(&of("Ann's low"))).await.expect(201);
    assert_eq!(made.at("subject_ref"), of("Ann's low"));
    it.ann.post(NOTICES, about(&of("Free folder"))).await.expect(201);
    it.bob.post(NOTICES, about(&of("Bob's low"))).await.expect(201);
    let not_found = "422 validation: /subject_ref not_found";
    for hidden in [of("Bob's low"), "papers/4040".to_owned(), of("Bob's folder")] {
        assert_eq!(it.ann.post(NOTICES, about(&hidden)).await.fault(), not_found, "{hidden}");
    }
    for wrong in ["memos/1", "nothing/1", "papers", "papers/0", "/api/v1/papers/1"] {
        let refused = it.ann.post(NOTICES, about(wrong)).await;
        assert_eq!(refused.fault(), "422 validation: /subject_ref invalid", "{wrong}");
    }
    let papers = format!("{NOTICES}?subject_ref[starts]=papers/&sort=id");
    assert_eq!(it.ann.get(&papers).await.expect(200).column("id"), "1, 3");
    let equal = format!("{NOTICES}?subject_ref={}", of("Ann's low"));
    assert_eq!(it.ann.get(&equal).await.expect(200).column("id"), "1");
    let smaller = it.ann.get(&format!("{NOTICES}?subject_ref[lt]=papers/1")).await;
    assert_eq!(smaller.fault(), "400 bad_filter: subject_ref[lt] bad_filter");
    // What is gone is still named.
    it.ann.delete(it.at("Ann's low")).await.expect(204);
    let left = it.ann.get(&format!("{NOTICES}/1")).await.expect(200);
    assert_eq!(left.at("subject_ref"), of("Ann's low"));
    it.app.stop().await;
}

#[tokio::test]
async fn a_reference_that_nothing_shares_is_taken_once() {
    let it = Office::arrange().await;
    let of = |folder: &str| json!({ "title": "A", "folder_id": it.id(folder) });
    it.ann.post(NOTICES, of("Free folder")).await.expect(201);
    let taken = it.ann.post(NOTICES, of("Free folder")).await;
    assert_eq!(taken.fault(), "409 unique: /folder_id unique");
    let hidden = it.ann.post(NOTICES, of("Bob's folder")).await;
    assert_eq!(hidden.fault(), "422 validation: /folder_id not_found");
    let named = format!("{NOTICES}?folder.name=Free folder").replace(' ', "%20");
    assert_eq!(it.ann.get(&named).await.expect(200).column("id"), "1");
    it.app.stop().await;
}

#[tokio::test]
async fn the_schema_describes_them() {
    let it = Office::arrange().await;
    let schema = it.ann.get(&format!("{NOTICES}/schema")).await.expect(200).json();
    let field = |name: &str| {
        let fields = schema["fields"].as_array().unwrap();
        fields.iter().find(|it| it["name"] == name).unwrap().clone()
    };
    let described = |name: &str| {
        let field = field(name);
        json!([field["key"], field["kind"], field["target"], field["targets"], field["operators"]])
    };
    let references = json!(["eq", "ne", "in", "nin", "null"]);
    let expected = json!(["folder_id", "one2one", "folders", null, references]);
    assert_eq!(described("folder"), expected);
    let of_any = json!(["eq", "ne", "in", "nin", "starts", "null"]);
    let expected = json!(["subject_ref", "any_record", null, ["papers", "folders"], of_any]);
    assert_eq!(described("subject"), expected);
    assert_eq!(
        (field("title")["kind"].clone(), field("title")["max"].clone()),
        (json!("translated"), json!(10))
    );
    it.app.stop().await;
}

const JSON: &str = "application/json";

async fn ask(client: &Client, method: Method, path: &str, language: &str, body: &Value) -> Reply {
    let headers = [("accept-language", language), ("content-type", JSON)];
    client.send(method, path, &headers, body.to_string()).await
}

async fn get(client: &Client, path: &str, language: &str) -> Reply {
    client.send(Method::GET, path, &[("accept-language", language)], "").await.expect(200)
}
