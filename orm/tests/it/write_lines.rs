//! Lines that are written with their record: what comes, what changes, what goes, and nothing at
//! all where one of them is at fault.

use std::sync::Arc;

use orm::{Changes, Id, Model, Session};
use serde_json::json;

use crate::{
    library::{Author, Book, Chapter, Copy, Footnote, Genre, Pledge},
    nested::{patch, patch_if, post},
    outcome::said,
    pledge::Diary,
    shelf::{author, book, book_with, chapter, genre, tag, titles},
    stage::on_stage,
};

#[tokio::test]
async fn a_new_record_comes_with_its_lines_of_every_level() {
    on_stage(async |stage| {
        let session = &stage.session(stage.all_rights());
        let body = json!({"name": "Ann", "books": {"create": [
            {"title": "a", "chapters": {"create": [
                {"number": 1, "footnotes": {"create": [{"text": "x"}, {"text": "y"}]}},
                {"number": 2, "footnotes": {"create": [{"text": "z"}]}},
            ]}},
            {"title": "b", "copies": {"create": [{"shelf": "s"}, {}]}},
        ]}});
        post(session, "authors", &body.to_string()).await.unwrap();
        assert_eq!(shown(session).await, ["a: 1(x y) 2(z) |", "b: | s -"]);
        // Whatever came with a record came with its first version.
        let made = Book::query(session).all().await.unwrap();
        assert!(made.iter().all(|it| it.version() == 1));
    })
    .await;
}

#[tokio::test]
async fn what_goes_makes_room_for_what_changes_and_that_for_what_comes() {
    on_stage(async |stage| {
        let system = &stage.system();
        let session = &stage.session(stage.all_rights());
        let id = book(system, "a").await;
        let (one, two) = (chapter(system, id, 1).await, chapter(system, id, 2).await);
        // The numbers of a book are unique.
        let body = json!({"chapters": {
            "create": [{"number": 2}],
            "update": [{"id": two.get(), "number": 1}],
            "delete": [one.get()],
        }});
        assert_eq!(patch(session, ("books", id.get()), &body.to_string()).await, Ok(2));
        assert_eq!(shown(session).await, ["a: 1() 2() |"]);
        assert_eq!(Chapter::find(session, two).await.unwrap().number, 1);
        assert_eq!(said(Chapter::find(session, one).await), "missing");
    })
    .await;
}

#[tokio::test]
async fn lines_of_lines_change_with_the_record_above_them_all() {
    on_stage(async |stage| {
        let session = &stage.session(stage.all_rights());
        let of = author(session, "Ann").await;
        let first = [Book::TITLE.set("a"), Book::CHAPTERS.create([Chapter::NUMBER.set(1)])];
        Author::update(session, of, [Author::BOOKS.create(first)]).await.unwrap();
        let book = only::<Book>(session).await;
        let chapter = only::<Chapter>(session).await;
        let body = json!({"books": {"update": [{"id": book.get(), "chapters": {
            "update": [{"id": chapter.get(), "footnotes": {"create": [{"text": "x"}]}}],
            "create": [{"number": 2, "title": "end"}],
        }}]}});
        assert_eq!(patch(session, ("authors", of.get()), &body.to_string()).await, Ok(3));
        assert_eq!(shown(session).await, ["a: 1(x) 2() |"]);
        // Each record on the way down is another than before, by one.
        assert_eq!(Book::find(session, book).await.unwrap().version(), 2);
        assert_eq!(Chapter::find(session, chapter).await.unwrap().version(), 2);
        let same = json!({"books": {"update": [{"id": book.get(), "title": "a", "chapters": {
            "update": [{"id": chapter.get(), "number": 1, "footnotes": {}}],
        }}]}});
        assert_eq!(patch(session, ("authors", of.get()), &same.to_string()).await, Ok(3));
        assert_eq!(Book::find(session, book).await.unwrap().version(), 2);
    })
    .await;
}

#[tokio::test]
async fn the_version_rises_once_whatever_changed_and_not_at_all_when_nothing_did() {
    on_stage(async |stage| {
        let system = &stage.system();
        let red = tag(system, "red").await;
        let id = book(system, "a").await;
        for session in [system, &stage.session(stage.all_rights())] {
            let before = Book::find(session, id).await.unwrap().version();
            let version = async |changes: Vec<orm::Change<Book>>| {
                Book::update(session, id, changes).await.unwrap().version() - before
            };
            let shelf = |it: &str| Changes::from([Copy::SHELF.set(it)]);
            let two = vec![Book::COPIES.create(shelf("x")), Book::COPIES.create(shelf("y"))];
            assert_eq!(version(two).await, 1);
            let copies = Copy::query(session).order(Copy::ID).all().await.unwrap();
            let ids: Vec<Id<Copy>> = copies.iter().map(orm::Record::id).collect();
            assert_eq!(version(vec![Book::COPIES.delete(&[])]).await, 1);
            assert_eq!(version(vec![Book::COPIES.update(ids[0], shelf("x"))]).await, 1);
            assert_eq!(version(vec![Book::COPIES.update(ids[0], [])]).await, 1);
            let all = vec![
                Book::PAGES.set(i32::try_from(before).unwrap()),
                Book::TAGS.replace(&[red]),
                Book::COPIES.update(ids[0], shelf("z")),
                Book::COPIES.delete(&[ids[1]]),
                Book::COPIES.create(shelf("new")),
                // These do not say that they touch; they are lines all the same.
                Book::CHAPTERS.create([Chapter::NUMBER.set(1)]),
            ];
            assert_eq!(version(all).await, 2);
            let chapters = Chapter::query(session).all().await.unwrap();
            assert_eq!(version(vec![Book::CHAPTERS.delete(&[chapters[0].id()])]).await, 3);
            Copy::delete_where(session, Copy::ID.gt(0), 9).await.unwrap();
            Book::update(session, id, [Book::PAGES.set(None), Book::TAGS.replace(&[])])
                .await
                .unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn the_demanded_version_is_that_of_the_record_and_of_each_line() {
    on_stage(async |stage| {
        let session = &stage.session(stage.all_rights());
        let id = book(session, "a").await;
        let of = chapter(session, id, 1).await;
        let body = |version: i64| {
            let line = json!({"id": of.get(), "version": version, "number": 7});
            json!({"chapters": {"update": [line]}}).to_string()
        };
        let at = ("books", id.get());
        let denied = patch_if(session, at, &body(1), Some(2)).await;
        assert_eq!(denied.unwrap_err(), "version is 1");
        assert_eq!(patch_if(session, at, &body(9), Some(1)).await.unwrap_err(), "version is 1");
        assert_eq!(Chapter::find(session, of).await.unwrap().number, 1);
        assert_eq!(patch_if(session, at, &body(1), Some(1)).await, Ok(2));
        assert_eq!(patch_if(session, at, &body(1), Some(2)).await.unwrap_err(), "version is 2");
    })
    .await;
}

#[tokio::test]
async fn a_line_of_another_record_is_as_one_that_is_not_there() {
    on_stage(async |stage| {
        let system = &stage.system();
        let (own, other) = (book(system, "own").await, book(system, "other").await);
        let (mine, theirs) = (chapter(system, own, 1).await, chapter(system, other, 1).await);
        Footnote::create(system, [Footnote::CHAPTER.set(theirs), Footnote::TEXT.set("x")])
            .await
            .unwrap();
        let note = only::<Footnote>(system).await;
        let (mine, theirs, note) = (mine.get(), theirs.get(), note.get());
        for session in [system, &stage.session(stage.all_rights())] {
            let body = json!({"chapters": {
                "update": [
                    {"id": theirs, "number": 2},
                    {"id": 404, "number": 2},
                    {"id": mine, "footnotes": {"update": [{"id": note, "text": "y"}]}},
                ],
                "delete": [404405],
            }});
            let told = patch(session, ("books", own.get()), &body.to_string()).await;
            assert_eq!(
                told.unwrap_err(),
                "invalid: /chapters/delete/0 not_found, /chapters/update/0/id not_found, \
                 /chapters/update/1/id not_found, \
                 /chapters/update/2/footnotes/update/0/id not_found"
            );
            let body = json!({"chapters": {"delete": [theirs]}}).to_string();
            let told = patch(session, ("books", own.get()), &body).await;
            assert_eq!(told.unwrap_err(), "invalid: /chapters/delete/0 not_found");
            let id = Id::new(theirs);
            let changes =
                [Book::TITLE.set("x"), Book::AUTHOR.set(Id::new(1)), Book::CHAPTERS.delete(&[id])];
            let told = said(Book::create(session, changes).await);
            assert_eq!(told, "invalid: /chapters/delete/0 not_found");
        }
        assert_eq!(shown(system).await, ["own: 1() |", "other: 1(x) |"]);
    })
    .await;
}

#[tokio::test]
async fn a_fault_of_one_line_undoes_all_and_points_there() {
    on_stage(async |stage| {
        let system = &stage.system();
        let session = &stage.session(stage.all_rights());
        let id = book(system, "a").await;
        let (one, two) = (chapter(system, id, 1).await.get(), chapter(system, id, 2).await.get());
        for (body, expected) in [
            (
                json!({"title": "b", "chapters": {"create": [{"number": 3}, {"number": 3}]}}),
                "not unique: /chapters/create/1 book_id, number",
            ),
            (
                json!({"chapters": {"create": [{"number": 3}, {"number": 1}, {"number": 4}]}}),
                "not unique: /chapters/create/1 book_id, number",
            ),
            (
                json!({"chapters": {"update": [
                    {"id": one, "number": 9}, {"id": two, "number": 9}]}}),
                "not unique: /chapters/update/1 book_id, number",
            ),
            (
                json!({"title": "b", "copies": {"create": [
                    {"shelf": "floor"}, {"shelf": "x"}, {"shelf": "floor"}]}}),
                "invalid: /copies/create/0/shelf on_the_floor, \
                 /copies/create/2/shelf on_the_floor",
            ),
            (
                json!({"title": "b", "author_id": 404, "tag_ids": {"add": [404]},
                    "loans": {"create": [{"reader_id": 404}]}}),
                "invalid: /author_id not_found, /tag_ids/add/0 not_found, \
                 /loans/create/0/reader_id not_found",
            ),
        ] {
            let told = patch(session, ("books", id.get()), &body.to_string()).await;
            assert_eq!(told.unwrap_err(), expected, "{body}");
            assert_eq!(shown(system).await, ["a: 1() 2() |"]);
            assert_eq!(Book::find(system, id).await.unwrap().version(), 1);
        }
        // As the system names them, no reference is looked for, and the key of PostgreSQL is.
        let changes = Book::LOANS.create([crate::library::Loan::READER.set(Id::new(404))]);
        let told = said(Book::update(system, id, [changes]).await);
        assert_eq!(told, "invalid: /loans/create/0/reader_id not_found");
    })
    .await;
}

#[tokio::test]
async fn a_line_that_others_point_at_stays() {
    on_stage(async |stage| {
        let system = &stage.system();
        let session = &stage.session(stage.all_rights());
        let of = author(system, "Ann").await;
        Author::update(system, of, [Author::BOOKS.create([Book::TITLE.set("a")])]).await.unwrap();
        let id = only::<Book>(system).await;
        let reader = crate::shelf::reader(system, "Bo").await;
        let loan = [crate::library::Loan::READER.set(reader)];
        Book::update(system, id, [Book::LOANS.create(loan)]).await.unwrap();
        let gone = || [Author::BOOKS.delete(&[id])];
        assert_eq!(said(Author::update(session, of, gone()).await), "still referenced: loans");
        let blind = stage.session(stage.all_rights().deny("loans", &[orm::Verb::Read]));
        assert_eq!(said(Author::update(&blind, of, gone()).await), "still referenced: ");
        assert_eq!(titles(system).await, "a");
    })
    .await;
}

#[tokio::test]
async fn their_authors_are_asked_about_all_lines_of_a_level_at_once() {
    on_stage(async |stage| {
        let system = &stage.system();
        let diary = Arc::new(Diary::default());
        let session = stage.session(stage.all_rights()).with_host(diary.clone());
        let red = tag(system, "red").await;
        let new = |name: &str| Genre::PLEDGES.create([Pledge::NAME.set(name)]);
        let made = Genre::create(&session, [Genre::NAME.set("g"), new("a"), new("b"), new("c")]);
        let id = made.await.unwrap().id();
        let noted = |expected: &[&str]| {
            let found = std::mem::take(&mut *diary.0.lock().unwrap());
            assert_eq!(found, expected);
        };
        noted(&["before Create [] name genre: ", "after Create [1, 2, 3] name genre: a() b() c()"]);
        let change = |id: i64, change| Genre::PLEDGES.update(id, [change]);
        let changes = vec![
            change(1, Pledge::NAME.set("x")),
            change(2, Pledge::NAME.set("b")),
            Genre::PLEDGES.update(3, [Pledge::TAGS.add(&[red])]),
        ];
        Genre::update(&session, id, changes).await.unwrap();
        noted(&[
            "before Update [1, 2, 3] name tags: a() b() c()",
            "after Update [1, 3] name tags: x() b() c(red)",
        ]);
        let gone = [Genre::PLEDGES.delete(&[Id::new(1), Id::new(2)])];
        Genre::update(&session, id, gone).await.unwrap();
        noted(&["before Delete [1, 2] : x() b() c(red)", "after Delete [1, 2] : c(red)"]);
        let refused = Genre::update(&session, id, [new("d"), new("not after")]).await;
        assert_eq!(said(refused), "unwanted");
        assert_eq!(crate::shelf::pledges(system).await, "c(red)");
        assert_eq!(Genre::find(system, id).await.unwrap().version(), 3);
    })
    .await;
}

#[tokio::test]
async fn what_their_authors_add_to_lines_must_be_in_sight() {
    on_stage(async |stage| {
        let system = &stage.system();
        tag(system, "red").await;
        let marked = || Genre::PLEDGES.create([Pledge::NAME.set("marked")]);
        let make = async |rights: crate::rights::Rights| {
            Genre::create(&stage.session(rights), [Genre::NAME.set("g"), marked()]).await
        };
        let tags_named = |name: &str| {
            let rule = format!(r#"{{"name":"{name}"}}"#);
            stage.all_rights().rule("tags", &[orm::Verb::Read], &rule)
        };
        let hidden = said(make(tags_named("blue")).await);
        assert_eq!(hidden, "invalid: /pledges/create/0/tag_ids/add/0 not_found");
        assert_eq!(crate::shelf::pledges(system).await, "");
        assert_eq!(said(make(tags_named("red")).await), "done");
        assert_eq!(crate::shelf::pledges(system).await, "marked(red)");
    })
    .await;
}

#[tokio::test]
async fn many_records_come_with_their_lines_in_a_statement_a_level() {
    on_stage(async |stage| {
        let session = &stage.session(stage.all_rights());
        let by = author(session, "Ann").await;
        let chapter = |number: i32| {
            let note = Chapter::FOOTNOTES.create([Footnote::TEXT.set(format!("n{number}"))]);
            Book::CHAPTERS.create([Chapter::NUMBER.set(number), note])
        };
        let new = |title: &str, numbers: &[i32]| -> Changes<Book> {
            let own = [Book::TITLE.set(title), Book::AUTHOR.set(by)];
            own.into_iter().chain(numbers.iter().map(|it| chapter(*it))).collect()
        };
        let list = vec![new("a", &[1, 2]), new("b", &[]), new("c", &[1])];
        let before = session.statements().count();
        Book::create_many(session, list).await.unwrap();
        // The books, the chapters, the footnotes; a savepoint would be none.
        assert_eq!(session.statements().count() - before, 3);
        assert_eq!(shown(session).await, ["a: 1(n1) 2(n2) |", "b: |", "c: 1(n1) |"]);
    })
    .await;
}

#[tokio::test]
async fn lines_are_not_changed_by_a_filter() {
    on_stage(async |stage| {
        let system = &stage.system();
        book_with(system, "a", []).await;
        let change = [Book::CHAPTERS.create([Chapter::NUMBER.set(1)])];
        let outcome = said(Book::update_where(system, Book::ID.gt(0), change, 9).await);
        assert!(outcome.starts_with("broken"), "{outcome}");
        assert_eq!(Chapter::query(system).count().await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_record_gives_its_line_to_another_only_by_the_line_itself() {
    on_stage(async |stage| {
        let system = &stage.system();
        let (own, other) = (book(system, "own").await, book(system, "other").await);
        let of = chapter(system, own, 1).await;
        let moved = Book::CHAPTERS.update(of, [Chapter::BOOK.set(other)]);
        let new = Book::CHAPTERS.create([Chapter::BOOK.set(other), Chapter::NUMBER.set(2)]);
        assert_eq!(
            said(Book::update(system, own, [moved, new]).await),
            "invalid: /chapters/create/0/book_id read_only, \
             /chapters/update/0/book_id read_only"
        );
        let unnamed = genre(system, "g").await;
        let twice = [Genre::BOOKS.delete(&[own]), Genre::BOOKS.update(own, [])];
        assert_eq!(
            said(Genre::update(system, unnamed, twice).await),
            "invalid: /books/delete/0 invalid"
        );
    })
    .await;
}

/// The only record of a model.
async fn only<M: Model>(session: &Session) -> Id<M> {
    M::query(session).first().await.unwrap().unwrap().id()
}

/// Each book with its chapters, their footnotes, and behind a line its copies.
async fn shown(session: &Session) -> Vec<String> {
    let mut shown = Vec::new();
    for book in Book::query(session).order(Book::ID).all().await.unwrap() {
        let mut words = vec![format!("{}:", book.title)];
        let of_book = Chapter::query(session).filter(Chapter::BOOK.eq(book.id()));
        for chapter in of_book.order(Chapter::NUMBER).all().await.unwrap() {
            let notes = Footnote::query(session).filter(Footnote::CHAPTER.eq(chapter.id()));
            let notes = notes.order(Footnote::ID).all().await.unwrap();
            let notes: Vec<&str> = notes.iter().map(|it| it.text.as_str()).collect();
            words.push(format!("{}({})", chapter.number, notes.join(" ")));
        }
        words.push("|".to_owned());
        let copies = Copy::query(session).filter(Copy::BOOK.eq(book.id())).order(Copy::ID);
        for copy in copies.all().await.unwrap() {
            words.push(copy.shelf.clone().unwrap_or_else(|| "-".to_owned()));
        }
        shown.push(words.join(" "));
    }
    shown
}
