//! How a socket ends: from either side, by a fault, with the server.

use std::time::Duration;

use artel_core::StopOutcome;
use artel_testing::in_time;
use tokio::time::Instant;

use crate::socket::{PATH, serve};

#[tokio::test]
async fn a_handler_says_why_it_closes() {
    let (running, client) = serve([]).await;
    let mut socket = client.socket(PATH).open().await;
    socket.frame().await;
    socket.say_text("close").await;
    assert_eq!(socket.closed().await, 4403);
    running.stop().await;
}

#[tokio::test]
async fn a_panic_ends_one_socket_alone() {
    let (running, client) = serve([]).await;
    let (mut one, mut other) = (client.socket(PATH).open().await, client.socket(PATH).open().await);
    one.frame().await;
    other.frame().await;
    one.say_text("panic").await;
    assert_eq!(one.closed().await, 1011);
    other.say(1).await;
    assert_eq!(other.frame().await, 1);
    running.stop().await;
}

#[tokio::test]
async fn when_the_server_ends_every_socket_is_told_and_closed_within_two_seconds() {
    let (running, client) = serve([]).await;
    let mut sockets = Vec::new();
    for _ in 0..20 {
        let mut socket = client.socket(PATH).open().await;
        socket.frame().await;
        sockets.push(socket);
    }
    // One whose handler does not listen, and one whose peer does not.
    sockets[0].say_text("stubborn").await;
    let mut deaf = sockets.pop().unwrap();
    deaf.say_text("much").await;

    let began = Instant::now();
    let listening = async {
        for (number, socket) in sockets.iter_mut().enumerate() {
            if number > 0 {
                assert_eq!(socket.frame().await, "drain");
            }
            assert_eq!(socket.closed().await, 4503);
        }
    };
    let (outcome, ()) = tokio::join!(running.stop(), listening);
    assert_eq!(outcome, StopOutcome::Clean);
    // A limit of the product, not of the machine: it is kept by dropping what goes on.
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    drop(deaf);
}

#[tokio::test]
async fn a_server_that_ends_opens_no_more() {
    let (running, client) = serve([("ARTEL_HTTP__DRAIN_S", "1")]).await;
    let mut open = client.socket(PATH).open().await;
    open.frame().await;
    let asking = async {
        in_time(async { while client.socket(PATH).try_open().await.is_ok() {} }).await;
        let reply = client.socket(PATH).refusal().await.expect(503);
        assert_eq!(reply.json()["code"], "unavailable");
        // Those that are open go on meanwhile.
        open.say(1).await;
        assert_eq!(open.frame().await, 1);
        assert_eq!(open.end().await, 4503);
    };
    tokio::join!(running.stop(), asking);
}

#[tokio::test]
async fn an_environment_that_is_dropped_leaves_no_socket() {
    let (running, client) = serve([]).await;
    let mut socket = client.socket(PATH).open().await;
    socket.frame().await;
    drop(running);
    assert_eq!(socket.end().await, 1006);
}

#[tokio::test]
async fn sockets_are_counted() {
    let (running, client) = serve([]).await;
    let figures = async |name: &str| {
        let text = client.get("/metrics").await.expect(200).text();
        let line =
            text.lines().find(|it| it.strip_prefix(name).is_some_and(|it| it.starts_with(' ')));
        line.and_then(|it| it.rsplit(' ').next()?.parse::<u64>().ok()).unwrap_or_default()
    };
    // Other tests of this program have sockets meanwhile.
    let opened = figures("artel_sockets_opened_total").await;
    let closed = figures("artel_sockets_closed_total{code=\"other\"}").await;
    let came = figures("artel_socket_frames_total{direction=\"in\"}").await;
    let went = figures("artel_socket_frames_total{direction=\"out\"}").await;
    let mut socket = client.socket(PATH).open().await;
    socket.frame().await;
    socket.say(1).await;
    socket.frame().await;
    assert!(figures("artel_sockets_open").await > 0);
    assert!(figures("artel_sockets_opened_total").await > opened);
    assert!(figures("artel_socket_frames_total{direction=\"in\"}").await > came);
    assert!(figures("artel_socket_frames_total{direction=\"out\"}").await > went + 1);
    // A code that a peer makes up has no label of its own.
    socket.close(4999).await;
    let is_counted =
        async || figures("artel_sockets_closed_total{code=\"other\"}").await == closed + 1;
    in_time(async { while !is_counted().await {} }).await;
    running.stop().await;
}
