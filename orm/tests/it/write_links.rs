//! Links of many2many fields: made, taken away and replaced with the record that has them.

use orm::{
    Change, Id, Judge, Model, Purpose, Record, Session, Verb, accept, json::parse_object,
    parse_changes,
};

use crate::{
    library::{Book, Tag},
    outcome::said,
    rights::Rights,
    shelf::{author, book, book_with, tag, tags},
    stage::on_stage,
};

#[tokio::test]
async fn links_are_made_once_and_found_from_both_sides() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = book(system, "a").await;
        let (red, blue) = (tag(system, "red").await, tag(system, "blue").await);
        for _ in 0..2 {
            Book::update(system, id, [Book::TAGS.add(&[red, blue, red])]).await.unwrap();
        }
        assert_eq!(tags(system, id).await, "blue red");
        let other = book(system, "b").await;
        Tag::update(system, red, [Tag::BOOKS.add(&[other])]).await.unwrap();
        let tagged = Book::TAGS.every(Tag::NAME.eq("red"));
        let found = Book::query(system).filter(tagged).all().await.unwrap();
        assert_eq!(found.iter().map(Record::id).collect::<Vec<_>>(), [other]);
        Tag::update(system, blue, [Tag::BOOKS.remove(&[id])]).await.unwrap();
        assert_eq!(tags(system, id).await, "red");
        Tag::delete(system, red).await.unwrap();
        assert_eq!(tags(system, id).await, "");
    })
    .await;
}

#[tokio::test]
async fn a_new_record_comes_with_its_links() {
    on_stage(async |stage| {
        let system = &stage.system();
        let (red, blue) = (tag(system, "red").await, tag(system, "blue").await);
        let by = author(system, "Ann").await;
        let session = &stage.session(stage.all_rights());
        let new = |title: &str, links: Change<Book>| {
            [Book::TITLE.set(title), Book::AUTHOR.set(by), links]
        };
        let made = Book::create(session, new("a", Book::TAGS.add(&[red, red]))).await.unwrap();
        assert_eq!((made.version(), tags(system, made.id()).await), (1, "red".to_owned()));
        let both = new("b", Book::TAGS.replace(&[blue, red])).into();
        let none = new("c", Book::TAGS.remove(&[blue])).into();
        let ids = Book::create_many(session, vec![both, none]).await.unwrap();
        assert_eq!(tags(system, ids[0]).await, "blue red");
        assert_eq!(tags(system, ids[1]).await, "");
        let faulty = new("d", Book::TAGS.add(&[red, Id::new(404)]));
        let expected = "invalid: /tag_ids/add/1 not_found";
        assert_eq!(said(Book::create(session, faulty).await), expected);
        assert_eq!(Book::query(system).count().await.unwrap(), 3);
    })
    .await;
}

#[tokio::test]
async fn linking_many2many_needs_update_on_the_record_that_is_written_and_read_on_the_target() {
    on_stage(async |stage| {
        let system = &stage.system();
        let own = book_with(system, "own", [Book::PAGES.set(1)]).await;
        let other = book(system, "other").await;
        let (red, hidden) = (tag(system, "red").await, tag(system, "hidden").await);
        let rights = || stage.all_rights().rule("books", &[Verb::Update], r#"{"pages":1}"#);
        let red_ones = rights().rule("tags", &[Verb::Read], r#"{"name":"red"}"#);
        let session = &stage.session(red_ones.clone());
        let add = async |session: &Session, id, tags: &[Id<Tag>]| {
            said(Book::update(session, id, [Book::TAGS.add(tags)]).await)
        };
        assert_eq!(add(session, own, &[red]).await, "done");
        assert_eq!(add(session, other, &[red]).await, "denied");
        assert_eq!(add(session, Id::new(404), &[red]).await, "missing");
        let expected = "invalid: /tag_ids/add/1 not_found, /tag_ids/add/2 not_found";
        assert_eq!(add(session, own, &[red, hidden, Id::new(404)]).await, expected);
        let unseen = &stage.session(red_ones.rule("books", &[Verb::Read], r#"{"pages":2}"#));
        assert_eq!(add(unseen, own, &[red]).await, "missing");
        let blind = &stage.session(rights().deny("tags", &[Verb::Read]));
        assert_eq!(add(blind, own, &[red]).await, "invalid: /tag_ids/add/0 not_found");
        let readers = rights().deny("books", &[Verb::Update]);
        assert_eq!(add(&stage.session(readers), own, &[red]).await, "denied");
        // The other side of the link is not written: reading it is enough.
        let readers = rights().deny("tags", &[Verb::Update]);
        assert_eq!(add(&stage.session(readers), own, &[hidden]).await, "done");
        assert_eq!(tags(system, own).await, "hidden red");
        assert_eq!(tags(system, other).await, "");
    })
    .await;
}

#[tokio::test]
async fn links_to_hidden_records_are_left_alone() {
    on_stage(async |stage| {
        let system = &stage.system();
        let (red, blue) = (tag(system, "red").await, tag(system, "blue").await);
        let hidden = tag(system, "hidden").await;
        let id = book_with(system, "a", [Book::TAGS.add(&[red, hidden])]).await;
        let rule = r#"{"name":{"ne":"hidden"}}"#;
        let session = &stage.session(stage.all_rights().rule("tags", &[Verb::Read], rule));
        let blind = &stage.session(stage.all_rights().deny("tags", &[Verb::Read]));
        check(session, id, Book::TAGS.remove(&[hidden, Id::new(404)]), 1).await;
        check(blind, id, Book::TAGS.remove(&[red, hidden]), 1).await;
        check(blind, id, Book::TAGS.replace(&[]), 1).await;
        assert_eq!(tags(system, id).await, "hidden red");
        check(session, id, Book::TAGS.replace(&[blue]), 2).await;
        assert_eq!(tags(system, id).await, "blue hidden");
        check(session, id, Book::TAGS.replace(&[]), 3).await;
        assert_eq!(tags(system, id).await, "hidden");
        check(system, id, Book::TAGS.replace(&[red]), 4).await;
        assert_eq!(tags(system, id).await, "red");
    })
    .await;
}

#[tokio::test]
async fn a_change_of_links_raises_the_version_once_and_only_if_it_changes_something() {
    on_stage(async |stage| {
        let system = &stage.system();
        let (red, blue) = (tag(system, "red").await, tag(system, "blue").await);
        let id = book(system, "a").await;
        for session in [system, &stage.session(stage.all_rights())] {
            let version = Book::find(session, id).await.unwrap().version();
            check(session, id, Book::TAGS.add(&[red]), version + 1).await;
            for same in [
                Book::TAGS.add(&[red]),
                Book::TAGS.add(&[]),
                Book::TAGS.remove(&[blue]),
                Book::TAGS.replace(&[red, red]),
            ] {
                check(session, id, same, version + 1).await;
            }
            let both = [Book::TAGS.remove(&[red]), Book::TAGS.add(&[blue]), Book::PAGES.set(7)];
            let changed = Book::update(session, id, both).await.unwrap();
            assert_eq!((changed.version(), changed.pages), (version + 2, Some(7)));
            // The columns hold this already, the links do not.
            let both = [Book::TAGS.replace(&[]), Book::PAGES.set(7)];
            assert_eq!(Book::update(session, id, both).await.unwrap().version(), version + 3);
            let none = [Book::TAGS.replace(&[]), Book::PAGES.set(None)];
            assert_eq!(Book::update(session, id, none).await.unwrap().version(), version + 4);
        }
    })
    .await;
}

#[tokio::test]
async fn a_rule_over_links_is_judged_before_they_change_and_afterwards() {
    on_stage(async |stage| {
        let system = &stage.system();
        let (red, blue) = (tag(system, "red").await, tag(system, "blue").await);
        let by = author(system, "Ann").await;
        let rule = r#"{"tags":{"some":{"name":"red"}}}"#;
        let verbs = [Verb::Create, Verb::Update];
        let session = &stage.session(stage.all_rights().rule("books", &verbs, rule));
        let new = |links| [Book::TITLE.set("a"), Book::AUTHOR.set(by), links];
        let made = Book::create(session, new(Book::TAGS.add(&[red]))).await.unwrap().id();
        assert_eq!(said(Book::create(session, new(Book::TAGS.add(&[blue]))).await), "denied");
        let two = vec![new(Book::TAGS.add(&[red])).into(), new(Book::TAGS.add(&[])).into()];
        assert_eq!(said(Book::create_many(session, two).await), "denied");
        assert_eq!(Book::query(system).count().await.unwrap(), 1);

        let update = async |id, change| said(Book::update(session, id, [change]).await);
        assert_eq!(update(made, Book::TAGS.replace(&[blue])).await, "denied");
        assert_eq!(update(made, Book::TAGS.remove(&[red])).await, "denied");
        assert_eq!(tags(system, made).await, "red");
        assert_eq!(Book::find(system, made).await.unwrap().version(), 1);
        assert_eq!(update(made, Book::TAGS.replace(&[red, blue])).await, "done");
        // Linking it would make it one that they may change: it is none yet.
        let blue_one = book_with(system, "b", [Book::TAGS.add(&[blue])]).await;
        assert_eq!(update(blue_one, Book::TAGS.add(&[red])).await, "denied");
        assert_eq!(tags(system, blue_one).await, "blue");
    })
    .await;
}

#[tokio::test]
async fn links_may_put_a_record_out_of_its_writer_s_sight() {
    on_stage(async |stage| {
        let system = &stage.system();
        let red = tag(system, "red").await;
        let id = book(system, "a").await;
        let rule = r#"{"tags":{"none":{}}}"#;
        let session = &stage.session(stage.all_rights().rule("books", &[Verb::Read], rule));
        let written = Book::update(session, id, [Book::TAGS.add(&[red])]).await.unwrap();
        let mut json = Vec::new();
        written.write_json(&mut json);
        assert_eq!((json, written.version()), (b"{}".to_vec(), 2));
        assert_eq!(said(Book::find(session, id).await), "missing");
        let removed = Book::update(session, id, [Book::TAGS.remove(&[red])]).await;
        assert_eq!(said(removed), "missing");
    })
    .await;
}

#[tokio::test]
async fn a_body_names_ids_to_add_to_remove_or_to_set_and_every_fault_is_told() {
    on_stage(async |stage| {
        let session = &stage.session(stage.all_rights());
        let of_new = |body: &str| parsed(session, Purpose::Create, body);
        let of_old = |body: &str| parsed(session, Purpose::Update, body);
        let edit = r#"{"add":[2,1,2],"remove":[3]}"#;
        assert_eq!(of_old(edit), "Edit { add: [2, 1, 2], remove: [3] }");
        assert_eq!(of_old(r#"{"set":[]}"#), "Set([])");
        assert_eq!(of_old("{}"), "Edit { add: [], remove: [] }");
        assert_eq!(of_new(r#"{"add":[1]}"#), "Edit { add: [1], remove: [] }");
        assert_eq!(of_new(r#"{"set":[1]}"#), "Set([1])");
        assert_eq!(of_new(edit), "invalid: /tag_ids/remove unknown_field");
        for (body, expected) in [
            ("[1]", "/tag_ids wrong_type expected=object"),
            ("null", "/tag_ids required"),
            (r#"{"add":1}"#, "/tag_ids/add wrong_type expected=array"),
            (r#"{"add":null}"#, "/tag_ids/add required"),
            (r#"{"set":[1],"add":[1]}"#, "/tag_ids invalid"),
            (r#"{"put":[1],"remove":[1]}"#, "/tag_ids/put unknown_field"),
            (
                r#"{"add":["1",1.5],"remove":[7,null]}"#,
                "/tag_ids/add/0 wrong_type expected=number, /tag_ids/add/1 invalid, \
                 /tag_ids/remove/1 required",
            ),
        ] {
            assert_eq!(of_old(body), format!("invalid: {expected}"), "{body}");
        }
        let many = |count: usize| format!(r#"{{"add":{:?}}}"#, vec![1; count]);
        assert!(of_old(&many(1000)).starts_with("Edit"));
        assert_eq!(of_old(&many(1001)), "invalid: /tag_ids/add too_many max=1000");
    })
    .await;
}

#[tokio::test]
async fn links_of_a_closed_field_are_forbidden_before_what_is_wrong_with_them() {
    on_stage(async |stage| {
        let verdict = |rights: Rights, tags: &str| {
            let session = stage.session(rights);
            let body = format!(r#"{{"tag_ids":{tags}}}"#);
            let body = parse_object(body.as_bytes()).unwrap();
            let model = session.schema().by_table("books").unwrap();
            let mut judge = Judge::new(&session);
            let read = parse_changes(&mut judge, model, &body, Purpose::Update, "");
            (said(judge.verdict()), said(accept(read.1)), read.0.links.len())
        };
        let closed = || stage.all_rights().close_writing("books", &["tags"]);
        for tags in [r#"{"add":[1]}"#, "7"] {
            let (verdict, faults, links) = verdict(closed(), tags);
            assert_eq!(verdict, "/tag_ids field_forbidden");
            assert_eq!((faults.as_str(), links), ("done", 0), "{tags}");
        }
        let open = verdict(stage.all_rights(), r#"{"add":[1]}"#);
        assert_eq!(open, ("done".to_owned(), "done".to_owned(), 1));
    })
    .await;
}

#[tokio::test]
async fn links_are_not_changed_by_a_filter() {
    on_stage(async |stage| {
        let system = &stage.system();
        let change = [Book::TAGS.replace(&[])];
        let outcome = said(Book::update_where(system, Book::ID.gt(0), change, 9).await);
        assert!(outcome.starts_with("broken"), "{outcome}");
    })
    .await;
}

/// What a body says of the tags of a book, or what is wrong with it.
fn parsed(session: &Session, purpose: Purpose, tags: &str) -> String {
    let body = format!(r#"{{"title":"a","author_id":1,"tag_ids":{tags}}}"#);
    let body = parse_object(body.as_bytes()).unwrap();
    let model = session.schema().by_table("books").unwrap();
    let (changes, faults) = parse_changes(&mut Judge::new(session), model, &body, purpose, "");
    match accept(faults) {
        Ok(()) => format!("{:?}", changes.links[0].1),
        Err(error) => said::<()>(Err(error)),
    }
}

#[track_caller]
fn check<'a>(
    session: &'a Session,
    id: Id<Book>,
    change: Change<Book>,
    version: i64,
) -> impl Future<Output = ()> + 'a {
    let place = std::panic::Location::caller();
    async move {
        let changed = Book::update(session, id, [change]).await.unwrap();
        assert_eq!(changed.version(), version, "{place}");
    }
}
