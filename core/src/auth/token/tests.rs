//! Forged tokens: whatever is not exactly ours is nobody's.

use aws_lc_rs::hmac;

use super::*;
use crate::settings::SecretString;

const NOW: i64 = 1_700_000_000;

#[test]
fn our_own_token_says_who_it_is_for() {
    let token = codec().issue(7, 9, at(NOW), at(NOW + 900)).unwrap();
    let claims = codec().verify(&token, at(NOW)).unwrap();
    assert_eq!((claims.user(), claims.sid), (Some(7), 9));
}

#[test]
fn a_token_runs_out_after_its_leeway() {
    let token = codec().issue(7, 9, at(NOW), at(NOW + 900)).unwrap();
    let outcome = |second| codec().verify(&token, at(second)).map(|it| it.sid);
    assert_eq!(outcome(NOW + 904), Ok(9));
    assert_eq!(outcome(NOW + 905), Err(Unauthenticated::TokenExpired));
    assert_eq!(outcome(NOW - 5), Ok(9));
    assert_eq!(outcome(NOW - 6), Err(Unauthenticated::NoSession));
}

#[test]
fn the_previous_secret_verifies_and_does_not_sign() {
    let (old, new) = ("old secret of many bytes", "new secret of many bytes");
    let token = codec_of(old, None).issue(7, 9, at(NOW), at(NOW + 900)).unwrap();
    assert!(codec_of(new, Some(old)).verify(&token, at(NOW)).is_ok());
    assert!(codec_of(new, None).verify(&token, at(NOW)).is_err());
    let token = codec_of(new, Some(old)).issue(7, 9, at(NOW), at(NOW + 900)).unwrap();
    assert!(codec_of(old, None).verify(&token, at(NOW)).is_err());
}

#[test]
fn other_headers_are_refused_even_when_the_signature_is_right() {
    let kid = key().id;
    for header in [
        r#"{"typ":"JWT","alg":"none","kid":"KID"}"#,
        r#"{"typ":"JWT","alg":"None","kid":"KID"}"#,
        r#"{"typ":"JWT","alg":"nOnE","kid":"KID"}"#,
        r#"{"typ":"JWT","alg":"HS384","kid":"KID"}"#,
        r#"{"typ":"JWT","alg":"RS256","kid":"KID"}"#,
        r#"{"typ":"JWT","alg":"ES256","kid":"KID"}"#,
        r#"{"typ":"JWT","alg":"EdDSA","kid":"KID"}"#,
        r#"{"typ":"JWT","alg":"HS256"}"#,
        r#"{"alg":"HS256","kid":"KID"}"#,
        r#"{"typ":"at+jwt","alg":"HS256","kid":"KID"}"#,
        r#"{"typ":"JWT","alg":"HS256","kid":"../../dev/null"}"#,
        r#"{"typ":"JWT","alg":"HS256","kid":"' or 1=1 --"}"#,
        r#"{"typ":"JWT","alg":"HS256","kid":""}"#,
        r#"{"typ":"JWT","alg":"HS256","kid":"KID","jku":"https://evil.example/keys"}"#,
        r#"{"typ":"JWT","alg":"HS256","kid":"KID","x5u":"https://evil.example/cert"}"#,
        r#"{"typ":"JWT","alg":"HS256","kid":"KID","jwk":{"kty":"oct","k":"AAAA"}}"#,
        r#"{"typ":"JWT","alg":"HS256","kid":"KID","crit":["exp"]}"#,
        r#"{"typ":"JWT","alg":"HS256","kid":"KID","zip":"DEF"}"#,
        r#"{"typ":"JWT","alg":"dir","enc":"A256GCM","kid":"KID"}"#,
        r#"{"typ": "JWT","alg":"HS256","kid":"KID"}"#,
        r#"{"typ":"JWT","alg":"none","alg":"HS256","kid":"KID"}"#,
    ] {
        check(&forge(&header.replace("KID", &kid), &good_claims()));
    }
}

#[test]
fn other_claims_are_refused_even_when_the_signature_is_right() {
    let good = good_claims();
    assert!(codec().verify(&forge(&good_header(), &good), at(NOW)).is_ok(), "the forge works");
    for (from, to) in [
        (r#""iss":"artel""#, r#""iss":"other""#),
        (r#""iss":"artel""#, r#""iss":["artel","other"]"#),
        (r#""iss":"artel","#, ""),
        (r#""aud":"artel access""#, r#""aud":"artel refresh""#),
        (r#""aud":"artel access""#, r#""aud":["artel access"]"#),
        (r#""aud":"artel access","#, ""),
        (r#""sub":"7""#, r#""sub":"seven""#),
        (r#""sub":"7""#, r#""sub":7"#),
        (r#""sub":"7","#, ""),
        (r#""sid":9"#, r#""sid":"9""#),
        (r#""sid":9"#, r#""sid":1e30"#),
        (r#""sid":9,"#, ""),
        (r#""iat":1700000000"#, r#""iat":1700000100"#),
        (r#""iat":1700000000"#, r#""iat":"1700000000""#),
        (r#""iat":1700000000,"#, ""),
        (r#""nbf":1700000000"#, r#""nbf":1700000100"#),
        (r#""nbf":1700000000"#, r#""nbf":"1700000000""#),
        (r#""nbf":1700000000,"#, ""),
        (r#""exp":1700000900"#, r#""exp":"1700000900""#),
        (r#""exp":1700000900"#, r#""exp":1e30"#),
        (r#""exp":1700000900"#, r#""exp":null"#),
        (r#","exp":1700000900"#, ""),
        (r#""sub":"7""#, r#""sub":"7","sub":"1""#),
        (r#""sid":9"#, r#""sid":9,"nbf":1700000000"#),
        (r#""sid":9"#, r#""sid":9,"is_admin":true"#),
    ] {
        let claims = good.replace(from, to);
        assert_ne!(claims, good, "{from}");
        check(&forge(&good_header(), &claims));
    }
    check(&forge(&good_header(), "not json"));
    check(&forge(&good_header(), "[]"));
}

#[test]
fn broken_shapes_are_refused() {
    let good = forge(&good_header(), &good_claims());
    let (message, signature) = good.rsplit_once('.').unwrap();
    let payload = message.split('.').nth(1).unwrap();
    for token in [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "...".to_owned(),
        message.to_owned(),
        format!("{message}."),
        format!("{message}.{}", encode(b"0")),
        format!("{message}.{}", &signature[..signature.len() - 1]),
        format!("{message}.{signature}="),
        format!("{message}.{signature}.{signature}"),
        format!(" {good}"),
        format!("{good} "),
        format!("{good}\n"),
        good.replace('.', ". "),
        format!("Bearer {good}"),
        format!(".{payload}.{signature}"),
        good.to_lowercase(),
        "x".repeat(100_000),
        format!("{good}.a.b"),
        "я.ю.э".to_owned(),
    ] {
        check(&token);
    }
}

#[test]
fn another_key_or_use_is_refused() {
    let sign = |key: &[u8]| forge_with(key, &good_header(), &good_claims());
    check(&sign(b""));
    check(&sign(b"a secret of some bytes"));
    check(&sign(key().id.as_bytes()));
    let other_use = keys("a secret of some bytes", None).current("refresh token");
    check(&sign(&other_use.bytes));
}

#[test]
fn no_flipped_bit_is_overlooked() {
    let codec = codec();
    let token = codec.issue(7, 9, at(NOW), at(NOW + 900)).unwrap();
    assert!(codec.verify(&token, at(NOW)).is_ok());
    let (mut tried, mut accepted) = (0, 0);
    // One bit of each byte, then two at once, further and further apart.
    for distance in 0.. {
        for position in 0..token.len() {
            for bit in 0..7 {
                let mut bytes = token.as_bytes().to_vec();
                bytes[position] ^= 1 << bit;
                if distance > 0 {
                    let other = (position + distance) % bytes.len();
                    bytes[other] ^= 1 << ((bit + distance) % 7);
                }
                let Ok(forged) = String::from_utf8(bytes) else { continue };
                tried += 1;
                accepted += u32::from(codec.verify(&forged, at(NOW)).is_ok());
            }
        }
        if tried >= 10_000 {
            break;
        }
    }
    assert_eq!((tried >= 10_000, accepted), (true, 0));
}

/// No forged token is anybody's, and it never says more than that.
#[track_caller]
fn check(token: &str) {
    let outcome = codec().verify(token, at(NOW));
    assert_eq!(outcome, Err(Unauthenticated::NoSession), "{token}");
}

fn codec() -> TokenCodec {
    codec_of("a secret of some bytes", None)
}

fn codec_of(secret: &str, previous: Option<&str>) -> TokenCodec {
    TokenCodec::new(&keys(secret, previous)).unwrap()
}

fn keys(secret: &str, previous: Option<&str>) -> Keys {
    let secret_of = |it: &str| SecretString::from(it.to_owned());
    Keys::of(&secret_of(secret), previous.map(secret_of).as_ref())
}

fn key() -> crate::auth::Key {
    keys("a secret of some bytes", None).current(LABEL)
}

fn good_header() -> String {
    format!(r#"{{"typ":"JWT","alg":"HS256","kid":"{}"}}"#, key().id)
}

fn good_claims() -> String {
    let (exp, aud) = (NOW + 900, AUDIENCE);
    let times = format!(r#""iat":{NOW},"nbf":{NOW},"exp":{exp}"#);
    format!(r#"{{"iss":"artel","aud":"{aud}","sub":"7","sid":9,{times}}}"#)
}

fn forge(header: &str, claims: &str) -> String {
    forge_with(&key().bytes, header, claims)
}

fn forge_with(key: &[u8], header: &str, claims: &str) -> String {
    let message = format!("{}.{}", encode(header.as_bytes()), encode(claims.as_bytes()));
    let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message.as_bytes());
    format!("{message}.{}", encode(signature.as_ref()))
}

/// Base64 as tokens have it.
fn encode(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits =
            (0..3).fold(0, |sum, at| sum << 8 | chunk.get(at).map_or(0, |it| u32::from(*it)));
        for at in 0..=chunk.len() {
            text.push(char::from(ALPHABET[(bits >> (18 - 6 * at) & 63) as usize]));
        }
    }
    text
}

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).unwrap()
}
