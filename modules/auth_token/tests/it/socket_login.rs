//! Whoever speaks over a socket signs in with a token, and again before it runs out.

use artel_testing::{TestApp, TestClock};
use chrono::{TimeDelta, Utc};
use serde_json::json;

use crate::{
    ME,
    door::{DOOR, PATH, ask, enter, thrown_out},
};

#[tokio::test]
async fn a_token_of_ours_lets_in_and_nothing_else_does() {
    let app = TestApp::start(&DOOR).await;
    let ann = app.user("ann").await;
    let mut socket = enter(&app, &ann).await;
    let id = ann.get(ME).await.expect(200).json()["id"].clone();
    assert_eq!(ask(&mut socket, "who").await["who"], id);

    let token = ann.token().unwrap();
    for token in [json!(format!("{token}x")), json!("a.b.c"), json!(""), json!(null)] {
        let mut socket = app.guest().socket(PATH).open().await;
        socket.say(json!({ "type": "auth", "token": token })).await;
        assert_eq!(socket.closed().await, 4401);
    }
    let mut nobody = app.guest().socket(PATH).header("authorization", &format!("Bearer {token}"));
    nobody = nobody.header("cookie", "artel_refresh=x");
    let mut nobody = nobody.open().await;
    nobody.say(json!({ "type": "who" })).await;
    assert_eq!(nobody.closed().await, 4401, "headers that a browser sends by itself are nobody's");
    app.stop().await;
}

#[tokio::test]
async fn t36_a_socket_ends_with_its_token_unless_it_gets_a_fresh_one() {
    let clock = TestClock::at(Utc::now());
    let app = TestApp::builder().clock(clock.clock()).start(&DOOR).await;
    let ann = app.user("ann").await;
    let (left, mut renewed) = (enter(&app, &ann).await, enter(&app, &ann).await);
    clock.move_by(TimeDelta::seconds(800));
    let again = app.user("ann").await;
    renewed.say(json!({ "type": "auth", "token": again.token() })).await;
    renewed.frame().await;
    clock.move_by(TimeDelta::seconds(200));
    assert_eq!(thrown_out(left).await, 4401);
    assert!(ask(&mut renewed, "who").await["who"].is_i64());
    clock.move_by(TimeDelta::seconds(800));
    assert_eq!(thrown_out(renewed).await, 4401);
    app.stop().await;
}

#[tokio::test]
async fn nobody_goes_on_as_somebody_else() {
    let app = TestApp::start(&DOOR).await;
    let (ann, bob) = (app.user("ann").await, app.user("bob").await);
    let mut socket = enter(&app, &ann).await;
    socket.say(json!({ "type": "auth", "token": bob.token() })).await;
    assert_eq!(socket.closed().await, 4401);
    app.stop().await;
}
