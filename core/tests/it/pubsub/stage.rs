//! A broker for one test: in a namespace of its own, and a test can have it fail.

use std::{sync::Arc, time::Duration};

use artel_core::{
    pubsub::{self, Heard, MemoryBroker, Options, PubSub, Subscription},
    settings::SecretString,
};
use artel_testing::{Proxy, TestBroker, TestDb};
use orm::{Pool, PoolOptions, Uuid};
use tokio::time;

/// How long anything that must happen may take.
const DEADLINE: Duration = Duration::from_secs(30);

/// What those who take part in a test are connected to.
pub(crate) struct Stage {
    broker: Broker,
    namespace: String,
}

enum Broker {
    Memory(MemoryBroker),
    Pg { database: TestDb, proxy: Proxy },
    Redis { url: SecretString, proxy: Proxy },
    Nats { url: SecretString, proxy: Proxy },
}

impl Stage {
    pub(crate) async fn memory() -> Self {
        Self::of(Broker::Memory(MemoryBroker::new()))
    }

    pub(crate) async fn pg() -> Self {
        let database = TestDb::empty().await;
        let proxy = Proxy::to(database.upstream()).await;
        Self::of(Broker::Pg { database, proxy })
    }

    pub(crate) async fn redis() -> Self {
        let server = TestBroker::redis().await;
        let proxy = Proxy::to(server.upstream()).await;
        Self::of(Broker::Redis { url: server.url_through(&proxy).into(), proxy })
    }

    pub(crate) async fn nats() -> Self {
        let server = TestBroker::nats().await;
        let proxy = Proxy::to(server.upstream()).await;
        Self::of(Broker::Nats { url: server.url_through(&proxy).into(), proxy })
    }

    fn of(broker: Broker) -> Self {
        let id = Uuid::new_v4().simple().to_string();
        Self { broker, namespace: format!("t_{}", &id[..12]) }
    }

    /// What the topics of this test begin with.
    pub(crate) fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Where a broker that has an address is reached.
    pub(crate) fn url(&self) -> Option<&SecretString> {
        match &self.broker {
            Broker::Redis { url, .. } | Broker::Nats { url, .. } => Some(url),
            Broker::Memory(_) | Broker::Pg { .. } => None,
        }
    }

    /// How most take part: the heartbeat is quick, and patient with a slow machine.
    pub(crate) fn options(&self) -> Options {
        Options {
            namespace: self.namespace.clone(),
            beat_every: Duration::from_millis(100),
            pause: [Duration::from_millis(10), Duration::from_millis(100)],
            ..Options::default()
        }
    }

    /// One more process.
    pub(crate) fn join(&self) -> Arc<dyn PubSub> {
        self.join_with(self.options())
    }

    /// One more process, which has its own way.
    pub(crate) fn join_with(&self, options: Options) -> Arc<dyn PubSub> {
        match &self.broker {
            Broker::Memory(broker) => pubsub::memory(broker, options),
            Broker::Pg { database, proxy } => {
                pubsub::pg(pool(&database.url_through(proxy), 4), options)
            }
            Broker::Redis { url, .. } => pubsub::redis(url, options),
            Broker::Nats { url, .. } => pubsub::nats(url, options),
        }
        .unwrap()
    }

    /// Ends the connections there are.
    pub(crate) fn sever(&self) {
        self.harm(MemoryBroker::sever, Proxy::sever);
    }

    /// Ends the connections there are, and refuses new ones.
    pub(crate) fn cut(&self) {
        self.harm(MemoryBroker::cut, Proxy::cut);
    }

    /// Lets nothing through, and ends nothing.
    pub(crate) fn swallow(&self) {
        self.harm(MemoryBroker::swallow, Proxy::swallow);
    }

    /// All is well again.
    pub(crate) fn restore(&self) {
        self.harm(MemoryBroker::restore, Proxy::restore);
    }

    fn harm(&self, in_memory: fn(&MemoryBroker), on_the_way: fn(&Proxy)) {
        match &self.broker {
            Broker::Memory(broker) => in_memory(broker),
            Broker::Pg { proxy, .. } | Broker::Redis { proxy, .. } | Broker::Nats { proxy, .. } => {
                on_the_way(proxy);
            }
        }
    }

    /// The end of the test.
    pub(crate) async fn leave(self) {
        match self.broker {
            Broker::Memory(_) | Broker::Redis { .. } | Broker::Nats { .. } => {}
            Broker::Pg { database, proxy } => {
                drop(proxy);
                database.drop().await;
            }
        }
    }
}

/// Connections to a database of a test.
pub(crate) fn pool(url: &str, size: usize) -> Pool {
    Pool::open(&PoolOptions {
        url: url.to_owned(),
        size: Some(size),
        acquire_timeout: Duration::from_secs(10),
        statement_timeout: Duration::from_secs(60),
        application_name: "artel tests".into(),
    })
    .unwrap()
}

/// Listens, and waits until that is in force.
pub(crate) async fn listen(to: &Arc<dyn PubSub>, topic: &str) -> Subscription {
    let mut subscription = to.subscribe(topic).unwrap();
    assert_eq!(next(&mut subscription).await, Some(Heard::Gap));
    subscription
}

/// What is heard next.
#[track_caller]
pub(crate) fn next(subscription: &mut Subscription) -> impl Future<Output = Option<Heard>> {
    in_time(subscription.next())
}

/// The text of the message that is heard next, which is no gap.
pub(crate) async fn text(subscription: &mut Subscription) -> String {
    match next(subscription).await {
        Some(Heard::Message(text)) => text.to_string(),
        other => panic!("a message was expected, not {other:?}"),
    }
}

/// Waits until something holds.
pub(crate) async fn until(mut holds: impl AsyncFnMut() -> bool) {
    in_time(async {
        while !holds().await {
            time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

/// What must happen within the deadline.
pub(crate) async fn in_time<T>(work: impl Future<Output = T>) -> T {
    time::timeout(DEADLINE, work).await.expect("it happens in time")
}
