//! What goes over a socket: how large, how often, how slowly.

use artel_testing::{Heard, in_time};
use tokio::io::AsyncWriteExt;

use crate::socket::{PATH, serve};

/// The header of a frame of a client: 64 KiB and one byte of text, masked.
const TOO_LARGE: [u8; 14] = [0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0];

#[tokio::test]
async fn a_message_of_64_kib_passes_and_one_byte_more_does_not() {
    let (running, client) = serve([]).await;
    let mut socket = client.socket(PATH).open().await;
    socket.frame().await;
    let whole = "я".repeat(32 * 1024);
    socket.say_text(whole.clone()).await;
    assert_eq!(socket.frame().await, whole);
    socket.say_text(format!("{whole}x")).await;
    assert_eq!(socket.closed().await, 4400);

    let mut socket = client.socket(PATH).open().await;
    socket.frame().await;
    socket.connection().write_all(&TOO_LARGE).await.unwrap();
    assert_eq!(socket.closed().await, 4400, "before it has come");
    running.stop().await;
}

#[tokio::test]
async fn only_text_is_taken() {
    let (running, client) = serve([]).await;
    let mut socket = client.socket(PATH).open().await;
    socket.frame().await;
    socket.say_bytes(b"{}").await;
    assert_eq!(socket.closed().await, 4400);

    // T37. No UTF-8; not masked; a bit that nobody has agreed on; a part of nothing; a kind that is
    // none, of either sort; a ping in parts, and one that is too long.
    let long_ping = [&[0x89, 0xfe, 0, 126, 0, 0, 0, 0], &[b'x'; 126][..]].concat();
    let bad: [&[u8]; 8] = [
        &[0x81, 0x81, 0, 0, 0, 0, 0xff],
        &[0x81, 0x01, b'a'],
        &[0xc1, 0x81, 0, 0, 0, 0, b'a'],
        &[0x80, 0x81, 0, 0, 0, 0, b'a'],
        &[0x83, 0x81, 0, 0, 0, 0, b'a'],
        &[0x8b, 0x80, 0, 0, 0, 0],
        &[0x09, 0x80, 0, 0, 0, 0],
        &long_ping,
    ];
    for frame in bad {
        let mut socket = client.socket(PATH).open().await;
        socket.frame().await;
        socket.connection().write_all(frame).await.unwrap();
        assert_eq!(socket.closed().await, 4400, "{frame:?}");
    }
    let good = [0x81, 0x81, 0, 0, 0, 0, b'1'];
    let mut socket = client.socket(PATH).open().await;
    socket.frame().await;
    socket.connection().write_all(&good).await.unwrap();
    assert_eq!(socket.frame().await, 1);
    running.stop().await;
}

#[tokio::test]
async fn a_message_in_parts_is_one() {
    let (running, client) = serve([]).await;
    let mut socket = client.socket(PATH).open().await;
    socket.frame().await;
    // "12" in two parts, with a ping between them.
    let parts =
        [0x01, 0x81, 0, 0, 0, 0, b'1', 0x89, 0x80, 0, 0, 0, 0, 0x80, 0x81, 0, 0, 0, 0, b'2'];
    for byte in parts {
        socket.connection().write_all(&[byte]).await.unwrap();
    }
    assert_eq!(socket.frame().await, 12);
    running.stop().await;
}

/// T37.
#[tokio::test]
async fn parts_that_never_end_are_too_much_at_64_kib() {
    let (running, client) = serve([]).await;
    let mut socket = client.socket(PATH).open().await;
    let mut other = client.socket(PATH).open().await;
    socket.frame().await;
    other.frame().await;
    // 64 parts of 1 KiB are as much as there may be, and the byte behind them is not.
    let large = [&[0x00, 0xfe, 4, 0, 0, 0, 0, 0], &[b'x'; 1024][..]].concat();
    let small = [0x00, 0x81, 0, 0, 0, 0, b'x'];
    let mut parts = large.repeat(64);
    parts[0] = 0x01;
    socket.connection().write_all(&parts).await.unwrap();
    other.say(1).await;
    assert_eq!(other.frame().await, 1);
    socket.connection().write_all(&small).await.unwrap();
    assert_eq!(socket.closed().await, 4400);

    // Those that fit are one message, however many they are.
    let mut socket = client.socket(PATH).open().await;
    socket.frame().await;
    let mut parts = small.repeat(10_000);
    (parts[0], parts[9_999 * small.len()]) = (0x01, 0x80);
    socket.connection().write_all(&parts).await.unwrap();
    assert_eq!(socket.frame().await, "x".repeat(10_000));
    running.stop().await;
}

#[tokio::test]
async fn signs_of_life_are_asked_for_and_keep_a_socket_open() {
    let quick = [("ARTEL_SOCKET__PING_MS", "40"), ("ARTEL_SOCKET__SILENCE_MS", "400")];
    let (running, client) = serve(quick).await;
    let mut socket = client.socket(PATH).open().await;
    socket.frame().await;
    // Longer than a silence may last: only the answers to pings come in.
    for _ in 0..25 {
        assert_eq!(socket.heard().await, Heard::Ping);
    }
    socket.say(1).await;
    assert_eq!(socket.frame().await, 1);
    running.stop().await;
}

#[tokio::test]
async fn a_silent_peer_is_ended() {
    let quick = [("ARTEL_SOCKET__PING_MS", "40"), ("ARTEL_SOCKET__SILENCE_MS", "200")];
    let (running, client) = serve(quick).await;
    let mut deaf = client.socket(PATH).open().await;
    // Pings arrive and nobody looks at them, until the server has said its last word.
    let connection = deaf.connection();
    let mut seen = [0; 4096];
    let has_ended = async |connection: &tokio::net::TcpStream, seen: &mut [u8]| {
        loop {
            connection.readable().await.unwrap();
            let found = connection.peek(seen).await;
            let Ok(length) = found else { return false };
            // A close frame with the code 1001.
            if seen[..length].windows(4).any(|it| it[0] == 0x88 && it[2..] == [0x03, 0xe9]) {
                return true;
            }
            tokio::task::yield_now().await;
        }
    };
    assert!(in_time(has_ended(connection, &mut seen)).await);
    running.stop().await;
}

#[tokio::test]
async fn a_peer_that_takes_nothing_is_ended() {
    let (running, client) = serve([("ARTEL_SOCKET__SEND_MS", "200")]).await;
    let mut slow = client.socket(PATH).open().await;
    slow.frame().await;
    let before = figure(&client.get("/metrics").await.text());
    slow.say_text("much").await;
    in_time(async { while figure(&client.get("/metrics").await.text()) == before {} }).await;
    running.stop().await;
}

/// How many were too slow, which no other test of this program is.
fn figure(text: &str) -> String {
    let line = text.lines().find(|it| it.starts_with("artel_sockets_closed_total{code=\"4408\"}"));
    line.unwrap_or_default().to_owned()
}
