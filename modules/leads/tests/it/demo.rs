//! What there is to look at after the first start: each user's share, counted from raw rows.

use artel_testing::{Client, TestApp};

#[tokio::test]
async fn each_demo_user_sees_their_share_of_the_leads() {
    let app = TestApp::builder().demo().start(&[auth_token::MODULE, leads::MODULE]).await;
    assert_eq!(rows(&app, "%").await, 500);
    let free = rows(&app, "").await;
    assert!(free > 0, "some leads are nobody's");
    for login in ["ann", "boris", "clara"] {
        let own = rows(&app, login).await;
        assert!(own > 50, "{login} has {own}");
        assert_eq!(seen(&app.user(login).await).await, own + free, "{login}");
    }
    let ann = app.user("ann").await;
    let (named, seen_behind) = ("&partner_id[null]=false", "&partner[null]=false");
    assert!(counted(&ann, named).await > counted(&ann, seen_behind).await, "some are hidden");
    assert_eq!(seen(&app.user("diana").await).await, 500, "a manager sees all");
    assert_eq!(seen(&app.user("fedor").await).await, 0, "no rule speaks of a guest");
    assert_eq!(seen(&app.admin().await).await, 500);
    app.user("grace").await.get("/api/v1/leads").await.expect(403);
    app.stop().await;
}

async fn seen(client: &Client) -> i64 {
    counted(client, "").await
}

async fn counted(client: &Client, more: &str) -> i64 {
    let page = client.get(&format!("/api/v1/leads?limit=0&count=exact{more}")).await.expect(200);
    page.at("page")["total"].as_i64().unwrap()
}

/// Rows whose owner's login is like this; those of nobody have none.
async fn rows(app: &TestApp, login: &str) -> i64 {
    let text = "select count(*)::text from leads left join users on users.id = leads.owner_id \
                where coalesce(users.login, '') like $1";
    let counted = app.session().sql(text, &[login]).await.unwrap();
    counted[0][0].as_deref().unwrap().parse().unwrap()
}
