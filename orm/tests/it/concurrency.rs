//! Two who write at once: nobody's change is lost, and nobody sees half of one.

use std::pin::pin;

use futures_util::{
    FutureExt,
    future::{self, Either},
};
use orm::{Error, Id, Model, Session, Tx, Verb, engine};
use tokio::task;

use crate::{
    library::{Book, Genre, Tag},
    outcome::said,
    shelf::{book, genre, tag, tags},
    stage::{Stage, on_stage},
};

#[tokio::test]
async fn two_changes_of_one_row_both_count() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = genre(system, "a").await;
        let first = system.begin().await.unwrap();
        Genre::update(&first, id, [Genre::RANK.set(1)]).await.unwrap();
        let second = Genre::update(system, id, [Genre::IS_OPEN.set(false)]);
        let changed = blocked(stage, second, commit(first)).await.unwrap();
        assert_eq!((changed.version(), changed.rank, changed.is_open), (3, Some(1), false));
    })
    .await;
}

#[tokio::test]
async fn two_who_link_one_record_with_different_ones_both_count() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = book(system, "a").await;
        let (red, blue) = (tag(system, "red").await, tag(system, "blue").await);
        let first = system.begin().await.unwrap();
        Book::update(&first, id, [Book::TAGS.add(&[red])]).await.unwrap();
        let second = Book::update(system, id, [Book::TAGS.add(&[blue])]);
        assert_eq!(blocked(stage, second, commit(first)).await.unwrap().version(), 3);
        assert_eq!(tags(system, id).await, "blue red");
    })
    .await;
}

#[tokio::test]
async fn who_links_two_records_from_one_side_does_not_wait_for_the_other() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = book(system, "a").await;
        let red = tag(system, "red").await;
        let first = system.begin().await.unwrap();
        Tag::update(&first, red, [Tag::BOOKS.add(&[book(system, "b").await])]).await.unwrap();
        Book::update(system, id, [Book::TAGS.add(&[red])]).await.unwrap();
        commit(first).await;
        assert_eq!(tags(system, id).await, "red");
    })
    .await;
}

#[tokio::test]
async fn of_two_who_demand_one_version_one_loses() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = genre(system, "a").await;
        let model = system.schema().by_table("genres").unwrap();
        let first = system.begin().await.unwrap();
        Genre::update(&first, id, [Genre::RANK.set(1)]).await.unwrap();
        let changes = vec![("is_open", orm::Value::Bool(false))].into();
        let second = engine::update(system, model, id.get(), changes, Some(1));
        assert_eq!(said(blocked(stage, second, commit(first)).await), "version is 2");
    })
    .await;
}

#[tokio::test]
async fn a_row_that_becomes_writable_meanwhile_is_written() {
    on_stage(async |stage| {
        let id = genre(&stage.system(), "a").await;
        let verbs = [Verb::Update, Verb::Delete];
        let rights = stage.all_rights().rule("genres", &verbs, r#"{"rank":1}"#);
        let session = &stage.session(rights);
        let change = Genre::update(session, id, [Genre::NAME.set("b")]);
        let changed = opened_meanwhile(stage, id, change).await.unwrap();
        assert_eq!((&*changed.name, changed.version()), ("b", 3));
        let other = genre(&stage.system(), "other").await;
        opened_meanwhile(stage, other, Genre::delete(session, other)).await.unwrap();
        assert_eq!(said(Genre::find(session, other).await), "missing");
    })
    .await;
}

/// Runs `write` while another transaction holds the row and opens it to the writer.
async fn opened_meanwhile<T>(
    stage: &Stage,
    id: Id<Genre>,
    write: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let holder = stage.system().begin().await.unwrap();
    Genre::update(&holder, id, [Genre::RANK.set(1)]).await.unwrap();
    blocked(stage, write, commit(holder)).await
}

#[tokio::test]
async fn a_value_that_is_written_over_meanwhile_is_written_again() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = genre(system, "a").await;
        let holder = system.begin().await.unwrap();
        Genre::update(&holder, id, [Genre::NAME.set("b")]).await.unwrap();
        // Nothing would change, as far as this one can see.
        let write = Genre::update(system, id, [Genre::NAME.set("a")]);
        assert_eq!(blocked(stage, write, commit(holder)).await.unwrap().name, "a");
        assert_eq!(Genre::find(system, id).await.unwrap().name, "a");
    })
    .await;
}

#[tokio::test]
async fn a_generated_write_that_loses_a_deadlock_is_tried_again() {
    on_stage(async |stage| {
        let system = &stage.system();
        for name in ["first", "second", "third"] {
            genre(system, name).await;
        }
        // It holds the first row and waits for the second, while another holds the third and
        // waits for the first: going on to the third, it closes the circle and is the one to go.
        let second = lock(system, 2).await;
        let third = lock(system, 3).await;
        third.sql("set local deadlock_timeout = '1h'", &[]).await.unwrap();
        let all = Genre::update_where(system, Genre::ID.gt(0), [Genre::IS_OPEN.set(false)], 9);
        let patient = async {
            let waits = Genre::update(&third, 1, [Genre::RANK.set(7)]);
            let go_on = async {
                wait_for_locks(stage, 2).await;
                commit(second).await;
            };
            future::join(waits, go_on).await.0.unwrap();
            commit(third).await;
        };
        assert_eq!(blocked(stage, all, patient).await.unwrap(), 3);
        let first = Genre::find(system, 1).await.unwrap();
        assert_eq!((first.rank, first.is_open, first.version()), (Some(7), false, 3));
    })
    .await;
}

#[tokio::test]
async fn a_deadlock_inside_of_a_transaction_is_its_owner_s_to_repeat() {
    on_stage(async |stage| {
        let system = &stage.system();
        genre(system, "first").await;
        genre(system, "second").await;
        let one = lock(system, 1).await;
        let other = lock(system, 2).await;
        one.sql("set local deadlock_timeout = '1h'", &[]).await.unwrap();
        let change = || [Genre::RANK.set(7)];
        let waits = Genre::update(&one, 2, change());
        let closes = async {
            let outcome = Genre::update(&other, 1, change()).await;
            assert!(outcome.unwrap_err().is_busy());
            other.rollback().await.unwrap();
        };
        blocked(stage, waits, closes).await.unwrap();
        commit(one).await;
    })
    .await;
}

#[tokio::test]
async fn an_operation_that_is_given_up_leaves_nothing_behind() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = genre(system, "a").await;
        let holder = lock(system, id.get()).await;
        {
            let mut waits = Box::pin(Genre::update(system, id, [Genre::NAME.set("b")]));
            while !is_waiting(stage, 1).await {
                assert!(waits.as_mut().now_or_never().is_none());
                task::yield_now().await;
            }
        }
        holder.commit().await.unwrap();
        Genre::update(system, id, [Genre::RANK.set(1)]).await.unwrap();
        assert_eq!(Genre::find(system, id).await.unwrap().name, "a");
    })
    .await;
}

/// A transaction that holds a row.
async fn lock(session: &Session, id: i64) -> Tx {
    let tx = session.begin().await.unwrap();
    let held = Genre::query(&tx).filter(Genre::ID.eq(id)).for_update().all().await.unwrap();
    assert_eq!(held.len(), 1);
    tx
}

async fn commit(tx: Tx) {
    tx.commit().await.unwrap();
}

/// Begins `work`, and as soon as it waits for a lock, also what lets it go on.
async fn blocked<T>(
    stage: &Stage,
    work: impl Future<Output = T>,
    let_go_on: impl Future<Output = ()>,
) -> T {
    let mut work = pin!(work);
    match future::select(work.as_mut(), pin!(wait_for_locks(stage, 1))).await {
        Either::Left(_) => panic!("it was over before anybody had to wait"),
        Either::Right(_) => future::join(work, let_go_on).await.0,
    }
}

/// Until so many wait for a lock.
async fn wait_for_locks(stage: &Stage, count: usize) {
    while !is_waiting(stage, count).await {
        task::yield_now().await;
    }
}

async fn is_waiting(stage: &Stage, count: usize) -> bool {
    let waiting = "select pid::text from pg_stat_activity \
                   where datname = current_database() and wait_event_type = 'Lock'";
    stage.system().sql(waiting, &[]).await.unwrap().len() >= count
}
