//! What one module adds to the model of another: read, written and filtered as if it stood there.

use orm::{Choice, Column, Id, Model, Record, Session, Verb};

use crate::{
    library::Tag,
    outcome::said,
    shelf::{reader, tag},
    stage::on_stage,
    yard::{Plot, PlotDeed, PlotKind, PlotTax, WaterKind},
};

#[tokio::test]
async fn its_fields_are_written_and_read_beside_the_models_own() {
    on_stage(async |stage| {
        let system = &stage.system();
        let (ann, wet) = (reader(system, "ann").await, tag(system, "wet").await);
        let made = Plot::create(
            system,
            [
                Plot::CODE.set("a"),
                PlotDeed::DEED.set("77"),
                PlotDeed::KEEPER.set(ann),
                PlotDeed::WORDS.add(&[wet]),
            ],
        );
        let made = made.await.unwrap();
        assert_eq!((made.code.as_str(), made.active), ("a", true));
        assert_eq!(described(&made), "Some(\"77\") 3 Some(1) false");
        let change = [PlotDeed::RANK.set(9), PlotDeed::DEED.set(None), PlotTax::IS_FREE.set(true)];
        let changed = Plot::update(system, made.id(), change).await.unwrap();
        assert_eq!(described(&changed), "None 9 Some(1) true");
        let found = Plot::find(system, made.id()).await.unwrap();
        assert_eq!((described(&found), found.version()), (described(&changed), 2));
        let listed = Plot::query(system).order(PlotDeed::RANK).all().await.unwrap();
        assert_eq!(described(&listed[0]), described(&changed));
        let mut json = Vec::new();
        listed[0].write_json(&mut json);
        let json = String::from_utf8(json).unwrap();
        let added =
            r#""active":true,"deed":null,"rank":9,"keeper_id":1,"address":" 9","is_free":true,"#;
        assert!(json.contains(added), "{json}");
    })
    .await;
}

#[tokio::test]
async fn its_fields_are_filtered_by_and_its_limits_hold() {
    on_stage(async |stage| {
        let system = &stage.system();
        let ann = reader(system, "ann").await;
        let wet = tag(system, "wet").await;
        let one = plot(system, "a").await;
        plot(system, "b").await;
        let change = [PlotDeed::DEED.set("1"), PlotDeed::KEEPER.set(ann)];
        let links = [PlotDeed::WORDS.add(&[wet])];
        Plot::update(system, one, change.into_iter().chain(links).collect::<orm::Changes<_>>())
            .await
            .unwrap();
        for cond in [
            PlotDeed::DEED.eq("1"),
            PlotDeed::KEEPER.to(crate::library::Reader::NAME).eq("ann"),
            PlotDeed::WORDS.some(Tag::NAME.eq("wet")),
            PlotDeed::DEED.is_none().negate(),
        ] {
            assert_eq!(Plot::query(system).filter(cond).count().await.unwrap(), 1);
        }
        let both = Plot::query(system).filter(PlotDeed::RANK.eq(3)).count().await.unwrap();
        assert_eq!(both, 2);
        let second = [Plot::CODE.set("c"), PlotDeed::DEED.set("1")];
        assert_eq!(said(Plot::create(system, second).await), "not unique: deed");
        let beyond = [Plot::CODE.set("c"), PlotDeed::DEED.set("123456789"), PlotDeed::RANK.set(10)];
        let expected = "invalid: /deed too_long max=8, /rank less_than_or_equal max=9";
        assert_eq!(said(Plot::create(system, beyond).await), expected);
    })
    .await;
}

#[tokio::test]
async fn a_default_that_it_gives_is_what_a_new_record_has() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = plot(system, "a").await;
        let kind = Plot::find(system, id).await.unwrap().kind;
        assert!(matches!(kind, PlotKind::Other(WaterKind::POND)), "{kind:?}");
        let meadow = [Plot::CODE.set("b"), Plot::KIND.set(PlotKind::Meadow)];
        assert_eq!(Plot::create(system, meadow).await.unwrap().kind, PlotKind::Meadow);
    })
    .await;
}

#[tokio::test]
async fn a_choice_that_it_adds_is_one_and_no_other_is() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = plot(system, "a").await;
        let lake = PlotKind::Other(WaterKind::LAKE);
        Plot::update(system, id, [Plot::KIND.set(lake)]).await.unwrap();
        let found = Plot::query(system).filter(Plot::KIND.eq(lake)).all().await.unwrap();
        assert_eq!(found[0].kind, PlotKind::Other(Choice("lake-big")));
        let sea = [Plot::KIND.set(PlotKind::Other(Choice("sea")))];
        let expected = "invalid: /kind choice choices=meadow, field, pond, lake-big";
        assert_eq!(said(Plot::update(system, id, sea).await), expected);
        // What stands in the list of the enum is never one of the others.
        let meadow = [Plot::KIND.set(PlotKind::Other(Choice("meadow")))];
        assert_eq!(Plot::update(system, id, meadow).await.unwrap().kind, PlotKind::Meadow);
        let refused = system.sql("update plots set kind = 'sea'", &[]).await;
        assert!(refused.is_err(), "the table holds what the schema lists");
    })
    .await;
}

#[tokio::test]
async fn a_field_of_it_follows_from_those_of_both() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = plot(system, "a").await;
        for change in [Plot::STREET.set("Oak"), PlotDeed::RANK.set(7)] {
            Plot::update(system, id, [change]).await.unwrap();
        }
        let found = Plot::query(system).filter(PlotDeed::ADDRESS.eq("Oak 7")).all().await.unwrap();
        assert_eq!(*found[0].ext::<PlotDeed>().unwrap().address, "Oak 7");
    })
    .await;
}

#[tokio::test]
async fn rights_of_fields_hold_for_its_fields() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = plot(system, "a").await;
        let closed = stage.all_rights().close_reading("plots", &["deed", "rank"]);
        let open = stage.no_rights().grant("plots", &[Verb::Read]);
        for (rights, shows) in [(closed, false), (open, true)] {
            let session = stage.session(rights);
            let mut json = Vec::new();
            Plot::find(&session, id).await.unwrap().write_json(&mut json);
            let json = String::from_utf8(json).unwrap();
            assert_eq!(json.contains("\"rank\":3"), shows, "{json}");
            assert!(json.contains("\"is_free\":false"), "{json}");
        }
    })
    .await;
}

#[tokio::test]
async fn its_check_sees_the_record_and_what_it_adds() {
    on_stage(async |stage| {
        let system = &stage.system();
        let ann = reader(system, "ann").await;
        let nowhere = || [Plot::CODE.set("a"), Plot::STREET.set("Nowhere")];
        let made = Plot::create(system, nowhere()).await;
        assert_eq!(said(made), "invalid: /keeper_id required");
        let kept = nowhere().into_iter().chain([PlotDeed::KEEPER.set(ann)]);
        let kept = Plot::create(system, kept.collect::<orm::Changes<_>>()).await.unwrap();
        let left = || [PlotDeed::KEEPER.set(None)];
        let one = Plot::update(system, kept.id(), left()).await;
        assert_eq!(said(one), "invalid: /keeper_id required");
        let many = Plot::update_where(system, Plot::ID.gt(0), left(), 9).await;
        assert_eq!(said(many), "invalid: /keeper_id required");
    })
    .await;
}

#[tokio::test]
async fn its_hooks_are_asked_before_and_after() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = plot(system, "free").await;
        let tax = Plot::find(system, id).await.unwrap().ext::<PlotTax>().unwrap();
        assert!(tax.is_free);
        let taxed = Plot::update(system, id, [PlotTax::IS_FREE.set(false), Plot::CODE.set("b")]);
        assert_eq!(said(taxed.await), "denied");
        assert_eq!(Plot::find(system, id).await.unwrap().code, "free");
        Plot::update(system, id, [Plot::CODE.set("b")]).await.unwrap();
    })
    .await;
}

#[test]
fn its_columns_are_those_of_the_model() {
    let column: Column<Plot, i16> = PlotDeed::RANK;
    assert_eq!(column.name(), "rank");
}

async fn plot(session: &Session, code: &str) -> Id<Plot> {
    Plot::create(session, [Plot::CODE.set(code)]).await.unwrap().id()
}

/// What both extensions keep of a record.
fn described(plot: &Record<Plot>) -> String {
    let deed = plot.ext::<PlotDeed>().unwrap();
    let is_free = plot.ext::<PlotTax>().unwrap().is_free;
    let keeper = deed.keeper.map(|it| it.id().get());
    format!("{:?} {} {keeper:?} {is_free}", deed.deed, deed.rank)
}
