//! Messages of records on their way through an environment that serves, or two of them.

use std::{cell::RefCell, sync::Arc, time::Duration};

use artel_core::{
    Delivery, Environment, Error, Module, Result, Session, Settings, Setup, settings::Source,
};
use artel_testing::TestApp;
use orm::{BoxFuture, Id, Model, engine};
use partners::{Partner, PartnerTag};
use tokio::{
    sync::{
        Notify,
        mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    },
    time,
};

/// A module that delivers what tests send.
const COURIER: Module = Module {
    name: "courier",
    depends: &[&partners::MODULE],
    setup: |to: &mut Setup| {
        to.outbox("courier.told", deliver).sends("courier.told");
    },
};

thread_local! {
    /// A test and the environments that it starts share one thread, and no other test does.
    static HEARD: RefCell<Option<UnboundedSender<String>>> = RefCell::default();
    static RELEASE: Arc<Notify> = Arc::default();
}

/// Says what came, writes it down as a tag, and fails where it is told to.
fn deliver<'a>(session: &'a Session, delivery: &'a Delivery) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let what: String = delivery.payload()?;
        let (record, attempts) = (delivery.record_id, delivery.attempts);
        HEARD.with_borrow(|it| {
            it.as_ref().unwrap().send(format!("{record} {what} {attempts}")).unwrap();
        });
        PartnerTag::create(session, [PartnerTag::NAME.set(what.clone())]).await?;
        match (&*what, attempts) {
            ("fails", 0) => Err(Error::unavailable("the other side is away")),
            ("panics", 0) => panic!("on purpose"),
            ("waits", _) => {
                RELEASE.with(Arc::clone).notified().await;
                Ok(())
            }
            _ => Ok(()),
        }
    })
}

#[tokio::test]
async fn two_processes_deliver_each_record_in_order_through_failures() {
    let (app, mut heard) = start().await;
    let other = app.beside(&[COURIER]).await;
    let sent = [(1, "a"), (1, "fails"), (2, "b"), (1, "c"), (2, "panics"), (2, "d"), (3, "e")];
    for (record, what) in sent {
        send(&app.session(), record, what).await;
    }
    let mut found = Vec::new();
    for _ in 0..sent.len() + 2 {
        found.push(next(&mut heard).await);
    }
    let of = |record: &str| {
        let own = found.iter().filter_map(|it| it.strip_prefix(record));
        own.collect::<Vec<_>>().join(",")
    };
    assert_eq!(of("1 "), "a 0,fails 0,fails 1,c 0");
    assert_eq!(of("2 "), "b 0,panics 0,panics 1,d 0");
    assert_eq!(of("3 "), "e 0");
    other.stop().await;
    let app = app.restart(&[COURIER]).await;
    assert_eq!(waiting(&app).await, 0);
    // What failed attempts wrote was undone.
    assert_eq!(PartnerTag::query(&app.session()).count().await.unwrap(), 7);
    app.stop().await;
}

#[tokio::test]
async fn nothing_is_delivered_of_what_was_rolled_back() {
    let (app, mut heard) = start().await;
    let undone: Result<()> = app
        .session()
        .transaction(async |tx| {
            send(tx, 1, "undone").await;
            Err(Error::not_found())
        })
        .await;
    assert!(undone.is_err());
    send(&app.session(), 1, "stands").await;
    assert_eq!(next(&mut heard).await, "1 stands 0");
    let app = app.restart(&[COURIER]).await;
    assert_eq!(waiting(&app).await, 0);
    app.stop().await;
}

#[tokio::test]
async fn a_stop_waits_for_what_is_being_delivered() {
    let (app, mut heard) = start().await;
    send(&app.session(), 1, "waits").await;
    send(&app.session(), 1, "later").await;
    assert_eq!(next(&mut heard).await, "1 waits 0");
    let release = async { RELEASE.with(Arc::clone).notify_one() };
    let (app, ()) = tokio::join!(app.restart(&[COURIER]), release);
    assert_eq!(next(&mut heard).await, "1 later 0");
    let app = app.restart(&[COURIER]).await;
    assert_eq!(PartnerTag::query(&app.session()).count().await.unwrap(), 2);
    assert_eq!(waiting(&app).await, 0);
    app.stop().await;
}

#[tokio::test]
async fn what_nobody_handles_is_kept_and_said() {
    let (app, mut heard) = start().await;
    let session = app.session();
    session.enqueue("courier.unknown", Id::<Partner>::new(1), &"lost").await.unwrap();
    send(&session, 1, "behind").await;
    send(&session, 2, "aside").await;
    assert_eq!(next(&mut heard).await, "2 aside 0");
    let app = app.restart(&[partners::MODULE]).await;
    let stuck = engine::stuck_deliveries(&app.session(), 9).await.unwrap();
    assert_eq!(stuck[0].delivery.topic, "courier.unknown");
    assert_eq!(stuck[0].error.as_deref(), Some("no_handler"));
    assert_eq!(waiting(&app).await, 2);
    app.stop().await;
}

#[test]
fn a_topic_that_is_sent_and_not_handled_is_a_fault_at_start() {
    const LOST: Module = Module {
        name: "lost",
        depends: &[],
        setup: |to: &mut Setup| {
            to.sends("lost.told");
        },
    };
    let settings = Settings::read(&Source::of([("ARTEL_MODE", "development")])).unwrap();
    let plan = Environment::closure_of(settings, &[LOST]).plan();
    let faults = plan.err().unwrap().to_string();
    assert!(faults.contains("module `lost` sends the topic `lost.told`"), "{faults}");
}

async fn start() -> (TestApp, UnboundedReceiver<String>) {
    let (sender, heard) = unbounded_channel();
    HEARD.set(Some(sender));
    (TestApp::start(&[COURIER]).await, heard)
}

async fn send(session: &Session, record: i64, what: &str) {
    session.enqueue("courier.told", Id::<Partner>::new(record), &what).await.unwrap();
}

/// What is delivered next, however long that takes.
async fn next(heard: &mut UnboundedReceiver<String>) -> String {
    time::timeout(Duration::from_secs(30), heard.recv()).await.unwrap().unwrap()
}

async fn waiting(app: &TestApp) -> i64 {
    engine::outbox(&app.session()).await.unwrap().waiting
}
