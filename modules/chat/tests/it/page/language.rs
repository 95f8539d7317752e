//! The page speaks Russian and English: as the browser asks, until somebody chooses.

use artel_testing::TestBrowser;

use crate::page::stage::{PASSWORD, Side, Stage, close, is_live, sign_in};

#[tokio::test]
async fn the_page_speaks_as_the_browser_asks_until_somebody_chooses() {
    let stage = Stage::arrange().await;
    let window = TestBrowser::open(&stage.url(Side::Here), "ru-RU,ru,en").await;
    window.sees("#sign-in-form h2", &["Войти"]).await;
    assert_eq!(window.run("return document.documentElement.lang").await, "ru");
    sign_in(&window, "ann", "not her password").await;
    window.sees("#alert", &["Неверный логин или пароль"]).await;
    let complaints = window.complaints().await;
    assert!(complaints.iter().all(|it| it.contains("401")), "{complaints:?}");
    sign_in(&window, "ann", PASSWORD).await;
    is_live(&window).await;
    window.sees("#connection", &["На связи"]).await;
    window.sees("#no-chat", &["Выберите чат"]).await;

    window.click("#language option[value=en]").await;
    window.sees("#connection", &["Connected"]).await;
    stage.open_group(&window).await;
    window.sees("#no-messages", &["Nothing has been said here yet."]).await;
    window.sees("#send", &["Send"]).await;
    window.reload().await;
    window.sees("#sign-in-form h2", &["Sign in"]).await;
    close([window]).await;

    let window = TestBrowser::open(&stage.url(Side::Here), "de-DE,de").await;
    window.sees("#sign-in-form h2", &["Sign in"]).await;
    close([window]).await;
    stage.stop().await;
}
