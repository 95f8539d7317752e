//! The port of an environment: one that is free, or a fault that says what to do.

use std::net::TcpListener;

use artel_testing::Client;

use crate::probe::environment;

#[tokio::test]
async fn a_free_port_is_picked_and_answers() {
    let running = environment([]).start().await.unwrap();
    let guest = Client::guest(running.address());
    guest.get("/health/live").await.expect(200);
    running.stop().await;
}

#[tokio::test]
async fn a_taken_port_is_named_with_the_cure() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    let taken = environment([("ARTEL_HTTP__LISTEN", &address)]);
    let error = taken.start().await.err().unwrap().to_string();
    assert!(error.contains(&address) && error.contains("ARTEL_HTTP__LISTEN"), "{error}");
}
