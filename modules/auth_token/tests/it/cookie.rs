//! T33: the one cookie holds a refresh token, opens two routes, and only for pages that are
//! trusted.

use artel_testing::{Reply, TestApp};
use http::Method;
use serde_json::json;

use crate::{ME, MODULES, PASSWORD, REFRESH, SIGN_IN, SIGN_OUT, bearer, make_user, text};

const OURS: &str = "https://crm.example.com";
const EVIL: (&str, &str) = ("origin", "https://evil.test");
const TRUSTED: (&str, &str) = ("origin", OURS);
const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn t33_the_cookie_is_for_two_routes_and_no_script() {
    let app = start("development").await;
    let reply = sign_in(&app, &[]).await;
    let cookie = reply.header("set-cookie");
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert!(pair.starts_with("artel_refresh="), "{cookie}");
    let attributes: Vec<&str> = attributes.split("; ").collect();
    let expected = ["Path=/api/v1/auth", "Max-Age=2592000", "HttpOnly", "SameSite=Strict"];
    assert_eq!(attributes, expected);
    assert!(reply.json().get("refresh_token").is_none());
    bearer(&app, &reply).get(ME).await.expect(200);
    app.stop().await;
}

#[tokio::test]
async fn t33_in_production_it_goes_over_https_alone() {
    let app = start("production").await;
    let reply = sign_in(&app, &[]).await;
    let cookie = reply.header("set-cookie").to_owned();
    assert!(cookie.starts_with("__Secure-artel_refresh="), "{cookie}");
    assert!(cookie.ends_with("; Secure"), "{cookie}");
    ask(&app, REFRESH, &cookie_of(&reply), &[TRUSTED, JSON]).await.expect(200);
    app.stop().await;
}

#[tokio::test]
async fn t33_the_cookie_is_renewed_and_given_up() {
    let app = start("development").await;
    let first = cookie_of(&sign_in(&app, &[]).await);
    let reply = ask(&app, REFRESH, &first, &[TRUSTED, JSON]).await.expect(200);
    assert!(reply.json().get("refresh_token").is_none());
    let second = cookie_of(&reply);
    assert_ne!(first, second);
    let ann = bearer(&app, &reply);
    ann.get(ME).await.expect(200);

    let reply = ask(&app, SIGN_OUT, &second, &[TRUSTED, JSON]).await.expect(204);
    assert!(reply.header("set-cookie").starts_with("artel_refresh=; "));
    assert!(reply.header("set-cookie").contains("Max-Age=0"));
    ann.get(ME).await.expect(401);
    ask(&app, REFRESH, &second, &[TRUSTED, JSON]).await.expect(401);
    app.stop().await;
}

#[tokio::test]
async fn t33_a_page_of_somebody_else_cannot_use_it() {
    let app = start("development").await;
    let signed_in = sign_in(&app, &[]).await;
    let cookie = cookie_of(&signed_in);
    let host = app.address().to_string();
    let own = format!("http://{host}");
    for route in [REFRESH, SIGN_OUT] {
        for headers in [
            vec![EVIL],
            vec![],
            vec![("origin", "null")],
            vec![("origin", "https://crm.example.com.evil.test")],
            vec![("origin", "http://crm.example.com")],
            vec![EVIL, ("sec-fetch-site", "same-origin")],
            vec![("sec-fetch-site", "cross-site")],
            vec![("sec-fetch-site", "same-site")],
            vec![("referer", OURS)],
        ] {
            let headers = [headers, vec![JSON]].concat();
            let reply = ask(&app, route, &cookie, &headers).await;
            assert_eq!(reply.fault(), "403 csrf", "{route} {headers:?}");
        }
        for content_type in ["text/plain", "application/x-www-form-urlencoded"] {
            let headers = [TRUSTED, ("content-type", content_type)];
            ask(&app, route, &cookie, &headers).await.expect(415);
        }
        ask(&app, route, &cookie, &[TRUSTED]).await.expect(415);
    }
    bearer(&app, &signed_in).get(ME).await.expect(200);
    // The same cookie from where it may come.
    let reply = ask(&app, REFRESH, &cookie, &[("origin", &own), JSON]).await.expect(200);
    let headers = [("sec-fetch-site", "same-origin"), JSON];
    ask(&app, REFRESH, &cookie_of(&reply), &headers).await.expect(200);
    app.stop().await;
}

#[tokio::test]
async fn t33_the_cookie_opens_nothing_else() {
    let app = start("development").await;
    let cookie = cookie_of(&sign_in(&app, &[]).await);
    let value = cookie.split_once('=').unwrap().1.to_owned();
    let headers = [("cookie", cookie.as_str()), TRUSTED, JSON];
    for path in [ME, "/api/v1/users", "/api/v1/auth/sessions", "/api/v1/models"] {
        app.guest().send(Method::GET, path, &headers, "").await.expect(401);
    }
    for path in ["/api/v1/auth/password", "/api/v1/auth/sessions/terminate_others"] {
        app.guest().send(Method::POST, path, &headers, "{}").await.expect(401);
    }
    app.guest().with_token(value).get(ME).await.expect(401);
    app.stop().await;
}

#[tokio::test]
async fn t33_a_cookie_that_was_there_before_is_not_adopted() {
    let app = start("development").await;
    make_user(&app, "eve").await;
    let planted = cookie_of(&sign_in_as(&app, "eve", &[]).await);
    let reply = sign_in(&app, &[("cookie", &planted)]).await;
    let own = cookie_of(&reply);
    assert_ne!(own, planted);
    let me = |reply: Reply| reply.at("user")["login"].clone();
    assert_eq!(me(ask(&app, REFRESH, &own, &[TRUSTED, JSON]).await.expect(200)), "ann");
    assert_eq!(me(ask(&app, REFRESH, &planted, &[TRUSTED, JSON]).await.expect(200)), "eve");
    // Two of one name, as a neighbouring site may arrange it, are nobody's.
    let both = format!("{own}; {planted}");
    ask(&app, REFRESH, &both, &[TRUSTED, JSON]).await.expect(401);
    app.stop().await;
}

#[tokio::test]
async fn t33_a_page_of_somebody_else_cannot_have_it_set() {
    let app = start("development").await;
    let body = json!({"login": "ann", "password": PASSWORD, "cookie": true}).to_string();
    for headers in [vec![EVIL, JSON], vec![("sec-fetch-site", "cross-site"), JSON]] {
        let reply = app.guest().send(Method::POST, SIGN_IN, &headers, body.clone()).await;
        assert_eq!(reply.fault(), "403 csrf");
        assert_eq!(reply.header("set-cookie"), "");
    }
    for content_type in ["text/plain", "application/x-www-form-urlencoded"] {
        let headers = [TRUSTED, ("content-type", content_type)];
        app.guest().send(Method::POST, SIGN_IN, &headers, body.clone()).await.expect(415);
    }
    sign_in(&app, &[TRUSTED]).await;
    app.stop().await;
}

#[tokio::test]
async fn t33_a_browser_is_told_nothing_for_pages_of_somebody_else() {
    let app = start("development").await;
    for route in [SIGN_IN, REFRESH, SIGN_OUT] {
        let asked = [("access-control-request-method", "POST")];
        let evil = [&asked[..], &[EVIL]].concat();
        let refused = app.guest().send(Method::OPTIONS, route, &evil, "").await;
        assert_eq!(refused.header("access-control-allow-origin"), "");
        assert_eq!(refused.header("access-control-allow-methods"), "");
        let ours = [&asked[..], &[TRUSTED]].concat();
        let allowed = app.guest().send(Method::OPTIONS, route, &ours, "").await;
        assert_eq!(allowed.header("access-control-allow-origin"), OURS);
        assert_eq!(allowed.header("access-control-allow-credentials"), "true");
    }
    let evil = app.guest().send(Method::GET, "/health/live", &[EVIL], "").await.expect(200);
    assert_eq!(evil.header("access-control-allow-origin"), "");
    app.stop().await;
}

#[tokio::test]
async fn signing_out_takes_the_token_or_the_cookie() {
    let app = start("development").await;
    let (by_token, by_cookie) = (sign_in(&app, &[]).await, sign_in(&app, &[]).await);
    bearer(&app, &by_token).post(SIGN_OUT, json!({})).await.expect(204);
    bearer(&app, &by_token).get(ME).await.expect(401);
    bearer(&app, &by_cookie).get(ME).await.expect(200);
    // With an access token that has ended, the cookie is enough.
    let headers = [("cookie", &*cookie_of(&by_cookie)), TRUSTED, JSON];
    let ended = bearer(&app, &by_token);
    ended.send(Method::POST, SIGN_OUT, &headers, "{}").await.expect(204);
    bearer(&app, &by_cookie).get(ME).await.expect(401);
    app.guest().post(SIGN_OUT, json!({})).await.expect(401);

    // A refresh token in the body is no matter of cookies.
    let in_body = crate::sign_in(&app, "ann", PASSWORD).await.expect(200);
    let body = json!({"refresh_token": text(&in_body, "refresh_token")}).to_string();
    let reply = app.guest().send(Method::POST, REFRESH, &headers[..1], body.clone()).await;
    reply.expect(415);
    let reply = app.guest().send(Method::POST, REFRESH, &[headers[0], JSON], body).await;
    assert_eq!(reply.expect(200).header("set-cookie"), "");
    app.stop().await;
}

async fn start(mode: &str) -> TestApp {
    let app = TestApp::builder()
        .setting("ARTEL_MODE", mode)
        .setting("ARTEL_HTTP__DRAIN_S", 0)
        .setting("ARTEL_HTTP__ORIGINS", OURS)
        .start(&MODULES)
        .await;
    make_user(&app, "ann").await;
    app
}

async fn sign_in(app: &TestApp, headers: &[(&str, &str)]) -> Reply {
    sign_in_as(app, "ann", headers).await
}

async fn sign_in_as(app: &TestApp, login: &str, headers: &[(&str, &str)]) -> Reply {
    let body = json!({"login": login, "password": PASSWORD, "cookie": true}).to_string();
    let headers = [headers, &[JSON]].concat();
    app.guest().send(Method::POST, SIGN_IN, &headers, body).await.expect(200)
}

/// A request with a cookie and `{}`.
async fn ask(app: &TestApp, route: &str, cookie: &str, headers: &[(&str, &str)]) -> Reply {
    let headers = [headers, &[("cookie", cookie)]].concat();
    app.guest().send(Method::POST, route, &headers, "{}").await
}

/// The cookie that an answer sets, as a browser sends it back.
#[track_caller]
fn cookie_of(reply: &Reply) -> String {
    reply.header("set-cookie").split(';').next().unwrap().to_owned()
}
