//! Values of every kind: what goes in comes out, whole, as Rust and as JSON.

use orm::{
    Change, Decimal, ErrorKind, Json, Judge, Model, Purpose, RawChanges, Session, Uuid, Value,
    chrono::{DateTime, NaiveDate, NaiveTime, Utc},
    engine,
    json::parse_object,
    parse_changes,
};

use crate::{
    library::{Sample, State},
    outcome::said,
    stage::on_stage,
};

#[tokio::test]
async fn the_ends_of_every_range_are_kept() {
    on_stage(async |stage| {
        let system = &stage.system();
        kept(system, Sample::SMALL.set(i16::MIN), |it| it.small == Some(i16::MIN)).await;
        kept(system, Sample::SMALL.set(i16::MAX), |it| it.small == Some(i16::MAX)).await;
        kept(system, Sample::MIDDLE.set(i32::MIN), |it| it.middle == Some(i32::MIN)).await;
        kept(system, Sample::MIDDLE.set(i32::MAX), |it| it.middle == Some(i32::MAX)).await;
        kept(system, Sample::LARGE.set(i64::MIN), |it| it.large == Some(i64::MIN)).await;
        kept(system, Sample::LARGE.set(i64::MAX), |it| it.large == Some(i64::MAX)).await;
        for float in [f64::MIN, f64::MAX, f64::MIN_POSITIVE, 5e-324, 0.1, -0.0] {
            let bits = float.to_bits();
            kept(system, Sample::FLOAT.set(float), |it| it.float.unwrap().to_bits() == bits).await;
        }
        let days = [(1, 1, 1), (9999, 12, 31), (2024, 2, 29), (1969, 12, 31)];
        for day in days.map(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d).unwrap()) {
            kept(system, Sample::DAY.set(day), |it| it.day == Some(day)).await;
        }
        for clock in ["00:00:00", "23:59:59.999999", "12:00:00.000001"] {
            let clock: NaiveTime = clock.parse().unwrap();
            kept(system, Sample::CLOCK.set(clock), |it| it.clock == Some(clock)).await;
        }
        for moment in
            ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "1999-12-31T23:59:59.5Z"]
        {
            let moment: DateTime<Utc> = moment.parse().unwrap();
            kept(system, Sample::MOMENT.set(moment), |it| it.moment == Some(moment)).await;
        }
        for uuid in [Uuid::nil(), Uuid::max()] {
            kept(system, Sample::UUID.set(uuid), |it| it.uuid == Some(uuid)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn texts_and_bytes_are_kept_to_the_last_one() {
    on_stage(async |stage| {
        let system = &stage.system();
        let long = "ß€😀".repeat(100_000);
        for text in ["", " ", "it's \"\\\n\t%_", "\u{1}\u{7f}\u{2028}", "e\u{301} é", &long] {
            kept(system, Sample::TEXT.set(text), |it| it.text.as_deref() == Some(text)).await;
        }
        let every: Vec<u8> = (0..=255).collect();
        for bytes in [vec![], vec![0], every] {
            let expected = bytes.clone();
            kept(system, Sample::BYTES.set(bytes), |it| it.bytes.as_ref() == Some(&expected)).await;
        }
        kept(system, Sample::STATE.set(State::Lost), |it| it.state == Some(State::Lost)).await;
        kept(system, Sample::FLAG.set(false), |it| it.flag == Some(false)).await;
    })
    .await;
}

#[tokio::test]
async fn decimals_keep_every_digit_and_the_places_of_their_field() {
    on_stage(async |stage| {
        let system = &stage.system();
        for (given, expected) in [
            ("0", "0.0000"),
            ("-0.0001", "-0.0001"),
            ("1.5", "1.5000"),
            ("10000", "10000.0000"),
            ("0.1000", "0.1000"),
            ("999999999999999999999999.9999", "999999999999999999999999.9999"),
            ("-999999999999999999999999.9999", "-999999999999999999999999.9999"),
            ("100000000000000000000000", "100000000000000000000000.0000"),
        ] {
            let decimal: Decimal = given.parse().unwrap();
            let id = Sample::create(system, [Sample::DECIMAL.set(decimal)]).await.unwrap().id();
            let found = Sample::find(system, id).await.unwrap();
            assert_eq!(found.decimal.unwrap().to_string(), expected);
            // Another spelling of one number is no change.
            let again = Sample::update(system, id, [Sample::DECIMAL.set(decimal)]).await.unwrap();
            assert_eq!(again.version(), 1, "{given}");
        }
        let too = |it: &str| [Sample::DECIMAL.set(it.parse::<Decimal>().unwrap())];
        assert_eq!(
            said(Sample::create(system, too("0.00001")).await),
            "invalid: /decimal too_precise scale=4"
        );
        let outcome = said(Sample::create(system, too("1000000000000000000000000")).await);
        assert!(outcome.starts_with("invalid: /decimal out_of_range"), "{outcome}");
    })
    .await;
}

#[tokio::test]
async fn json_keeps_its_text() {
    on_stage(async |stage| {
        let system = &stage.system();
        for text in [
            r#"{ "b" : 1.50,"a":[ 1e400 , -0 ],  "b ":null}"#,
            r#"[1,  2,"\u00e9\n"]"#,
            "12345678901234567890.000",
            "null",
            "\"\"",
        ] {
            let changes = RawChanges::from(vec![("json", Value::Json(text.to_owned()))]);
            let model = system.schema().by_table("samples").unwrap();
            let made = engine::create(system, model, changes.clone()).await.unwrap();
            let found = Sample::find(system, made.id).await.unwrap();
            assert_eq!(found.json.as_ref().unwrap().text(), text);
            let mut json = Vec::new();
            found.write_json(&mut json);
            let json = String::from_utf8(json).unwrap();
            assert!(json.contains(&format!("\"json\":{text},")), "{json}");
            let again = engine::update(system, model, made.id, changes, None).await.unwrap();
            assert_eq!(again.version, 1);
            let other = vec![("json", Value::Json(format!(" {text}")))].into();
            let other = engine::update(system, model, made.id, other, None).await.unwrap();
            assert_eq!(other.version, 2);
        }
        let of_rust = Json::of(&vec![1, 2]).unwrap();
        kept(system, Sample::JSON.set(of_rust), |it| it.json.as_ref().unwrap().text() == "[1,2]")
            .await;
    })
    .await;
}

#[tokio::test]
async fn a_record_goes_out_as_the_json_that_made_it() {
    on_stage(async |stage| {
        let system = &stage.system();
        let body = [
            r#"{"text":"a\"\\\n\u0001€","small":-32768,"middle":7,"large":-9223372036854775808"#,
            r#""float":0.1,"decimal":"12.3400","flag":true,"day":"2024-02-29""#,
            r#""clock":"12:30:00.000001","moment":"2026-03-31T13:14:15.500000Z""#,
            r#""uuid":"67e55044-10b1-426f-9247-bb680e5fe0c8","json":{"a" : [1.0]}"#,
            r#""bytes":"AAEC/w==","state":"lent","other_id":null}"#,
        ];
        let body = body.join(",");
        let model = system.schema().by_table("samples").unwrap();
        let object = parse_object(body.as_bytes()).unwrap();
        let mut judge = Judge::new(system);
        let (changes, faults) = parse_changes(&mut judge, model, &object, Purpose::Create, "");
        assert_eq!(faults, []);
        let id = engine::create(system, model, changes).await.unwrap().id;
        let keys = object.entries.iter().map(|(key, _)| model.by_key(key).unwrap().id);
        let fields: Vec<_> = keys.collect();
        let (rows, version) = engine::read(system, model, id, (&fields, &[])).await.unwrap();
        let mut json = Vec::new();
        rows.write_json(&mut json);
        assert_eq!((String::from_utf8(json).unwrap(), version), (body, 1));
    })
    .await;
}

#[tokio::test]
async fn what_no_column_holds_is_refused_before_it_is_sent() {
    on_stage(async |stage| {
        let system = &stage.system();
        let model = system.schema().by_table("samples").unwrap();
        let create = async |name, value| {
            let outcome = engine::create(system, model, vec![(name, value)].into()).await;
            let Err(error) = outcome else { panic!("{name} was written") };
            let ErrorKind::Invalid(faults) = error.kind() else { panic!("{name}: {error:?}") };
            assert_eq!(faults.len(), 1);
            faults[0].code
        };
        assert_eq!(create("small", Value::Int(32_768)).await, "out_of_range");
        assert_eq!(create("middle", Value::Int(i64::MAX)).await, "out_of_range");
        assert_eq!(create("float", Value::Float(f64::NAN)).await, "invalid");
        assert_eq!(create("float", Value::Float(f64::INFINITY)).await, "out_of_range");
        assert_eq!(create("text", Value::Text("a\0b".into())).await, "invalid");
        assert_eq!(create("text", Value::Int(1)).await, "wrong_type");
        assert_eq!(create("state", Value::Text("burnt".into())).await, "choice");
        assert_eq!(create("json", Value::Json("{".into())).await, "invalid");
        assert_eq!(create("day", Value::Date(NaiveDate::MAX)).await, "out_of_range");
        assert_eq!(
            create("moment", Value::DateTime(DateTime::<Utc>::MAX_UTC)).await,
            "out_of_range"
        );
        assert_eq!(create("other", Value::Int(0)).await, "out_of_range");
        assert_eq!(Sample::query(system).count().await.unwrap(), 0);
    })
    .await;
}

/// Writes a value by every kind of write, and reads it back.
async fn kept(session: &Session, change: Change<Sample>, is_kept: impl Fn(&Sample) -> bool) {
    let shown = format!("{change:?}").chars().take(200).collect::<String>();
    let mut change = Some(change);
    let made = Sample::create(session, [change.take().unwrap()]).await.unwrap();
    assert!(is_kept(&made), "created: {shown}");
    let found = Sample::find(session, made.id()).await.unwrap();
    assert!(is_kept(&found), "found: {shown}");
    let model = session.schema().by_table("samples").unwrap();
    let raw = |it: &Sample| {
        let all = [
            ("text", orm::FieldType::give(&it.text)),
            ("small", orm::FieldType::give(&it.small)),
            ("middle", orm::FieldType::give(&it.middle)),
            ("large", orm::FieldType::give(&it.large)),
            ("float", orm::FieldType::give(&it.float)),
            ("day", orm::FieldType::give(&it.day)),
            ("clock", orm::FieldType::give(&it.clock)),
            ("moment", orm::FieldType::give(&it.moment)),
            ("uuid", orm::FieldType::give(&it.uuid)),
            ("bytes", orm::FieldType::give(&it.bytes)),
            ("state", orm::FieldType::give(&it.state)),
            ("flag", orm::FieldType::give(&it.flag)),
            ("json", orm::FieldType::give(&it.json)),
        ];
        RawChanges::from(Vec::from(all))
    };
    let two = vec![raw(&found), raw(&found)];
    for id in engine::create_many(session, model, two).await.unwrap() {
        assert!(is_kept(&Sample::find(session, id).await.unwrap()), "made beside another: {shown}");
    }
    let empty = Sample::create(session, []).await.unwrap().id();
    engine::update(session, model, empty.get(), raw(&found), None).await.unwrap();
    assert!(is_kept(&Sample::find(session, empty).await.unwrap()), "updated: {shown}");
}
