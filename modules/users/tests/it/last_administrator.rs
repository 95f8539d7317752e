//! There is always an administrator who can sign in.

use artel_core::settings::ExposeSecret;
use serde_json::json;

use crate::staff::Staff;

#[tokio::test]
async fn the_last_one_is_not_removed_blocked_or_demoted() {
    let it = Staff::arrange().await;
    let [root, first] = [it.path("root").await, it.path("admin").await];
    let gone = |at: &str| format!("422 validation: {at} last_administrator");
    // Of two, one may go; one who is blocked does not count.
    it.root.patch(&first, json!({ "active": false })).await.expect(200);
    let before = it.state("root").await;
    for (change, at) in [
        (json!({ "active": false }), "/active"),
        (json!({ "is_admin": false }), "/is_admin"),
        (json!({ "is_admin": false, "name": "x" }), "/is_admin"),
    ] {
        assert_eq!(it.root.patch(&root, change).await.fault(), gone(at));
        assert_eq!(it.state("root").await, before);
    }
    assert_eq!(it.root.delete(&root).await.fault(), gone(""));
    it.root
        .patch(&root, json!({ "active": true, "is_admin": true, "name": "Root" }))
        .await
        .expect(200);
    it.root.patch(&first, json!({ "active": true })).await.expect(200);
    it.root.patch(&root, json!({ "is_admin": false })).await.expect(200);
    it.root.get("/api/v1/grants").await.expect(403);
    it.stop().await;
}

#[tokio::test]
async fn of_the_last_two_one_is_left_whoever_goes_at_the_same_time() {
    let it = Staff::arrange().await;
    let other = it.app.session();
    let [root, first] = [it.path("root").await, it.path("admin").await];
    // Whoever is blocked has to sign in again.
    let signed_in = async |login: &str| {
        let signed_in = it.app.app().authenticator().unwrap().admit(login).await.unwrap();
        it.app.guest().with_token(signed_in.token.expose_secret())
    };
    for change in [json!({ "active": false }), json!({ "is_admin": false })] {
        let [one, other_one] = [signed_in("root").await, signed_in("admin").await];
        let done = tokio::join!(one.patch(&root, change.clone()), other_one.patch(&first, change));
        let mut done = [done.0.status, done.1.status];
        done.sort_unstable();
        assert_eq!(done, [200, 422]);
        let back = "update users set active = true, is_admin = true \
                    where login in ('root', 'admin') returning id::text";
        other.sql(back, &[]).await.unwrap();
        it.app.app().authenticator().unwrap().refresh().await.unwrap();
    }
    let [one, other_one] = [signed_in("root").await, signed_in("admin").await];
    let done = tokio::join!(one.delete(&first), other_one.delete(&root));
    let mut done = [done.0.status, done.1.status];
    done.sort_unstable();
    assert_eq!(done[0], 204);
    assert!(matches!(done[1], 401 | 403 | 404 | 422), "{done:?}");
    it.stop().await;
}
