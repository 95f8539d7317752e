//! Pages of other origins: those that are listed may call, nobody else is named in an answer.

use artel_testing::Reply;
use http::Method;

use crate::desk::serve;

const LISTED: &str = "https://crm.example.com";

#[tokio::test]
async fn a_listed_origin_may_ask_and_read() {
    let reply = preflight(LISTED).await.expect(204);
    assert_eq!(reply.header("access-control-allow-origin"), LISTED);
    assert!(reply.header("access-control-allow-methods").contains("PATCH"));
    assert!(reply.header("access-control-allow-headers").contains("authorization"));

    let reply = get(LISTED).await.expect(200);
    assert_eq!(reply.header("access-control-allow-origin"), LISTED);
    assert_eq!(reply.header("vary"), "origin");
    assert!(reply.header("access-control-expose-headers").contains("x-request-id"));
}

#[tokio::test]
async fn another_origin_is_never_named() {
    for origin in ["https://evil.test", "https://crm.example.com.evil.test", "null"] {
        for reply in [preflight(origin).await.expect(204), get(origin).await.expect(200)] {
            let names: Vec<_> = reply.headers.keys().map(http::HeaderName::as_str).collect();
            let tells = names.iter().find(|it| it.starts_with("access-control"));
            assert_eq!(tells, None, "{origin}");
        }
    }
}

#[tokio::test]
async fn an_error_can_be_read_by_the_page_that_caused_it() {
    let (running, client) = serve([("ARTEL_HTTP__ORIGINS", LISTED)]).await;
    let reply = client.send(Method::GET, "/nowhere", &[("origin", LISTED)], "").await.expect(404);
    assert_eq!(reply.header("access-control-allow-origin"), LISTED);
    running.stop().await;
}

async fn preflight(origin: &str) -> Reply {
    ask(Method::OPTIONS, &[("origin", origin), ("access-control-request-method", "PATCH")]).await
}

async fn get(origin: &str) -> Reply {
    ask(Method::GET, &[("origin", origin)]).await
}

async fn ask(method: Method, headers: &[(&str, &str)]) -> Reply {
    let (running, client) = serve([("ARTEL_HTTP__ORIGINS", LISTED)]).await;
    let reply = client.send(method, "/api/v1/desk/notes/1", headers, "").await;
    running.stop().await;
    reply
}
