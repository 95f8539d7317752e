//! What authors are told once their records stand, and what they give records before.

use std::{sync::Arc, time::Duration};

use orm::{Error, Id, Model, Session};
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time,
};

use crate::{
    fine::Listener,
    library::Fine,
    outcome::said,
    stage::{Stage, on_stage},
};

#[tokio::test]
async fn an_author_is_told_of_every_set_outside_of_its_transaction() {
    on_stage(async |stage| {
        let mut it = Scene::of(stage);
        let id = it.create("a").await;
        it.heard("Create [1] a of 1 false").await;
        Fine::update(&it.session, id, [Fine::NAME.set("b")]).await.unwrap();
        it.heard("Update [1] b of 1 false").await;
        let rows = ["c", "d"].map(|it| [Fine::NAME.set(it)].into());
        Fine::create_many(&it.session, rows.into()).await.unwrap();
        it.heard("Create [2, 3] c d of 3 false").await;
        let change = [Fine::NAME.set("e")];
        Fine::update_where(&it.session, Fine::ID.gte(2), change, 9).await.unwrap();
        it.heard("Update [2, 3] e e of 3 false").await;
        Fine::delete_where(&it.session, Fine::ID.gte(2), 9).await.unwrap();
        it.heard("Delete [2, 3]   of 1 false").await;
        Fine::delete(&it.session, id).await.unwrap();
        it.heard("Delete [1]  of 0 false").await;
    })
    .await;
}

#[tokio::test]
async fn it_is_told_after_the_outermost_commit_and_not_of_what_was_undone() {
    on_stage(async |stage| {
        let mut it = Scene::of(stage);
        let session = it.session.clone();
        let done: Result<(), Error> = session
            .transaction(async |tx| {
                create(tx, "first").await;
                let undone: Result<(), Error> = tx
                    .transaction(async |tx| {
                        create(tx, "undone").await;
                        Err(Error::missing())
                    })
                    .await;
                assert_eq!(said(undone), "missing");
                let nested: Result<(), Error> = tx
                    .transaction(async |tx| {
                        create(tx, "second").await;
                        Ok(())
                    })
                    .await;
                assert_eq!(said(nested), "done");
                assert!(it.told.try_recv().is_err(), "nothing stands yet");
                Ok(())
            })
            .await;
        done.unwrap();
        it.heard("Create [1] first of 2 false").await;
        it.heard("Create [3] second of 2 false").await;
        let undone: Result<(), Error> = session
            .transaction(async |tx| {
                create(tx, "undone").await;
                Err(Error::missing())
            })
            .await;
        assert_eq!(said(undone), "missing");
        it.create("last").await;
        it.heard("Create [5] last of 3 false").await;
    })
    .await;
}

#[tokio::test]
async fn a_failure_or_a_panic_is_of_one_alone_and_answers_nobody() {
    on_stage(async |stage| {
        let mut it = Scene::of(stage);
        let session = it.session.clone();
        let done: Result<(), Error> = session
            .transaction(async |tx| {
                for name in ["failure", "panic", "sound"] {
                    create(tx, name).await;
                }
                Ok(())
            })
            .await;
        done.unwrap();
        it.heard("Create [3] sound of 3 false").await;
    })
    .await;
}

#[tokio::test]
async fn what_changes_nothing_is_not_told() {
    on_stage(async |stage| {
        let mut it = Scene::of(stage);
        let id = it.create("a").await;
        it.heard("Create [1] a of 1 false").await;
        let quiet = stage.session(stage.all_rights());
        Fine::update(&quiet, id, [Fine::CODE.set("a>a")]).await.unwrap();
        Fine::update(&it.session, id, [Fine::NAME.set("a")]).await.unwrap();
        it.create("b").await;
        it.heard("Create [2] b of 2 false").await;
    })
    .await;
}

#[tokio::test]
async fn a_hook_before_the_write_gives_each_record_its_own() {
    on_stage(async |stage| {
        let it = Scene::of(stage);
        let rows = ["a", "b"].map(|it| [Fine::NAME.set(it)].into());
        let ids = Fine::create_many(&it.session, rows.into()).await.unwrap();
        assert_eq!(it.codes().await, ">a >b");
        Fine::update(&it.session, ids[0], [Fine::NAME.set("c")]).await.unwrap();
        assert_eq!(it.codes().await, "a>c >b");
        let change = [Fine::NAME.set("d")];
        assert_eq!(Fine::update_where(&it.session, Fine::ID.gte(0), change, 9).await.unwrap(), 2);
        assert_eq!(it.codes().await, "c>d b>d");
        it.create("e").await;
        assert_eq!(it.codes().await, "c>d b>d >e");
    })
    .await;
}

async fn create(session: &Session, name: &str) -> Id<Fine> {
    Fine::create(session, [Fine::NAME.set(name)]).await.unwrap().id()
}

/// Somebody whose writes are told of.
struct Scene {
    session: Session,
    told: UnboundedReceiver<String>,
}

impl Scene {
    fn of(stage: &Stage) -> Self {
        let (sender, told) = unbounded_channel();
        let session = stage.session(stage.all_rights()).with_host(Arc::new(Listener(sender)));
        Self { session, told }
    }

    async fn create(&self, name: &str) -> Id<Fine> {
        create(&self.session, name).await
    }

    async fn codes(&self) -> String {
        let all = Fine::query(&self.session).order(Fine::ID).all().await.unwrap();
        let codes: Vec<String> = all.iter().map(|it| it.code.clone().unwrap()).collect();
        codes.join(" ")
    }

    /// Waits for what is told next.
    async fn heard(&mut self, expected: &str) {
        let told = time::timeout(Duration::from_secs(20), self.told.recv()).await;
        assert_eq!(told.unwrap().unwrap(), expected);
    }
}
