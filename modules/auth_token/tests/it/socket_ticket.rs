//! T35: a ticket opens one socket, once, for half a minute, wherever it is shown.

use artel_testing::{TestApp, TestClock};
use auth_token::LoginSession;
use chrono::{TimeDelta, Utc};
use orm::Model;
use serde_json::json;

use crate::{
    ME, SIGN_OUT,
    door::{DOOR, PATH, TICKET, ask, thrown_out, ticket},
};

/// The code that a socket is closed with that shows this ticket.
async fn refused(app: &TestApp, ticket: &str) -> u16 {
    app.guest().socket(format!("{PATH}?ticket={ticket}")).open().await.closed().await
}

#[tokio::test]
async fn t35_a_ticket_opens_one_socket_once() {
    let app = TestApp::start(&DOOR).await;
    let ann = app.user("ann").await;
    let reply = ann.post(TICKET, json!({})).await.expect(200);
    assert_eq!(reply.at("expires_in"), 30);
    let ticket = crate::text(&reply, "ticket");
    let mut socket = app.guest().socket(format!("{PATH}?ticket={ticket}")).open().await;
    assert_eq!(ask(&mut socket, "who").await["who"], ann.get(ME).await.expect(200).json()["id"]);
    assert_eq!(refused(&app, &ticket).await, 4401);
    assert!(ask(&mut socket, "who").await["who"].is_i64());
    app.guest().post(TICKET, json!({})).await.expect(401);
    app.stop().await;
}

#[tokio::test]
async fn t35_of_two_processes_one_takes_a_ticket() {
    let here = TestApp::start(&DOOR).await;
    let there = here.beside(&DOOR).await;
    let ann = here.user("ann").await;
    for _ in 0..5 {
        let ticket = ticket(&ann).await;
        let open = async |app: &TestApp| {
            let mut socket = app.guest().socket(format!("{PATH}?ticket={ticket}")).open().await;
            socket.say(json!({ "type": "who" })).await;
            matches!(socket.heard().await, artel_testing::Heard::Frame(_))
        };
        let (one, two) = tokio::join!(open(&here), open(&there));
        assert!(one != two, "{one} {two}");
    }
    there.stop().await;
    here.stop().await;
}

#[tokio::test]
async fn t35_a_ticket_runs_out_and_ends_with_its_sign_in() {
    let clock = TestClock::at(Utc::now());
    let app = TestApp::builder().clock(clock.clock()).start(&DOOR).await;
    let ann = app.user("ann").await;
    let (good, late) = (ticket(&ann).await, ticket(&ann).await);
    clock.move_by(TimeDelta::seconds(29));
    let mut socket = app.guest().socket(format!("{PATH}?ticket={good}")).open().await;
    assert!(ask(&mut socket, "who").await["who"].is_i64());
    clock.move_by(TimeDelta::seconds(1));
    assert_eq!(refused(&app, &late).await, 4401);

    // It lasts as long as the token that the ticket was asked for with.
    clock.move_by(TimeDelta::seconds(860));
    assert!(ask(&mut socket, "who").await["who"].is_i64());
    let orphan = ticket(&ann).await;
    clock.move_by(TimeDelta::seconds(20));
    assert_eq!(thrown_out(socket).await, 4401);

    let bob = app.user("bob").await;
    let orphan_of_bob = ticket(&bob).await;
    bob.post(SIGN_OUT, json!({})).await.expect(204);
    assert_eq!(refused(&app, &orphan_of_bob).await, 4401);
    assert_eq!(refused(&app, &orphan).await, 4401, "with a token that has run out meanwhile");
    app.stop().await;
}

#[tokio::test]
async fn t35_a_ticket_is_no_token_and_a_token_no_ticket() {
    let app = TestApp::start(&DOOR).await;
    let ann = app.user("ann").await;
    let good = ticket(&ann).await;
    app.guest().with_token(good.clone()).get(ME).await.expect(401);
    let mut socket = app.guest().socket(PATH).open().await;
    socket.say(json!({ "type": "auth", "token": good })).await;
    assert_eq!(socket.closed().await, 4401);
    for forged in [ann.token().unwrap(), "", "x", &format!("{good}0"), &good.replace('.', "-")] {
        assert_eq!(refused(&app, forged).await, 4401, "{forged}");
    }
    app.guest().socket(format!("{PATH}?ticket={good}")).open().await.close(1000).await;
    app.stop().await;
}

#[tokio::test]
async fn used_tickets_are_forgotten_when_they_are_too_old() {
    let clock = TestClock::at(Utc::now());
    let app = TestApp::builder().clock(clock.clock()).start(&DOOR).await;
    let ann = app.user("ann").await;
    for _ in 0..3 {
        let path = format!("{PATH}?ticket={}", ticket(&ann).await);
        app.guest().socket(path).open().await.close(1000).await;
    }
    let sweep = async || app.app().authenticator().unwrap().sweep_tickets().await.unwrap();
    assert_eq!(sweep().await, 0);
    clock.move_by(TimeDelta::seconds(31));
    assert_eq!(sweep().await, 3);
    assert_eq!(LoginSession::query(&app.session()).count().await.unwrap(), 1);
    app.stop().await;
}

#[tokio::test]
async fn a_ticket_that_cannot_be_judged_may_be_shown_again() {
    let app = TestApp::start(&DOOR).await;
    let ann = app.user("ann").await;
    let ticket = ticket(&ann).await;
    app.app().database().unwrap().pool().close().await;
    let reply = app.guest().socket(format!("{PATH}?ticket={ticket}")).refusal().await;
    assert_eq!(reply.expect(503).json()["code"], "unavailable");
    app.stop().await;
}
