//! Login sessions that ended long ago are deleted; all others stay.

use artel_testing::{TestApp, TestClock};
use auth_token::LoginSession;
use chrono::{TimeDelta, Utc};
use orm::Model;

use crate::{ME, MODULES};

#[tokio::test]
async fn what_ended_a_month_ago_is_deleted() {
    let clock = TestClock::at(Utc::now());
    let app = TestApp::builder().clock(clock.clock()).start(&MODULES).await;
    let sweep = async || app.app().authenticator().unwrap().sweep().await.unwrap();
    for _ in 0..3 {
        app.user("ann").await;
    }
    let signed_out = app.user("ann").await;
    signed_out.post(crate::SIGN_OUT, serde_json::json!({})).await.expect(204);
    clock.move_by(TimeDelta::days(29));
    assert_eq!(sweep().await, 0);
    clock.move_by(TimeDelta::days(2));
    assert_eq!(sweep().await, 1, "signed out 31 days ago");
    // The others ran out by themselves on the thirtieth day.
    assert_eq!(kept(&app).await, 3);
    clock.move_by(TimeDelta::days(28));
    let alive = app.user("ann").await;
    assert_eq!(sweep().await, 0);
    clock.move_by(TimeDelta::days(2));
    assert_eq!(sweep().await, 3);
    assert_eq!(kept(&app).await, 1);
    alive.get(ME).await.expect(401);
    app.stop().await;
}

#[tokio::test]
async fn there_may_be_more_than_one_statement_deletes() {
    let app = TestApp::start(&MODULES).await;
    let ann = app.user("ann").await;
    let many = "insert into sessions (user_id, expires_at, last_seen_at) \
                select id, now() - interval '40 days', now() from users, generate_series(1, 1200) \
                where login = 'ann' returning ''";
    assert_eq!(app.session().sql(many, &[]).await.unwrap().len(), 1200);
    assert_eq!(app.app().authenticator().unwrap().sweep().await.unwrap(), 1200);
    ann.get(ME).await.expect(200);
    app.stop().await;
}

async fn kept(app: &TestApp) -> i64 {
    LoginSession::query(&app.session()).count().await.unwrap()
}
