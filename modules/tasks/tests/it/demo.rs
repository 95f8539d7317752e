//! What there is to look at after the first start.

use artel_testing::{Client, TestApp};

#[tokio::test]
async fn each_demo_user_sees_the_tasks_of_their_projects() {
    let app = TestApp::builder().demo().start(&[auth_token::MODULE, tasks::MODULE]).await;
    assert_eq!(counted(&app.user("diana").await).await, 80, "a manager sees all");
    let ann = counted(&app.user("ann").await).await;
    assert!(0 < ann && ann <= 80, "{ann}");
    app.user("fedor").await.get("/api/v1/tasks").await.expect(403);
    app.stop().await;
}

async fn counted(client: &Client) -> i64 {
    let page = client.get("/api/v1/tasks?limit=0&count=exact").await.expect(200);
    page.at("page")["total"].as_i64().unwrap()
}
