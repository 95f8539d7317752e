//! Many requests at once, over connections that stay open.

use artel_testing::{Client, Reply};
use tokio::task;

use crate::{probe::Probe, stage::Stage};

/// How many are under way at a time.
const LANES: usize = 6;

/// Sends requests of several askers; each with its answer, in their order.
pub(crate) async fn send_all(
    stage: &Stage,
    probes: Vec<(usize, Probe)>,
    headers: &'static [(&'static str, &'static str)],
) -> Vec<(usize, Probe, Reply)> {
    let mut lanes: Vec<Vec<(usize, Client, Probe)>> = (0..LANES).map(|_| Vec::new()).collect();
    for (at, (who, probe)) in probes.into_iter().enumerate() {
        lanes[at % LANES].push((who, stage.client(who), probe));
    }
    #[expect(clippy::disallowed_methods, reason = "there is no program to wait for these")]
    let send = |lane: Vec<(usize, Client, Probe)>| {
        task::spawn(async move {
            let mut answered = Vec::with_capacity(lane.len());
            for (who, client, probe) in lane {
                let reply = probe.send(&client, headers).await;
                answered.push((who, probe, reply));
            }
            answered.into_iter()
        })
    };
    let running: Vec<_> = lanes.into_iter().map(send).collect();
    let mut answered = Vec::new();
    for lane in running {
        answered.push(lane.await.expect("requests are not cancelled"));
    }
    let mut whole = Vec::new();
    for at in 0.. {
        match answered[at % LANES].next() {
            Some(it) => whole.push(it),
            None => break,
        }
    }
    whole
}
