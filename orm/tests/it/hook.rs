//! What authors say of writes: when they are asked, what they see, and what a refusal undoes.

use std::sync::Arc;

use orm::{Id, Model, Session, Verb, engine, json::parse_object};

use crate::{
    library::{Pledge, Tag},
    outcome::said,
    pledge::Diary,
    shelf::{pledges, tag},
    stage::{Stage, on_stage},
};

#[tokio::test]
async fn they_are_asked_before_the_write_and_after_its_links() {
    on_stage(async |stage| {
        let it = &Scene::of(stage).await;
        let (red, blue) = (tag(&it.system, "red").await, tag(&it.system, "blue").await);
        let made = [Pledge::NAME.set("a"), Pledge::TAGS.add(&[red])];
        let id = Pledge::create(&it.session, made).await.unwrap().id();
        it.check(&["before Create [] name tags: ", "after Create [1] name tags: a(red)"]);
        Pledge::update(&it.session, id, [Pledge::TAGS.replace(&[blue])]).await.unwrap();
        it.check(&["before Update [1] tags: a(red)", "after Update [1] tags: a(blue)"]);
        Pledge::update(&it.session, id, [Pledge::NAME.set("b")]).await.unwrap();
        it.check(&["before Update [1] name: a(blue)", "after Update [1] name: b(blue)"]);
        Pledge::delete(&it.session, id).await.unwrap();
        it.check(&["before Delete [1] : b(blue)", "after Delete [1] : "]);
    })
    .await;
}

#[tokio::test]
async fn whoever_changes_nothing_is_asked_before_and_not_after() {
    on_stage(async |stage| {
        let it = &Scene::of(stage).await;
        let id = it.pledge("a").await;
        Pledge::update(&it.session, id, [Pledge::NAME.set("a")]).await.unwrap();
        it.check(&["before Update [1] name: a()"]);
        let missing = Pledge::update(&it.session, Id::new(404), [Pledge::NAME.set("a")]).await;
        assert_eq!(said(missing), "missing");
        assert_eq!(said(Pledge::delete(&it.session, Id::new(404)).await), "missing");
        it.check(&[]);
    })
    .await;
}

#[tokio::test]
async fn several_records_are_written_under_the_same_eyes() {
    on_stage(async |stage| {
        let it = &Scene::of(stage).await;
        let rows = ["a", "b"].map(|it| [Pledge::NAME.set(it)].into());
        Pledge::create_many(&it.session, rows.into()).await.unwrap();
        it.check(&["before Create [] name: ", "after Create [1, 2] name: a() b()"]);
        let all = || Pledge::ID.gte(0);
        let change = [Pledge::NAME.set("c")];
        Pledge::update_where(&it.session, all(), change, 10).await.unwrap();
        it.check(&["before Update [1, 2] name: a() b()", "after Update [1, 2] name: c() c()"]);
        Pledge::delete_where(&it.session, all(), 10).await.unwrap();
        it.check(&["before Delete [1, 2] : c() c()", "after Delete [1, 2] : "]);
    })
    .await;
}

#[tokio::test]
async fn a_refusal_before_writes_nothing() {
    on_stage(async |stage| {
        let it = &Scene::of(stage).await;
        let id = it.pledge("not before").await;
        let change = || [Pledge::NAME.set("a")];
        assert_eq!(said(Pledge::update(&it.session, id, change()).await), "unwanted");
        assert_eq!(said(Pledge::create(&it.session, change()).await), "unwanted");
        assert_eq!(said(Pledge::delete(&it.session, id).await), "unwanted");
        let all = Pledge::ID.gte(0);
        assert_eq!(said(Pledge::update_where(&it.session, all, change(), 10).await), "unwanted");
        let all = Pledge::ID.gte(0);
        assert_eq!(said(Pledge::delete_where(&it.session, all, 10).await), "unwanted");
        assert_eq!(pledges(&it.system).await, "not before()");
    })
    .await;
}

#[tokio::test]
async fn a_refusal_after_undoes_everything_and_dooms_the_transaction() {
    on_stage(async |stage| {
        let it = &Scene::of(stage).await;
        let red = tag(&it.system, "red").await;
        let id = it.pledge("a").await;
        let bad = || [Pledge::NAME.set("not after"), Pledge::TAGS.add(&[red])];
        assert_eq!(said(Pledge::create(&it.session, bad()).await), "unwanted");
        assert_eq!(said(Pledge::update(&it.session, id, bad()).await), "unwanted");
        assert_eq!(pledges(&it.system).await, "a()");

        let tx = it.session.begin().await.unwrap();
        Tag::create(&tx, [Tag::NAME.set("blue")]).await.unwrap();
        assert_eq!(said(Pledge::create(&tx, bad()).await), "unwanted");
        assert_ne!(said(tx.commit().await), "done");
        assert_eq!(pledges(&it.system).await, "a()");
        assert_eq!(Tag::query(&it.system).count().await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn rules_judge_what_hooks_have_agreed_to() {
    on_stage(async |stage| {
        let it = &Scene::of(stage).await;
        let id = it.pledge("a").await;
        let rights = stage.all_rights();
        let rights = rights.rule("pledges", &[Verb::Create, Verb::Update], r#"{"name":"a"}"#);
        let narrow = stage.session(rights).with_host(it.diary.clone());
        assert_eq!(said(Pledge::create(&narrow, [Pledge::NAME.set("b")]).await), "denied");
        it.check(&["before Create [] name: a()"]);
        assert_eq!(said(Pledge::update(&narrow, id, [Pledge::NAME.set("b")]).await), "denied");
        assert_eq!(pledges(&it.system).await, "a()");
        // Nobody is asked about what the rule hides or forbids anyway.
        let hidden = stage.all_rights().rule("pledges", &[Verb::Read], r#"{"name":"b"}"#);
        let hidden = stage.session(hidden).with_host(it.diary.clone());
        it.clear();
        assert_eq!(said(Pledge::update(&hidden, id, [Pledge::NAME.set("b")]).await), "missing");
        let denied = stage.session(stage.all_rights().deny("pledges", &[Verb::Update]));
        let denied = denied.with_host(it.diary.clone());
        assert_eq!(said(Pledge::update(&denied, id, [Pledge::NAME.set("b")]).await), "denied");
        it.check(&[]);
    })
    .await;
}

#[tokio::test]
async fn the_words_of_a_model_stand_in_bodies_and_reach_its_hooks() {
    on_stage(async |stage| {
        let it = &Scene::of(stage).await;
        for (body, expected) in [
            (r#"{"name":"a","force":true}"#, "done"),
            (r#"{"name":"b","force":false,"quietly":true}"#, "done"),
            (r#"{"name":"c","force":1}"#, "invalid: /force wrong_type"),
            (r#"{"name":"c","force":null}"#, "invalid: /force wrong_type"),
            (r#"{"name":"c","forced":true}"#, "invalid: /forced unknown_field"),
        ] {
            let found = said(post(&it.session, body).await);
            assert!(found.starts_with(expected), "{body} {found}");
        }
        it.check(&[
            "before Create [] name forced: ",
            "after Create [1] name forced: a()",
            "before Create [] name: a()",
            "after Create [2] name: a() b()",
        ]);
    })
    .await;
}

async fn post(session: &Session, body: &str) -> orm::Result<()> {
    let model = session.schema().by_table("pledges").unwrap();
    let body = parse_object(body.as_bytes())?;
    let mut judge = orm::Judge::new(session);
    let (changes, faults) = orm::parse_changes(&mut judge, model, &body, orm::Purpose::Create, "");
    judge.verdict()?;
    orm::accept(faults)?;
    engine::create(session, model, changes).await.map(drop)
}

/// Somebody whose writes are watched.
struct Scene {
    system: Session,
    session: Session,
    diary: Arc<Diary>,
}

impl Scene {
    async fn of(stage: &Stage) -> Self {
        let diary = Arc::new(Diary::default());
        let session = stage.session(stage.all_rights()).with_host(diary.clone());
        Self { system: stage.system(), session, diary }
    }

    /// A pledge that nobody has watched.
    async fn pledge(&self, name: &str) -> Id<Pledge> {
        Pledge::create(&self.system, [Pledge::NAME.set(name)]).await.unwrap().id()
    }

    fn clear(&self) {
        self.diary.0.lock().unwrap().clear();
    }

    /// Compares what has been noted since the last time.
    #[track_caller]
    fn check(&self, expected: &[&str]) {
        let found = std::mem::take(&mut *self.diary.0.lock().unwrap());
        assert_eq!(found, expected);
    }
}
