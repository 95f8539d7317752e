//! Messages of records: kept with the write, delivered at least once, in order of each record.

use std::{future, sync::Arc, time::Duration};

use orm::{
    Error, Id, Model, Session,
    chrono::TimeDelta,
    engine::{
        Delivery, Outbox, deliver_next, drop_delivery, keep_failure, outbox, retry_deliveries,
        stuck_deliveries,
    },
};
use tokio::{sync::oneshot, time};

use crate::{
    fine::Sender,
    library::{Fine, Genre},
    outcome::said,
    shelf::genre,
    stage::on_stage,
};

#[tokio::test]
async fn what_is_sent_with_a_write_is_delivered_once_it_stands() {
    on_stage(async |stage| {
        let system = &stage.system();
        let sender = stage.session(stage.all_rights()).with_host(Arc::new(Sender));
        let id = Fine::create(&sender, [Fine::NAME.set("a")]).await.unwrap().id();
        Fine::update(&sender, id, [Fine::NAME.set("b")]).await.unwrap();
        assert_eq!(delivered(system).await, "fines fines/1 Create");
        assert_eq!(delivered(system).await, "fines fines/1 Update");
        assert_eq!(delivered(system).await, "nothing");

        let undone: Result<(), Error> = sender
            .transaction(async |tx| {
                Fine::update(tx, id, [Fine::NAME.set("c")]).await?;
                assert_eq!(delivered(system).await, "nothing");
                Err(Error::missing())
            })
            .await;
        assert_eq!(said(undone), "missing");
        assert_eq!(delivered(system).await, "nothing");
        assert_eq!(counted(system).await, (0, 0));
    })
    .await;
}

#[tokio::test]
async fn two_who_deliver_keep_the_order_of_each_record() {
    on_stage(async |stage| {
        let (one, other) = (&stage.system(), &stage.system());
        for (record, what) in [(1, "first"), (1, "second"), (2, "aside")] {
            send(one, record, what).await;
        }
        let tried = deliver_next(one, async |_, it| {
            assert_eq!(it.payload::<String>()?, "first");
            assert_eq!(delivered(other).await, "notes fines/2 aside");
            assert_eq!(delivered(other).await, "nothing");
            Ok::<_, Error>(())
        });
        assert!(tried.await.unwrap().unwrap().1.is_ok());
        assert_eq!(delivered(other).await, "notes fines/1 second");
    })
    .await;
}

#[tokio::test]
async fn the_order_is_that_of_the_commits() {
    on_stage(async |stage| {
        let system = &stage.system();
        let earlier = system.begin().await.unwrap();
        send(&earlier, 1, "earlier").await;
        let later = async {
            send(system, 1, "later").await;
        };
        let commit = async {
            // Until the other one waits for its turn.
            let waits = "select count(*)::text from pg_locks where locktype = 'advisory' \
                and not granted and database = (select oid from pg_database \
                where datname = current_database())";
            while system.sql(waits, &[]).await.unwrap()[0][0].as_deref() != Some("1") {}
            assert_eq!(delivered(system).await, "nothing");
            earlier.commit().await.unwrap();
        };
        let both = async { tokio::join!(later, commit) };
        time::timeout(Duration::from_secs(20), both).await.unwrap();
        assert_eq!(delivered(system).await, "notes fines/1 earlier");
        assert_eq!(delivered(system).await, "notes fines/1 later");
    })
    .await;
}

#[tokio::test]
async fn one_that_failed_is_tried_later_and_holds_up_its_record_alone() {
    on_stage(async |stage| {
        let system = &stage.system();
        for (record, what) in [(1, "first"), (1, "second"), (2, "aside")] {
            send(system, record, what).await;
        }
        let due_at = system.now() + TimeDelta::seconds(60);
        let failed = fail(system).await;
        keep_failure(system, &failed, "unavailable", Some(due_at)).await.unwrap();
        // Of a second one that tried it at the same time, nothing is counted.
        keep_failure(system, &failed, "internal", Some(due_at)).await.unwrap();
        let stuck = stuck_deliveries(system, 9).await.unwrap();
        assert_eq!(
            (stuck[0].delivery.attempts, stuck[0].error.as_deref()),
            (1, Some("unavailable"))
        );
        assert_eq!(delivered(system).await, "notes fines/2 aside");
        assert_eq!(delivered(system).await, "nothing");
        let later = system.at(due_at);
        assert_eq!(delivered(&later).await, "notes fines/1 first");
        assert_eq!(delivered(&later).await, "notes fines/1 second");
    })
    .await;
}

#[tokio::test]
async fn one_that_is_parked_waits_until_somebody_says_what_becomes_of_it() {
    on_stage(async |stage| {
        let system = &stage.system();
        for what in ["first", "second", "third"] {
            send(system, 1, what).await;
        }
        for what in ["first", "second"] {
            let failed = fail(system).await;
            assert_eq!(failed.payload::<String>().unwrap(), what);
            keep_failure(system, &failed, "internal", None).await.unwrap();
            let later = system.at(system.now() + TimeDelta::days(9));
            assert_eq!(delivered(&later).await, "nothing");
            assert_eq!(counted(system).await.1, 1);
            if what == "first" {
                assert_eq!(retry_deliveries(system, None).await.unwrap(), 1);
                assert_eq!(delivered(system).await, "notes fines/1 first");
            } else {
                assert!(drop_delivery(system, failed.id).await.unwrap());
                assert!(!drop_delivery(system, failed.id).await.unwrap());
                assert_eq!(delivered(system).await, "notes fines/1 third");
            }
        }
        assert_eq!(counted(system).await, (0, 0));
    })
    .await;
}

#[tokio::test]
async fn what_is_cut_off_behind_its_effect_is_delivered_again() {
    on_stage(async |stage| {
        let system = &stage.system();
        send(system, 1, "first").await;
        let (reached, effect) = oneshot::channel();
        let cut = deliver_next(system, async |tx, _| {
            genre(tx, "half").await;
            reached.send(()).unwrap();
            future::pending::<Result<(), Error>>().await
        });
        tokio::select! {
            _ = cut => panic!("it never ends"),
            it = effect => it.unwrap(),
        }
        // The server lets go of the message when it sees that its connection is gone.
        let again = async {
            loop {
                match delivered(system).await.as_str() {
                    "nothing" => {}
                    found => return found.to_owned(),
                }
            }
        };
        let again = time::timeout(Duration::from_secs(20), again).await.unwrap();
        assert_eq!(again, "notes fines/1 first");
        assert_eq!(Genre::query(system).count().await.unwrap(), 0, "what it wrote went with it");
    })
    .await;
}

#[tokio::test]
async fn what_a_delivery_writes_is_committed_with_its_end() {
    on_stage(async |stage| {
        let system = &stage.system();
        send(system, 1, "first").await;
        let tried = deliver_next(system, async |tx, _| {
            genre(tx, "undone").await;
            Err(Error::missing())
        });
        assert_eq!(said(tried.await.unwrap().unwrap().1), "missing");
        let tried = deliver_next(system, async |tx, _| {
            genre(tx, "kept").await;
            Ok::<_, Error>(())
        });
        assert_eq!(said(tried.await.unwrap().unwrap().1), "done");
        let all = Genre::query(system).all().await.unwrap();
        assert_eq!(all.iter().map(|it| &*it.name).collect::<Vec<_>>(), ["kept"]);
    })
    .await;
}

#[tokio::test]
async fn nobody_but_the_system_delivers() {
    on_stage(async |stage| {
        let ann = stage.session(stage.all_rights());
        let tried = deliver_next(&ann, async |_, _| Ok::<_, Error>(())).await;
        assert_eq!(said(tried), "denied");
        assert_eq!(said(outbox(&ann).await), "denied");
        assert_eq!(said(stuck_deliveries(&ann, 1).await), "denied");
        assert_eq!(said(retry_deliveries(&ann, None).await), "denied");
        assert_eq!(said(drop_delivery(&ann, 1).await), "denied");
        // Sending is what code does for anybody.
        send(&ann, 1, "first").await;
        assert_eq!(delivered(&stage.system()).await, "notes fines/1 first");
    })
    .await;
}

async fn send(session: &Session, record: i64, what: &str) {
    session.enqueue("notes", Id::<Fine>::new(record), &what).await.unwrap();
}

/// Delivers what comes next, and says what it was.
async fn delivered(session: &Session) -> String {
    let tried = deliver_next(session, async |_, _| Ok::<_, Error>(())).await.unwrap();
    let Some((it, outcome)) = tried else { return "nothing".to_owned() };
    assert_eq!(said(outcome), "done");
    let payload: String = it.payload().unwrap();
    format!("{} {}/{} {payload}", it.topic, it.model, it.record_id)
}

/// Tries what comes next in vain.
async fn fail(session: &Session) -> Delivery {
    let tried = deliver_next(session, async |_, _| Err(Error::refused("unwanted"))).await;
    tried.unwrap().unwrap().0
}

async fn counted(session: &Session) -> (i64, i64) {
    let Outbox { waiting, failed } = outbox(session).await.unwrap();
    (waiting, failed)
}
