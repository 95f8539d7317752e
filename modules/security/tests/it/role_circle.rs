//! No role implies itself, over however many others, whoever writes at the same time.

use serde_json::json;

use crate::desk::Desk;

const CIRCLE: &str = "422 validation: /implies_ids circle";

#[tokio::test]
async fn a_role_does_not_imply_itself() {
    let it = Desk::arrange().await;
    let [a, b, c] = [role(&it, "a").await, role(&it, "b").await, role(&it, "c").await];
    assert_eq!(imply(&it, a, a).await, CIRCLE);
    assert_eq!(imply(&it, a, b).await, "200");
    assert_eq!(imply(&it, b, a).await, CIRCLE);
    assert_eq!(imply(&it, b, c).await, "200");
    assert_eq!(imply(&it, c, a).await, CIRCLE);
    // What was refused was not written: the other way round is free.
    assert_eq!(imply(&it, a, c).await, "200");
    it.stop().await;
}

#[tokio::test]
async fn two_at_the_same_time_do_not_close_a_circle() {
    let it = Desk::arrange().await;
    for at in 0..5 {
        let [a, b] = [role(&it, &format!("a{at}")).await, role(&it, &format!("b{at}")).await];
        let done = tokio::join!(imply(&it, a, b), imply(&it, b, a));
        let done = [done.0, done.1];
        assert!(done.contains(&"200".to_owned()) && done.contains(&CIRCLE.to_owned()), "{done:?}");
    }
    it.stop().await;
}

async fn role(it: &Desk, name: &str) -> i64 {
    let path = it.make("roles", json!({ "name": format!("it.{name}"), "label": name })).await;
    path.rsplit('/').next().unwrap().parse().unwrap()
}

async fn imply(it: &Desk, role: i64, implied: i64) -> String {
    let path = format!("/api/v1/roles/{role}");
    let body = json!({ "implies_ids": { "add": [implied] } });
    let done = it.root.patch(&path, body).await;
    if done.is_success() { done.status.to_string() } else { done.fault() }
}
