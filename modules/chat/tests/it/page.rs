//! The page at `/chat`: in windows of a real browser, on two processes.

mod away;
mod begin;
mod language;
mod markup;
mod presence;
mod stage;
mod talk;

use artel_testing::TestApp;

const PAGE: &str = "/chat";

#[tokio::test]
async fn the_page_needs_nothing_from_elsewhere() {
    let app = TestApp::start(&[auth_token::MODULE, chat::MODULE]).await;
    let guest = app.guest();
    let page = guest.get(PAGE).await.expect(200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    let policy = page.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ] {
        assert!(policy.split("; ").any(|it| it == part), "{part} is not in {policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    for (path, content_type) in [
        ("/chat/chat.css", "text/css; charset=utf-8"),
        ("/chat/js/client.js", "text/javascript; charset=utf-8"),
        ("/chat/texts/ru.json", "application/json"),
    ] {
        let file = guest.get(path).await.expect(200);
        assert_eq!(file.header("content-type"), content_type);
        assert!(!file.text().contains("://"), "{path} names another host");
        let known = [("if-none-match", file.header("etag"))];
        let again = guest.send(http::Method::GET, path, &known, "").await.expect(304);
        assert_eq!(again.header("cache-control"), "no-cache");
    }
    guest.get("/chat/js/nothing.js").await.expect(404);
    app.stop().await;
}
