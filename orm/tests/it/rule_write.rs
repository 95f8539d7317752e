//! What rules let be written: the row as it was and the row as it becomes.

use orm::{Id, Model, Record, Session, Value, Verb, engine};

use crate::{
    library::{Book, Genre},
    outcome::said,
    shelf::{author, book, book_with, closed_genre, genre, titles},
    stage::on_stage,
};

const SMALL: &str = r#"{"rank":{"lt":10}}"#;

#[tokio::test]
async fn the_old_row_and_the_new_must_pass() {
    on_stage(async |stage| {
        let system = &stage.system();
        let small = ranked(system, "small", 1).await;
        let large = ranked(system, "large", 20).await;
        let rights = stage.all_rights().rule("genres", &[Verb::Update, Verb::Delete], SMALL);
        let session = &stage.session(rights);
        assert_eq!(said(Genre::update(session, small, [Genre::RANK.set(9)]).await), "done");
        assert_eq!(said(Genre::update(session, small, [Genre::RANK.set(10)]).await), "denied");
        assert_eq!(said(Genre::update(session, large, [Genre::RANK.set(1)]).await), "denied");
        assert_eq!(said(Genre::update(session, large, [Genre::NAME.set("x")]).await), "denied");
        assert_eq!(said(Genre::update(session, large, []).await), "denied");
        assert_eq!(said(Genre::delete(session, large).await), "denied");
        assert_eq!(ranks(system).await, "large 20, small 9");
        assert_eq!(said(Genre::delete(session, small).await), "done");
    })
    .await;
}

#[tokio::test]
async fn an_absent_value_passes_no_comparison_of_a_rule() {
    on_stage(async |stage| {
        let system = &stage.system();
        let small = ranked(system, "small", 1).await;
        let session = &stage.session(stage.all_rights().rule("genres", &Verb::ALL, SMALL));
        let absent = genre(system, "absent").await;
        assert_eq!(said(Genre::find(session, absent).await), "missing");
        assert_eq!(said(Genre::update(session, small, [Genre::RANK.set(None)]).await), "denied");
        assert_eq!(said(Genre::create(session, [Genre::NAME.set("new")]).await), "denied");
        assert_eq!(ranks(system).await, "absent -, small 1");
    })
    .await;
}

#[tokio::test]
async fn a_new_record_must_pass_and_leaves_nothing_if_not() {
    on_stage(async |stage| {
        let system = &stage.system();
        let session = &stage.session(stage.all_rights().rule("genres", &[Verb::Create], SMALL));
        let new = |name: &str, rank: i16| [Genre::NAME.set(name), Genre::RANK.set(rank)].into();
        assert_eq!(
            said(Genre::create(session, [Genre::NAME.set("a"), Genre::RANK.set(10)]).await),
            "denied"
        );
        let two = vec![new("a", 1), new("b", 10)];
        assert_eq!(said(Genre::create_many(session, two).await), "denied");
        assert_eq!(ranks(system).await, "");
        let two = vec![new("a", 1), new("b", 9)];
        assert_eq!(said(Genre::create_many(session, two).await), "done");
        assert_eq!(ranks(system).await, "a 1, b 9");
    })
    .await;
}

#[tokio::test]
async fn a_row_may_be_written_out_of_its_writer_s_sight() {
    on_stage(async |stage| {
        let system = &stage.system();
        let session = &stage.session(stage.all_rights().rule("genres", &[Verb::Read], SMALL));
        let model = session.schema().by_table("genres").unwrap();
        let new = vec![("name", Value::Text("x".into())), ("rank", Value::Int(20))].into();
        let made = engine::create(session, model, new).await.unwrap();
        assert!(!made.is_visible);
        let small = ranked(system, "small", 1).await;
        let changed = vec![("rank", Value::Int(30))].into();
        let changed = engine::update(session, model, small.get(), changed, None).await.unwrap();
        assert!(!changed.is_visible);
        assert_eq!((changed.id, changed.version), (small.get(), 2));
        let seen = Genre::create(session, [Genre::NAME.set("y"), Genre::RANK.set(1)]).await;
        assert!(text(&seen.unwrap()).starts_with("{\"id\":"), "what is in sight is given out");
        let unseen = Genre::create(session, [Genre::NAME.set("z"), Genre::RANK.set(20)]).await;
        assert_eq!(text(&unseen.unwrap()), "{}");
        assert_eq!(said(Genre::find(session, small).await), "missing");
    })
    .await;
}

#[tokio::test]
async fn a_rule_with_a_path_is_judged_over_the_row_as_it_stands_afterwards() {
    on_stage(async |stage| {
        let system = &stage.system();
        let open = genre(system, "open").await;
        let closed = closed_genre(system, "closed").await;
        let by = author(system, "Ann").await;
        let rule = r#"{"genre":{"is_open":true}}"#;
        let verbs = [Verb::Create, Verb::Update, Verb::Delete];
        let session = &stage.session(stage.all_rights().rule("books", &verbs, rule));
        let new = |title: &str, genre| {
            [Book::TITLE.set(title), Book::AUTHOR.set(by), Book::GENRE.set(genre)]
        };
        let a = Book::create(session, new("a", open)).await.unwrap().id();
        assert_eq!(said(Book::create(session, new("b", closed)).await), "denied");
        let none = [Book::TITLE.set("c"), Book::AUTHOR.set(by)];
        assert_eq!(said(Book::create(session, none).await), "denied");
        let two = vec![new("d", open).into(), new("e", closed).into()];
        assert_eq!(said(Book::create_many(session, two).await), "denied");
        assert_eq!(titles(system).await, "a");
        assert_eq!(said(Book::update(session, a, [Book::TITLE.set("A")]).await), "done");
        assert_eq!(said(Book::update(session, a, [Book::GENRE.set(closed)]).await), "denied");
        assert_eq!(said(Book::update(session, a, [Book::GENRE.set(None)]).await), "denied");
        let out = book_with(system, "out", [Book::GENRE.set(closed)]).await;
        assert_eq!(said(Book::update(session, out, [Book::GENRE.set(open)]).await), "denied");
        assert_eq!(said(Book::delete(session, out).await), "denied");
        assert_eq!(titles(system).await, "A out");
        assert_eq!(said(Book::delete(session, a).await), "done");
    })
    .await;
}

#[tokio::test]
async fn one_new_row_outside_of_the_rule_refuses_all_of_a_bulk_change() {
    on_stage(async |stage| {
        let system = &stage.system();
        ranked(system, "a", 1).await;
        ranked(system, "b", 2).await;
        ranked(system, "c", 30).await;
        let session = &stage.session(stage.all_rights().rule("genres", &Verb::ALL, SMALL));
        let every = || Genre::ID.gt(0);
        let change = [Genre::RANK.set(11)];
        assert_eq!(said(Genre::update_where(session, every(), change, 9).await), "denied");
        assert_eq!(ranks(system).await, "a 1, b 2, c 30");
        let change = [Genre::RANK.set(3)];
        assert_eq!(Genre::update_where(session, every(), change, 9).await.unwrap(), 2);
        assert_eq!(ranks(system).await, "a 3, b 3, c 30");
        assert_eq!(Genre::delete_where(session, every(), 9).await.unwrap(), 2);
        assert_eq!(ranks(system).await, "c 30");
    })
    .await;
}

#[tokio::test]
async fn a_bulk_change_under_a_rule_with_a_path_is_all_or_nothing() {
    on_stage(async |stage| {
        let system = &stage.system();
        let open = genre(system, "open").await;
        let closed = closed_genre(system, "closed").await;
        book_with(system, "a", [Book::GENRE.set(open)]).await;
        book_with(system, "b", [Book::GENRE.set(open)]).await;
        let rule = r#"{"genre":{"is_open":true}}"#;
        let session = &stage.session(stage.all_rights().rule("books", &Verb::ALL, rule));
        let move_all = async |to| {
            said(Book::update_where(session, Book::ID.gt(0), [Book::GENRE.set(to)], 9).await)
        };
        assert_eq!(move_all(closed).await, "denied");
        assert_eq!(titles(session).await, "a b");
        let other = genre(system, "other").await;
        assert_eq!(move_all(other).await, "done");
    })
    .await;
}

#[tokio::test]
async fn a_reference_to_a_hidden_record_is_one_to_a_missing_record() {
    on_stage(async |stage| {
        let system = &stage.system();
        let by = author(system, "Ann").await;
        let hidden = closed_genre(system, "hidden").await;
        let stored = book_with(system, "a", [Book::GENRE.set(hidden)]).await;
        let rule = r#"{"is_open":true}"#;
        let session = &stage.session(stage.all_rights().rule("genres", &[Verb::Read], rule));
        let unknown = Id::new(404);
        for genre in [hidden, unknown] {
            let new = [Book::TITLE.set("b"), Book::AUTHOR.set(by), Book::GENRE.set(genre)];
            let expected = "invalid: /genre_id not_found";
            assert_eq!(said(Book::create(session, new).await), expected);
            let other = book(system, "other").await;
            let change = [Book::GENRE.set(genre)];
            assert_eq!(said(Book::update(session, other, change).await), expected);
            let change = [Book::GENRE.set(genre)];
            let of = Book::ID.eq(other);
            assert_eq!(said(Book::update_where(session, of, change, 9).await), expected);
        }
        // What is stored already is no write of it.
        let change = [Book::GENRE.set(hidden), Book::TITLE.set("A")];
        let kept = Book::update(session, stored, change).await.unwrap();
        assert_eq!((&*kept.title, kept.version()), ("A", 2));
        let both = [Book::TITLE.set("b"), Book::AUTHOR.set(Id::new(405)), Book::GENRE.set(hidden)];
        let expected = "invalid: /author_id not_found, /genre_id not_found";
        assert_eq!(said(Book::create(session, both).await), expected);
    })
    .await;
}

fn text(record: &Record<Genre>) -> String {
    let mut out = Vec::new();
    record.write_json(&mut out);
    String::from_utf8(out).unwrap()
}

async fn ranked(session: &Session, name: &str, rank: i16) -> Id<Genre> {
    Genre::create(session, [Genre::NAME.set(name), Genre::RANK.set(rank)]).await.unwrap().id()
}

/// All genres with their ranks.
async fn ranks(session: &Session) -> String {
    let all = Genre::query(session).all().await.unwrap();
    let rank = |it: Option<i16>| it.map_or("-".to_owned(), |it| it.to_string());
    all.iter().map(|it| format!("{} {}", it.name, rank(it.rank))).collect::<Vec<_>>().join(", ")
}
