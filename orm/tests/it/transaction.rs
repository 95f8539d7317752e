//! Transactions of one's own around typed operations.

use orm::{Error, Model, Session, Verb};

use crate::{
    library::Genre,
    outcome::said,
    shelf::genre,
    stage::{Stage, on_stage},
};

#[tokio::test]
async fn what_ends_in_an_error_leaves_nothing() {
    on_stage(async |stage| {
        let system = &stage.system();
        let outcome: Result<(), Error> = system
            .transaction(async |tx| {
                genre(tx, "a").await;
                assert_eq!(names(tx).await, "a");
                assert_eq!(names(system).await, "");
                Err(Error::missing())
            })
            .await;
        assert_eq!(said(outcome), "missing");
        assert_eq!(names(system).await, "");
        let outcome: Result<&str, Error> = system
            .transaction(async |tx| {
                genre(tx, "a").await;
                Ok("kept")
            })
            .await;
        assert_eq!(outcome.unwrap(), "kept");
        assert_eq!(names(system).await, "a");
    })
    .await;
}

#[tokio::test]
async fn a_nested_transaction_survives_its_own_failure() {
    on_stage(async |stage| {
        let system = &stage.system();
        genre(system, "taken").await;
        let outcome: Result<(), Error> = system
            .transaction(async |tx| {
                genre(tx, "outer").await;
                let nested: Result<(), Error> = tx
                    .transaction(async |tx| {
                        genre(tx, "inner").await;
                        Genre::create(tx, [Genre::NAME.set("taken")]).await.map(drop)
                    })
                    .await;
                assert_eq!(said(nested), "not unique: name");
                let nested: Result<(), Error> = tx
                    .transaction(async |tx| {
                        Genre::create(tx, [Genre::NAME.set("second")]).await.map(drop)
                    })
                    .await;
                assert_eq!(said(nested), "done");
                genre(tx, "last").await;
                Ok(())
            })
            .await;
        assert_eq!(said(outcome), "done");
        assert_eq!(names(system).await, "last outer second taken");
    })
    .await;
}

#[tokio::test]
async fn a_failure_that_nobody_looked_at_cannot_be_committed() {
    on_stage(async |stage| {
        let system = &stage.system();
        genre(system, "taken").await;
        let outcome: Result<(), Error> = system
            .transaction(async |tx| {
                genre(tx, "a").await;
                drop(Genre::create(tx, [Genre::NAME.set("taken")]).await);
                Ok(())
            })
            .await;
        assert!(said(outcome).contains("its error was dropped"));
        assert_eq!(names(system).await, "taken");
    })
    .await;
}

#[tokio::test]
async fn a_write_that_a_rule_refused_cannot_be_committed() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = genre(system, "a").await;
        let rule = r#"{"rank":{"null":true}}"#;
        let by_path = r#"{"parent":{"null":true},"rank":{"null":true}}"#;
        for rule in [rule, by_path] {
            let verbs = [Verb::Create, Verb::Update];
            let session = &stage.session(stage.all_rights().rule("genres", &verbs, rule));
            let ranked = || [Genre::RANK.set(1)];
            check_doomed(session, async |tx| Genre::update(tx, id, ranked()).await.map(drop)).await;
            check_doomed(session, async |tx| {
                Genre::update_where(tx, Genre::ID.gt(0), ranked(), 9).await.map(drop)
            })
            .await;
            let new = |name| [Genre::NAME.set(name), Genre::RANK.set(1)];
            check_doomed(session, async |tx| Genre::create(tx, new("b")).await.map(drop)).await;
            check_doomed(session, async |tx| {
                Genre::create_many(tx, vec![new("b").into(), new("c").into()]).await.map(drop)
            })
            .await;
        }
        assert_eq!(names(system).await, "a");
        assert_eq!(Genre::find(system, id).await.unwrap().rank, None);
    })
    .await;
}

/// Drops the refusal of `write`, and tries to commit all the same; then the same nested.
async fn check_doomed(session: &Session, write: impl AsyncFn(&Session) -> Result<(), Error>) {
    let outcome: Result<(), Error> = session
        .transaction(async |tx| {
            assert_eq!(said(write(tx).await), "denied");
            Ok(())
        })
        .await;
    assert!(said(outcome).contains("its error was dropped"));
    let outcome: Result<(), Error> = session
        .transaction(async |tx| {
            let nested: Result<(), Error> = tx.transaction(async |tx| write(tx).await).await;
            assert_eq!(said(nested), "denied");
            Ok(())
        })
        .await;
    assert_eq!(said(outcome), "done");
}

#[tokio::test]
async fn a_refusal_before_anything_was_written_does_no_harm() {
    on_stage(async |stage| {
        let session = &stage.session(stage.all_rights().deny("tags", &[Verb::Create]));
        let outcome: Result<(), Error> = session
            .transaction(async |tx| {
                assert_eq!(said(Genre::create(tx, []).await), "invalid: /name required");
                assert_eq!(said(Genre::find(tx, 404).await), "missing");
                assert_eq!(said(Genre::update(tx, 404, [Genre::RANK.set(1)]).await), "missing");
                assert_eq!(said(crate::library::Tag::create(tx, []).await), "denied");
                genre(tx, "a").await;
                Ok(())
            })
            .await;
        assert_eq!(said(outcome), "done");
        assert_eq!(names(session).await, "a");
    })
    .await;
}

#[tokio::test]
async fn a_dropped_transaction_gives_its_locks_back() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = genre(system, "a").await;
        let tx = system.begin().await.unwrap();
        Genre::update(&tx, id, [Genre::NAME.set("b")]).await.unwrap();
        drop(tx);
        let changed = Genre::update(system, id, [Genre::RANK.set(1)]).await.unwrap();
        assert_eq!((&*changed.name, changed.version()), ("a", 2));
    })
    .await;
}

#[tokio::test]
async fn what_is_locked_for_update_is_read_as_it_stands() {
    on_stage(async |stage| {
        let system = &stage.system();
        genre(system, "b").await;
        genre(system, "a").await;
        let rule = r#"{"or":[{"books":{"some":{}}},{"parent":{"null":true}}]}"#;
        let rights = stage.all_rights().rule("genres", &[Verb::Read], rule);
        let tx = stage.session(rights).begin().await.unwrap();
        let locked = Genre::query(&tx).order_desc(Genre::RANK).limit(5).for_update().all().await;
        assert_eq!(locked.unwrap().len(), 2);
        tx.rollback().await.unwrap();
    })
    .await;
}

async fn names(session: &Session) -> String {
    let all = Genre::query(session).all().await.unwrap();
    all.iter().map(|it| it.name.clone()).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_session_of_a_transaction_that_is_over_is_of_no_use() {
    on_stage(async |stage: &Stage| {
        let tx = stage.system().begin().await.unwrap();
        let kept: Session = (*tx).clone();
        genre(&kept, "a").await;
        tx.commit().await.unwrap();
        assert_eq!(said(Genre::find(&kept, 1).await), "broken: the transaction is over");
    })
    .await;
}
