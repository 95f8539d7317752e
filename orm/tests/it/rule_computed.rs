//! Rules that look at what follows from others: judged when it is worked out.

use orm::{Id, Model, Session, Verb};
use serde_json::json;

use crate::{
    nested::{patch, post},
    shop::{Label, Order},
    stage::on_stage,
};

#[tokio::test]
async fn a_rule_over_a_sum_is_judged_over_the_lines_that_come_with_the_record() {
    on_stage(async |stage| {
        let system = &stage.system();
        let order = post(system, "orders", &with_line("60")).await.unwrap();
        let rule = r#"{"net":{"lte":"100"}}"#;
        let small = stage.all_rights().rule("orders", &[Verb::Create, Verb::Update], rule);
        let small = &stage.session(small);
        assert_eq!(patch(small, ("orders", order), &with_line("50")).await.unwrap_err(), "denied");
        assert_eq!(post(small, "orders", &with_line("101")).await.unwrap_err(), "denied");
        assert_eq!(nets(system).await, "60.00");
        assert_eq!(patch(small, ("orders", order), &with_line("40")).await, Ok(2));
        assert!(post(small, "orders", &with_line("100")).await.is_ok());
        assert_eq!(nets(system).await, "100.00 100.00");
    })
    .await;
}

#[tokio::test]
async fn a_rule_over_what_follows_from_links_is_judged_over_the_new_ones() {
    on_stage(async |stage| {
        let system = &stage.system();
        let order = Order::create(system, [Order::NAME.set("a")]).await.unwrap().id().get();
        let rule = r#"{"or":[{"weight":{"null":true}},{"weight":{"lte":5}}]}"#;
        let light = stage.all_rights().rule("orders", &[Verb::Update], rule);
        let light = &stage.session(light);
        let link = async |weight: i32| {
            let label = label(system, weight).await;
            let body = json!({"label_ids": {"add": [label.get()]}}).to_string();
            patch(light, ("orders", order), &body).await
        };
        assert_eq!(link(9).await.unwrap_err(), "denied");
        assert_eq!(link(5).await, Ok(2));
    })
    .await;
}

fn with_line(price: &str) -> String {
    json!({"name": price, "lines": {"create": [{"qty": "1", "price": price}]}}).to_string()
}

async fn nets(system: &Session) -> String {
    let orders = Order::query(system).order(Order::ID).all().await.unwrap();
    orders.iter().map(|it| format!("{:.2}", *it.net)).collect::<Vec<_>>().join(" ")
}

async fn label(system: &Session, weight: i32) -> Id<Label> {
    let label = [Label::NAME.set("label"), Label::WEIGHT.set(weight)];
    Label::create(system, label).await.unwrap().id()
}
