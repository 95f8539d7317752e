//! The connection that listens: what is heard, and what its end looks like.

use crate::pg::{
    Notification,
    tests::{pool, unique_channel},
};

#[tokio::test]
async fn what_is_notified_is_heard_on_listened_channels_in_order() {
    let (listener, mut heard) = pool().listener().await.unwrap();
    let [first, second, odd] = ["first", "second", "\"odd\" 🦀; --"].map(unique_channel);
    let all = [first.clone(), second.clone(), odd.clone()];
    listener.listen(&all, &[]).await.unwrap();
    for (channel, payload) in [(&first, "1"), (&odd, "it's 2"), (&second, ""), (&first, "4")] {
        listener.notify(channel, payload).await.unwrap();
        assert_eq!(heard.next().await.unwrap(), notification(channel, payload));
    }

    listener.listen(&[], std::slice::from_ref(&first)).await.unwrap();
    listener.notify(&first, "not heard").await.unwrap();
    listener.notify(&second, "heard").await.unwrap();
    assert_eq!(heard.next().await.unwrap(), notification(&second, "heard"));
    assert!((0.0..1.0).contains(&listener.queue_usage().await.unwrap()));
}

#[tokio::test]
async fn names_and_payloads_that_the_server_would_cut_off_are_refused() {
    let (listener, mut heard) = pool().listener().await.unwrap();
    for name in ["", &"é".repeat(32), "a\0b"] {
        for refused in
            [listener.notify(name, "x").await, listener.listen(&[name.to_owned()], &[]).await]
        {
            assert!(refused.unwrap_err().to_string().contains("no name of a channel"));
        }
    }
    let channel = unique_channel("long");
    listener.listen(std::slice::from_ref(&channel), &[]).await.unwrap();
    assert!(listener.notify(&channel, &"x".repeat(8_000)).await.is_err());
    let longest = "x".repeat(7_999);
    listener.notify(&channel, &longest).await.unwrap();
    assert_eq!(heard.next().await.unwrap(), notification(&channel, &longest));
}

#[tokio::test]
async fn the_end_of_the_connection_is_an_error_on_both_halves() {
    let pool = pool();
    let (listener, mut heard) = pool.listener().await.unwrap();
    let (other, _unheard) = pool.listener().await.unwrap();
    let own = listener.client.query_one("SELECT pg_backend_pid()", &[]).await.unwrap();
    let own: i32 = own.get(0);
    other.client.execute("SELECT pg_terminate_backend($1)", &[&own]).await.unwrap();
    assert!(heard.next().await.unwrap_err().is_unavailable());
    assert!(heard.next().await.unwrap_err().is_unavailable(), "and it stays so");
    assert!(listener.notify("any", "x").await.unwrap_err().is_unavailable());
}

fn notification(channel: &str, payload: &str) -> Notification {
    Notification { channel: channel.to_owned(), payload: payload.to_owned() }
}
