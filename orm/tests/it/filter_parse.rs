//! Filters that cannot be understood or may not be asked: which fault, and where.

use orm::{
    Filter, Judge, Result, Session, Verb,
    json::{Node, parse_object},
    parse_filter,
};
use serde_json::json;

use crate::{
    filter_logic::ask,
    outcome::said,
    stage::{Stage, on_stage},
};

#[tokio::test]
async fn a_name_that_leads_nowhere_is_unknown_where_it_stands() {
    on_stage(async |stage| {
        check(stage, r#"{"nope":1}"#, "/nope unknown_field field=nope");
        check(stage, r#"{"title":"a","nope":{"x":[]}}"#, "/nope unknown_field field=nope");
        check(
            stage,
            r#"{"and":[{},{"genre":{"nope":1}}]}"#,
            "/and/1/genre/nope unknown_field field=nope",
        );
        check(
            stage,
            r#"{"tags":{"some":{"not":{"nope":1}}}}"#,
            "/tags/some/not/nope unknown_field field=nope",
        );
        check(stage, r#"{"a/b~c":1}"#, "/a~1b~0c unknown_field field=a/b~c");
        check(stage, r#"{"genre.name":"x"}"#, "/genre.name unknown_field field=genre.name");
        check(
            stage,
            r#"{"chapter_ids":{"null":true}}"#,
            "/chapter_ids unknown_field field=chapter_ids",
        );
        check(stage, r#"{"":1}"#, "/ unknown_field field=");
    })
    .await;
}

#[tokio::test]
async fn a_secret_is_unknown() {
    on_stage(async |stage| {
        for value in ["1", "{}", r#"{"null":true}"#, r#"{"eq":"x"}"#, "null"] {
            let filter = format!(r#"{{"owner":{{"password":{value}}}}}"#);
            check(stage, &filter, "/owner/password unknown_field field=password");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_no_condition_is_a_bad_filter() {
    on_stage(async |stage| {
        let bad = |filter: &str, at: &str, reason: &str| {
            check(stage, filter, &format!("{at} bad_filter reason={reason}"));
        };
        bad(r#"{"and":[1]}"#, "/and/0", "not_an_object");
        bad(r#"{"not":[]}"#, "/not", "not_an_object");
        bad(r#"{"genre":3}"#, "/genre", "not_an_object");
        bad(r#"{"genre":null}"#, "/genre", "not_an_object");
        bad(r#"{"tags":[1]}"#, "/tags", "not_an_object");
        bad(r#"{"tags":{"some":1}}"#, "/tags/some", "not_an_object");
        bad(r#"{"and":{}}"#, "/and", "not_a_list");
        bad(r#"{"or":"x"}"#, "/or", "not_a_list");
        bad(r#"{"title":{"in":"a"}}"#, "/title/in", "not_a_list");
        bad(r#"{"pages":{"between":3}}"#, "/pages/between", "not_a_list");
        bad(r#"{"title":{"equals":"a"}}"#, "/title/equals", "unknown_operator");
        bad(r#"{"title":{"holds":"a"}}"#, "/title/holds", "unknown_operator");
        bad(r#"{"title":{"EQ":"a"}}"#, "/title/EQ", "unknown_operator");
        bad(r#"{"tags":{"any":{}}}"#, "/tags/any", "unknown_operator");
        bad(r#"{"tags":{"name":"a"}}"#, "/tags/name", "unknown_operator");
        bad(r#"{"state":{"like":"s%"}}"#, "/state/like", "operator");
        bad(r#"{"genre_id":{"lt":3}}"#, "/genre_id/lt", "operator");
        bad(r#"{"pages":{"between":[1]}}"#, "/pages/between", "two_values");
        bad(r#"{"pages":{"between":[1,2,3]}}"#, "/pages/between", "two_values");
        bad(r#"{"title":{}}"#, "/title", "empty");
        bad(r#"{"tags":{}}"#, "/tags", "empty");
        bad(r#"{"title":{"null":1}}"#, "/title/null", "wrong_type");
        bad(r#"{"genre":{"null":"true"}}"#, "/genre/null", "wrong_type");
        bad(r#"{"tags":{"null":null}}"#, "/tags/null", "wrong_type");
    })
    .await;
}

#[tokio::test]
async fn a_value_that_its_field_cannot_have_is_a_bad_filter() {
    on_stage(async |stage| {
        let bad = |filter: &str, at: &str, reason: &str| {
            check(stage, filter, &format!("{at} bad_filter reason={reason}"));
        };
        bad(r#"{"title":null}"#, "/title", "required");
        bad(r#"{"title":{"eq":null}}"#, "/title/eq", "required");
        bad(r#"{"title":{"in":["a",null]}}"#, "/title/in/1", "required");
        bad(r#"{"title":3}"#, "/title", "wrong_type expected=string");
        bad(r#"{"title":[1]}"#, "/title", "wrong_type expected=string");
        bad(r#"{"pages":"3"}"#, "/pages", "wrong_type expected=number");
        bad(r#"{"pages":1.5}"#, "/pages", "invalid");
        bad(
            r#"{"pages":{"in":[1,3000000000]}}"#,
            "/pages/in/1",
            "out_of_range min=-2147483648 max=2147483647",
        );
        bad(r#"{"printed_on":{"gt":"2026-02-30"}}"#, "/printed_on/gt", "invalid");
        bad(r#"{"bought_at":{"gt":"2026-02-28T00:00:00"}}"#, "/bought_at/gt", "invalid");
        bad(r#"{"bought_at":{"gt":"@tomorrow"}}"#, "/bought_at/gt", "macro");
        bad(r#"{"genre_id":"@nobody"}"#, "/genre_id", "macro");
        bad(r#"{"genre_id":"@mine"}"#, "/genre_id", "macro");
        bad(r#"{"genre_id":{"in":["@mine"]}}"#, "/genre_id/in/0", "macro");
        bad(r#"{"genre_id":{"in":"@me"}}"#, "/genre_id/in", "not_a_list");
        bad(r#"{"genre_id":{"in":["@me","x"]}}"#, "/genre_id/in/1", "wrong_type expected=number");
    })
    .await;
}

#[tokio::test]
async fn what_an_author_limits_can_still_be_asked() {
    on_stage(async |stage| {
        let long = "x".repeat(100);
        check(stage, &json!({"title": {"eq": long}}).to_string(), "done");
        check(stage, r#"{"pages":{"gt":-5}}"#, "done");
    })
    .await;
}

#[tokio::test]
async fn a_filter_has_eight_levels_and_two_hundred_conditions() {
    on_stage(async |stage| {
        let nested = |levels: usize| {
            format!("{}{{\"title\":\"a\"}}{}", r#"{"not":"#.repeat(levels), "}".repeat(levels))
        };
        check(stage, &nested(8), "done");
        let at = "/not".repeat(9);
        check(stage, &nested(9), &format!("{at} bad_filter reason=too_deep max=8"));
        let hops = |levels: usize| {
            let inner = r#"{"genre":"#.to_owned() + &r#"{"parent":"#.repeat(levels - 1);
            format!("{inner}{{\"name\":\"a\"}}{}", "}".repeat(levels))
        };
        check(stage, &hops(8), "done");
        let at = format!("/genre{}", "/parent".repeat(8));
        check(stage, &hops(9), &format!("{at} bad_filter reason=too_deep max=8"));
        let listed = |conditions: usize, it: &str| {
            format!(r#"{{"or":[{}]}}"#, vec![it; conditions].join(","))
        };
        for it in [r#"{"title":"a"}"#, r#"{"title":{"null":true}}"#, r#"{"tags":{"null":true}}"#] {
            check(stage, &listed(200, it), "done");
            let outcome = said(parse(&stage.system(), &listed(201, it)));
            assert!(outcome.starts_with("/or/200/"), "{outcome}");
            assert!(outcome.ends_with(" bad_filter reason=too_many max=200"), "{outcome}");
        }
    })
    .await;
}

#[tokio::test]
async fn emptiness_is_counted_too() {
    on_stage(async |stage| {
        for it in ["{}", r#"{"and":[]}"#, r#"{"not":{}}"#] {
            let filter = format!(r#"{{"and":[{}]}}"#, vec![it; 70_000].join(","));
            let filter = serde_json::from_str(&filter).unwrap();
            let outcome = said(ask(&stage.system(), "books", &filter).await);
            assert!(outcome.ends_with("bad_filter reason=too_many max=200"), "{it}: {outcome}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_closed_field_is_refused_whatever_is_asked_of_it() {
    on_stage(async |stage| {
        let rights = stage.all_rights();
        let rights = rights.close_reading("books", &["price", "genre", "tags"]);
        let session = &stage.session(rights);
        let asked = [
            "1",
            "null",
            "[]",
            "{}",
            r#""x""#,
            r#"{"eq":{}}"#,
            r#"{"null":true}"#,
            r#"{"nope":1}"#,
            r#"{"some":{"nope":1}}"#,
            r#"{"name":"x"}"#,
        ];
        for key in ["price", "genre", "genre_id", "tags"] {
            for value in asked {
                let filter = format!(r#"{{"{key}":{value}}}"#);
                assert_eq!(said(parse(session, &filter)), format!("/{key} field_forbidden"));
                let filter = format!(r#"{{"chapters":{{"some":{{"book":{{"{key}":{value}}}}}}}}}"#);
                let expected = format!("/chapters/some/book/{key} field_forbidden");
                assert_eq!(said(parse(session, &filter)), expected);
            }
        }
        let both = r#"{"price":1,"or":[{"genre":{}}]}"#;
        assert_eq!(
            said(parse(session, both)),
            "/price field_forbidden, /or/0/genre field_forbidden"
        );
        // What cannot be read is said first: the asker learns nothing of the field by it.
        let worse = r#"{"price":1,"nope":1}"#;
        assert_eq!(said(parse(session, worse)), "/nope unknown_field field=nope");
    })
    .await;
}

#[tokio::test]
async fn a_path_through_a_model_without_a_grant_is_denied() {
    on_stage(async |stage| {
        let session = &stage.session(stage.all_rights().deny("genres", &[Verb::Read]));
        for filter in [
            r#"{"genre":{"name":"x"}}"#,
            r#"{"genre":{}}"#,
            r#"{"genre":{"null":true}}"#,
            r#"{"chapters":{"some":{"book":{"genre":{"name":"x"}}}}}"#,
        ] {
            assert_eq!(said(parse(session, filter)), "denied", "{filter}");
        }
        assert_eq!(said(parse(session, r#"{"genre_id":3}"#)), "done");
        let session = &stage.session(stage.all_rights().deny("books", &[Verb::Read]));
        let filter = json!({"chapters": {"some": {"title": "x"}}});
        assert_eq!(said(ask(session, "books", &filter).await), "denied");
    })
    .await;
}

/// Reads a filter on books, as a request would.
fn parse(session: &Session, filter: &str) -> Result<Filter> {
    let model = session.schema().by_table("books").unwrap();
    let node = Node::Object(parse_object(filter.as_bytes())?);
    let mut judge = Judge::new(session);
    let filter = parse_filter(&mut judge, model, &node, "")?;
    judge.verdict().map(|()| filter)
}

/// Reads a filter on books with every right, and compares what is said of it.
#[track_caller]
fn check(stage: &Stage, filter: &str, expected: &str) {
    let session = stage.session(stage.all_rights());
    assert_eq!(said(parse(&session, filter)), expected, "{filter}");
}
