//! Stored computed fields worked out anew: after their definition has changed, or on demand.

use orm::{
    Decimal, Error, Id, Model, Session,
    engine::{self, Recompute},
};

use crate::{
    outcome::said,
    shop::{Account, Order, OrderLine},
    stage::on_stage,
};

#[tokio::test]
async fn only_what_changed_its_definition_is_worked_out() {
    on_stage(async |stage| {
        let session = &stage.system();
        let account = shop(session, 3).await;
        assert!(recompute(session, Recompute::Changed).await.0 > 0, "nothing is known at first");
        spoil(session).await;
        assert_eq!(recompute(session, Recompute::Changed).await, (0, Vec::new()));
        assert_eq!(turnover(session, account).await, "7.00");
        // As a program would that computes the field in another way.
        let other = "update computed_fields set definition = '0: ' \
                     where model = 'accounts' and field = 'turnover'";
        session.sql(other, &[]).await.unwrap();
        let (records, told) = recompute(session, Recompute::Changed).await;
        assert_eq!(
            (records, told),
            (
                1,
                vec!["accounts turnover 0/1", "accounts turnover 1/1"]
                    .into_iter()
                    .map(String::from)
                    .collect()
            )
        );
        assert_eq!(turnover(session, account).await, "30.00");
        assert_eq!(recompute(session, Recompute::Changed).await.0, 0);
    })
    .await;
}

#[tokio::test]
async fn one_model_or_all_are_worked_out_on_demand_with_what_follows() {
    on_stage(async |stage| {
        let session = &stage.system();
        let account = shop(session, 2).await;
        spoil(session).await;
        assert_eq!(recompute(session, Recompute::Model("rates")).await.0, 0);
        recompute(session, Recompute::Model("orders")).await;
        assert_eq!(net(session).await, "10.00 10.00");
        assert_eq!(turnover(session, account).await, "7.00");
        recompute(session, Recompute::All).await;
        assert_eq!(turnover(session, account).await, "20.00");
    })
    .await;
}

#[tokio::test]
async fn whoever_was_stopped_goes_on_where_they_were() {
    on_stage(async |stage| {
        let session = &stage.system();
        shop(session, 4).await;
        recompute(session, Recompute::Changed).await;
        spoil(session).await;
        let stopped = "update computed_fields set position = \
                       (select id from orders order by id offset 1 limit 1) where model = 'orders'";
        session.sql(stopped, &[]).await.unwrap();
        let (records, _) = recompute(session, Recompute::Changed).await;
        // Fields of one record are worked out together, those of orders in two stages.
        assert!(records >= 2, "{records}");
        assert_eq!(net(session).await, "5.00 5.00 10.00 10.00");
    })
    .await;
}

#[tokio::test]
async fn it_is_work_of_the_system() {
    on_stage(async |stage| {
        let session = stage.session(stage.all_rights());
        let refused: orm::Result<i64, Error> =
            engine::recompute(&session, Recompute::All, |_| ()).await;
        assert_eq!(said(refused), "denied");
        engine::recompute(&stage.system(), Recompute::All, |_| ()).await.unwrap();
    })
    .await;
}

/// An account with orders of one line of 10.00 each.
async fn shop(session: &Session, orders: usize) -> Id<Account> {
    let account = Account::create(session, [Account::NAME.set("Ann")]).await.unwrap().id();
    for _ in 0..orders {
        let order = [Order::NAME.set("a"), Order::ACCOUNT.set(account)];
        let order = Order::create(session, order).await.unwrap().id();
        let line = [
            OrderLine::ORDER.set(order),
            OrderLine::QTY.set(Decimal::ONE),
            OrderLine::PRICE.set(Decimal::TEN),
        ];
        OrderLine::create(session, line).await.unwrap();
    }
    account
}

/// Makes the sums wrong behind the engine's back.
async fn spoil(session: &Session) {
    session.sql("update orders set net = 5", &[]).await.unwrap();
    session.sql("update accounts set turnover = 7", &[]).await.unwrap();
}

async fn recompute(session: &Session, which: Recompute<'_>) -> (i64, Vec<String>) {
    let mut told = Vec::new();
    let records = engine::recompute(session, which, |it| {
        told.push(format!("{} {} {}/{}", it.model, it.fields.join(","), it.done, it.total));
    });
    let records = records.await.unwrap();
    told.dedup();
    (records, told)
}

async fn turnover(session: &Session, account: Id<Account>) -> String {
    format!("{:.2}", *Account::find(session, account).await.unwrap().turnover)
}

async fn net(session: &Session) -> String {
    let orders = Order::query(session).order(Order::ID).all().await.unwrap();
    orders.iter().map(|it| format!("{:.2}", *it.net)).collect::<Vec<_>>().join(" ")
}
