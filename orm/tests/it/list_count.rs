//! How many records a list has: exactly, about, or at least.

use orm::{
    Filter, Model, Session, SortKey, Verb,
    engine::{self, Count, List, Total, TotalKind},
};

use crate::{library::Tag, stage::on_stage};

#[tokio::test]
async fn a_count_is_exact_to_ten_thousand_and_then_what_the_planner_expects() {
    on_stage(async |stage| {
        let system = &stage.system();
        let tag = |at: i32| [Tag::NAME.set(format!("tag {at}")), Tag::HUE.set((at % 2) as i16)];
        Tag::create_many(system, (0..10_000).map(|it| tag(it).into()).collect()).await.unwrap();
        let exact = |value| Some(Total { value, kind: TotalKind::Exact });
        assert_eq!(total(system, "{}", Count::Estimated).await, exact(10_000));
        Tag::create(system, tag(10_000)).await.unwrap();
        system.sql("analyze tags", &[]).await.unwrap();
        assert_eq!(total(system, "{}", Count::None).await, None);
        assert_eq!(total(system, "{}", Count::Exact).await, exact(10_001));
        assert_eq!(total(system, r#"{"hue":0}"#, Count::Estimated).await, exact(5_001));
        let all = stage.session(stage.all_rights());
        for filter in [
            "{}",
            r#"{"hue":{"in":[0,1]},"name":{"starts":"tag"}}"#,
            r#"{"not":{"books":{"some":{"title":"x","pages":{"between":[1,2]}}}}}"#,
        ] {
            let Some(Total { value, kind }) = total(&all, filter, Count::Estimated).await else {
                panic!("{filter} was not counted")
            };
            assert_eq!(kind, TotalKind::Estimated, "{filter}");
            assert!((10_001..20_000).contains(&value), "{filter}: {value}");
            assert_eq!(total(&all, filter, Count::Exact).await, exact(10_001));
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_stands_under_a_rule_is_told_of_no_row_they_may_not_see() {
    on_stage(async |stage| {
        let system = &stage.system();
        let tag = |at: i32| [Tag::NAME.set(format!("tag {at}"))].into();
        Tag::create_many(system, (0..10_001).map(tag).collect()).await.unwrap();
        let at_least = Some(Total { value: 10_000, kind: TotalKind::AtLeast });
        let rule = r#"{"name":{"ne":"tag 1"}}"#;
        let rights = stage.all_rights().rule("tags", &[Verb::Read], rule);
        assert_eq!(
            total(&stage.session(rights), "{}", Count::Estimated).await,
            Some(Total { value: 10_000, kind: TotalKind::Exact })
        );
        let rule = r#"{"name":{"ne":"x"}}"#;
        let ruled = |table| stage.session(stage.all_rights().rule(table, &[Verb::Read], rule));
        assert_eq!(total(&ruled("tags"), "{}", Count::Estimated).await, at_least);
        // Also when the rule is on what lies behind a relation.
        let behind = r#"{"books":{"none":{"genre":{"rank":3}}}}"#;
        assert_eq!(total(&ruled("genres"), behind, Count::Estimated).await, at_least);
        let kind = total(&ruled("genres"), "{}", Count::Estimated).await.unwrap().kind;
        assert_eq!(kind, TotalKind::Estimated);
    })
    .await;
}

async fn total(session: &Session, filter: &str, count: Count) -> Option<Total> {
    let model = session.schema().by_table("tags").unwrap();
    let node = orm::json::Node::Object(orm::json::parse_object(filter.as_bytes()).unwrap());
    let filter: Filter =
        orm::parse_filter(&mut orm::Judge::new(session), model, &node, "").unwrap();
    let (fields, sort) = (vec![model.field("id").unwrap().id], vec![SortKey::id(&[])]);
    let list = List { fields, filter, sort, limit: 1, offset: 0, count, expand: Vec::new() };
    engine::list(session, model, &list).await.unwrap().total
}
