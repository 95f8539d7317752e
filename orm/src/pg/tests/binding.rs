//! Values through the binder and back as bytes, compared with what the server makes of the same
//! value written as a literal.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::*;

#[tokio::test]
async fn every_type_arrives_as_it_was_sent() {
    check(PgType::Bool, Value::Bool(true), "true").await;
    check(PgType::Int2, Value::Int(-32_768), "'-32768'::int2").await;
    check(PgType::Int4, Value::Int(2_147_483_647), "2147483647").await;
    check(PgType::Int8, Value::Int(i64::MIN), "'-9223372036854775808'::int8").await;
    check(PgType::Float8, Value::Float(-1.5e300), "'-1.5e300'::float8").await;
    check(PgType::Text, Value::Text("a 'b' ä\n".into()), "E'a \\'b\\' ä\\n'").await;
    check(PgType::Date, Value::Date(date(2024, 2, 29)), "'2024-02-29'::date").await;
    check(PgType::Date, Value::Date(date(1, 1, 1)), "'0001-01-01'::date").await;
    check(PgType::Time, Value::Time(time("23:59:59.000001")), "'23:59:59.000001'::time").await;
    check(PgType::Uuid, Value::Uuid(uuid()), "'67e55044-10b1-426f-9247-bb680e5fe0c8'::uuid").await;
    check(PgType::Json, Value::Json(" {\"a\": 1.0} ".into()), "' {\"a\": 1.0} '::json").await;
    check(PgType::Bytea, Value::Bytes(vec![0, 255]), "'\\x00ff'::bytea").await;
}

#[tokio::test]
async fn decimals_keep_their_digits_and_their_scale() {
    for text in [
        "0",
        "0.00",
        "-0.00",
        "1",
        "0.1",
        "10000",
        "9999.9999",
        "100000000.00001",
        "-20000.0002",
        "-0.01",
        "10.00",
        "12345.678",
        "9999999999999999999999999999",
        "0.0000000000000000000000000001",
        "-79228162514264337593543950335",
    ] {
        check(PgType::Numeric, Value::Decimal(text.parse().unwrap()), &format!("{text}::numeric"))
            .await;
    }
    check(PgType::Numeric, Value::Int(-7), "-7::numeric").await;
    check(PgType::Numeric, Value::Int(i64::MIN), "'-9223372036854775808'::numeric").await;
}

#[tokio::test]
async fn moments_do_not_depend_on_the_time_zone_of_the_database() {
    let url = format!("{}&options=-c%20TimeZone%3DEurope/Moscow", url());
    let conn = Pool::open(&options(url)).unwrap().acquire().await.unwrap();
    let moment = Value::DateTime(moment("2024-07-01T12:00:00.000001Z"));
    for literal in ["'2024-07-01 12:00:00.000001+00'", "'2024-07-01 15:00:00.000001 Europe/Moscow'"]
    {
        let literal = format!("{literal}::timestamptz");
        check_on(&conn, ParamType::one(PgType::Timestamptz), &moment, &literal).await;
    }
    let zone = conn.fetch(&fresh("SHOW TimeZone")).await.unwrap();
    assert_eq!(zone[0].text(0).unwrap(), "UTC");
}

#[tokio::test]
async fn lists_arrive_as_arrays_of_their_type() {
    let ints = |list: &[i64]| Value::List(list.iter().copied().map(Value::Int).collect());
    check_list(PgType::Int8, ints(&[1, -2, 3]), "array[1, -2, 3]::int8[]").await;
    check_list(PgType::Int2, ints(&[7]), "array[7]::int2[]").await;
    check_list(PgType::Int4, ints(&[]), "array[]::int4[]").await;
    let texts = Value::List(vec![Value::Text("a,\"b".into()), Value::Null]);
    check_list(PgType::Text, texts, "array['a,\"b', null]").await;
    check_list(
        PgType::Uuid,
        Value::List(vec![Value::Uuid(uuid())]),
        &format!("array['{}'::uuid]", uuid()),
    )
    .await;
    let decimals = Value::List(vec![Value::Decimal("1.50".parse().unwrap()), Value::Int(2)]);
    check_list(PgType::Numeric, decimals, "array[1.50, 2]").await;
}

#[tokio::test]
async fn absent_values_have_any_type() {
    let conn = conn().await;
    for types in [[ParamType::one(PgType::Timestamptz)], [ParamType::list(PgType::Int8)]] {
        let statement = Statement { params: &[Value::Null], types: &types, ..fresh("SELECT $1") };
        assert_eq!(conn.fetch(&statement).await.unwrap()[0].raw(0), None);
    }
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_never_cut() {
    let (int, ints) = (ParamType::one(PgType::Int8), ParamType::list(PgType::Int4));
    let narrow = |width: &str| format!("an integer is out of the range of {width}");
    check_misfit(ParamType::one(PgType::Int2), Value::Int(40_000), &narrow("int2")).await;
    check_misfit(ParamType::one(PgType::Int4), Value::Int(1 << 31), &narrow("int4")).await;
    check_misfit(ints, Value::List(vec![Value::Int(1 << 40)]), &narrow("int4")).await;
    check_misfit(ints, Value::Int(1), "a parameter takes a list, not an integer").await;
    check_misfit(int, Value::List(vec![]), "a parameter takes int8, not a list").await;
    check_misfit(int, Value::Text("1".into()), "a parameter takes int8, not a text").await;
}

#[tokio::test]
async fn a_value_is_in_no_message() {
    let statement = Statement {
        params: &[Value::Text("hunter2".into())],
        types: &[ParamType::one(PgType::Text)],
        ..fresh("SELECT $1::uuid")
    };
    let failure = conn().await.fetch(&statement).await.unwrap_err();
    assert_eq!(failure.sqlstate.as_deref(), Some("22P02"));
    let said = format!("{failure:?} {failure}");
    assert!(!format!("{said} {:?}", crate::Error::from(failure)).contains("hunter2"));
}

/// Sends `value` as one parameter and compares it with `literal`.
async fn check(pg_type: PgType, value: Value, literal: &str) {
    check_on(&conn().await, ParamType::one(pg_type), &value, literal).await;
}

/// Sends `value` as a list and compares it with `literal`.
async fn check_list(pg_type: PgType, value: Value, literal: &str) {
    check_on(&conn().await, ParamType::list(pg_type), &value, literal).await;
}

/// Sends `value` in both lanes and compares its bytes with those of `literal`.
async fn check_on(conn: &Conn, to: ParamType, value: &Value, literal: &str) {
    let sql = format!("SELECT $1, {literal}");
    for lane in [Lane::Fresh, Lane::ByKey, Lane::ByKey, Lane::ByKey] {
        let params = std::slice::from_ref(value);
        let statement = Statement { sql: &sql, lane, params, types: &[to] };
        let rows: Vec<Row> = conn.fetch(&statement).await.unwrap();
        assert_eq!(rows[0].len(), 2);
        assert_eq!(rows[0].raw(0), rows[0].raw(1), "{literal}");
        assert!(rows[0].raw(0).is_some());
    }
}

/// Sends `value`, compares why it was refused with `expected`, and uses the connection again.
async fn check_misfit(to: ParamType, value: Value, expected: &str) {
    let conn = conn().await;
    let statement = Statement { params: &[value], types: &[to], ..fresh("SELECT $1") };
    let failure: Failure = conn.fetch(&statement).await.unwrap_err();
    let cause = std::error::Error::source(&failure).unwrap().to_string();
    assert_eq!(cause, expected);
    assert_eq!(int(&conn, "SELECT 1").await, 1);
}

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn time(text: &str) -> NaiveTime {
    text.parse().unwrap()
}

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn uuid() -> uuid::Uuid {
    "67e55044-10b1-426f-9247-bb680e5fe0c8".parse().unwrap()
}
