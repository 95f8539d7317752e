//! A socket opens for whom it should, and for nobody else.

use std::sync::Arc;

use artel_core::{
    App, Environment, Module, Running,
    http::socket::{Incoming, Opening, Socket, SocketHandler, close},
};
use artel_testing::{Client, in_time};
use futures_util::future::BoxFuture;
use http::Method;
use serde_json::json;

use crate::probe::settings;

pub(crate) const PATH: &str = "/api/v1/echo";

/// Says again what it is told, and first what it knows of who opened it.
pub(crate) struct Echo;

/// The module.
pub(crate) const ECHO: Module = Module {
    name: "echo",
    depends: &[],
    setup: |to| {
        to.socket("/echo", Echo);
    },
};

impl SocketHandler for Echo {
    fn summary(&self) -> &'static str {
        "Says again what it is told."
    }

    fn serve<'a>(
        &'a self,
        _app: &'a Arc<App>,
        opening: Opening,
        socket: Socket,
    ) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let draining = socket.draining();
            let (mut reader, mut writer) = socket.split();
            let Opening { address, language, protocol, .. } = opening;
            let hello = json!({ "address": address, "language": language, "protocol": protocol });
            if writer.send(hello.to_string()).await.is_err() {
                return;
            }
            loop {
                let incoming = tokio::select! {
                    incoming = reader.next() => incoming,
                    () = draining.begun() => {
                        let _ = writer.send("\"drain\"").await;
                        return;
                    }
                };
                match incoming {
                    Incoming::Text(text) if text == "panic" => panic!("the ink is spilt"),
                    Incoming::Text(text) if text == "close" => {
                        return writer.close(close::FORBIDDEN, "as you say");
                    }
                    Incoming::Text(text) if text == "stubborn" => std::future::pending().await,
                    Incoming::Text(text) if text == "much" => {
                        let much = "x".repeat(1_000_000);
                        while writer.send(much.as_str()).await.is_ok() {}
                        return;
                    }
                    Incoming::Text(text) => {
                        if writer.send(text).await.is_err() {
                            return;
                        }
                    }
                    _ => return,
                }
            }
        })
    }
}

/// A server with the echo, and somebody to open it.
pub(crate) async fn serve<const N: usize>(own: [(&str, &str); N]) -> (Running, Client) {
    let running = Environment::closure_of(settings(own), &[ECHO]).start().await.unwrap();
    let client = Client::guest(running.address());
    (running, client)
}

#[tokio::test]
async fn what_is_said_comes_back() {
    let (running, client) = serve([]).await;
    let mut socket = client.socket(PATH).header("accept-language", "ru").open().await;
    let hello = json!({ "address": "127.0.0.1", "language": "ru", "protocol": null });
    assert_eq!(socket.frame().await, hello);
    for said in [json!({ "text": "да" }), json!("x".repeat(50_000)), json!("")] {
        socket.say(said.clone()).await;
        assert_eq!(socket.frame().await, said);
    }
    socket.close(1000).await;
    running.stop().await;
}

#[tokio::test]
async fn the_protocol_is_agreed_on() {
    let (running, client) = serve([]).await;
    let mut socket = client.socket(PATH).protocols("other, artel.v1").open().await;
    assert_eq!(socket.protocol.as_deref(), Some("artel.v1"));
    assert_eq!(socket.frame().await["protocol"], "artel.v1");
    let refused = client.socket(PATH).protocols("other").try_open().await;
    assert!(refused.is_err(), "a client does not go on with a protocol that it did not offer");
    running.stop().await;
}

#[tokio::test]
async fn only_a_websocket_is_answered() {
    let (running, client) = serve([]).await;
    let reply = client.get(PATH).await.expect(426);
    assert_eq!(reply.json()["code"], "upgrade_required");
    assert_eq!(reply.header("upgrade"), "websocket");
    assert_eq!(reply.header("sec-websocket-version"), "13");
    let old = client.socket(PATH).header("sec-websocket-version", "8");
    old.refusal().await.expect(426);
    let keyless = client.socket(PATH).header("sec-websocket-key", "short").refusal().await;
    assert_eq!(keyless.fault(), "400 bad_parameter: Sec-WebSocket-Key bad_parameter");
    client.send(Method::POST, PATH, &[], "").await.expect(405);
    client.socket(PATH).open().await;
    running.stop().await;
}

#[tokio::test]
async fn a_page_of_ours_may_and_another_may_not() {
    let (running, client) = serve([]).await;
    let port = running.address().port();
    let opens = async |origin: String| client.socket(PATH).origin(&origin).try_open().await.is_ok();
    for host in ["localhost", "127.0.0.1", "[::1]"] {
        assert!(opens(format!("http://{host}:{port}")).await, "{host}");
        assert!(!opens(format!("http://{host}:{}", port ^ 1)).await, "{host}");
        assert!(!opens(format!("https://{host}:{port}")).await, "{host}");
    }
    for origin in ["null", "https://evil.test", ""] {
        let reply = client.socket(PATH).origin(origin).refusal().await.expect(403);
        assert_eq!(reply.json()["code"], "foreign_origin");
    }
    // A name that leads here is not ours for that, whatever the request calls its host.
    let evil = format!("evil.test:{port}");
    let rebound = client.socket(PATH).header("host", &evil).origin(&format!("http://{evil}"));
    rebound.refusal().await.expect(403);
    let twice = format!("http://localhost:{port}");
    assert!(client.socket(PATH).origin(&twice).origin(&twice).try_open().await.is_err());
    assert!(client.socket(PATH).try_open().await.is_ok(), "a program has no origin");
    running.stop().await;
}

#[tokio::test]
async fn listed_origins_are_all_there_are() {
    const LISTED: &str = "https://crm.example.com";
    let (running, client) = serve([("ARTEL_HTTP__ORIGINS", LISTED)]).await;
    client.socket(PATH).origin(LISTED).open().await;
    let own = format!("http://{}", running.address());
    client.socket(PATH).origin(&own).refusal().await.expect(403);
    running.stop().await;
}

#[tokio::test]
async fn a_server_on_every_address_needs_a_list() {
    let (running, client) = serve([("ARTEL_HTTP__LISTEN", "0.0.0.0:0")]).await;
    for host in ["0.0.0.0", "127.0.0.1", "localhost"] {
        let origin = format!("http://{host}:{}", running.address().port());
        client.socket(PATH).origin(&origin).refusal().await.expect(403);
    }
    client.socket(PATH).open().await;
    running.stop().await;
}

#[tokio::test]
async fn a_token_in_an_address_is_refused_with_the_cure() {
    let (running, client) = serve([]).await;
    for name in ["token", "access_token"] {
        let reply = client.socket(format!("{PATH}?{name}=hush")).refusal().await.expect(400);
        let said = reply.json()["violations"][0]["message"].to_string();
        assert!(said.contains("ws_ticket") && !reply.text().contains("hush"), "{}", reply.text());
    }
    let unknown = client.socket(format!("{PATH}?x=1")).refusal().await;
    assert_eq!(unknown.fault(), "400 unknown_parameter: x unknown_parameter");
    running.stop().await;
}

#[tokio::test]
async fn a_socket_counts_as_a_connection_until_it_is_closed() {
    let (running, client) = serve([("ARTEL_HTTP__MAX_CONNECTIONS", "2")]).await;
    let one = client.socket(PATH).open().await;
    let two = client.socket(PATH).open().await;
    assert!(client.socket(PATH).try_open().await.is_err());
    one.close(1000).await;
    in_time(async { while client.socket(PATH).try_open().await.is_err() {} }).await;
    two.close(1000).await;
    running.stop().await;
}

#[tokio::test]
async fn it_is_a_route_like_others() {
    let (running, client) = serve([]).await;
    let document = client.get("/api/openapi.json").await.expect(200).json();
    let operation = &document["paths"][PATH]["get"];
    assert_eq!(operation["summary"], "Says again what it is told.");
    let answers: Vec<_> = operation["responses"].as_object().unwrap().keys().collect();
    assert_eq!(answers, ["101", "400", "403", "426", "500", "503"]);
    running.stop().await;

    let twice = Module {
        name: "twice",
        depends: &[],
        setup: |to| {
            to.socket("/echo", Echo).socket("/echo", Echo);
        },
    };
    let error = Environment::closure_of(settings([]), &[twice]).start().await.err().unwrap();
    let expected = "GET /api/v1/echo is defined twice, by the socket of the module twice and by the \
                    socket of the module twice";
    assert!(error.to_string().contains(expected), "{error}");
}
