//! References that no two records share, and references to records of any model.

use orm::{
    AnyRecord, Id, Judge, Model, Purpose, Result, Session, Verb, engine, json::parse_object,
    parse_changes,
};
use serde_json::json;

use crate::{
    filter_logic::ask,
    library::{Book, Chapter, Genre, Remark, Sample},
    outcome::said,
    shelf::{book, chapter, closed_genre, genre},
    stage::{Stage, on_stage},
};

/// Sees open genres only.
fn guest(stage: &Stage) -> Session {
    stage.session(stage.all_rights().rule("genres", &[Verb::Read], r#"{"is_open":true}"#))
}

#[tokio::test]
async fn two_records_never_share_the_target_of_a_one2one() {
    on_stage(async |stage| {
        let system = &stage.system();
        let poems = genre(system, "poems").await;
        let new = || [Remark::TITLE.set("a"), Remark::GENRE.set(poems)];
        let first = Remark::create(system, new()).await.unwrap().id();
        assert_eq!(said(Remark::create(system, new()).await), "not unique: genre_id");
        let free = Remark::create(system, [Remark::TITLE.set("b")]).await.unwrap().id();
        let change = || [Remark::GENRE.set(poems)];
        assert_eq!(said(Remark::update(system, free, change()).await), "not unique: genre_id");
        assert_eq!(said(Remark::update(system, first, change()).await), "done");
        // Absent values are no conflict, and what was given up is free again.
        Remark::create(system, [Remark::TITLE.set("c")]).await.unwrap();
        Remark::update(system, first, [Remark::GENRE.set(None)]).await.unwrap();
        assert_eq!(said(Remark::update(system, free, change()).await), "done");
        // Its rule for deleting is that of other references.
        Genre::delete(system, poems).await.unwrap();
        assert_eq!(Remark::find(system, free).await.unwrap().genre, None);
    })
    .await;
}

#[tokio::test]
async fn a_one2one_is_a_reference_in_all_else() {
    on_stage(async |stage| {
        let system = &stage.system();
        let poems = genre(system, "poems").await;
        let hidden = closed_genre(system, "hidden").await;
        let guest = &guest(stage);
        let new = |title: &str, to| [Remark::TITLE.set(title), Remark::GENRE.set(to)];
        assert_eq!(
            said(Remark::create(guest, new("a", hidden)).await),
            "invalid: /genre_id not_found"
        );
        let a = Remark::create(guest, new("a", poems)).await.unwrap();
        assert_eq!(a.genre.map(|it| it.id()), Some(poems));
        let b = Remark::create(system, new("b", hidden)).await.unwrap().id();
        // What stays as it is is no write of it.
        let same = [Remark::TITLE.set("c"), Remark::GENRE.set(hidden)];
        assert_eq!(said(Remark::update(guest, b, same).await), "done");
        let named = || Remark::GENRE.to(Genre::NAME).eq("hidden");
        assert_eq!(Remark::query(system).filter(named()).count().await.unwrap(), 1);
        assert_eq!(Remark::query(guest).filter(named()).count().await.unwrap(), 0);
        let dotted = json!({"genre": {"name": "poems"}});
        assert_eq!(ask(guest, "remarks", &dotted).await.unwrap(), [1]);
        // The other side is a collection.
        let one = Sample::create(system, []).await.unwrap().id();
        let two = Sample::create(system, [Sample::TWIN.set(one)]).await.unwrap().id();
        let of_one = Sample::query(system).filter(Sample::TWINS.some(Sample::ID.eq(two)));
        assert_eq!(of_one.all().await.unwrap()[0].id(), one);
        assert_eq!(said(Sample::delete(system, one).await), "still referenced: samples");
    })
    .await;
}

#[tokio::test]
async fn a_reference_to_any_record_is_a_collection_and_an_id() {
    on_stage(async |stage| {
        let session = &guest(stage);
        let poems = genre(session, "poems").await;
        let id = book(session, "a").await;
        let first = chapter(session, id, 1).await;
        let remark = async |subject| {
            let new = [Remark::TITLE.set("a"), Remark::SUBJECT.set(subject)];
            Remark::create(session, new).await.unwrap()
        };
        let of_book = remark(AnyRecord::of(id)).await;
        let subject = of_book.subject.as_ref().unwrap();
        assert_eq!((subject.table(), subject.id()), ("books", id.get()));
        assert_eq!(subject.id_of::<Book>(), Some(id));
        assert_eq!(subject.id_of::<Genre>(), None);
        let mut json = Vec::new();
        of_book.write_json(&mut json);
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(json["subject_ref"], json!("books/1"));
        remark(AnyRecord::of(poems)).await;
        remark(AnyRecord::of(first)).await;
        let found = async |cond| Remark::query(session).filter(cond).count().await.unwrap();
        assert_eq!(found(Remark::SUBJECT.eq(id)).await, 1);
        assert_eq!(found(Remark::SUBJECT.ne(AnyRecord::of(id))).await, 2);
        assert_eq!(found(Remark::SUBJECT.one_of([AnyRecord::of(first)])).await, 1);
        assert_eq!(found(Remark::SUBJECT.leads_to::<Book>()).await, 1);
        assert_eq!(found(Remark::SUBJECT.leads_to::<Sample>()).await, 0);
        // What it led to can go; the value stays.
        Book::delete(session, id).await.unwrap();
        assert!(Remark::find(session, of_book.id()).await.unwrap().subject.is_some());
        let dangling = [Remark::TITLE.set("b"), Remark::SUBJECT.set(id)];
        assert_eq!(said(Remark::update(session, of_book.id(), dangling).await), "done");
    })
    .await;
}

#[tokio::test]
async fn a_reference_to_any_record_leads_to_what_its_writer_sees() {
    on_stage(async |stage| {
        let system = &stage.system();
        let poems = genre(system, "poems").await;
        let hidden = closed_genre(system, "hidden").await;
        let guest = &guest(stage);
        let of = async |session, subject: &str| said(body(session, subject).await);
        assert_eq!(of(guest, &format!("genres/{poems}")).await, "done");
        let not_found = "invalid: /subject_ref not_found";
        assert_eq!(of(guest, &format!("genres/{}", hidden.get())).await, not_found);
        assert_eq!(of(guest, "genres/404").await, not_found);
        let blind = stage.session(stage.all_rights().deny("genres", &[Verb::Read]));
        assert_eq!(of(&blind, &format!("genres/{poems}")).await, not_found);
        // A part is seen by whoever sees its whole.
        let whole = book(system, "a").await;
        let part: Id<Chapter> = chapter(system, whole, 1).await;
        assert_eq!(of(guest, &format!("chapters/{part}")).await, "done");
        let reader =
            stage.session(stage.all_rights().rule("books", &[Verb::Read], r#"{"id":404}"#));
        assert_eq!(of(&reader, &format!("chapters/{part}")).await, not_found);
        for wrong in ["tags/1", "nothing/1", "genres", "genres/0", "genres/01", "genres/x", ""] {
            assert_eq!(of(guest, wrong).await, "invalid: /subject_ref invalid", "{wrong}");
        }
        let new = [Sample::SUBJECT.set(hidden)];
        assert_eq!(said(Sample::create(guest, new).await), not_found);
        // One that stays as it is is no write of it, even when its record is hidden.
        let new = [Remark::TITLE.set("b"), Remark::SUBJECT.set(hidden)];
        let id = Remark::create(system, new).await.unwrap().id();
        let same = [Remark::TITLE.set("c"), Remark::SUBJECT.set(hidden)];
        assert_eq!(said(Remark::update(guest, id, same).await), "done");
        let other = [Remark::SUBJECT.set(Id::<Genre>::new(404))];
        assert_eq!(said(Remark::update(guest, id, other).await), not_found);
        let many = Remark::update_where(guest, Remark::ID.gt(0), [Remark::SUBJECT.set(hidden)], 9);
        assert_eq!(said(many.await), not_found);
    })
    .await;
}

#[tokio::test]
async fn a_field_without_targets_leads_to_every_model_of_the_project() {
    on_stage(async |stage| {
        let system = &stage.system();
        let model = system.schema().by_table("samples").unwrap();
        genre(system, "poems").await;
        for (text, expected) in [
            (r#"{"subject_ref":"genres/1"}"#, "done"),
            (r#"{"subject_ref":null}"#, "done"),
            (r#"{"subject_ref":"unknown/1"}"#, "invalid: /subject_ref invalid"),
            (r#"{"subject_ref":7}"#, "invalid: /subject_ref wrong_type expected=string"),
        ] {
            let object = parse_object(text.as_bytes()).unwrap();
            let mut judge = Judge::new(system);
            let (changes, faults) = parse_changes(&mut judge, model, &object, Purpose::Create, "");
            let outcome = match orm::accept(faults) {
                Ok(()) => engine::create(system, model, changes).await.map(drop),
                Err(error) => Err(error),
            };
            assert_eq!(said(outcome), expected, "{text}");
        }
        let (named, id) = system.schema().named_record("genres/1").unwrap();
        assert_eq!((named.def.table, id), ("genres", 1));
        assert!(system.schema().named_record("unknown/1").is_none());
    })
    .await;
}

/// A remark about something, from a body.
async fn body(session: &Session, subject: &str) -> Result<()> {
    let model = session.schema().by_table("remarks").unwrap();
    let text = json!({"title": "a", "subject_ref": subject}).to_string();
    let object = parse_object(text.as_bytes())?;
    let (changes, faults) =
        parse_changes(&mut Judge::new(session), model, &object, Purpose::Create, "");
    orm::accept(faults)?;
    engine::create(session, model, changes).await.map(drop)
}
