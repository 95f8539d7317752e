//! What Redis does beside what every broker does.

use artel_core::settings::ExposeSecret;
use redis::aio::MultiplexedConnection;

use crate::pubsub::{
    loss::{gap, hear_again},
    stage::{Stage, listen, until},
};

#[tokio::test]
async fn a_client_that_the_server_kills_hears_a_gap() {
    let stage = Stage::redis().await;
    let ann = stage.join();
    let mut news = listen(&ann, "news").await;
    let client = redis::Client::open(stage.url().unwrap().expose_secret()).unwrap();
    let mut admin = client.get_multiplexed_async_connection().await.unwrap();
    for _ in 0..3 {
        let ids = ids_named(&mut admin, stage.namespace()).await;
        assert_eq!(ids.len(), 1, "one connection listens and tells");
        let mut kill = redis::cmd("CLIENT");
        let killed: u64 =
            kill.arg("KILL").arg("ID").arg(&ids[0]).query_async(&mut admin).await.unwrap();
        assert_eq!(killed, 1);
        gap(&mut news).await;
        hear_again(&mut news, &ann, "news").await;
    }
    ann.close().await;
    until(async || ids_named(&mut admin.clone(), stage.namespace()).await.is_empty()).await;
}

/// The clients of that name, by the server's list: `id=7 addr=… name=artel …`.
async fn ids_named(admin: &mut MultiplexedConnection, name: &str) -> Vec<String> {
    let list: String = redis::cmd("CLIENT").arg("LIST").query_async(admin).await.unwrap();
    let is_named = |line: &&str| line.split(' ').any(|it| it == format!("name={name}"));
    let id = |line: &str| line.split(' ').next()?.strip_prefix("id=").map(str::to_owned);
    list.lines().filter(is_named).filter_map(id).collect()
}
