//! What follows from other fields does so in the transaction that writes them, whatever the way.

use std::pin::pin;

use futures_util::future::{self, Either};
use orm::{Decimal, Id, Model, Session, engine};
use tokio::task;

use crate::{
    outcome::said,
    shop::{Account, Label, Order, OrderLine, Rate},
    stage::on_stage,
};

#[tokio::test]
async fn a_line_brings_its_own_sums_and_those_of_all_above_it() {
    on_stage(async |stage| {
        let it = &Shop::of(&stage.system()).await;
        let line = it.line(it.order, "2.5", "10.01", Some(it.rate)).await;
        let made = OrderLine::find(&it.session, line).await.unwrap();
        assert_eq!((text(*made.subtotal), text(*made.tax)), ("25.03".into(), "5.01".into()));
        it.line(it.order, "1", "4.97", None).await;
        assert_eq!(it.sums(it.order).await, "30.00 + 5.01 = 35.01 35.01");
        assert_eq!(it.account().await, "30.00 35.01");
    })
    .await;
}

#[tokio::test]
async fn whatever_changes_a_line_moves_the_sums() {
    on_stage(async |stage| {
        let it = &Shop::of(&stage.system()).await;
        let line = it.line(it.order, "1", "10.00", Some(it.rate)).await;
        OrderLine::update(&it.session, line, [OrderLine::QTY.set(Decimal::TWO)]).await.unwrap();
        assert_eq!(it.sums(it.order).await, "20.00 + 4.00 = 24.00 24.00");
        // A field that nothing follows from.
        let rate = it.rate;
        Rate::update(&it.session, rate, [Rate::NAME.set("full")]).await.unwrap();
        // One that another record follows from, and the sums behind it.
        Rate::update(&it.session, rate, [Rate::PERCENT.set(Decimal::TEN)]).await.unwrap();
        assert_eq!(it.sums(it.order).await, "20.00 + 2.00 = 22.00 22.00");
        // Cleared by the database, not by the engine.
        Rate::delete(&it.session, rate).await.unwrap();
        assert_eq!(it.sums(it.order).await, "20.00 + 0.00 = 20.00 20.00");
        let all = OrderLine::ID.gte(0);
        let change = [OrderLine::PRICE.set(Decimal::ONE)];
        OrderLine::update_where(&it.session, all, change, 10).await.unwrap();
        assert_eq!(it.sums(it.order).await, "2.00 + 0.00 = 2.00 2.00");
        OrderLine::delete(&it.session, line).await.unwrap();
        assert_eq!(it.sums(it.order).await, "0.00 + 0.00 = 0.00 0.00");
        assert_eq!(it.account().await, "0.00 0.00");
    })
    .await;
}

#[tokio::test]
async fn a_line_that_moves_changes_both_orders() {
    on_stage(async |stage| {
        let it = &Shop::of(&stage.system()).await;
        let other = it.order("b").await;
        let line = it.line(it.order, "1", "10.00", None).await;
        OrderLine::update(&it.session, line, [OrderLine::ORDER.set(other)]).await.unwrap();
        assert_eq!(it.sums(it.order).await, "0.00 + 0.00 = 0.00 0.00");
        assert_eq!(it.sums(other).await, "10.00 + 0.00 = 10.00 10.00");
        assert_eq!(it.account().await, "10.00 10.00");
    })
    .await;
}

#[tokio::test]
async fn what_falls_with_a_record_is_followed_from_no_more() {
    on_stage(async |stage| {
        let it = &Shop::of(&stage.system()).await;
        it.line(it.order, "1", "10.00", None).await;
        let other = it.order("b").await;
        it.line(other, "1", "3.00", None).await;
        assert_eq!(it.account().await, "13.00 10.00");
        Order::delete(&it.session, it.order).await.unwrap();
        assert_eq!(it.account().await, "3.00 3.00");
        Order::delete_where(&it.session, Order::ID.gte(0), 10).await.unwrap();
        assert_eq!(it.account().await, "0.00 -");
    })
    .await;
}

#[tokio::test]
async fn links_are_followed_from_either_side() {
    on_stage(async |stage| {
        let it = &Shop::of(&stage.system()).await;
        let (light, heavy) = (it.label("light", 1).await, it.label("heavy", 9).await);
        let weight = async || *Order::find(&it.session, it.order).await.unwrap().weight;
        assert_eq!(weight().await, None);
        Order::update(&it.session, it.order, [Order::LABELS.add(&[light])]).await.unwrap();
        assert_eq!(weight().await, Some(1));
        Label::update(&it.session, heavy, [Label::ORDERS.add(&[it.order])]).await.unwrap();
        assert_eq!(weight().await, Some(9));
        Label::update(&it.session, heavy, [Label::WEIGHT.set(5)]).await.unwrap();
        assert_eq!(weight().await, Some(5));
        Label::delete(&it.session, heavy).await.unwrap();
        assert_eq!(weight().await, Some(1));
        Order::update(&it.session, it.order, [Order::LABELS.replace(&[])]).await.unwrap();
        assert_eq!(weight().await, None);
        let made = [Order::NAME.set("c"), Order::LABELS.add(&[light])];
        let made = Order::create(&it.session, made).await.unwrap();
        assert_eq!(*made.weight, Some(1), "the answer holds what followed from the links");
    })
    .await;
}

#[tokio::test]
async fn each_version_rises_once_and_only_where_something_is_new() {
    on_stage(async |stage| {
        let it = &Shop::of(&stage.system()).await;
        let version = async |id| Order::find(&it.session, id).await.unwrap().version();
        let account = async || Account::find(&it.session, it.account).await.unwrap().version();
        assert_eq!((version(it.order).await, account().await), (1, 2));
        it.line(it.order, "1", "10.00", None).await;
        assert_eq!((version(it.order).await, account().await), (2, 3));
        // A line that costs nothing raises the order, which it is a part of, and nothing else.
        it.line(it.order, "0", "10.00", None).await;
        assert_eq!((version(it.order).await, account().await), (3, 3));
    })
    .await;
}

#[tokio::test]
async fn two_who_add_a_line_at_the_same_time_both_count() {
    on_stage(async |stage| {
        let it = &Shop::of(&stage.system()).await;
        let first = it.session.begin().await.unwrap();
        it.line_by(&first, it.order, ("1", "10.00", None)).await;
        let second = pin!(it.line(it.order, "1", "5.00", None));
        let second = waiting(&it.session, second).await;
        first.commit().await.unwrap();
        second.await;
        assert_eq!(it.sums(it.order).await, "15.00 + 0.00 = 15.00 15.00");
        assert_eq!(it.account().await, "15.00 15.00");
    })
    .await;
}

#[tokio::test]
async fn whoever_refers_to_a_record_waits_for_whoever_changes_it() {
    on_stage(async |stage| {
        let it = &Shop::of(&stage.system()).await;
        let first = it.session.begin().await.unwrap();
        Rate::update(&first, it.rate, [Rate::PERCENT.set(Decimal::TEN)]).await.unwrap();
        let second = pin!(it.line(it.order, "1", "10.00", Some(it.rate)));
        let second = waiting(&it.session, second).await;
        first.commit().await.unwrap();
        second.await;
        assert_eq!(it.sums(it.order).await, "10.00 + 1.00 = 11.00 11.00");
    })
    .await;
}

#[tokio::test]
async fn a_new_record_has_the_sums_of_the_lines_that_come_with_it() {
    on_stage(async |stage| {
        let it = &Shop::of(&stage.system()).await;
        let session = &stage.session(stage.all_rights());
        let line = |qty: i64, price: i64| {
            let qty = OrderLine::QTY.set(Decimal::from(qty));
            Order::LINES.create([qty, OrderLine::PRICE.set(Decimal::from(price))])
        };
        let order = async |lines: [_; 2]| {
            let changes = [Order::NAME.set("new")].into_iter().chain(lines);
            Order::create(session, changes.collect::<orm::Changes<_>>()).await.unwrap().id()
        };
        let before = session.statements().count();
        let plain = order([line(2, 10), line(1, 5)]).await;
        // The order and its lines, the way to the account for each of its two sums, the labels, and
        // the sums of the order: neither the order nor its lines are read.
        assert_eq!(session.statements().count() - before, 6);
        assert_eq!(it.sums(plain).await, "25.00 + 0.00 = 25.00 25.00");
        // What a hook has written beside them is there, too.
        let dozen = order([line(12, 10), line(1, 5)]).await;
        assert_eq!(it.sums(dozen).await, "126.00 + 0.00 = 126.00 126.00");
    })
    .await;
}

#[tokio::test]
async fn many_records_are_written_by_one_statement_whatever_follows_for_each() {
    on_stage(async |stage| {
        let it = &Shop::of(&stage.system()).await;
        for price in ["1.00", "2.00", "3.00"] {
            it.line(it.order, "1", price, Some(it.rate)).await;
        }
        let session = stage.session(stage.all_rights());
        let change = [OrderLine::QTY.set(Decimal::TEN)];
        let all = OrderLine::update_where(&session, OrderLine::ID.gte(0), change, 10).await;
        assert_eq!(all.unwrap(), 3);
        assert_eq!(it.sums(it.order).await, "60.00 + 12.00 = 72.00 72.00");
        let three = session.statements().count();
        for _ in 0..30 {
            it.line(it.order, "1", "1.00", Some(it.rate)).await;
        }
        let session = stage.session(stage.all_rights());
        let change = [OrderLine::QTY.set(Decimal::TWO)];
        OrderLine::update_where(&session, OrderLine::ID.gte(0), change, 100).await.unwrap();
        assert_eq!(session.statements().count(), three, "however many records");
        assert_eq!(it.sums(it.order).await, "72.00 + 14.40 = 86.40 86.40");
    })
    .await;
}

#[tokio::test]
async fn what_postgresql_works_out_is_filtered_and_sorted_by() {
    on_stage(async |stage| {
        let it = &Shop::of(&stage.system()).await;
        let other = it.order("b").await;
        it.line(it.order, "1", "10.00", Some(it.rate)).await;
        it.line(other, "1", "11.00", None).await;
        let names = async |query: orm::Query<'_, Order>| {
            let found = query.all().await.unwrap();
            found.iter().map(|it| it.name.clone()).collect::<Vec<_>>().join(" ")
        };
        let orders = || Order::query(&it.session);
        assert_eq!(names(orders().filter(Order::TOTAL.gt(Decimal::from(11)))).await, "a");
        assert_eq!(names(orders().order(Order::TOTAL)).await, "b a");
        let through = OrderLine::ORDER.to(Order::TOTAL).eq(Decimal::from(12));
        assert_eq!(OrderLine::query(&it.session).filter(through).count().await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_record_that_its_checks_refuse_is_not_written() {
    on_stage(async |stage| {
        let it = &Shop::of(&stage.system()).await;
        assert_eq!(
            said(Order::create(&it.session, [Order::NAME.set("")]).await),
            "invalid: /name required"
        );
        assert_eq!(Order::query(&it.session).count().await.unwrap(), 1);
        let rename = Order::update(&it.session, it.order, [Order::NAME.set("")]).await;
        assert_eq!(said(rename), "invalid: /name required");
        let leave = Order::update(&it.session, it.order, [Order::ACCOUNT.set(None)]).await;
        assert_eq!(said(leave), "invalid: /account_id read_only");
        // Naming the same is no change, and what is not named is not looked at.
        Order::update(&it.session, it.order, [Order::ACCOUNT.set(it.account)]).await.unwrap();
        let all =
            Order::update_where(&it.session, Order::ID.gte(0), [Order::NAME.set("")], 9).await;
        assert_eq!(said(all), "invalid: /name required");
        assert_eq!(Order::find(&it.session, it.order).await.unwrap().name, "a");
    })
    .await;
}

#[tokio::test]
async fn a_record_that_only_follows_is_checked_too() {
    on_stage(async |stage| {
        let it = &Shop::of(&stage.system()).await;
        let much = async |price: &str| {
            let line = [
                OrderLine::ORDER.set(it.order),
                OrderLine::QTY.set(Decimal::ONE),
                OrderLine::PRICE.set(price.parse::<Decimal>().unwrap()),
            ];
            said(OrderLine::create(&it.session, line).await)
        };
        assert_eq!(much("600000").await, "done");
        let refused = format!("invalid:  check model=orders id={}", it.order);
        assert_eq!(much("600000").await, refused);
        assert_eq!(OrderLine::query(&it.session).count().await.unwrap(), 1);
        assert_eq!(it.sums(it.order).await, "600000.00 + 0.00 = 600000.00 600000.00");
    })
    .await;
}

#[tokio::test]
async fn a_function_that_gives_too_much_is_a_fault_of_the_field() {
    on_stage(async |stage| {
        let it = &Shop::of(&stage.system()).await;
        let huge: Decimal = "9999999999999999999999999".parse().unwrap();
        let line =
            [OrderLine::ORDER.set(it.order), OrderLine::QTY.set(huge), OrderLine::PRICE.set(huge)];
        assert_eq!(said(OrderLine::create(&it.session, line).await), "invalid: /subtotal invalid");
    })
    .await;
}

#[tokio::test]
async fn nobody_writes_what_follows_from_others() {
    on_stage(async |stage| {
        let it = &Shop::of(&stage.system()).await;
        let model = it.session.schema().by_table("orders").unwrap();
        for (body, expected) in [
            (r#"{"name":"b"}"#, ""),
            (r#"{"name":"b","net":"1.00"}"#, "/net read_only"),
            (r#"{"name":"b","total":"1.00"}"#, "/total read_only"),
        ] {
            let body = orm::json::parse_object(body.as_bytes()).unwrap();
            let mut judge = orm::Judge::new(&it.session);
            let (_, faults) =
                orm::parse_changes(&mut judge, model, &body, orm::Purpose::Create, "");
            let faults = orm::accept(faults).err().map_or(String::new(), |it| said::<()>(Err(it)));
            assert_eq!(faults.trim_start_matches("invalid: "), expected);
        }
        let set = orm::RawChanges::from(vec![("net", orm::Value::Null)]);
        assert!(engine::create(&it.session, model, set).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_form_says_what_follows_from_what_was_entered_and_nothing_is_saved() {
    on_stage(async |stage| {
        let it = &Shop::of(&stage.system()).await;
        let high = [Rate::NAME.set("high"), Rate::PERCENT.set(Decimal::from(60))];
        let high = Rate::create(&it.session, high).await.unwrap().id();
        let form =
            async |session: &Session, entered: &[(&'static str, orm::Value)], changed: &[&str]| {
                let model = session.schema().by_table("order_lines").unwrap();
                let entered = orm::RawChanges::from(entered.to_vec());
                let changed = changed.iter().map(|it| model.field(it).unwrap().id).collect();
                let follows = engine::onchange(session, model, entered, changed).await?;
                let value = |it: &(orm::schema::FieldId, orm::Value)| {
                    let mut out = Vec::new();
                    orm::json::field(&mut out, model.at(it.0).def, &it.1);
                    format!("{}={}", model.at(it.0).def.key, String::from_utf8(out).unwrap())
                };
                let values = follows.values.iter().map(value);
                let warnings = follows.warnings.iter().map(|it| it.code.to_owned());
                orm::Result::Ok(values.chain(warnings).collect::<Vec<_>>().join(" "))
            };
        let rate = |id: Id<Rate>| ("rate", orm::Value::Int(id.get()));
        let qty = ("qty", orm::Value::Decimal(Decimal::TWO));
        let system = &it.session;
        // Without a quantity there is no subtotal, and no tax of it.
        assert_eq!(form(system, &[rate(it.rate)], &["rate"]).await.unwrap(), r#"price="10.00""#);
        let all = form(system, &[rate(high), qty.clone()], &["rate"]).await.unwrap();
        assert_eq!(all, r#"price="10.00" subtotal="20.00" tax="12.00" much"#);
        let price = ("price", orm::Value::Decimal(Decimal::ONE));
        let own = form(system, &[rate(it.rate), qty.clone(), price], &["qty"]).await.unwrap();
        assert_eq!(own, r#"subtotal="2.00" tax="0.40""#);
        assert_eq!(OrderLine::query(system).count().await.unwrap(), 0);
        // Whoever may not see the rate learns nothing from it.
        let rights = stage.all_rights().rule("rates", &[orm::Verb::Read], r#"{"name":"r"}"#);
        let narrow = stage.session(rights);
        let seen = form(&narrow, &[rate(it.rate), qty.clone()], &["rate"]).await.unwrap();
        assert_eq!(seen, r#"price="10.00" subtotal="20.00" tax="4.00""#);
        assert_eq!(
            said(form(&narrow, &[rate(high), qty], &["rate"]).await),
            "invalid: /rate_id not_found"
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_worked_out_at_read_is_in_every_answer() {
    on_stage(async |stage| {
        let it = &Shop::of(&stage.system()).await;
        it.line(it.order, "1", "10.00", None).await;
        let account = Account::find(&it.session, it.account).await.unwrap();
        assert_eq!(*account.initial, "A2");
        let json = |write: &dyn Fn(&mut Vec<u8>)| {
            let mut out = Vec::new();
            write(&mut out);
            let text = String::from_utf8(out).unwrap();
            let at = text.find(r#""initial":"#).map(|at| text[at + 10..].to_owned());
            at.map_or("none".to_owned(), |it| it.split([',', '}']).next().unwrap().to_owned())
        };
        assert_eq!(json(&|out| account.write_json(out)), r#""A2""#);
        let model = it.session.schema().by_table("accounts").unwrap();
        let [initial, name] = ["initial", "name"].map(|it| model.field(it).unwrap().id);
        for (fields, expected) in [(vec![initial], r#""A2""#), (vec![name], "none")] {
            let asked = (&*fields, &[] as &[engine::Expand]);
            let (rows, _) =
                engine::read(&it.session, model, it.account.get(), asked).await.unwrap();
            assert_eq!(json(&|out| rows.write_json(out)), expected);
        }
        let changes = orm::RawChanges::from(vec![("name", orm::Value::Text("Bob".into()))]);
        let written = engine::update(&it.session, model, it.account.get(), changes, None).await;
        let written = written.unwrap();
        assert_eq!(
            json(&|out| written.write_json(&[initial].into_iter().collect(), out)),
            r#""B2""#
        );
        assert_eq!(json(&|out| written.write_json(&[name].into_iter().collect(), out)), "none");
        // Behind a relation, and closed to whoever may not read an input of it.
        let order =
            Order::query(&it.session).expand(Order::ACCOUNT).first().await.unwrap().unwrap();
        assert_eq!(json(&|out| order.write_json(out)), r#""B2""#);
        // What has no answer is absent, and answered all the same.
        let nobody = [("name", orm::Value::Text(String::new()))];
        let nobody = orm::RawChanges::from(nobody.to_vec());
        let nobody = engine::create(&it.session, model, nobody).await.unwrap();
        assert_eq!(json(&|out| nobody.write_json(&[initial].into_iter().collect(), out)), "null");
    })
    .await;
}

/// The work of somebody, once it waits for somebody else.
async fn waiting<T, F: Future<Output = T> + Unpin>(session: &Session, work: F) -> F {
    let waits = pin!(async {
        let waiting = "SELECT count(*)::text FROM pg_stat_activity \
                       WHERE wait_event_type = 'Lock' AND datname = current_database()";
        while session.sql(waiting, &[]).await.unwrap()[0][0].as_deref() == Some("0") {
            task::yield_now().await;
        }
    });
    match future::select(work, waits).await {
        Either::Left(_) => panic!("nobody had to wait"),
        Either::Right(((), work)) => work,
    }
}

/// An order of an account.
struct Shop {
    session: Session,
    account: Id<Account>,
    order: Id<Order>,
    rate: Id<Rate>,
}

impl Shop {
    async fn of(session: &Session) -> Self {
        let session = session.clone();
        let account = Account::create(&session, [Account::NAME.set("Ann")]).await.unwrap().id();
        let rate = [Rate::NAME.set("r"), Rate::PERCENT.set(Decimal::from(20))];
        let rate = Rate::create(&session, rate).await.unwrap().id();
        let mut it = Self { session, account, order: Id::new(0), rate };
        it.order = it.order("a").await;
        it
    }

    async fn order(&self, name: &str) -> Id<Order> {
        let order = [Order::NAME.set(name), Order::ACCOUNT.set(self.account)];
        Order::create(&self.session, order).await.unwrap().id()
    }

    async fn line(
        &self,
        order: Id<Order>,
        qty: &str,
        price: &str,
        rate: Option<Id<Rate>>,
    ) -> Id<OrderLine> {
        self.line_by(&self.session, order, (qty, price, rate)).await
    }

    async fn line_by(
        &self,
        session: &Session,
        order: Id<Order>,
        (qty, price, rate): (&str, &str, Option<Id<Rate>>),
    ) -> Id<OrderLine> {
        let line = [
            OrderLine::ORDER.set(order),
            OrderLine::QTY.set(qty.parse::<Decimal>().unwrap()),
            OrderLine::PRICE.set(price.parse::<Decimal>().unwrap()),
            OrderLine::RATE.set(rate),
        ];
        OrderLine::create(session, line).await.unwrap().id()
    }

    async fn label(&self, name: &str, weight: i32) -> Id<Label> {
        let label = [Label::NAME.set(name), Label::WEIGHT.set(weight)];
        Label::create(&self.session, label).await.unwrap().id()
    }

    /// Net, tax, gross, and the total that PostgreSQL works out.
    async fn sums(&self, order: Id<Order>) -> String {
        let it = Order::find(&self.session, order).await.unwrap();
        let [net, tax, gross, total] = [*it.net, *it.tax, *it.gross, *it.total].map(text);
        format!("{net} + {tax} = {gross} {total}")
    }

    /// What the account turned over, and its largest order.
    async fn account(&self) -> String {
        let it = Account::find(&self.session, self.account).await.unwrap();
        format!("{} {}", text(*it.turnover), it.largest.map_or("-".to_owned(), text))
    }
}

fn text(decimal: Decimal) -> String {
    format!("{decimal:.2}")
}
