//! What a model says of its rows in one line: what is unique unless archived, what SQL demands,
//! and whose company a record is of.

use orm::{Model, Value, chrono::NaiveDate};

use crate::{outcome::said, shelf::reader, stage::on_stage, yard::Plot};

#[tokio::test]
async fn archived_records_keep_what_others_may_have_again() {
    on_stage(async |stage| {
        let system = &stage.system();
        let new = |code, at| {
            let new = [Plot::CODE.set(code), Plot::STREET.set("Oak"), Plot::NUMBER.set(at)];
            Plot::create(system, new)
        };
        let first = new("a", 1).await.unwrap().id();
        assert_eq!(said(new("a", 2).await), "not unique: code");
        assert_eq!(said(new("b", 1).await), "not unique: street, number");
        Plot::update(system, first, [Plot::ACTIVE.set(false)]).await.unwrap();
        new("a", 1).await.unwrap();
        let back = Plot::update(system, first, [Plot::ACTIVE.set(true)]).await;
        assert!(said(back).starts_with("not unique: "));
        // Absent values are never equal: any number of records may have none.
        for code in ["c", "d"] {
            let nameless = [Plot::CODE.set(code), Plot::NUMBER.set(7)];
            Plot::create(system, nameless).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn what_sql_demands_is_said_at_the_field_or_of_the_record() {
    on_stage(async |stage| {
        let system = &stage.system();
        let day = |day| NaiveDate::from_ymd_opt(2026, 3, day).unwrap();
        let new = [Plot::CODE.set("a"), Plot::STARTS_ON.set(day(2)), Plot::ENDS_ON.set(day(2))];
        let id = Plot::create(system, new).await.unwrap().id();
        let early = Plot::update(system, id, [Plot::ENDS_ON.set(day(1))]).await;
        assert_eq!(said(early), "invalid:  check name=dates model=plots");
        let elm = Plot::update(system, id, [Plot::STREET.set("Elm")]).await;
        assert_eq!(said(elm), "invalid: /street check name=street model=plots");
        let open = Plot::update(system, id, [Plot::ENDS_ON.set(None)]).await;
        assert_eq!(said(open), "done");
    })
    .await;
}

#[tokio::test]
async fn a_new_record_is_of_the_askers_company_where_nobody_says() {
    on_stage(async |stage| {
        let system = &stage.system();
        let (ours, theirs) = (reader(system, "ours").await, reader(system, "theirs").await);
        let of = |value| stage.session(stage.all_rights().with_macro("my_company", value));
        let company = async |session: &orm::Session, code: &str| {
            let made = Plot::create(session, [Plot::CODE.set(code)]).await.unwrap();
            made.company.map(|it| it.id())
        };
        let staff = of(Value::Int(ours.get()));
        assert_eq!(company(&staff, "a").await, Some(ours));
        assert_eq!(company(&of(Value::Null), "b").await, None);
        assert_eq!(company(system, "c").await, None);
        for (code, said) in [("d", Some(theirs)), ("e", None)] {
            let new = [Plot::CODE.set(code), Plot::COMPANY.set(said)];
            let made = Plot::create(&staff, new).await.unwrap();
            assert_eq!(made.company.map(|it| it.id()), said);
        }
        let many = vec![[Plot::CODE.set("f")].into(), [Plot::CODE.set("g")].into()];
        let made = Plot::create_many(&staff, many).await.unwrap();
        let same = Plot::query(system).filter(Plot::COMPANY.eq(ours).and(Plot::ID.one_of(made)));
        assert_eq!(same.count().await.unwrap(), 2);
    })
    .await;
}
