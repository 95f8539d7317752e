//! What becomes of a token that is used once, twice, late, or by somebody who has none.

use chrono::TimeDelta;

use super::*;
use crate::settings::ExposeSecret;

#[test]
fn each_use_gives_a_child_and_the_child_is_used_next() {
    let codec = codec("new", None);
    let (mut token, mut state) = codec.first(7, at(0));
    for second in 1..5 {
        match used(&codec, &token, &state, second) {
            Use::Child(child, kept) => (token, state) = (child, kept),
            other => panic!("{}", said(&other)),
        }
    }
    assert_eq!(state.counter, 5);
}

#[test]
fn the_same_child_comes_again_for_ten_seconds() {
    let codec = codec("new", None);
    let (token, state) = codec.first(7, at(0));
    let Use::Child(child, state) = used(&codec, &token, &state, 100) else { panic!() };
    for (second, expected) in [(100, "again"), (110, "again"), (111, "stolen"), (1000, "stolen")] {
        let outcome = used(&codec, &token, &state, second);
        assert_eq!(said(&outcome), expected, "{second}");
        if let Use::Again(again) = outcome {
            assert_eq!(again.expose_secret(), child.expose_secret());
        }
    }
}

#[test]
fn once_its_child_was_used_a_token_is_stolen() {
    let codec = codec("new", None);
    let (token, state) = codec.first(7, at(0));
    let Use::Child(child, state) = used(&codec, &token, &state, 1) else { panic!() };
    let Use::Child(_, state) = used(&codec, &child, &state, 1) else { panic!() };
    assert_eq!(said(&used(&codec, &token, &state, 1)), "stolen");
    assert_eq!(said(&used(&codec, &child, &state, 1)), "again");
}

#[test]
fn a_session_of_another_database_is_not_touched() {
    let codec = codec("new", None);
    let (token, _) = codec.first(7, at(0));
    let (_, other) = codec.first(7, at(0));
    assert_eq!(said(&used(&codec, &token, &other, 1)), "foreign");
}

#[test]
fn a_new_secret_takes_the_tokens_of_the_one_before() {
    let (old, new, newest) =
        (codec("old", None), codec("new", Some("old")), codec("newest", Some("new")));
    let (token, state) = old.first(7, at(0));
    let Use::Child(child, kept) = used(&new, &token, &state, 1) else { panic!() };
    assert!(old.read(child.expose_secret()).is_none(), "the new secret signs");
    assert_eq!(said(&used(&new, &token, &kept, 2)), "again");
    assert_eq!(said(&used(&newest, &child, &kept, 2)), "child");
    assert!(newest.read(token.expose_secret()).is_none(), "two secrets ago is too long");
    // A child that the old secret made is given again when the secret changed meanwhile.
    let Use::Child(child, kept) = used(&old, &token, &state, 1) else { panic!() };
    let Use::Again(again) = used(&new, &token, &kept, 2) else { panic!() };
    assert_eq!(again.expose_secret(), child.expose_secret());
}

#[test]
fn what_is_not_ours_is_not_read() {
    let codec = codec("new", None);
    let (token, _) = codec.first(7, at(0));
    let token = token.expose_secret();
    assert!(codec.read(token).is_some());
    for position in 0..token.len() {
        for bit in 0..7 {
            let mut bytes = token.as_bytes().to_vec();
            bytes[position] ^= 1 << bit;
            let forged = String::from_utf8(bytes).unwrap();
            assert!(codec.read(&forged).is_none(), "{forged}");
        }
    }
    let (message, signature) = token.rsplit_once('.').unwrap();
    let long = "x".repeat(100_000);
    for forged in [
        "",
        ".",
        "..",
        "7.1.",
        message,
        signature,
        &token[1..],
        &format!("{token} "),
        &format!("{token}.{signature}"),
        &token.to_uppercase(),
        &long,
    ] {
        assert!(codec.read(forged).is_none(), "{forged}");
    }
}

#[test]
fn what_is_kept_is_no_token() {
    let (token, state) = codec("new", None).first(7, at(3));
    let text = state.to_string();
    let signature = token.expose_secret().rsplit('.').next().unwrap();
    assert!(!text.contains(signature), "{text}");
    assert_eq!(text.parse(), Ok(state));
    for wrong in ["", "1", "1 2", "x 2 abc", "1 x abc"] {
        assert_eq!(wrong.parse::<RefreshState>(), Err(()), "{wrong}");
    }
}

fn used(codec: &RefreshCodec, token: &SecretString, kept: &RefreshState, second: i64) -> Use {
    codec.judge(&codec.read(token.expose_secret()).unwrap(), kept, at(second))
}

fn said(outcome: &Use) -> &'static str {
    match outcome {
        Use::Child(..) => "child",
        Use::Again(_) => "again",
        Use::Stolen => "stolen",
        Use::Foreign => "foreign",
    }
}

fn codec(secret: &str, previous: Option<&str>) -> RefreshCodec {
    let secret_of = |it: &str| SecretString::from(it.to_owned());
    RefreshCodec::new(&Keys::of(&secret_of(secret), previous.map(secret_of).as_ref()))
}

fn at(second: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
}
