//! Connections: how long they may be silent, how many there may be, how they end.
//!
//! Where time matters it is tokio's, which these tests move.

use std::time::Duration;

use artel_core::StopOutcome;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{self, Instant},
};

use crate::desk::{bells, read_all, send_raw, serve};

#[tokio::test(start_paused = true)]
async fn a_slow_header_is_not_waited_for() {
    check_closed(b"GET /health/live HTTP/1.1\r\nHost: a\r\nX-Slow: ").await;
}

#[tokio::test(start_paused = true)]
async fn a_silent_connection_is_not_kept() {
    check_closed(b"").await;
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_was_used_may_rest_for_a_minute() {
    let (running, _) = serve([]).await;
    let mut stream = TcpStream::connect(running.address()).await.unwrap();
    for _ in 0..2 {
        stream.write_all(b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        let mut answer = [0; 1024];
        let length = stream.read(&mut answer).await.unwrap();
        assert!(answer[..length].starts_with(b"HTTP/1.1 200"));
        time::advance(Duration::from_secs(60)).await;
    }
    let rested = Instant::now();
    assert_eq!(read_all(&mut stream).await, "");
    assert!(rested.elapsed() < Duration::from_secs(30));
    running.stop().await;
}

#[tokio::test]
async fn what_is_in_flight_is_answered_before_the_end() {
    let (running, client) = serve([]).await;
    let (address, bells) = (running.address(), bells());
    let asking = async { client.get("/api/v1/desk/wait").await };
    let stopping = async {
        bells.entered.notified().await;
        running.stop().await
    };
    let releasing = async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
        bells.release.notify_one();
    };
    let (reply, outcome, ()) = tokio::join!(asking, stopping, releasing);
    assert_eq!(reply.expect(200).json()["text"], "done");
    assert_eq!(outcome, StopOutcome::Clean);
}

#[tokio::test(start_paused = true)]
async fn while_it_drains_it_answers_and_says_that_it_goes() {
    let (running, client) = serve([("ARTEL_HTTP__DRAIN_S", "3")]).await;
    let asking = async {
        let mut reply = client.get("/health/ready").await.expect(503);
        while !reply.text().contains("shutting down") {
            reply = client.get("/health/ready").await.expect(503);
        }
        client.get("/api/v1/desk/notes/1").await.expect(200);
    };
    let (outcome, ()) = tokio::join!(running.stop(), asking);
    assert_eq!(outcome, StopOutcome::Clean);
}

#[tokio::test]
async fn what_outlasts_the_grace_is_cut_off() {
    let (running, _) = serve([("ARTEL_HTTP__SHUTDOWN_S", "0")]).await;
    let mut stream = TcpStream::connect(running.address()).await.unwrap();
    stream.write_all(b"GET /api/v1/desk/wait HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    bells().entered.notified().await;
    assert_eq!(running.stop().await, StopOutcome::Cut);
    assert_eq!(read_all(&mut stream).await, "");
    bells().ended.notified().await;
}

#[tokio::test]
async fn a_client_that_is_gone_is_not_worked_for() {
    let (running, _) = serve([]).await;
    let mut stream = TcpStream::connect(running.address()).await.unwrap();
    stream.write_all(b"GET /api/v1/desk/wait HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    bells().entered.notified().await;
    drop(stream);
    bells().ended.notified().await;
    running.stop().await;
}

#[tokio::test]
async fn a_full_house_says_so_and_has_room_again() {
    const ASKED: &[u8] = b"GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let (running, _) = serve([("ARTEL_HTTP__MAX_CONNECTIONS", "1")]).await;
    let mut guest = TcpStream::connect(running.address()).await.unwrap();
    guest.write_all(b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    let _ = guest.read(&mut [0; 1024]).await.unwrap();

    let refused = send_raw(running.address(), ASKED).await;
    assert!(refused.starts_with("HTTP/1.1 503"), "{refused}");
    assert!(refused.contains("retry-after: 1") && refused.contains("\"unavailable\""), "{refused}");

    drop(guest);
    while !send_raw(running.address(), ASKED).await.starts_with("HTTP/1.1 200") {}
    running.stop().await;
}

#[tokio::test]
async fn a_header_of_a_hundred_kilobytes_is_refused() {
    let (running, _) = serve([]).await;
    let long = format!("GET / HTTP/1.1\r\nHost: a\r\nX-Long: {}\r\n\r\n", "a".repeat(100_000));
    let answer = send_raw(running.address(), long.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    running.stop().await;
}

/// Sends `bytes` and nothing more; the server must close within fifteen seconds.
async fn check_closed(bytes: &[u8]) {
    let (running, _) = serve([]).await;
    let began = Instant::now();
    let answer = send_raw(running.address(), bytes).await;
    assert_eq!(answer, "");
    let took = began.elapsed();
    assert!(took >= Duration::from_secs(10) && took <= Duration::from_secs(15), "{took:?}");
    running.stop().await;
}
