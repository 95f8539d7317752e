//! Conditions of query strings, where every value is text.

use std::borrow::Cow;

use orm::{At, Filter, Judge, Result, Session, SortKey, Verb, engine, parse_parameter};

use crate::{
    library::{Book, State},
    outcome::said,
    shelf::{book_with, closed_genre, genre},
    stage::{Stage, now, on_stage},
};

#[tokio::test]
async fn a_path_an_operator_and_a_text_find_what_they_say() {
    on_stage(async |stage| {
        let session = &shelf(stage).await;
        check(session, "title", &["a"], "a").await;
        check(session, "title", &["a", "c,d"], "a c,d").await;
        check(session, "title[eq]", &["a"], "a").await;
        check(session, "title[ne]", &["a"], "b c,d").await;
        check(session, "title[in]", &["a,b"], "a b").await;
        check(session, "title[in]", &[""], "").await;
        check(session, "title[nin]", &["a,b"], "c,d").await;
        check(session, "title[starts]", &["c,"], "c,d").await;
        check(session, "pages", &["1", "2"], "a b").await;
        check(session, "pages[between]", &["2,3"], "b").await;
        check(session, "pages[null]", &["true"], "c,d").await;
        check(session, "pages[null]", &["false"], "a b").await;
        check(session, "state[in]", &["lent,lost"], "b").await;
        check(session, "genre.name", &["open"], "a").await;
        check(session, "genre.name[ne]", &["open"], "b c,d").await;
        check(session, "genre[null]", &["true"], "b c,d").await;
        check(session, "genre_id[null]", &["true"], "c,d").await;
        check(session, "genre.is_open", &["true"], "a").await;
        check(session, "genre.parent.name[null]", &["true"], "a b c,d").await;
        check(session, "bought_at[lte]", &["@now"], "a").await;
        check(session, "bought_at[gt]", &["2026-03-31T00:00:00Z"], "a").await;
        check(session, "author.name[ilike]", &["a%"], "a b c,d").await;
        check(session, "author_id", &["1"], "a").await;
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_names_its_parameter() {
    on_stage(async |stage| {
        let session = &shelf(stage).await;
        let bad = async |parameter, values: &[&str], expected: &str| {
            assert_eq!(found(session, parameter, values).await, expected, "{parameter} {values:?}");
        };
        bad("nope", &["1"], "nope unknown_field field=nope").await;
        bad("genre.nope", &["1"], "genre.nope unknown_field field=genre.nope").await;
        bad("title.name", &["1"], "title.name unknown_field field=title.name").await;
        bad("tags.name", &["1"], "tags.name unknown_field field=tags.name").await;
        bad("owner.password", &["1"], "owner.password unknown_field field=owner.password").await;
        bad("genre_id.name", &["1"], "genre_id.name unknown_field field=genre_id.name").await;
        bad("", &["1"], " unknown_field field=").await;
        bad("genre..name", &["1"], "genre..name unknown_field field=genre..name").await;
        let path = |hops| format!("genre{}.name", ".parent".repeat(hops));
        assert_eq!(found(session, &path(7), &["x"]).await, "");
        for hops in [8, 10_000] {
            let expected = format!("{} bad_filter reason=too_deep max=8", path(hops));
            assert_eq!(found(session, &path(hops), &["x"]).await, expected);
        }
        bad("title[eq]", &["a", "b"], "title[eq] bad_parameter reason=twice").await;
        bad("title[like_a]", &["a"], "title[like_a] bad_filter reason=unknown_operator").await;
        bad("title[holds]", &["a"], "title[holds] bad_filter reason=unknown_operator").await;
        bad("state[gt]", &["lent"], "state[gt] bad_filter reason=operator").await;
        bad("state", &["burnt"], "state bad_filter reason=choice choices=shelf, lent, lost").await;
        bad("pages", &["x"], "pages bad_filter reason=invalid").await;
        bad("pages", &["1", "x"], "pages bad_filter reason=invalid").await;
        bad("pages[between]", &["1"], "pages[between] bad_filter reason=two_values").await;
        bad("pages[between]", &["1,2,3"], "pages[between] bad_filter reason=two_values").await;
        bad("pages[null]", &["yes"], "pages[null] bad_filter reason=wrong_type").await;
        bad("genre", &["1"], "genre bad_filter reason=record").await;
        bad("genre[eq]", &["1"], "genre[eq] bad_filter reason=record").await;
        bad("bought_at[gt]", &["@tomorrow"], "bought_at[gt] bad_filter reason=macro").await;
    })
    .await;
}

#[tokio::test]
async fn a_closed_field_is_refused_before_operator_and_value() {
    on_stage(async |stage| {
        shelf(stage).await;
        let rights = stage.all_rights().close_reading("books", &["pages", "genre"]);
        let session = &stage.session(rights);
        for parameter in ["pages", "pages[nope]", "genre", "genre_id", "genre.name", "genre.nope"] {
            let expected = format!("{parameter} field_forbidden");
            assert_eq!(found(session, parameter, &["x", "y"]).await, expected);
        }
        let session = &stage.session(stage.all_rights().deny("genres", &[Verb::Read]));
        for parameter in ["genre.name", "genre[null]", "genre.parent.name"] {
            assert_eq!(found(session, parameter, &["true"]).await, "denied");
        }
    })
    .await;
}

/// Three books, one of them in a genre that the session does not see.
async fn shelf(stage: &Stage) -> Session {
    let system = &stage.system();
    let open = genre(system, "open").await;
    let hidden = closed_genre(system, "hidden").await;
    let more = [Book::PAGES.set(1), Book::GENRE.set(open), Book::BOUGHT_AT.set(now())];
    book_with(system, "a", more).await;
    let more = [Book::PAGES.set(2), Book::GENRE.set(hidden), Book::STATE.set(State::Lent)];
    book_with(system, "b", more).await;
    book_with(system, "c,d", []).await;
    stage.session(stage.all_rights().rule("genres", &[Verb::Read], r#"{"is_open":true}"#))
}

/// Reads `path[op]` as a list's route does.
fn parse(session: &Session, parameter: &str, values: &[&str]) -> Result<Filter> {
    let (path, op) = match parameter.strip_suffix(']').and_then(|it| it.split_once('[')) {
        Some((path, op)) => (path, Some(op)),
        None => (parameter, None),
    };
    let model = session.schema().by_table("books").unwrap();
    let mut judge = Judge::new(session);
    let path = judge.path(model, path, &At::Parameter(parameter.to_owned()))?;
    let values: Vec<Cow<'_, str>> = values.iter().map(|it| Cow::Borrowed(*it)).collect();
    let filter = match path {
        Some(path) => parse_parameter(session.outlook(), &path, op, &values, parameter)?,
        None => Filter::nothing(),
    };
    judge.verdict().map(|()| filter)
}

/// The titles of the books that pass, or what is said instead.
async fn found(session: &Session, parameter: &str, values: &[&str]) -> String {
    let filter = match parse(session, parameter, values) {
        Ok(filter) => filter,
        Err(error) => return said::<()>(Err(error)),
    };
    let model = session.schema().by_table("books").unwrap();
    let list = engine::List {
        fields: vec![model.field("title").unwrap().id],
        filter,
        sort: vec![SortKey::id(&[])],
        limit: 100,
        offset: 0,
        count: engine::Count::None,
        expand: Vec::new(),
    };
    let mut json = Vec::from(b"[");
    engine::list(session, model, &list).await.unwrap().rows.write_json(&mut json);
    json.push(b']');
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&json).unwrap();
    rows.iter().map(|it| it["title"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

async fn check(session: &Session, parameter: &str, values: &[&str], expected: &str) {
    assert_eq!(found(session, parameter, values).await, expected, "{parameter} {values:?}");
}
