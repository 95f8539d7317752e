//! T30: a token that is not ours to the last bit is nobody's, and nobody is told why.

use artel_core::auth::Keys;
use artel_testing::TestApp;
use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::Value;

use crate::{ME, MODULES, PASSWORD, make_user, refusal, sign_in, text};

const SECRET: &str = "a secret that whoever forges here has somehow learned";

#[tokio::test]
async fn t30_no_forged_token_is_anybodys() {
    let app = TestApp::builder().setting("ARTEL_AUTH__SECRET", SECRET).start(&MODULES).await;
    make_user(&app, "ann").await;
    let signed_in = sign_in(&app, "ann", PASSWORD).await.expect(200);
    let good = text(&signed_in, "access_token");
    let forge = Forge::of(&good);
    let ann = app.guest().with_token(&good);
    ann.get(ME).await.expect(200);
    let same = app.guest().with_token(forge.token(&forge.header, &forge.claims));
    same.get(ME).await.expect(200);

    let nobody = refusal(&app.guest().with_token("nonsense").get(ME).await.expect(401));
    let mut forged = headers(&forge);
    forged.extend(claims(&forge));
    forged.extend(signatures(&forge, &good));
    forged.push(text(&signed_in, "refresh_token"));
    assert!(forged.len() >= 40, "{}", forged.len());
    for token in forged {
        let reply = app.guest().with_token(&token).get(ME).await;
        assert_eq!((reply.status, refusal(&reply)), (401, nobody.clone()), "{token}");
    }
    ann.get(ME).await.expect(200);
    app.stop().await;
}

/// Somebody who has the key of access tokens, and an example.
struct Forge {
    key: Vec<u8>,
    header: String,
    claims: String,
}

impl Forge {
    fn of(token: &str) -> Self {
        let parts: Vec<String> = token
            .split('.')
            .take(2)
            .map(|it| String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(it).unwrap()).unwrap())
            .collect();
        let [header, claims] = parts.try_into().unwrap();
        let keys = Keys::of(&SECRET.into(), None);
        Self { key: keys.current("access token").bytes.to_vec(), header, claims }
    }

    fn token(&self, header: &str, claims: &str) -> String {
        signed(&self.key, header, claims)
    }

    /// The claims with one part in the place of another.
    fn with(&self, from: &str, to: &str) -> String {
        let claims = self.claims.replace(from, to);
        assert_ne!(claims, self.claims, "{from} is no part of it");
        self.token(&self.header, &claims)
    }

    /// A claim as it stands there: `"exp":1`.
    fn claim(&self, name: &str) -> String {
        let claims: Value = serde_json::from_str(&self.claims).unwrap();
        format!("\"{name}\":{}", claims[name])
    }
}

/// Right signatures under wrong headers.
fn headers(forge: &Forge) -> Vec<String> {
    let kid = serde_json::from_str::<Value>(&forge.header).unwrap()["kid"].clone();
    [
        r#"{"typ":"JWT","alg":"none","kid":KID}"#,
        r#"{"typ":"JWT","alg":"None","kid":KID}"#,
        r#"{"typ":"JWT","alg":"nOnE","kid":KID}"#,
        r#"{"typ":"JWT","alg":"","kid":KID}"#,
        r#"{"typ":"JWT","alg":"HS384","kid":KID}"#,
        r#"{"typ":"JWT","alg":"HS512","kid":KID}"#,
        r#"{"typ":"JWT","alg":"RS256","kid":KID}"#,
        r#"{"typ":"JWT","alg":"ES256","kid":KID}"#,
        r#"{"typ":"JWT","alg":"EdDSA","kid":KID}"#,
        r#"{"typ":"JWT","kid":KID}"#,
        r#"{"typ":"JWT","alg":"HS256"}"#,
        r#"{"alg":"HS256","kid":KID}"#,
        r#"{"typ":"at+jwt","alg":"HS256","kid":KID}"#,
        r#"{"typ":"JWT","alg":"HS256","kid":"../../dev/null"}"#,
        r#"{"typ":"JWT","alg":"HS256","kid":"' or 1=1 --"}"#,
        r#"{"typ":"JWT","alg":"HS256","kid":["a"]}"#,
        r#"{"typ":"JWT","alg":"HS256","kid":KID,"jku":"https://evil.test/keys"}"#,
        r#"{"typ":"JWT","alg":"HS256","kid":KID,"x5u":"https://evil.test/cert"}"#,
        r#"{"typ":"JWT","alg":"HS256","kid":KID,"jwk":{"kty":"oct","k":"AAAA"}}"#,
        r#"{"typ":"JWT","alg":"HS256","kid":KID,"crit":["exp"]}"#,
        r#"{"typ":"JWT","alg":"HS256","kid":KID,"zip":"DEF"}"#,
        r#"{"typ":"JWT","alg":"dir","enc":"A256GCM","kid":KID}"#,
        r#"{"typ":"JWT","alg":"none","alg":"HS256","kid":KID}"#,
        "null",
        "",
    ]
    .iter()
    .map(|it| forge.token(&it.replace("KID", &kid.to_string()), &forge.claims))
    .collect()
}

/// Right signatures of wrong claims.
fn claims(forge: &Forge) -> Vec<String> {
    let mut forged = Vec::new();
    for name in ["iss", "aud", "sub", "sid", "iat", "nbf", "exp"] {
        let claim = forge.claim(name);
        forged.push(forge.with(&claim, &claim.replacen(name, "x", 1)));
        forged.push(forge.with(&claim, &format!("\"{name}\":null")));
        forged.push(forge.with(&claim, &format!("\"{name}\":[1]")));
        forged.push(forge.with(&claim, &format!("{claim},{claim}")));
    }
    for (name, value) in [
        ("iss", "\"evil\""),
        ("aud", "\"artel refresh\""),
        ("aud", "[\"artel access\"]"),
        ("sub", "\"1\""),
        ("sub", "\"root\""),
        ("sid", "999999"),
        ("sid", "-1"),
        ("sid", "1e30"),
        ("iat", "99999999999"),
        ("nbf", "99999999999"),
        ("exp", "1e30"),
        ("exp", "\"99999999999\""),
    ] {
        let (from, to) = (forge.claim(name), format!("\"{name}\":{value}"));
        forged.push(forge.with(&from, &to));
    }
    forged.push(forge.with("{", "{\"is_admin\":true,"));
    forged.push(forge.token(&forge.header, "[]"));
    forged.push(forge.token(&forge.header, "not json"));
    forged
}

/// Right contents under wrong signatures, and what has none.
fn signatures(forge: &Forge, good: &str) -> Vec<String> {
    let (message, signature) = good.rsplit_once('.').unwrap();
    let (header, payload) = message.split_once('.').unwrap();
    let keys = Keys::of(&SECRET.into(), None);
    let other_use = keys.current("refresh token").bytes;
    let other_secret = Keys::of(&"another secret".into(), None).current("access token").bytes;
    vec![
        signed(b"", &forge.header, &forge.claims),
        signed(SECRET.as_bytes(), &forge.header, &forge.claims),
        signed(&other_use, &forge.header, &forge.claims),
        signed(&other_secret, &forge.header, &forge.claims),
        message.to_owned(),
        format!("{message}."),
        format!("{message}.{}", &signature[1..]),
        format!("{message}.{signature}="),
        format!("{message}.{signature}.{signature}"),
        format!("{header}..{signature}"),
        format!(".{payload}.{signature}"),
        format!("{payload}.{header}.{signature}"),
        format!("{header}.{payload}.{header}.{payload}.{signature}"),
        format!(" {good}"),
        format!("{good},{good}"),
        format!("Bearer {good}"),
        good.to_uppercase(),
        "..".to_owned(),
        "x".repeat(8_000),
    ]
}

fn signed(key: &[u8], header: &str, claims: &str) -> String {
    let encode = |it: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(it);
    let message = format!("{}.{}", encode(header.as_bytes()), encode(claims.as_bytes()));
    let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message.as_bytes());
    format!("{message}.{}", encode(signature.as_ref()))
}
