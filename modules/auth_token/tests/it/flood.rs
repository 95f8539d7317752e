//! T29: many sign-ins at once keep the processor busy, and nobody else waiting.

use std::sync::atomic::{AtomicUsize, Ordering};

use artel_testing::TestApp;
use futures_util::future::join_all;

use crate::{MODULES, PASSWORD, make_user, sign_in};

const SIGN_INS: usize = 200;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t29_two_hundred_sign_ins_do_not_stop_other_requests() {
    let app = TestApp::start(&MODULES).await;
    make_user(&app, "ann").await;
    let reader = app.user("bob").await;
    let done = AtomicUsize::new(0);
    let sign_ins = join_all((0..SIGN_INS).map(|_| async {
        sign_in(&app, "ann", PASSWORD).await.expect(200);
        done.fetch_add(1, Ordering::Relaxed)
    }));
    let others = async {
        // Once the first is through, all are in line.
        while done.load(Ordering::Relaxed) == 0 {
            tokio::task::yield_now().await;
        }
        for _ in 0..10 {
            app.guest().get("/health/live").await.expect(200);
            reader.get("/api/v1/users").await.expect(200);
        }
        done.load(Ordering::Relaxed)
    };
    let (signed_in, done_meanwhile) = futures_util::join!(sign_ins, others);
    assert_eq!(signed_in.len(), SIGN_INS);
    assert!(done_meanwhile < SIGN_INS, "others had to wait for every sign-in");
    app.stop().await;
}
