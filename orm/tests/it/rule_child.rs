//! The parts of a record follow its rights: reading a part is reading the whole, writing a part
//! is changing the whole.

use orm::{Id, Model, Session, Verb};
use serde_json::json;

use crate::{
    filter_logic::ask,
    library::{Book, Chapter, Footnote},
    outcome::said,
    shelf::{book_with, chapter},
    stage::{Stage, on_stage},
};

#[tokio::test]
async fn a_part_is_read_where_its_whole_is() {
    on_stage(async |stage| {
        let books = Books::of(stage).await;
        let session = &stage.session(stage.all_rights().rule("books", &[Verb::Read], OWN));
        assert_eq!(Chapter::query(session).count().await.unwrap(), 1);
        assert_eq!(Footnote::query(session).count().await.unwrap(), 1);
        assert_eq!(said(Chapter::find(session, books.own_chapter).await), "done");
        assert_eq!(said(Chapter::find(session, books.other_chapter).await), "missing");
        let everywhere = json!({"footnotes": {"some": {}}});
        assert_eq!(ask(session, "chapters", &everywhere).await.unwrap(), [books.own_chapter.get()]);
        let session = &stage.session(stage.no_rights());
        assert_eq!(said(Chapter::query(session).all().await), "denied");
        assert_eq!(said(Footnote::query(session).all().await), "denied");
    })
    .await;
}

#[tokio::test]
async fn a_part_is_written_where_its_whole_is_changed() {
    on_stage(async |stage| {
        let books = Books::of(stage).await;
        let session = &stage.session(stage.all_rights().rule("books", &[Verb::Update], OWN));
        let (own, other) = (books.own_chapter, books.other_chapter);
        let title = || [Chapter::TITLE.set("x")];
        assert_eq!(said(Chapter::update(session, own, title()).await), "done");
        assert_eq!(said(Chapter::update(session, other, title()).await), "denied");
        assert_eq!(said(new_chapter(session, books.own, 2).await), "done");
        assert_eq!(said(new_chapter(session, books.other, 2).await), "denied");
        assert_eq!(said(note(session, own).await), "done");
        assert_eq!(said(note(session, other).await), "denied");
        assert_eq!(said(Chapter::delete(session, other).await), "denied");
        let every = || Chapter::ID.gt(0);
        assert_eq!(Chapter::update_where(session, every(), title(), 9).await.unwrap(), 1);
        assert_eq!(Chapter::delete_where(session, every(), 9).await.unwrap(), 2);
        assert_eq!(Chapter::query(session).count().await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn deleting_a_part_is_changing_the_whole_and_no_more() {
    on_stage(async |stage| {
        let books = Books::of(stage).await;
        let rights = stage.no_rights().grant("books", &[Verb::Read, Verb::Update]);
        let session = &stage.session(rights);
        assert_eq!(said(new_chapter(session, books.own, 2).await), "done");
        assert_eq!(said(Chapter::delete(session, books.own_chapter).await), "done");
        let rights = stage.no_rights().grant("books", &[Verb::Read, Verb::Create, Verb::Delete]);
        let session = &stage.session(rights);
        assert_eq!(said(new_chapter(session, books.own, 3).await), "denied");
        assert_eq!(said(Chapter::delete(session, books.other_chapter).await), "denied");
    })
    .await;
}

#[tokio::test]
async fn a_part_moves_only_between_wholes_that_both_may_be_changed() {
    on_stage(async |stage| {
        let books = Books::of(stage).await;
        let also_own = book_with(&stage.system(), "also own", [Book::PAGES.set(1)]).await;
        let session = &stage.session(stage.all_rights().rule("books", &[Verb::Update], OWN));
        let move_to =
            async |it, to| said(Chapter::update(session, it, [Chapter::BOOK.set(to)]).await);
        assert_eq!(move_to(books.own_chapter, books.other).await, "denied");
        assert_eq!(move_to(books.other_chapter, books.own).await, "denied");
        assert_eq!(move_to(books.own_chapter, also_own).await, "done");
        let every = Chapter::BOOK.eq(also_own);
        let change = [Chapter::BOOK.set(books.other)];
        assert_eq!(said(Chapter::update_where(session, every, change, 9).await), "denied");
        let moved = Chapter::find(session, books.own_chapter).await.unwrap();
        assert_eq!(moved.book.id(), also_own);
    })
    .await;
}

#[tokio::test]
async fn a_part_cannot_be_moved_to_a_whole_that_is_hidden() {
    on_stage(async |stage| {
        let books = Books::of(stage).await;
        let session = &stage.session(stage.all_rights().rule("books", &[Verb::Read], OWN));
        let change = [Chapter::BOOK.set(books.other)];
        let expected = "invalid: /book_id not_found";
        assert_eq!(said(Chapter::update(session, books.own_chapter, change).await), expected);
        assert_eq!(said(new_chapter(session, books.other, 2).await), expected);
        assert_eq!(said(Chapter::update(session, books.other_chapter, []).await), "missing");
        assert_eq!(said(Chapter::delete(session, books.other_chapter).await), "missing");
    })
    .await;
}

#[tokio::test]
async fn a_part_opens_no_whole_that_is_closed_without_it() {
    on_stage(async |stage| {
        let books = Books::of(stage).await;
        let with_second = r#"{"chapters":{"some":{"number":2}}}"#;
        let rights = stage.all_rights().rule("books", &[Verb::Update], with_second);
        let session = &stage.session(rights);
        assert_eq!(said(new_chapter(session, books.own, 2).await), "denied");
        let second = chapter(&stage.system(), books.own, 2).await;
        assert_eq!(said(new_chapter(session, books.own, 3).await), "done");
        // What opens the one does not open the other, wherever it goes.
        let change = || [Chapter::BOOK.set(books.other)];
        assert_eq!(said(Chapter::update(session, second, change()).await), "denied");
        let every = Chapter::ID.eq(second);
        assert_eq!(said(Chapter::update_where(session, every, change(), 9).await), "denied");
        assert_eq!(said(Chapter::delete(session, second).await), "denied");
        assert_eq!(said(Chapter::delete_where(session, Chapter::NUMBER.eq(2), 9).await), "denied");
        assert_eq!(said(Chapter::delete(session, books.own_chapter).await), "done");
    })
    .await;
}

#[tokio::test]
async fn a_whole_takes_its_parts_with_it() {
    on_stage(async |stage| {
        let books = Books::of(stage).await;
        let session = &stage.session(stage.all_rights());
        Book::delete(session, books.own).await.unwrap();
        assert_eq!(Chapter::query(session).count().await.unwrap(), 1);
        assert_eq!(Footnote::query(session).count().await.unwrap(), 1);
    })
    .await;
}

/// What rules of these tests let through.
const OWN: &str = r#"{"pages":1}"#;

/// Two books, each with a chapter that has a footnote.
struct Books {
    own: Id<Book>,
    own_chapter: Id<Chapter>,
    other: Id<Book>,
    other_chapter: Id<Chapter>,
}

impl Books {
    async fn of(stage: &Stage) -> Self {
        let system = &stage.system();
        let own = book_with(system, "own", [Book::PAGES.set(1)]).await;
        let other = book_with(system, "other", [Book::PAGES.set(2)]).await;
        let own_chapter = chapter(system, own, 1).await;
        let other_chapter = chapter(system, other, 7).await;
        note(system, own_chapter).await.unwrap();
        note(system, other_chapter).await.unwrap();
        Self { own, own_chapter, other, other_chapter }
    }
}

async fn new_chapter(session: &Session, book: Id<Book>, number: i32) -> orm::Result<()> {
    let changes = [Chapter::BOOK.set(book), Chapter::NUMBER.set(number)];
    Chapter::create(session, changes).await.map(drop)
}

async fn note(session: &Session, chapter: Id<Chapter>) -> orm::Result<()> {
    let changes = [Footnote::CHAPTER.set(chapter), Footnote::TEXT.set("see there")];
    Footnote::create(session, changes).await.map(drop)
}
