//! Many records at once: all or none, and never more than was allowed.

use orm::{Changes, Model, Verb};

use crate::{
    library::{Book, Genre},
    outcome::said,
    shelf::{book, book_with, genre, titles},
    stage::on_stage,
};

#[tokio::test]
async fn records_are_made_in_order_and_none_of_nothing() {
    on_stage(async |stage| {
        let system = &stage.system();
        let list = |names: &[&str]| -> Vec<Changes<Genre>> {
            names.iter().map(|it| [Genre::NAME.set(*it)].into()).collect()
        };
        let ids = Genre::create_many(system, list(&["c", "a", "b"])).await.unwrap();
        for (id, name) in ids.into_iter().zip(["c", "a", "b"]) {
            assert_eq!(Genre::find(system, id).await.unwrap().name, name);
        }
        assert_eq!(Genre::create_many(system, vec![]).await.unwrap(), []);
        assert_eq!(Genre::create_many(system, list(&["z"])).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn each_of_many_may_name_other_fields() {
    on_stage(async |stage| {
        let system = &stage.system();
        let parent = genre(system, "parent").await;
        let list = vec![
            [Genre::NAME.set("a"), Genre::RANK.set(3)].into(),
            [Genre::NAME.set("b"), Genre::IS_OPEN.set(false)].into(),
            [Genre::NAME.set("c"), Genre::PARENT.set(parent)].into(),
        ];
        let ids = Genre::create_many(system, list).await.unwrap();
        let [a, b, c] = &ids[..] else { panic!("{ids:?}") };
        let (a, b, c) = (
            Genre::find(system, *a).await.unwrap(),
            Genre::find(system, *b).await.unwrap(),
            Genre::find(system, *c).await.unwrap(),
        );
        assert_eq!((a.rank, a.is_open, a.parent), (Some(3), true, None));
        assert_eq!((b.rank, b.is_open), (None, false));
        assert_eq!(c.parent.unwrap().id(), parent);
    })
    .await;
}

#[tokio::test]
async fn more_rows_than_allowed_are_left_alone() {
    on_stage(async |stage| {
        let system = &stage.system();
        for title in ["a", "b", "c"] {
            book(system, title).await;
        }
        let every = || Book::ID.gt(0);
        let change = || [Book::TITLE.set("x")];
        assert_eq!(said(Book::update_where(system, every(), change(), 2).await), "too many: 3");
        assert_eq!(said(Book::update_where(system, every(), change(), 0).await), "too many: 1");
        assert_eq!(said(Book::delete_where(system, every(), 2).await), "too many: 3");
        assert_eq!(titles(system).await, "a b c");
        assert_eq!(Book::delete_where(system, Book::TITLE.ne("b"), 2).await.unwrap(), 2);
        assert_eq!(Book::update_where(system, every(), change(), i64::MAX).await.unwrap(), 1);
        assert_eq!(titles(system).await, "x");
    })
    .await;
}

#[tokio::test]
async fn what_may_be_read_and_not_written_is_no_part_of_a_bulk_write() {
    on_stage(async |stage| {
        let system = &stage.system();
        for (title, pages) in [("a", 1), ("b", 2)] {
            book_with(system, title, [Book::PAGES.set(pages)]).await;
        }
        let verbs = [Verb::Update, Verb::Delete];
        let session = &stage.session(stage.all_rights().rule("books", &verbs, r#"{"pages":1}"#));
        let change = [Book::SUBTITLE.set("x")];
        assert_eq!(Book::update_where(session, Book::ID.gt(0), change, 1).await.unwrap(), 1);
        assert_eq!(Book::delete_where(session, Book::ID.gt(0), 1).await.unwrap(), 1);
        assert_eq!(titles(system).await, "b");
    })
    .await;
}

#[tokio::test]
async fn a_seeded_record_is_made_once() {
    on_stage(async |stage| {
        let system = &stage.system();
        let seed = async |key, name| {
            Genre::seeded(system, "library", key, [Genre::NAME.set(name)]).await.unwrap()
        };
        let first = seed("fiction", "Fiction").await;
        Genre::update(system, first, [Genre::NAME.set("Made up")]).await.unwrap();
        assert_eq!(seed("fiction", "Fiction").await, first);
        assert_eq!(Genre::find(system, first).await.unwrap().name, "Made up");
        assert_ne!(seed("facts", "Facts").await, first);
        let other = Genre::seeded(system, "museum", "fiction", [Genre::NAME.set("Other")]).await;
        assert_ne!(other.unwrap(), first);
        let session = &stage.session(stage.all_rights());
        let outcome = Genre::seeded(session, "library", "fiction", [Genre::NAME.set("x")]).await;
        assert_eq!(said(outcome), "denied");
    })
    .await;
}
