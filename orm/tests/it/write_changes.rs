//! Change sets: what they name is written, what they do not name stays as it is.

use orm::{
    Change, ErrorKind, Judge, Model, Purpose, RawChanges, Record, Value, Verb, accept, engine,
    json::parse_object, parse_changes,
};

use crate::{
    library::{Author, Book, Genre, Reader, Sample, State},
    outcome::said,
    shelf::{author, book, book_with, genre, reader},
    stage::{now, on_stage},
};

#[tokio::test]
async fn what_is_not_named_stays() {
    on_stage(async |stage| {
        let system = &stage.system();
        let more = [Book::PAGES.set(3), Book::STATE.set(State::Lent), Book::SUBTITLE.set("s")];
        let id = book_with(system, "a", more).await;
        let changed = Book::update(system, id, [Book::SUBTITLE.set(None)]).await.unwrap();
        assert_eq!(
            (&*changed.title, changed.pages, changed.state),
            ("a", Some(3), Some(State::Lent))
        );
        assert_eq!(changed.subtitle, None);
        let read = Book::find(system, id).await.unwrap();
        assert_eq!(format!("{read:?}"), format!("{changed:?}"));
    })
    .await;
}

#[tokio::test]
async fn the_version_rises_by_one_with_each_change_and_with_nothing_else() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = book_with(system, "a", [Book::PAGES.set(3)]).await;
        let version = async |changes: Vec<Change<Book>>| {
            Book::update(system, id, changes).await.unwrap().version()
        };
        assert_eq!(Book::find(system, id).await.unwrap().version(), 1);
        assert_eq!(version(vec![Book::TITLE.set("b")]).await, 2);
        assert_eq!(version(vec![Book::TITLE.set("b")]).await, 2);
        assert_eq!(version(vec![]).await, 2);
        assert_eq!(version(vec![Book::SUBTITLE.set(None), Book::PAGES.set(3)]).await, 2);
        assert_eq!(version(vec![Book::SUBTITLE.set("s"), Book::PAGES.set(3)]).await, 3);
        // Of two on one field, the last counts.
        assert_eq!(version(vec![Book::TITLE.set("c"), Book::TITLE.set("b")]).await, 3);
    })
    .await;
}

#[tokio::test]
async fn a_bulk_change_counts_and_raises_only_what_it_changes() {
    on_stage(async |stage| {
        let system = &stage.system();
        for (title, pages) in [("a", 1), ("b", 2), ("c", 2)] {
            book_with(system, title, [Book::PAGES.set(pages)]).await;
        }
        let change = [Book::PAGES.set(2)];
        assert_eq!(Book::update_where(system, Book::ID.gt(0), change, 1).await.unwrap(), 1);
        let versions = Book::query(system).order(Book::ID).all().await.unwrap();
        assert_eq!(versions.iter().map(Record::version).collect::<Vec<_>>(), [2, 1, 1]);
        assert_eq!(Book::update_where(system, Book::ID.gt(0), [], 0).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn who_and_when_are_stamped() {
    on_stage(async |stage| {
        let system = &stage.system();
        let ann = reader(system, "Ann").await;
        let bob = reader(system, "Bob").await;
        let as_ann = &stage.session_of(Some(ann.get()), stage.all_rights());
        let as_bob = &stage.session_of(Some(bob.get()), stage.all_rights());
        let made = Genre::create(as_ann, [Genre::NAME.set("a")]).await.unwrap();
        assert_eq!((made.created_by(), made.updated_by()), (Some(ann.get()), Some(ann.get())));
        assert_eq!((made.created_at(), made.updated_at()), (now(), now()));
        let changed = Genre::update(as_bob, made.id(), [Genre::RANK.set(1)]).await.unwrap();
        assert_eq!(
            (changed.created_by(), changed.updated_by()),
            (Some(ann.get()), Some(bob.get()))
        );
        let same = Genre::update(as_ann, made.id(), [Genre::RANK.set(1)]).await.unwrap();
        assert_eq!(same.updated_by(), Some(bob.get()));
        Genre::update_where(as_ann, Genre::ID.gt(0), [Genre::RANK.set(2)], 1).await.unwrap();
        assert_eq!(Genre::find(system, made.id()).await.unwrap().updated_by(), Some(ann.get()));
        Reader::delete(system, ann).await.unwrap();
        let left = Genre::find(system, made.id()).await.unwrap();
        assert_eq!((left.created_by(), left.updated_by()), (None, None));
    })
    .await;
}

#[tokio::test]
async fn another_version_than_demanded_refuses_the_write() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = book(system, "a").await;
        let model = system.schema().by_table("books").unwrap();
        let update = async |title: &str, version| {
            let changes = vec![("title", Value::Text(title.into()))].into();
            said(engine::update(system, model, id.get(), changes, version).await)
        };
        assert_eq!(update("b", Some(1)).await, "done");
        assert_eq!(update("c", Some(1)).await, "version is 2");
        // Also where nothing would change.
        assert_eq!(update("b", Some(1)).await, "version is 2");
        assert_eq!(update("b", Some(2)).await, "done");
        let none = RawChanges::default;
        assert_eq!(
            said(engine::update(system, model, id.get(), none(), Some(1)).await),
            "version is 2"
        );
        assert_eq!(said(engine::update(system, model, 404, none(), Some(1)).await), "missing");
        assert_eq!(said(engine::delete(system, model, id.get(), Some(1)).await), "version is 2");
        assert_eq!(said(engine::delete(system, model, 404, Some(1)).await), "missing");
        assert_eq!(said(engine::delete(system, model, id.get(), Some(2)).await), "done");
    })
    .await;
}

#[tokio::test]
async fn a_demanded_version_opens_nothing_that_a_rule_closes() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = genre(system, "a").await.get();
        let closed = r#"{"is_open":false}"#;
        let model = system.schema().by_table("genres").unwrap();
        let rights = stage.all_rights().rule("genres", &[Verb::Read], closed);
        let blind = &stage.session(rights);
        assert_eq!(
            said(engine::update(blind, model, id, RawChanges::default(), Some(9)).await),
            "missing"
        );
        assert_eq!(said(engine::delete(blind, model, id, Some(9)).await), "missing");
        let verbs = [Verb::Update, Verb::Delete];
        let tied = &stage.session(stage.all_rights().rule("genres", &verbs, closed));
        assert_eq!(
            said(engine::update(tied, model, id, RawChanges::default(), Some(9)).await),
            "denied"
        );
        assert_eq!(said(engine::delete(tied, model, id, Some(9)).await), "denied");
    })
    .await;
}

#[tokio::test]
async fn defaults_fill_what_a_new_record_does_not_name() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = book(system, "a").await;
        let made = Book::find(system, id).await.unwrap();
        assert_eq!((made.price, made.pages), (Some("10.00".parse().unwrap()), None));
        // What is named as absent is absent.
        let id = book_with(system, "b", [Book::PRICE.set(None)]).await;
        assert_eq!(Book::find(system, id).await.unwrap().price, None);
        assert!(Genre::create(system, [Genre::NAME.set("a")]).await.unwrap().is_open);
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_a_record_is_said_at_once() {
    on_stage(async |stage| {
        let system = &stage.system();
        let long = "x".repeat(61);
        let faulty = || [Book::TITLE.set(&*long), Book::PAGES.set(0)];
        let expected = "invalid: /title too_long max=60, /author_id required, \
                        /pages greater_than_or_equal min=1";
        assert_eq!(said(Book::create(system, faulty()).await), expected);
        let id = book(system, "a").await;
        let expected = "invalid: /title too_long max=60, /pages greater_than_or_equal min=1";
        assert_eq!(said(Book::update(system, id, faulty()).await), expected);
        let every = Book::ID.gt(0);
        assert_eq!(said(Book::update_where(system, every, faulty(), 9).await), expected);
        let empty = vec![("title", Value::Null)].into();
        let model = system.schema().by_table("books").unwrap();
        let outcome = engine::update(system, model, id.get(), empty, None).await;
        assert_eq!(said(outcome), "invalid: /title required");
    })
    .await;
}

#[tokio::test]
async fn what_no_author_declared_cannot_be_set() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = book(system, "a").await;
        let model = system.schema().by_table("books").unwrap();
        for name in ["id", "version", "created_by", "updated_at", "tags", "chapters", "nope"] {
            let changes = vec![(name, Value::Int(7))].into();
            let outcome = engine::update(system, model, id.get(), changes, None).await;
            assert_eq!(said(outcome), format!("broken: books.{name} cannot be set"));
        }
    })
    .await;
}

#[tokio::test]
async fn what_may_not_be_written_is_told_before_what_is_wrong() {
    on_stage(async |stage| {
        let rights = stage.all_rights().close_writing("books", &["price", "genre"]);
        let session = &stage.session(rights);
        let model = session.schema().by_table("books").unwrap();
        let body = br#"{"title":7,"price":"x","genre_id":null,"id":1,"author":2,"chapter_ids":[]}"#;
        let body = parse_object(body).unwrap();
        let mut judge = Judge::new(session);
        let (changes, faults) = parse_changes(&mut judge, model, &body, Purpose::Update, "/data");
        assert!(changes.values.is_empty() && changes.links.is_empty());
        let expected = "invalid: /data/title wrong_type expected=string, /data/id read_only, \
                        /data/author unknown_field, /data/chapter_ids unknown_field";
        assert_eq!(said(accept(faults)), expected);
        let expected = "/data/price field_forbidden, /data/genre_id field_forbidden";
        assert_eq!(said(judge.verdict()), expected);
    })
    .await;
}

#[tokio::test]
async fn a_secret_is_sealed_and_never_written_out() {
    on_stage(async |stage| {
        let system = &stage.system();
        let changes = [Reader::NAME.set("Ann"), Reader::PASSWORD.set("hunter2")];
        let made = Reader::create(system, changes).await.unwrap();
        assert_eq!(made.password.as_ref().unwrap().expose(), "sealed:7");
        let changed =
            Reader::update(system, made.id(), [Reader::PASSWORD.set("abc")]).await.unwrap();
        assert_eq!(changed.password.as_ref().unwrap().expose(), "sealed:3");
        let mut json = Vec::new();
        changed.write_json(&mut json);
        let json = String::from_utf8(json).unwrap();
        assert!(!json.contains("sealed") && !json.contains("password"), "{json}");
        assert!(!format!("{changed:?}").contains("sealed"));
    })
    .await;
}

#[tokio::test]
async fn a_record_leaves_without_its_closed_fields() {
    on_stage(async |stage| {
        let id = book(&stage.system(), "a").await;
        let rights = stage.all_rights().close_reading("books", &["price", "author", "version"]);
        let record = Book::find(&stage.session(rights), id).await.unwrap();
        let mut json = Vec::new();
        record.write_json(&mut json);
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        let object = json.as_object().unwrap();
        assert_eq!(object["title"], "a");
        for closed in ["price", "author_id", "version", "author"] {
            assert!(!object.contains_key(closed), "{json}");
        }
        // What module code does with it in Rust is its own affair.
        assert!(record.price.is_some());
    })
    .await;
}

#[tokio::test]
async fn what_is_gone_is_missing() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = author(system, "Ann").await;
        Author::delete(system, id).await.unwrap();
        let again = Author::delete(system, id).await;
        assert_eq!(*again.unwrap_err().kind(), ErrorKind::Missing);
        assert_eq!(said(Sample::find(system, i64::MAX).await), "missing");
        assert_eq!(said(Sample::find(system, -1).await), "missing");
    })
    .await;
}
