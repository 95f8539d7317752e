//! What rules let through to reading: every row or none, by every way of asking.

use orm::{Filter, Model, Session, Value, Verb};
use serde_json::json;

use crate::{
    filter_logic::ask,
    library::{Book, Genre},
    outcome::said,
    shelf::{author, book, book_with, closed_genre, genre, titles},
    stage::{Stage, on_stage},
};

const READ: &[Verb] = &[Verb::Read];

#[tokio::test]
async fn without_a_grant_everything_is_denied() {
    on_stage(async |stage| {
        let id = book(&stage.system(), "a").await;
        let session = &stage.session(stage.no_rights());
        assert_eq!(said(Book::find(session, id).await), "denied");
        assert_eq!(said(Book::find(session, 404).await), "denied");
        assert_eq!(said(Book::query(session).all().await), "denied");
        assert_eq!(said(Book::query(session).count().await), "denied");
        assert_eq!(said(Book::query(session).exists().await), "denied");
        assert_eq!(said(Genre::create(session, [Genre::NAME.set("a")]).await), "denied");
        assert_eq!(said(Genre::create(session, []).await), "denied");
        assert_eq!(said(Book::update(session, id, [Book::TITLE.set("b")]).await), "denied");
        assert_eq!(said(Book::update(session, 404, []).await), "denied");
        assert_eq!(said(Book::delete(session, id).await), "denied");
        let every = || Book::ID.gt(0);
        assert_eq!(said(Book::update_where(session, every(), [], 9).await), "denied");
        assert_eq!(said(Book::delete_where(session, every(), 9).await), "denied");
        assert_eq!(said(Book::update(session, id, [Book::TAGS.add(&[])]).await), "denied");
        assert_eq!(said(session.sql("select 1::text", &[]).await), "denied");
        assert_eq!(titles(&stage.system()).await, "a");
    })
    .await;
}

#[tokio::test]
async fn changing_needs_the_grant_to_read_as_well() {
    on_stage(async |stage| {
        let id = book(&stage.system(), "a").await;
        let session = &stage.session(stage.all_rights().deny("books", READ));
        assert_eq!(said(Book::update(session, id, [Book::TITLE.set("b")]).await), "denied");
        assert_eq!(said(Book::delete(session, id).await), "denied");
        let every = || Book::ID.gt(0);
        let change = [Book::TITLE.set("b")];
        assert_eq!(said(Book::update_where(session, every(), change, 9).await), "denied");
        assert_eq!(said(Book::delete_where(session, every(), 9).await), "denied");
        assert_eq!(said(Book::update(session, id, [Book::TAGS.add(&[])]).await), "denied");
        assert_eq!(titles(&stage.system()).await, "a");
    })
    .await;
}

#[tokio::test]
async fn a_hidden_row_is_missing_by_every_way() {
    on_stage(async |stage| {
        let system = &stage.system();
        let seen = genre(system, "seen").await;
        let hidden = closed_genre(system, "hidden").await;
        let session =
            &stage.session(stage.all_rights().rule("genres", READ, r#"{"is_open":true}"#));
        assert_eq!(Genre::find(session, seen).await.unwrap().name, "seen");
        for id in [hidden.get(), 404] {
            assert_eq!(said(Genre::find(session, id).await), "missing");
            assert_eq!(said(Genre::update(session, id, [Genre::NAME.set("x")]).await), "missing");
            assert_eq!(said(Genre::update(session, id, []).await), "missing");
            assert_eq!(said(Genre::delete(session, id).await), "missing");
        }
        let all = Genre::query(session).all().await.unwrap();
        assert_eq!(all.iter().map(|it| &*it.name).collect::<Vec<_>>(), ["seen"]);
        assert_eq!(Genre::query(session).count().await.unwrap(), 1);
        let is_hidden = || Genre::NAME.eq("hidden");
        assert!(!Genre::query(session).filter(is_hidden()).exists().await.unwrap());
        let change = [Genre::RANK.set(3)];
        assert_eq!(Genre::update_where(session, is_hidden(), change, 9).await.unwrap(), 0);
        assert_eq!(Genre::delete_where(session, is_hidden(), 9).await.unwrap(), 0);
        assert_eq!(Genre::find(system, hidden).await.unwrap().version(), 1);
    })
    .await;
}

#[tokio::test]
async fn no_filter_of_a_caller_widens_a_rule() {
    on_stage(async |stage| {
        let system = &stage.system();
        for (title, pages) in [("a", 1), ("b", 2), ("c", 3)] {
            book_with(system, title, [Book::PAGES.set(pages)]).await;
        }
        let rule = r#"{"or":[{"pages":1},{"pages":2}]}"#;
        let session = &stage.session(stage.all_rights().rule("books", &Verb::ALL, rule));
        for filter in [
            json!({"or": [{"title": "c"}, {}]}),
            json!({"or": [{}, {"pages": 3}]}),
            json!({"not": {"or": []}}),
            json!({"or": [{"not": {"title": "c"}}, {"title": "c"}]}),
        ] {
            assert_eq!(ask(session, "books", &filter).await.unwrap(), [1, 2], "{filter}");
        }
        let wide = || Book::TITLE.eq("c").or(Book::ID.gt(0));
        assert_eq!(Book::query(session).filter(wide()).count().await.unwrap(), 2);
        let narrow = || Book::TITLE.eq("c").or(Book::PAGES.is_none());
        assert!(!Book::query(session).filter(narrow()).exists().await.unwrap());
        let change = [Book::SUBTITLE.set("x")];
        assert_eq!(Book::update_where(session, wide(), change, 9).await.unwrap(), 2);
        assert_eq!(Book::delete_where(session, wide(), 9).await.unwrap(), 2);
        assert_eq!(titles(system).await, "c");
    })
    .await;
}

#[tokio::test]
async fn a_rule_sees_raw_rows_where_a_caller_does_not() {
    on_stage(async |stage| {
        let system = &stage.system();
        let hidden = closed_genre(system, "hidden").await;
        book_with(system, "in", [Book::GENRE.set(hidden)]).await;
        book(system, "out").await;
        let rights = stage.all_rights().rule("genres", READ, r#"{"is_open":true}"#).rule(
            "books",
            READ,
            r#"{"genre":{"name":"hidden"}}"#,
        );
        let session = &stage.session(rights);
        assert_eq!(titles(session).await, "in");
        // For the caller, nothing is behind the reference that they may see.
        let filter = json!({"genre": {"name": "hidden"}});
        assert_eq!(ask(session, "books", &filter).await.unwrap(), [0; 0]);
        let filter = json!({"genre": {"null": true}, "genre_id": {"null": false}});
        assert_eq!(ask(session, "books", &filter).await.unwrap(), [1]);
    })
    .await;
}

#[tokio::test]
async fn rules_for_everyone_are_anded_to_those_of_roles() {
    on_stage(async |stage| {
        let system = &stage.system();
        for (title, pages, is_rare) in
            [("a", 1, false), ("b", 1, true), ("c", 2, false), ("d", 3, false)]
        {
            let more = [Book::PAGES.set(pages), Book::IS_RARE.set(is_rare)];
            book_with(system, title, more).await;
        }
        let rights = stage.all_rights();
        let of = |filter| rights.parse("books", filter);
        let roles = of(r#"{"pages":1}"#).or(of(r#"{"pages":2}"#));
        let rule = roles.and(of(r#"{"is_rare":false}"#));
        let session = &stage.session(rights.rule_of("books", READ, rule));
        assert_eq!(titles(session).await, "a c");
    })
    .await;
}

#[tokio::test]
async fn a_macro_without_a_value_makes_its_rule_false() {
    on_stage(async |stage| {
        let system = &stage.system();
        book(system, "a").await;
        let of_others = Filter::from(Book::OWNER.is(orm::ME).negate());
        let given = Filter::Given { name: "me".into() };
        let rule = of_others.clone().and(given);
        let sees = async |stage: &Stage, me: Value| {
            let rights = stage.all_rights().with_macro("me", me);
            titles(&stage.session(rights.rule_of("books", READ, rule.clone()))).await
        };
        assert_eq!(sees(stage, Value::Int(7)).await, "a");
        assert_eq!(sees(stage, Value::Null).await, "");
        // So it is that condition, and not the comparison, that closes.
        let open = stage.session(stage.all_rights().rule_of("books", READ, of_others));
        assert_eq!(titles(&open).await, "a");
    })
    .await;
}

#[tokio::test]
async fn one_text_serves_many_askers_and_no_other_rights() {
    on_stage(async |stage| {
        let system = &stage.system();
        let (ann, bob) = (author(system, "Ann").await, author(system, "Bob").await);
        for (title, by) in [("a", ann), ("b", bob)] {
            Book::create(system, [Book::TITLE.set(title), Book::AUTHOR.set(by)]).await.unwrap();
        }
        let own = stage.all_rights().rule("books", &Verb::ALL, r#"{"author_id":"@me"}"#);
        let as_author = |id: i64| stage.session(own.clone().with_macro("me", Value::Int(id)));
        let others = stage.all_rights().rule("books", &Verb::ALL, r#"{"title":{"ne":"a"}}"#);
        let [every, of_ann, of_bob, not_a, none] = [
            stage.system(),
            as_author(ann.get()),
            as_author(bob.get()),
            stage.session(others),
            stage.session(stage.all_rights().rule_of("books", &Verb::ALL, Filter::nothing())),
        ];
        // Each twice, in both orders: whoever comes first must not decide for the others.
        let expected =
            [(&every, "a b"), (&of_ann, "a"), (&of_bob, "b"), (&not_a, "b"), (&none, "")];
        for (session, titles) in expected.iter().chain(expected.iter().rev()) {
            check_sees(session, titles).await;
        }
    })
    .await;
}

/// Asks by every shape of statement.
async fn check_sees(session: &Session, expected: &str) {
    assert_eq!(titles(session).await, expected);
    let found = expected.split_whitespace().count() as i64;
    assert_eq!(Book::query(session).count().await.unwrap(), found);
    for (id, title) in [(1, "a"), (2, "b")] {
        let outcome = if expected.contains(title) { "done" } else { "missing" };
        assert_eq!(said(Book::find(session, id).await), outcome);
        let change = [Book::SUBTITLE.set("x")];
        assert_eq!(said(Book::update(session, id, change).await), outcome);
        let tx = session.begin().await.unwrap();
        assert_eq!(said(Book::delete(&tx, id).await), outcome);
        tx.rollback().await.unwrap();
    }
    let tx = session.begin().await.unwrap();
    let change = [Book::SUBTITLE.set("y")];
    assert_eq!(Book::update_where(&tx, Book::ID.gt(0), change, 9).await.unwrap(), found);
    assert_eq!(Book::delete_where(&tx, Book::ID.gt(0), 9).await.unwrap(), found);
    tx.rollback().await.unwrap();
}
