//! What bodies are read, and in which words the others are refused.

use std::fmt::Write;

use proptest::prelude::{any, prop_assert_eq, proptest};
use serde::de::IgnoredAny;

use crate::{
    ErrorKind, Leaf,
    json::body::{Node, parse_node, parse_object},
};

#[test]
fn leaves_stay_as_they_were_sent() {
    check(r#"{}"#, "{}");
    check(
        r#" {"a" : 1.50 , "b":[ 1e400, null ],"c":{"d":"x"}} "#,
        "{a:1.50 b:[1e400 null] c:{d:'x'}}",
    );
    check(r#"{"a":true,"b":false,"":""}"#, "{a:true b:false :''}");
    check(r#"{"a":12345678901234567890.10}"#, "{a:12345678901234567890.10}");
}

#[test]
fn escapes_are_resolved_and_bidirectional_text_is_text() {
    check(r#"{"a\u0062":"\n\"\\\/\u00e9\ud83d\ude00"}"#, "{ab:'\n\"\\/é😀'}");
    check("{\"a\":\"\u{202e}abc\u{200b}\"}", "{a:'\u{202e}abc\u{200b}'}");
}

#[test]
fn what_is_nested_keeps_its_own_text() {
    let object = parse_object(br#"{ "a" : [1, {"b": 2 }] , "c" : { "d" : [] } }"#).unwrap();
    assert_eq!(object.text, r#"{ "a" : [1, {"b": 2 }] , "c" : { "d" : [] } }"#);
    let nested = |key| object.get(key).map(|it| it.as_leaf().into_owned());
    assert_eq!(nested("a"), Some(Leaf::Nested(r#"[1, {"b": 2 }]"#)));
    assert_eq!(nested("c"), Some(Leaf::Nested(r#"{ "d" : [] }"#)));
    assert_eq!(nested("d"), None);
}

#[test]
fn malformed_bodies_are_refused_with_their_place() {
    check("", "an object is missing, and the text ends");
    check("[]", "an object is missing, and '[' stands at byte 0");
    check("null", "an object is missing, and 'n' stands at byte 0");
    check("\u{feff}{}", "an object is missing, and '\\u{feff}' stands at byte 0");
    check("{", "a key in quotes is missing, and the text ends");
    check("{a:1}", "a key in quotes is missing, and 'a' stands at byte 1");
    check(r#"{"a" 1}"#, "a colon is missing, and '1' stands at byte 5");
    check(r#"{"a":1 "b":2}"#, "a comma or `}` is missing, and '\"' stands at byte 7");
    check(r#"{"a":1,}"#, "a key in quotes is missing, and '}' stands at byte 7");
    check(r#"{"a":[1,]}"#, "a value is missing, and ']' stands at byte 8");
    check(r#"{"a":[1}"#, "a comma or `]` is missing, and '}' stands at byte 7");
    check(r#"{"a":NaN}"#, "a value is missing, and 'N' stands at byte 5");
    check(r#"{"a":nul}"#, "a value is missing, and 'n' stands at byte 5");
    check(r#"{"a":01}"#, "a number as JSON writes it is missing, and '0' stands at byte 5");
    check(r#"{"a":'x'}"#, "a value is missing, and '\\'' stands at byte 5");
    check(r#"{"a":1} x"#, "the end is missing, and 'x' stands at byte 8");
    check(r#"{"a":1}{}"#, "the end is missing, and '{' stands at byte 7");
}

#[test]
fn malformed_strings_are_refused() {
    check(r#"{"a":"x"#, "a string without its end at byte 5");
    check(r#"{"a":"x\"#, "a string without its end at byte 5");
    check("{\"a\":\"\n\"}", "a control character in a string at byte 6");
    check("{\"a\":\"\0\"}", "a control character in a string at byte 6");
    check(r#"{"a":"\x"}"#, "a string with a wrong escape at byte 5");
    check(r#"{"a":"\u00g0"}"#, "a string with a wrong escape at byte 5");
    check(r#"{"a":"\ud800"}"#, "a string with a wrong escape at byte 5");
    check(r#"{"a":"\udc00\ud800"}"#, "a string with a wrong escape at byte 5");
    check(r#"{"a":"x\u0000"}"#, "a string with NUL at byte 5");
    check(r#"{"a\u0000":1}"#, "a string with NUL at byte 1");
}

#[test]
fn bytes_that_are_not_utf_8_are_refused() {
    let fault = parse_object(b"{\"a\":\"\xff\"}").unwrap_err();
    assert_eq!(*fault.kind(), ErrorKind::BadJson("byte 6 is not UTF-8".to_owned()));
}

#[test]
fn a_key_stands_once_at_any_depth_and_however_it_is_spelt() {
    check(r#"{"a":1,"b":2,"a":3}"#, r#"the key "a" stands twice in one object"#);
    check(r#"{"a":1,"\u0061":3}"#, r#"the key "a" stands twice in one object"#);
    check(r#"{"x":[{"y":{"a":1,"a":1}}]}"#, r#"the key "a" stands twice in one object"#);
    check(r#"{"a":{"a":1},"b":{"a":1}}"#, "{a:{a:1} b:{a:1}}");
}

#[test]
fn sixty_four_levels_are_read_and_no_more() {
    let nested = |depth| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse_object(nested(63).as_bytes()).is_ok());
    check(&nested(64), "it is more than 64 levels deep");
    check(&format!("{{\"a\":{}", "[".repeat(1 << 20)), "it is more than 64 levels deep");
    check(&format!("{{\"a\":\"{}\"}}", "[".repeat(70)), &format!("{{a:'{}'}}", "[".repeat(70)));
}

#[test]
fn the_width_of_a_body_is_no_matter_of_time_squared() {
    let entries: Vec<String> = (0..50_000).map(|it| format!("\"k{it}\":[]")).collect();
    let body = format!("{{{}}}", entries.join(","));
    assert_eq!(parse_object(body.as_bytes()).unwrap().entries.len(), 50_000);
}

proptest! {
    #[test]
    fn what_serde_json_refuses_is_refused(text in r#"[\[\]{}:,"\\ut0019aeE.+ -]{0,12}"#) {
        if parse_node(&text).is_ok() {
            prop_assert_eq!(serde_json::from_str::<IgnoredAny>(&text).map(drop).ok(), Some(()));
        }
    }

    #[test]
    fn what_serde_json_writes_is_read(text in any::<String>(), number in any::<f64>()) {
        let text = text.replace('\0', "");
        let json = serde_json::json!({ "a": [text, number.is_finite().then_some(number)] });
        prop_assert_eq!(parse_node(&json.to_string()).is_ok(), true);
    }

    #[test]
    fn lists_of_numbers_are_read_when_serde_json_reads_them(text in r#"\[[0-9eE.+,\-]{0,8}\]"#) {
        let is_json = serde_json::from_str::<IgnoredAny>(&text).is_ok();
        prop_assert_eq!(parse_node(&text).is_ok(), is_json);
    }
}

#[track_caller]
fn check(body: &str, expected: &str) {
    let actual = match parse_object(body.as_bytes()) {
        Ok(object) => shown(&Node::Object(object)),
        Err(fault) => match fault.kind() {
            ErrorKind::BadJson(found) => found.clone(),
            other => panic!("{other:?}"),
        },
    };
    assert_eq!(actual, expected);
}

/// A tree in fewer quotes than JSON has.
fn shown(node: &Node<'_>) -> String {
    match node {
        Node::Leaf(Leaf::Null) => "null".to_owned(),
        Node::Leaf(Leaf::Bool(it)) => it.to_string(),
        Node::Leaf(Leaf::Number(it) | Leaf::Nested(it)) => (*it).to_owned(),
        Node::Leaf(Leaf::Text(it)) => format!("'{it}'"),
        Node::Array(items, _) => {
            format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(" "))
        }
        Node::Object(object) => {
            let mut out = String::new();
            for (key, node) in &object.entries {
                write!(out, " {key}:{}", shown(node)).unwrap();
            }
            format!("{{{}}}", out.trim_start())
        }
    }
}
