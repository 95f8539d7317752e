//! A change of a part raises the version of its whole, where the part's model says so.

use orm::{Id, Model, Session, Verb};

use crate::{
    library::{Book, Chapter, Copy},
    outcome::said,
    shelf::{book, book_with, chapter},
    stage::on_stage,
};

#[tokio::test]
async fn every_change_of_a_part_is_one_of_the_whole() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = book(system, "a").await;
        let first = copy(system, id).await.unwrap();
        assert_eq!(version(system, id).await, 2);
        Copy::update(system, first, [Copy::SHELF.set("x")]).await.unwrap();
        assert_eq!(version(system, id).await, 3);
        Copy::update(system, first, [Copy::SHELF.set("x")]).await.unwrap();
        assert_eq!(version(system, id).await, 3);
        let new = || [Copy::BOOK.set(id)].into();
        Copy::create_many(system, vec![new(), new()]).await.unwrap();
        assert_eq!(version(system, id).await, 4);
        Copy::update_where(system, Copy::ID.gt(0), [Copy::SHELF.set("y")], 9).await.unwrap();
        assert_eq!(version(system, id).await, 5);
        Copy::update_where(system, Copy::ID.gt(0), [Copy::SHELF.set("y")], 9).await.unwrap();
        assert_eq!(version(system, id).await, 5);
        Copy::delete(system, first).await.unwrap();
        assert_eq!(version(system, id).await, 6);
        Copy::delete_where(system, Copy::ID.gt(0), 9).await.unwrap();
        assert_eq!(version(system, id).await, 7);
        // A chapter does not say so.
        chapter(system, id, 1).await;
        assert_eq!(version(system, id).await, 7);
    })
    .await;
}

#[tokio::test]
async fn a_part_that_moves_changes_both_wholes() {
    on_stage(async |stage| {
        let system = &stage.system();
        let (from, to) = (book(system, "from").await, book(system, "to").await);
        let moving = copy(system, from).await.unwrap();
        Copy::update(system, moving, [Copy::BOOK.set(to)]).await.unwrap();
        assert_eq!((version(system, from).await, version(system, to).await), (3, 2));
        Copy::update_where(system, Copy::BOOK.eq(to), [Copy::BOOK.set(from)], 1).await.unwrap();
        assert_eq!((version(system, from).await, version(system, to).await), (4, 3));
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_touches_nothing() {
    on_stage(async |stage| {
        let system = &stage.system();
        let own = book_with(system, "own", [Book::PAGES.set(1)]).await;
        let other = book_with(system, "other", [Book::PAGES.set(2)]).await;
        let of_other = copy(system, other).await.unwrap();
        let rights = stage.all_rights().rule("books", &[Verb::Update], r#"{"pages":1}"#);
        let session = &stage.session(rights);
        assert_eq!(said(copy(session, other).await), "denied");
        let change = || [Copy::SHELF.set("x")];
        assert_eq!(said(Copy::update(session, of_other, change()).await), "denied");
        assert_eq!(said(Copy::delete(session, of_other).await), "denied");
        assert_eq!(Copy::delete_where(session, Copy::ID.gt(0), 9).await.unwrap(), 0);
        assert_eq!((version(system, own).await, version(system, other).await), (1, 2));
        let by_path = r#"{"genre":{"null":true},"pages":1}"#;
        let rights = stage.all_rights().rule("books", &[Verb::Update], by_path);
        let session = &stage.session(rights);
        assert_eq!(said(copy(session, own).await), "done");
        let of_own =
            Copy::query(session).filter(Copy::BOOK.eq(own)).first().await.unwrap().unwrap();
        let moved = [Copy::BOOK.set(other)];
        assert_eq!(said(Copy::update(session, of_own.id(), moved).await), "denied");
        assert_eq!((version(system, own).await, version(system, other).await), (2, 2));
    })
    .await;
}

#[tokio::test]
async fn a_deleted_whole_is_touched_by_none_of_its_parts() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = book(system, "a").await;
        copy(system, id).await.unwrap();
        assert_eq!(said(Book::delete(system, id).await), "done");
        assert_eq!(Copy::query(system).count().await.unwrap(), 0);
        assert_eq!(Chapter::query(system).count().await.unwrap(), 0);
    })
    .await;
}

async fn copy(session: &Session, book: Id<Book>) -> orm::Result<Id<Copy>> {
    Copy::create(session, [Copy::BOOK.set(book)]).await.map(|it| it.id())
}

async fn version(session: &Session, book: Id<Book>) -> i64 {
    Book::find(session, book).await.unwrap().version()
}
