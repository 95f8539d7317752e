//! Who may write lines with their record: parts follow it, other lines have rights of their own.

use orm::{Model, Session, Verb};
use serde_json::{Value, json};

use crate::{
    library::{Book, Chapter, Footnote},
    nested::{patch, post},
    shelf::{author, book, book_with, chapter, genre, titles},
    stage::on_stage,
};

#[tokio::test]
async fn parts_of_a_new_record_need_create_on_the_record_only() {
    on_stage(async |stage| {
        let system = &stage.system();
        let by = author(system, "Ann").await.get();
        let body = json!({"title": "a", "author_id": by, "chapters": {"create": [
            {"number": 1, "footnotes": {"create": [{"text": "x"}]}}]}});
        let rights = || stage.no_rights().grant("authors", &[Verb::Read]);
        let creator = &stage.session(rights().grant("books", &[Verb::Create]));
        assert!(post(creator, "books", &body.to_string()).await.is_ok());
        assert_eq!(Footnote::query(system).count().await.unwrap(), 1);
        let others = [Verb::Read, Verb::Update, Verb::Delete];
        let changer = &stage.session(rights().grant("books", &others));
        assert_eq!(post(changer, "books", &body.to_string()).await.unwrap_err(), "denied");
        // Nor does a rule for changing or reading it matter, as it does for a part alone.
        let rule = r#"{"pages":1}"#;
        let narrow = stage.all_rights().rule("books", &[Verb::Update, Verb::Read], rule);
        let narrow = &stage.session(narrow);
        assert!(post(narrow, "books", &body.to_string()).await.is_ok());
        let out_of_rule = stage.all_rights().rule("books", &[Verb::Create], rule);
        let out_of_rule = &stage.session(out_of_rule);
        assert_eq!(post(out_of_rule, "books", &body.to_string()).await.unwrap_err(), "denied");
        assert_eq!(Footnote::query(system).count().await.unwrap(), 2);
    })
    .await;
}

#[tokio::test]
async fn parts_of_a_record_need_update_on_it_and_no_more() {
    on_stage(async |stage| {
        let system = &stage.system();
        let own = book_with(system, "own", [Book::PAGES.set(1)]).await;
        let other = book_with(system, "other", [Book::PAGES.set(2)]).await;
        let parts = [chapter(system, own, 1).await.get(), chapter(system, own, 2).await.get()];
        let of_other = chapter(system, other, 1).await.get();
        let body = |change: i64, delete: i64, number: i32| {
            json!({"chapters": {"update": [{"id": change, "title": "x"}], "delete": [delete],
                "create": [{"number": number}]}})
            .to_string()
        };
        let grants = || stage.no_rights().grant("books", &[Verb::Read, Verb::Update]);
        let (at_own, at_other) = (("books", own.get()), ("books", other.get()));
        let rule = r#"{"pages":1}"#;
        let session = &stage.session(grants().rule("books", &[Verb::Update], rule));
        let told = patch(session, at_other, &body(of_other, 404, 9)).await;
        assert_eq!(told.unwrap_err(), "denied");
        assert_eq!(patch(session, at_own, &body(parts[0], parts[1], 3)).await, Ok(2));
        let blind = &stage.session(grants().rule("books", &[Verb::Read], r#"{"pages":2}"#));
        assert_eq!(patch(blind, at_own, &body(parts[0], 404, 9)).await.unwrap_err(), "missing");
        let readers = stage.all_rights().deny("books", &[Verb::Update]);
        let readers = &stage.session(readers);
        assert_eq!(patch(readers, at_own, &body(parts[0], 404, 9)).await.unwrap_err(), "denied");
    })
    .await;
}

#[tokio::test]
async fn a_rule_that_looks_at_lines_is_judged_before_they_change_and_afterwards() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = book(system, "a").await;
        let first = chapter(system, id, 1).await;
        let second = book(system, "b").await;
        let with =
            |verb, rule: &str| stage.session(stage.all_rights().rule("books", &[verb], rule));
        let session = &with(Verb::Update, r#"{"chapters":{"some":{"number":1}}}"#);
        let at = ("books", id.get());
        let change = |number: i32| {
            json!({"chapters": {"update": [{"id": first.get(), "number": number}]}}).to_string()
        };
        let delete = json!({"chapters": {"delete": [first.get()]}}).to_string();
        let create = json!({"chapters": {"create": [{"number": 1}]}}).to_string();
        // What the rule wants would be gone.
        assert_eq!(patch(session, at, &change(2)).await.unwrap_err(), "denied");
        assert_eq!(patch(session, at, &delete).await.unwrap_err(), "denied");
        // What it wants is not there yet.
        let told = patch(session, ("books", second.get()), &create).await;
        assert_eq!(told.unwrap_err(), "denied");
        let more = json!({"chapters": {"create": [{"number": 2}]}}).to_string();
        assert_eq!(patch(session, at, &more).await, Ok(2));
        assert_eq!(Chapter::query(system).count().await.unwrap(), 2);

        let by = author(system, "Ann").await.get();
        let new = |numbers: &[i32]| {
            let lines: Vec<Value> = numbers.iter().map(|it| json!({"number": it})).collect();
            json!({"title": "n", "author_id": by, "chapters": {"create": lines}}).to_string()
        };
        let session = &with(Verb::Create, r#"{"chapters":{"every":{"number":1}}}"#);
        assert!(post(session, "books", &new(&[1])).await.is_ok());
        assert_eq!(post(session, "books", &new(&[1, 2])).await.unwrap_err(), "denied");
        let session = &with(Verb::Create, r#"{"chapters":{"some":{"number":1}}}"#);
        assert_eq!(post(session, "books", &new(&[1])).await.unwrap_err(), "denied");
        assert_eq!(titles(system).await, "a b n");
    })
    .await;
}

#[tokio::test]
async fn each_line_that_is_no_part_is_judged_by_its_own_rights() {
    on_stage(async |stage| {
        let system = &stage.system();
        let by = author(system, "Ann").await.get();
        let of = genre(system, "g").await;
        let mine = [Book::PAGES.set(1), Book::GENRE.set(of)];
        let mine = book_with(system, "mine", mine).await.get();
        let theirs = [Book::PAGES.set(2), Book::GENRE.set(of)];
        let theirs = book_with(system, "theirs", theirs).await.get();
        let create = |pages: i32| {
            let line = json!({"title": "new", "author_id": by, "pages": pages});
            json!({"books": {"create": [line]}}).to_string()
        };
        let update = |id: i64, pages: i32| {
            json!({"books": {"update": [{"id": id, "pages": pages}]}}).to_string()
        };
        let delete = |id: i64| json!({"books": {"delete": [id]}}).to_string();
        let told = async |session: &Session, body: &str| {
            patch(session, ("genres", of.get()), body)
                .await
                .map(|_| "done")
                .unwrap_or_else(|it| Box::leak(it.into_boxed_str()))
        };
        // Without a grant nobody looks at the lines.
        for (verb, body) in [
            (Verb::Create, create(1)),
            (Verb::Update, update(mine, 1)),
            (Verb::Delete, delete(mine)),
            (Verb::Read, update(mine, 1)),
            (Verb::Read, delete(404)),
        ] {
            let denied = &stage.session(stage.all_rights().deny("books", &[verb]));
            assert_eq!(told(denied, &body).await, "denied", "{body}");
            let empty = r#"{"books":{"create":[],"update":[],"delete":[]}}"#;
            assert_eq!(told(denied, empty).await, "done");
        }
        let narrow = |verb| stage.session(stage.all_rights().rule("books", &[verb], OWN));
        assert_eq!(told(&narrow(Verb::Create), &create(2)).await, "denied");
        assert_eq!(told(&narrow(Verb::Update), &update(theirs, 1)).await, "denied");
        assert_eq!(told(&narrow(Verb::Update), &update(mine, 2)).await, "denied");
        assert_eq!(told(&narrow(Verb::Delete), &delete(theirs)).await, "denied");
        // A hidden line is as one that is not there.
        let hidden = "invalid: /books/update/0/id not_found";
        assert_eq!(told(&narrow(Verb::Read), &update(theirs, 1)).await, hidden);
        assert_eq!(told(&narrow(Verb::Read), &update(404, 1)).await, hidden);
        let hidden = "invalid: /books/delete/0 not_found";
        assert_eq!(told(&narrow(Verb::Read), &delete(theirs)).await, hidden);
        assert_eq!(titles(system).await, "mine theirs");
        assert_eq!(told(&narrow(Verb::Create), &create(1)).await, "done");
        assert_eq!(told(&narrow(Verb::Update), &update(mine, 1)).await, "done");
        assert_eq!(told(&narrow(Verb::Delete), &delete(mine)).await, "done");
        // In a new record it is the same.
        let new = |pages: i32| {
            let body = create(pages);
            format!(r#"{{"name":"new {pages}",{}"#, &body[1..])
        };
        assert!(post(&narrow(Verb::Create), "genres", &new(2)).await.is_err());
        assert!(post(&narrow(Verb::Create), "genres", &new(1)).await.is_ok());
        let denied = &stage.session(stage.all_rights().deny("books", &[Verb::Create]));
        assert_eq!(post(denied, "genres", &new(1)).await.unwrap_err(), "denied");
        assert_eq!(titles(system).await, "theirs new new");
    })
    .await;
}

#[tokio::test]
async fn a_line_s_own_rule_may_look_at_the_record_that_it_comes_with() {
    on_stage(async |stage| {
        let system = &stage.system();
        let by = author(system, "Ann").await.get();
        let rule = r#"{"genre":{"name":"mine"}}"#;
        let verbs = [Verb::Create, Verb::Update];
        let session = &stage.session(stage.all_rights().rule("books", &verbs, rule));
        let new = |name: &str| {
            json!({"name": name, "books": {"create": [
                {"title": name, "author_id": by, "chapters": {"create": [{"number": 1}]}}]}})
            .to_string()
        };
        let id = post(session, "genres", &new("mine")).await.unwrap();
        assert_eq!(post(session, "genres", &new("yours")).await.unwrap_err(), "denied");
        let made = Book::query(system).first().await.unwrap().unwrap().id().get();
        // The record changes first: the line would no longer be one of "mine".
        let both = json!({"name": "theirs", "books": {"update": [{"id": made, "title": "x"}]}});
        let told = patch(session, ("genres", id), &both.to_string()).await;
        assert_eq!(told.unwrap_err(), "denied");
        let one = json!({"books": {"update": [{"id": made, "title": "x"}]}}).to_string();
        assert_eq!(patch(session, ("genres", id), &one).await, Ok(2));
        assert_eq!(titles(system).await, "x");
    })
    .await;
}

#[tokio::test]
async fn closed_fields_of_lines_and_closed_collections_are_forbidden() {
    on_stage(async |stage| {
        let id = book(&stage.system(), "a").await;
        let at = ("books", id.get());
        let body = json!({"chapters": {"create": [{"number": 1, "title": "x"}]}}).to_string();
        let told = async |table: &str, field: &str, body: &str| {
            let rights = stage.all_rights().close_writing(table, &[field]);
            patch(&stage.session(rights), at, body).await
        };
        let line = told("chapters", "title", &body).await;
        assert_eq!(line.unwrap_err(), "/chapters/create/0/title field_forbidden");
        let whole = told("books", "chapters", &body).await;
        assert_eq!(whole.unwrap_err(), "/chapters field_forbidden");
        assert_eq!(
            told("books", "chapters", r#"{"chapters":7}"#).await.unwrap_err(),
            "/chapters field_forbidden"
        );
        // Who may not say which book a chapter is of may not say so from the book either.
        let reference = told("chapters", "book", &body).await;
        assert_eq!(reference.unwrap_err(), "/chapters/create/0/book_id field_forbidden");
        assert_eq!(told("chapters", "book", r#"{"chapters":{}}"#).await, Ok(1));
        assert_eq!(told("footnotes", "text", &body).await, Ok(2));
    })
    .await;
}

#[tokio::test]
async fn references_of_lines_to_hidden_records_are_as_to_missing_ones() {
    on_stage(async |stage| {
        let system = &stage.system();
        let of = genre(system, "g").await;
        let (seen, hidden) = (author(system, "Ann").await, author(system, "Bob").await);
        let rights = stage.all_rights().rule("authors", &[Verb::Read], r#"{"name":"Ann"}"#);
        let session = &stage.session(rights);
        let line = |by: i64| json!({"title": "t", "author_id": by});
        let body = json!({"books": {"create": [line(seen.get()), line(hidden.get()), line(404)]}});
        let told = patch(session, ("genres", of.get()), &body.to_string()).await;
        assert_eq!(
            told.unwrap_err(),
            "invalid: /books/create/1/author_id not_found, /books/create/2/author_id not_found"
        );
        let made = [Book::TITLE.set("t"), Book::AUTHOR.set(hidden), Book::GENRE.set(of)];
        let made = Book::create(system, made).await.unwrap().id().get();
        // One that stays as it is is no write of it.
        let same = json!({"id": made, "author_id": hidden.get(), "title": "x"});
        let body = json!({"books": {"update": [same]}}).to_string();
        assert_eq!(patch(session, ("genres", of.get()), &body).await, Ok(2));
        let other = json!({"books": {"update": [{"id": made, "author_id": 404}]}}).to_string();
        let told = patch(session, ("genres", of.get()), &other).await;
        assert_eq!(told.unwrap_err(), "invalid: /books/update/0/author_id not_found");
    })
    .await;
}

/// What rules of these tests let through.
const OWN: &str = r#"{"pages":1}"#;
