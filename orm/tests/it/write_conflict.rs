//! What other records keep one from writing or deleting.

use orm::{Model, Verb};

use crate::{
    library::{Book, Chapter, Genre, Hold, Loan},
    outcome::said,
    shelf::{book, book_with, chapter, genre, reader},
    stage::on_stage,
};

#[tokio::test]
async fn a_value_that_is_taken_names_its_field() {
    on_stage(async |stage| {
        let system = &stage.system();
        let one = book_with(system, "a", [Book::ISBN.set("1")]).await;
        let by = Book::find(system, one).await.unwrap().author.id();
        let new = [Book::TITLE.set("b"), Book::AUTHOR.set(by), Book::ISBN.set("1")];
        assert_eq!(said(Book::create(system, new).await), "not unique: isbn");
        let other = book(system, "b").await;
        let change = || [Book::ISBN.set("1")];
        assert_eq!(said(Book::update(system, other, change()).await), "not unique: isbn");
        let every = Book::ID.gt(0);
        assert_eq!(said(Book::update_where(system, every, change(), 9).await), "not unique: isbn");
        let two = vec![[Genre::NAME.set("x")].into(), [Genre::NAME.set("x")].into()];
        assert_eq!(said(Genre::create_many(system, two).await), "not unique: name");
        assert_eq!(Genre::query(system).count().await.unwrap(), 0);
        // Absent values are no conflict.
        book(system, "c").await;
    })
    .await;
}

#[tokio::test]
async fn a_text_that_no_index_can_hold_is_a_fault_of_the_text() {
    on_stage(async |stage| {
        let system = &stage.system();
        let mut state = 1_u32;
        // Without repetitions, or it would be compressed.
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b'a' + u8::try_from(state >> 24).unwrap() % 26)
        };
        let long: String = (0..20_000).map(|_| next()).collect();
        let made = Genre::create(system, [Genre::NAME.set(long)]).await;
        assert_eq!(said(made), "invalid: /name invalid");
        Genre::create(system, [Genre::NAME.set("short")]).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_set_of_values_that_is_taken_names_its_fields_by_key() {
    on_stage(async |stage| {
        let system = &stage.system();
        let one = book(system, "a").await;
        chapter(system, one, 1).await;
        let second = chapter(system, one, 2).await;
        let new = [Chapter::BOOK.set(one), Chapter::NUMBER.set(1)];
        assert_eq!(said(Chapter::create(system, new).await), "not unique: book_id, number");
        let change = [Chapter::NUMBER.set(1)];
        assert_eq!(
            said(Chapter::update(system, second, change).await),
            "not unique: book_id, number"
        );
    })
    .await;
}

#[tokio::test]
async fn a_value_of_a_hidden_row_is_taken_all_the_same() {
    on_stage(async |stage| {
        genre(&stage.system(), "a").await;
        let rights = stage.all_rights().rule("genres", &[Verb::Read], r#"{"rank":1}"#);
        let new = [Genre::NAME.set("a"), Genre::RANK.set(1)];
        assert_eq!(said(Genre::create(&stage.session(rights), new).await), "not unique: name");
    })
    .await;
}

#[tokio::test]
async fn a_reference_to_nothing_is_found_by_its_foreign_key_too() {
    on_stage(async |stage| {
        let system = &stage.system();
        // The system's references are not asked for first.
        let new = [Book::TITLE.set("a"), Book::AUTHOR.set(orm::Id::new(404))];
        assert_eq!(said(Book::create(system, new).await), "invalid: /author_id not_found");
        let id = book(system, "a").await;
        let change = [Book::GENRE.set(orm::Id::new(404))];
        assert_eq!(said(Book::update(system, id, change).await), "invalid: /genre_id not_found");
    })
    .await;
}

#[tokio::test]
async fn what_others_point_at_cannot_be_deleted_and_only_visible_ones_are_named() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = book(system, "a").await;
        let ann = reader(system, "Ann").await;
        Loan::create(system, [Loan::BOOK.set(id), Loan::READER.set(ann)]).await.unwrap();
        Hold::create(system, [Hold::BOOK.set(id)]).await.unwrap();
        chapter(system, id, 1).await;
        assert_eq!(said(Book::delete(system, id).await), "still referenced: holds, loans");
        let without = |table| stage.session(stage.all_rights().deny(table, &[Verb::Read]));
        let said_to = async |session| said(Book::delete(&session, id).await);
        assert_eq!(said_to(without("holds")).await, "still referenced: loans");
        let rights = stage.all_rights().rule("loans", &[Verb::Read], r#"{"reader_id":99}"#);
        let rights = rights.deny("holds", &[Verb::Read]);
        assert_eq!(said_to(stage.session(rights)).await, "still referenced: ");
        let bulk = Book::delete_where(system, Book::ID.eq(id), 1).await;
        assert_eq!(said(bulk), "still referenced: holds, loans");
        let tx = system.begin().await.unwrap();
        assert_eq!(said(Book::delete(&tx, id).await), "still referenced: ");
        tx.rollback().await.unwrap();
        Loan::delete_where(system, Loan::ID.gt(0), 1).await.unwrap();
        Hold::delete_where(system, Hold::ID.gt(0), 1).await.unwrap();
        assert_eq!(said(Book::delete(system, id).await), "done");
    })
    .await;
}
