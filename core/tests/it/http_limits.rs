//! Bodies that are too large or not what they say, however they come.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::Instant,
};

use crate::desk::{send_raw, serve};

const HEAD: &str = "POST /api/v1/desk/notes HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\
    Content-Type: application/json\r\n";

#[tokio::test]
async fn an_announced_length_is_enough_to_refuse() {
    check(&format!("{HEAD}Content-Length: 10000000\r\n\r\n{{"), "HTTP/1.1 413").await;
}

#[tokio::test]
async fn a_client_that_waits_for_leave_gets_none() {
    let head = format!("{HEAD}Content-Length: 10000000\r\nExpect: 100-continue\r\n\r\n");
    check(&head, "HTTP/1.1 413").await;
}

#[tokio::test]
async fn a_length_that_shows_only_as_it_comes_is_refused_too() {
    let chunk = format!("{:x}\r\n{}\r\n", 512 * 1024, " ".repeat(512 * 1024));
    let body = format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n{chunk}{chunk}{chunk}");
    check(&body, "HTTP/1.1 413").await;
}

#[tokio::test]
async fn whoever_sends_all_before_listening_finds_the_answer() {
    let (running, _) = serve([]).await;
    let mut stream = TcpStream::connect(running.address()).await.unwrap();
    let head = format!("{HEAD}Content-Length: 4000000\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&vec![b' '; 4_000_000]).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(answer.contains("1048576"), "{answer}");
    running.stop().await;
}

#[tokio::test]
async fn a_compressed_body_is_refused() {
    let body = format!("{HEAD}Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc");
    check(&body, "HTTP/1.1 415").await;
    let body =
        format!("{HEAD}Content-Encoding: identity\r\nContent-Length: 12\r\n\r\n{{\"text\":\"a\"}}");
    check(&body, "HTTP/1.1 200").await;
}

#[tokio::test]
async fn a_missing_route_is_said_before_the_body_is_judged() {
    let head = HEAD.replace("/notes", "/nowhere");
    check(&format!("{head}Content-Length: 10000000\r\n\r\n{{"), "HTTP/1.1 404").await;
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let began = Instant::now();
    check(&format!("{HEAD}Content-Length: 12\r\n\r\n{{\"te"), "HTTP/1.1 400").await;
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
}

/// Sends bytes as they are and compares the beginning of the answer.
async fn check(bytes: &str, expected: &str) {
    let (running, _) = serve([]).await;
    let answer = send_raw(running.address(), bytes.as_bytes()).await;
    assert!(answer.starts_with(expected), "{answer}");
    running.stop().await;
}
