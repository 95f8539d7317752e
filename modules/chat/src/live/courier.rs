//! Carries what does not last between processes, and to the sockets of this one.
//!
//! **Invariant:** it never grows: what does not fit into a message, or comes while one is on its way
//! for too long, is lost.

use std::{sync::Arc, time::Duration};

use artel_core::pubsub::{Heard, PAYLOAD_BYTES_MAX, PubSub, Subscription};
use tokio::{
    sync::broadcast::{self, error::RecvError},
    time,
};
use tokio_util::sync::CancellationToken;

use crate::{
    live::{frame::ToClient, hub::Hub},
    passing::Passing,
};

/// What other processes are told, a line each.
pub(super) const TOPIC: &str = "chat_passing";
/// The shortest time between two messages of this process.
const WINDOW: Duration = Duration::from_millis(10);

/// The courier of one process.
pub(super) struct Courier {
    pub(super) hub: Arc<Hub>,
    pub(super) pubsub: Arc<dyn PubSub>,
    /// What is said in this process.
    pub(super) said: broadcast::Receiver<Passing>,
    /// What all of them say, this one too.
    pub(super) heard: Subscription,
}

impl Courier {
    /// Runs until it is stopped.
    pub(super) async fn run(mut self, stopped: CancellationToken) {
        loop {
            tokio::select! {
                () = stopped.cancelled() => return,
                heard = self.heard.next() => match heard {
                    Some(Heard::Message(lines)) => self.hand_out(&lines),
                    Some(Heard::Gap) => {}
                    None => return,
                },
                said = self.said.recv() => match said {
                    Ok(first) => self.send(first).await,
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return,
                },
            }
        }
    }

    /// Tells all processes, with whatever else is there to tell by now.
    async fn send(&mut self, first: Passing) {
        let mut lines = line(first);
        while let Ok(passing) = self.said.try_recv() {
            let next = line(passing);
            if lines.len() + 1 + next.len() > PAYLOAD_BYTES_MAX {
                metrics::counter!("artel_chat_passing_dropped_total").increment(1);
                continue;
            }
            lines.push('\n');
            lines.push_str(&next);
        }
        if self.pubsub.publish(TOPIC, &lines).await.is_err() {
            metrics::counter!("artel_chat_passing_dropped_total").increment(1);
        }
        time::sleep(WINDOW).await;
    }

    fn hand_out(&self, lines: &str) {
        for line in lines.lines() {
            match serde_json::from_str(line) {
                Ok(passing) => self.pass(passing),
                Err(_) => metrics::counter!("artel_chat_passing_garbled_total").increment(1),
            }
        }
    }

    fn pass(&self, passing: Passing) {
        match passing {
            Passing::Read { user_id, chat_id, read_seq, unread } => {
                let text = ToClient::Read { chat_id, read_seq, unread }.text();
                self.hub.each_seat_of(user_id, |it| it.queue.push_passing(text.clone()));
            }
            Passing::Typing { chat_id, user_id } => {
                let text = ToClient::Typing { chat_id, user_id }.text();
                self.hub.each_listener(chat_id, |it| {
                    if it.user != user_id {
                        it.queue.push_passing(text.clone());
                    }
                });
            }
        }
    }
}

fn line(passing: Passing) -> String {
    // Names and numbers are always JSON.
    serde_json::to_string(&passing).unwrap_or_default()
}
