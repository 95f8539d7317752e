//! Whoever writes parts of several wholes holds these first, in one order: two of them wait for
//! each other's commit, and never for each other.

use std::pin::pin;

use futures_util::future::{self, Either};
use orm::{Decimal, Id, Model, Session, Tx};
use tokio::task;

use crate::{
    shop::{Order, OrderLine},
    stage::on_stage,
};

#[tokio::test]
async fn a_part_that_moves_holds_both_wholes_before_itself() {
    on_stage(async |stage| {
        let session = &stage.system();
        let (first, second) = (order(session).await, order(session).await);
        let line = line(session, second).await;
        let holder = holder_of(session, first).await;
        // From the second to the first: it is the first that it waits for, with nothing in hand.
        let moving = OrderLine::update(session, line, [OrderLine::ORDER.set(first)]);
        let moved = blocked(session, moving, async {
            Order::update(&holder, second, [Order::NAME.set("b")]).await.unwrap();
            holder.commit().await.unwrap();
        });
        assert_eq!(moved.await.unwrap().order.id(), first);
        assert_eq!([net(session, first).await, net(session, second).await], [1, 0]);
    })
    .await;
}

#[tokio::test]
async fn parts_that_are_changed_by_a_filter_wait_for_their_whole_first() {
    on_stage(async |stage| {
        let session = &stage.system();
        let order = order(session).await;
        let line = line(session, order).await;
        let holder = holder_of(session, order).await;
        let change = [OrderLine::PRICE.set(Decimal::TEN)];
        let changing = OrderLine::update_where(session, OrderLine::ORDER.eq(order), change, 9);
        let changed = blocked(session, changing, async {
            OrderLine::update(&holder, line, [OrderLine::QTY.set(Decimal::TWO)]).await.unwrap();
            holder.commit().await.unwrap();
        });
        assert_eq!(changed.await.unwrap(), 1);
        assert_eq!(net(session, order).await, 20);
    })
    .await;
}

async fn order(session: &Session) -> Id<Order> {
    Order::create(session, [Order::NAME.set("a")]).await.unwrap().id()
}

async fn line(session: &Session, order: Id<Order>) -> Id<OrderLine> {
    let line = [
        OrderLine::ORDER.set(order),
        OrderLine::QTY.set(Decimal::ONE),
        OrderLine::PRICE.set(Decimal::ONE),
    ];
    OrderLine::create(session, line).await.unwrap().id()
}

async fn net(session: &Session, order: Id<Order>) -> i64 {
    let net = *Order::find(session, order).await.unwrap().net;
    i64::try_from(net).unwrap()
}

/// A transaction that holds an order, and that waits for nobody.
async fn holder_of(session: &Session, order: Id<Order>) -> Tx {
    let holder = session.begin().await.unwrap();
    holder.sql("set local lock_timeout = '100ms'", &[]).await.unwrap();
    Order::update(&holder, order, [Order::NAME.set("held")]).await.unwrap();
    holder
}

/// Lets others go on once this waits for them.
async fn blocked<T>(
    session: &Session,
    work: impl Future<Output = T>,
    let_go_on: impl Future<Output = ()>,
) -> T {
    let waiting = "select pid::text from pg_stat_activity \
                   where datname = current_database() and wait_event_type = 'Lock'";
    let waits = pin!(async {
        while session.sql(waiting, &[]).await.unwrap().is_empty() {
            task::yield_now().await;
        }
    });
    match future::select(pin!(work), waits).await {
        Either::Left(_) => panic!("it was over before anybody had to wait"),
        Either::Right(((), work)) => future::join(work, let_go_on).await.0,
    }
}
