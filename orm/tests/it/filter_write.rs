//! Filters written as JSON are read back as the same filters.

use orm::{
    Filter, Judge, Model, Session, Value,
    json::{Node, parse_object},
    parse_filter, write_filter,
};
use proptest::{
    collection::vec,
    prelude::any,
    test_runner::{Config, TestRunner},
};
use tokio::runtime;

use crate::{
    library::{Book, Genre, Sample},
    oracle::{self, Choices},
    stage::{Stage, on_stage},
};

#[test]
fn any_filter_is_read_back_as_it_was_written() {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let stage = runtime.block_on(Stage::open());
    let session = session(&stage);
    let config = Config { cases: 2000, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&vec(any::<u16>(), 0..60), |numbers| {
        let from = &mut Choices::of(&numbers);
        let table = *from.one(&["books", "genres", "chapters", "tags"]);
        let filter = read(&session, table, &oracle::filter(from, table, 5).to_string());
        let model = session.schema().by_table(table).unwrap();
        let written = write_filter(session.schema(), model, &filter).unwrap();
        assert_eq!(read(&session, table, &written), filter, "{written}");
        Ok(())
    });
    runtime.block_on(stage.close());
    outcome.unwrap();
}

#[tokio::test]
async fn values_of_every_kind_are_read_back() {
    on_stage(async |stage| {
        let session = &session(stage);
        for filter in [
            r#"{"text":"a\"b\\c\u0001\n@me"}"#,
            r#"{"large":9223372036854775807}"#,
            r#"{"float":{"gt":0.1}}"#,
            r#"{"float":-1e300}"#,
            r#"{"decimal":{"in":["0.0001","-99999999999.5",7]}}"#,
            r#"{"flag":true}"#,
            r#"{"day":{"between":["2026-01-31","@today-7d"]}}"#,
            r#"{"clock":"23:59:59.999999"}"#,
            r#"{"moment":{"lt":"2026-01-31T23:59:59.999999+02:00"}}"#,
            r#"{"uuid":"67e55044-10b1-426f-9247-bb680e5fe0c8"}"#,
            r#"{"state":{"nin":["lost"]}}"#,
            r#"{"json":{"null":true}}"#,
            r#"{"bytes":{"null":false}}"#,
            r#"{"other_id":{"in":"@mine"}}"#,
            r#"{"other":{"other":{"id":{"in":["@me",1]}}}}"#,
        ] {
            let wanted = read(session, "samples", filter);
            let model = session.schema().of_def(Sample::def());
            let written = write_filter(session.schema(), model, &wanted).unwrap();
            assert_eq!(read(session, "samples", &written), wanted, "{written}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_said_in_rust_is_written_in_the_words_of_searches() {
    on_stage(async |stage| {
        let session = &session(stage);
        check(session, &Filter::all(), "{}");
        check(session, &Filter::nothing(), r#"{"or":[]}"#);
        check(session, &Book::OWNER.is_none().into(), r#"{"owner_id":{"null":true}}"#);
        let fiction = Box::new(Genre::NAME.eq("fiction").into());
        let fiction = Filter::Hop { field: "genre", inner: fiction };
        check(session, &fiction, r#"{"genre":{"name":{"eq":"fiction"}}}"#);
        let given = Filter::Given { name: "me".to_owned() };
        let model = session.schema().of_def(Book::def());
        assert!(write_filter(session.schema(), model, &given).is_err());
    })
    .await;
}

#[track_caller]
fn check(session: &Session, filter: &Filter, expected: &str) {
    let model = session.schema().of_def(Book::def());
    let written = write_filter(session.schema(), model, filter).unwrap();
    assert_eq!(written, expected);
    assert_eq!(read(session, "books", &written), *filter);
}

/// Somebody who may name everything, and who has every macro.
fn session(stage: &Stage) -> Session {
    let rights = stage.all_rights().with_macro("me", Value::Int(1));
    stage.session(rights.with_macro("mine", Value::List(Vec::new())))
}

#[track_caller]
fn read(session: &Session, table: &str, filter: &str) -> Filter {
    let model = session.schema().by_table(table).unwrap();
    let node = Node::Object(parse_object(filter.as_bytes()).unwrap());
    let mut judge = Judge::new(session);
    parse_filter(&mut judge, model, &node, "").unwrap_or_else(|it| panic!("{filter}: {it}"))
}
