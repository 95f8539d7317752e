//! In which order lists come, and which part of them.

use orm::{
    Filter, Id, Model, Result, Session, SortKey, Verb,
    engine::{self, Count, List, Listed},
};

use crate::{
    library::{Book, Genre},
    outcome::said,
    shelf::{author, book_with},
    stage::{Stage, on_stage},
};

#[tokio::test]
async fn absent_values_come_last_both_ways() {
    on_stage(async |stage| {
        let session = &shelf(stage).await;
        check(session, "pages", "a2 d2 b7 c- e-").await;
        check(session, "-pages", "b7 d2 a2 e- c-").await;
    })
    .await;
}

#[tokio::test]
async fn the_last_key_says_the_direction_of_ties() {
    on_stage(async |stage| {
        let session = &shelf(stage).await;
        check(session, "is_rare", "a2 b7 c- d2 e-").await;
        check(session, "-is_rare", "e- d2 c- b7 a2").await;
        check(session, "-is_rare,pages", "a2 d2 b7 c- e-").await;
        check(session, "-pages,title", "b7 a2 d2 c- e-").await;
    })
    .await;
}

#[tokio::test]
async fn what_lies_behind_a_hidden_record_is_absent() {
    on_stage(async |stage| {
        let session = &shelf(stage).await;
        // Ranks: a 3, b none, c 1 but hidden, d without a genre, e 2.
        check(session, "genre.rank", "e- a2 b7 c- d2").await;
        check(session, "-genre.rank", "a2 e- d2 c- b7").await;
        check(session, "genre.parent.name", "e- a2 b7 c- d2").await;
        check(session, "-genre.parent.name,title", "e- a2 b7 c- d2").await;
        check(session, "genre.rank,genre.name", "e- a2 b7 c- d2").await;
        let all = &stage.session(stage.all_rights());
        check(all, "genre.rank", "c- e- a2 b7 d2").await;
        check(all, "-genre.rank", "a2 e- c- d2 b7").await;
        check(all, "author.name,-genre.is_open,title", "a2 b7 e- c- d2").await;
    })
    .await;
}

#[tokio::test]
async fn a_path_through_a_model_without_a_grant_orders_nothing() {
    on_stage(async |stage| {
        shelf(stage).await;
        let session = &stage.session(stage.all_rights().deny("genres", &[Verb::Read]));
        assert_eq!(said(list(session, &keys("genre.rank"), (9, 0)).await), "denied");
    })
    .await;
}

#[tokio::test]
async fn a_page_knows_whether_more_follow() {
    on_stage(async |stage| {
        let session = &shelf(stage).await;
        let page = async |limit, offset| {
            let listed = list(session, &keys("title"), (limit, offset)).await.unwrap();
            (titles(&listed), listed.has_more)
        };
        let text = |it: &str| it.to_owned();
        assert_eq!(page(2, 0).await, (text("a2 b7"), true));
        assert_eq!(page(2, 3).await, (text("d2 e-"), false));
        assert_eq!(page(2, 4).await, (text("e-"), false));
        assert_eq!(page(5, 0).await, (text("a2 b7 c- d2 e-"), false));
        assert_eq!(page(0, 0).await, (text(""), true));
        assert_eq!(page(0, 5).await, (text(""), false));
        assert_eq!(page(9, 10_000).await, (text(""), false));
    })
    .await;
}

#[tokio::test]
async fn a_model_has_an_order_of_its_own() {
    on_stage(async |stage| {
        let session = &shelf(stage).await;
        let names = Genre::query(&stage.system()).all().await.unwrap();
        assert_eq!(names.iter().map(|it| &*it.name).collect::<Vec<_>>(), ["A", "B", "a", "b"]);
        let typed = Book::query(session).order_desc(Book::PAGES).limit(2).offset(1).all().await;
        assert_eq!(typed.unwrap().iter().map(|it| &*it.title).collect::<String>(), "da");
        let first = Book::query(session).order(Book::PAGES).first().await.unwrap();
        assert_eq!(first.unwrap().title, "a");
    })
    .await;
}

/// Books `a` to `e`, and a session to which one genre is hidden.
async fn shelf(stage: &Stage) -> Session {
    let system = &stage.system();
    let parent = new_genre(system, "B", None, true).await;
    let third = new_genre(system, "A", Some(3), true).await;
    let unranked = new_genre(system, "a", None, true).await;
    let hidden = new_genre(system, "b", Some(1), false).await;
    Genre::update(system, parent, [Genre::RANK.set(2), Genre::PARENT.set(third)]).await.unwrap();
    author(system, "Ann").await;
    for (title, pages, genre) in [
        ("a", Some(2), Some(third)),
        ("b", Some(7), Some(unranked)),
        ("c", None, Some(hidden)),
        ("d", Some(2), None),
        ("e", None, Some(parent)),
    ] {
        let more = [Book::PAGES.set(pages), Book::GENRE.set(genre), Book::IS_RARE.set(false)];
        book_with(system, title, more).await;
    }
    stage.session(stage.all_rights().rule("genres", &[Verb::Read], r#"{"is_open":true}"#))
}

async fn new_genre(session: &Session, name: &str, rank: Option<i16>, is_open: bool) -> Id<Genre> {
    let changes = [Genre::NAME.set(name), Genre::RANK.set(rank), Genre::IS_OPEN.set(is_open)];
    Genre::create(session, changes).await.unwrap().id()
}

/// The keys of an order, as lists are asked for it.
fn keys(order: &'static str) -> Vec<SortKey> {
    let key = |it: &'static str| {
        let (path, is_descending) = match it.strip_prefix('-') {
            Some(path) => (path, true),
            None => (it, false),
        };
        let mut hops: Vec<&str> = path.split('.').collect();
        let field = hops.pop().unwrap();
        SortKey { hops, field, is_descending }
    };
    let mut keys: Vec<SortKey> = order.split(',').map(key).collect();
    keys.push(SortKey::id(&keys));
    keys
}

async fn list(session: &Session, sort: &[SortKey], (limit, offset): (i64, i64)) -> Result<Listed> {
    let model = session.schema().by_table("books").unwrap();
    let fields = ["title", "pages"].map(|it| model.field(it).unwrap().id);
    let list = List {
        fields: fields.into(),
        filter: Filter::all(),
        sort: sort.into(),
        limit,
        offset,
        count: Count::None,
        expand: Vec::new(),
    };
    engine::list(session, model, &list).await
}

/// The books of a page, each with its pages.
fn titles(listed: &Listed) -> String {
    let mut json = Vec::from(b"[");
    listed.rows.write_json(&mut json);
    json.push(b']');
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&json).unwrap();
    let pages = |it: &serde_json::Value| it.as_i64().map_or("-".to_owned(), |it| it.to_string());
    let title = |it: &serde_json::Value| {
        format!("{}{}", it["title"].as_str().unwrap(), pages(&it["pages"]))
    };
    rows.iter().map(title).collect::<Vec<_>>().join(" ")
}

async fn check(session: &Session, order: &'static str, expected: &str) {
    let listed = list(session, &keys(order), (100, 0)).await.unwrap();
    assert_eq!(titles(&listed), expected, "{order}");
}
