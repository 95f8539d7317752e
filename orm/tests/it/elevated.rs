//! More than the asker's rights, under a rule of theirs and for a record that is held.

use std::time::Duration;

use orm::{Error, Model, Session, Verb};

use crate::{
    library::{Book, Genre},
    outcome::said,
    shelf::{book_with, closed_genre, genre},
    stage::on_stage,
};

const READ: &[Verb] = &[Verb::Read];
const WRITE: &[Verb] = &[Verb::Create, Verb::Update, Verb::Delete];

#[tokio::test]
async fn a_record_in_sight_that_passes_may_be_written() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = book_with(system, "a", [Book::PAGES.set(7)]).await;
        let session = stage.session(stage.all_rights().deny("books", WRITE));
        assert_eq!(said(Book::update(&session, id, [Book::TITLE.set("b")]).await), "denied");
        let done: Result<(), Error> = session
            .transaction(async |tx| {
                let elevated = tx.elevate("test", id, Book::PAGES.eq(7)).await?;
                assert_eq!(elevated.record.title, "a");
                assert_eq!(elevated.session.asker_id(), session.asker_id());
                Book::update(&elevated.session, id, [Book::TITLE.set("b")]).await?;
                // The asker has no more rights than before.
                assert_eq!(said(Book::delete(tx, id).await), "denied");
                Ok(())
            })
            .await;
        done.unwrap();
        let written = Book::find(system, id).await.unwrap();
        assert_eq!((&*written.title, written.updated_by()), ("b", session.asker_id()));
    })
    .await;
}

#[tokio::test]
async fn what_is_hidden_is_missing_and_what_does_not_pass_is_denied() {
    on_stage(async |stage| {
        let system = &stage.system();
        let seen = genre(system, "seen").await;
        let hidden = closed_genre(system, "hidden").await;
        let rights = stage.all_rights().rule("genres", READ, r#"{"is_open":true}"#);
        let session = &stage.session(rights);
        let tx = session.begin().await.unwrap();
        let any = || Genre::ID.gt(0);
        assert!(tx.elevate("test", seen, any()).await.is_ok());
        assert_eq!(said(tx.elevate("test", seen, Genre::NAME.eq("x")).await.map(drop)), "denied");
        assert_eq!(said(tx.elevate("test", hidden, any()).await.map(drop)), "missing");
        assert_eq!(said(tx.elevate("test", 404, any()).await.map(drop)), "missing");
        tx.rollback().await.unwrap();
        let none = &stage.session(stage.no_rights());
        let tx = none.begin().await.unwrap();
        assert_eq!(said(tx.elevate("test", seen, any()).await.map(drop)), "denied");
        tx.rollback().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn rights_are_lifted_inside_a_transaction_only() {
    on_stage(async |stage| {
        let id = genre(&stage.system(), "a").await;
        let session = &stage.session(stage.all_rights());
        let outside = session.elevate("test", id, Genre::ID.gt(0)).await.map(drop);
        assert!(said(outside).contains("begin one"));
    })
    .await;
}

#[tokio::test]
async fn the_record_is_held_before_anybody_is_asked() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = genre(system, "a").await;
        let session = &stage.session(stage.all_rights());
        let holder = system.begin().await.unwrap();
        Genre::update(&holder, id, [Genre::NAME.set("b")]).await.unwrap();
        let asking = async {
            let tx = session.begin().await.unwrap();
            let found = tx.elevate("test", id, Genre::NAME.eq("b")).await.map(drop);
            tx.rollback().await.unwrap();
            found
        };
        let committing = async {
            wait_for_waiting(system).await;
            holder.commit().await.unwrap();
        };
        let (found, ()) = tokio::join!(asking, committing);
        found.unwrap();
    })
    .await;
}

/// Until somebody waits for a lock.
async fn wait_for_waiting(system: &Session) {
    let waiting = "select count(*)::text from pg_stat_activity \
                   where datname = current_database() and wait_event_type = 'Lock'";
    for _ in 0..1_000 {
        if system.sql(waiting, &[]).await.unwrap()[0][0].as_deref() != Some("0") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("nobody waits");
}
