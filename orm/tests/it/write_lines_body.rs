//! Lines in bodies: what may stand there, and every fault of every level at once.

use orm::Id;
use serde_json::{Value, json};

use crate::{
    library::Book,
    nested::{patch, post},
    shelf::{author, book, chapter},
    stage::on_stage,
};

#[tokio::test]
async fn every_fault_of_every_level_is_told_at_once() {
    on_stage(async |stage| {
        let session = &stage.session(stage.all_rights());
        let id = book(session, "a").await;
        let line = chapter(session, id, 1).await.get();
        check(session, id, json!({"chapters": 7}), "/chapters wrong_type expected=object").await;
        check(session, id, json!({"chapters": null}), "/chapters required").await;
        check(session, id, json!({"chapter_ids": {}}), "/chapter_ids unknown_field").await;
        check(
            session,
            id,
            json!({"pages": 0, "chapters": {
                "create": [
                    {"number": "x", "book_id": 1, "id": 3},
                    {"footnotes": {"create": [{}, 7], "update": [], "put": 1}},
                    {"number": 1, "pages": 2},
                ],
                "update": [
                    {"number": 2},
                    {"id": "x"},
                    {"id": line, "version": "1", "number": null, "book_id": 1, "created_at": 1},
                    {"id": line, "footnotes": {"delete": [1, 1, "2"], "create": {}}},
                ],
                "delete": [line, 8, null],
                "set": [],
            }}),
            "/pages greater_than_or_equal min=1, \
             /chapters/create/0/number wrong_type expected=number, \
             /chapters/create/0/book_id read_only, /chapters/create/0/id read_only, \
             /chapters/create/1/footnotes/create/0/text required, \
             /chapters/create/1/footnotes/create/1 wrong_type expected=object, \
             /chapters/create/1/footnotes/update unknown_field, \
             /chapters/create/1/footnotes/put unknown_field, \
             /chapters/create/1/number required, /chapters/create/2/pages unknown_field, \
             /chapters/update/0/id required, \
             /chapters/update/1/id wrong_type expected=number, \
             /chapters/update/2/version wrong_type expected=number, \
             /chapters/update/2/number required, /chapters/update/2/book_id read_only, \
             /chapters/update/2/created_at read_only, \
             /chapters/update/3/footnotes/delete/1 invalid, \
             /chapters/update/3/footnotes/delete/2 wrong_type expected=number, \
             /chapters/update/3/footnotes/create wrong_type expected=array, \
             /chapters/update/3/id invalid, /chapters/update/2/id invalid, \
             /chapters/delete/2 required, /chapters/set unknown_field",
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_new_record_has_no_lines_to_change() {
    on_stage(async |stage| {
        let session = &stage.session(stage.all_rights());
        let by = author(session, "Ann").await.get();
        let body = json!({"title": "a", "author_id": by,
            "chapters": {"create": [], "update": [], "delete": []}});
        let told = post(session, "books", &body.to_string()).await;
        assert_eq!(
            sorted(&told.unwrap_err()),
            "invalid: /chapters/delete unknown_field, /chapters/update unknown_field"
        );
    })
    .await;
}

#[tokio::test]
async fn a_body_has_not_too_many_lines_nor_levels() {
    on_stage(async |stage| {
        let session = &stage.session(stage.all_rights());
        let id = book(session, "a").await;
        let many = |count: i32| {
            let notes = vec![json!({"text": "x"}); 500];
            let lines: Vec<Value> = (1..=count).map(|it| json!({"number": it})).collect();
            json!({"chapters": {"create": lines, "update": [
                {"id": 1, "footnotes": {"create": notes}}]}})
        };
        check(session, id, many(499), "/chapters/update/0/id not_found").await;
        let expected = "/chapters/update/0/footnotes/create too_many max=1000";
        check(session, id, many(500), expected).await;

        // A record that leads to records of its own kind has any number of levels.
        let told = post(session, "samples", &deep(5).to_string()).await;
        assert_eq!(
            told.unwrap_err(),
            "invalid: /others/create/0/others/create/0/others/create/0/others/create/0/others \
             invalid reason=too_deep max=4"
        );
        assert!(post(session, "samples", &deep(4).to_string()).await.is_ok());
    })
    .await;
}

fn deep(levels: usize) -> Value {
    (0..levels).fold(json!({"text": "x"}), |it, _| json!({"others": {"create": [it]}}))
}

#[track_caller]
fn check<'a>(
    session: &'a orm::Session,
    id: Id<Book>,
    body: Value,
    expected: &'a str,
) -> impl Future<Output = ()> + 'a {
    let place = std::panic::Location::caller();
    async move {
        let told = patch(session, ("books", id.get()), &body.to_string()).await.unwrap_err();
        assert_eq!(sorted(&told), sorted(&format!("invalid: {expected}")), "{place}");
    }
}

/// Faults in the order of their places: objects of these tests have none.
fn sorted(told: &str) -> String {
    let (kind, list) = told.split_once(": ").unwrap_or(("", told));
    let mut list: Vec<&str> = list.split(", ").map(str::trim).collect();
    list.sort_unstable();
    format!("{kind}: {}", list.join(", "))
}
