//! How much is written when other processes are told of it, against how much when they are not.

use crate::{
    Result,
    arguments::Plan,
    chat::{
        reconnect::message,
        scene::{Hearing, Scene},
    },
    comparison::median,
    load::{self, Until},
    server_process::ServerProcess,
    table::Table,
};

/// Writers, and chats that they write to in turn.
const WRITERS: usize = 32;
const CHATS: usize = 1_000;

/// Measures both in turn. Beside them runs a process that hears the hints, and does nothing else.
pub(crate) fn measure(scene: &Scene, plan: &Plan, table: &mut Table) -> Result<()> {
    let with = scene.serve("with_hints.log", Hearing::HintsInDevelopment)?;
    let without = scene.serve("without_hints.log", Hearing::Nothing)?;
    let hears = scene.serve("hears.log", Hearing::HintsInDevelopment)?;
    let groups = scene.groups().into_iter().take(CHATS);
    let requests: Vec<_> = groups.map(|(chat, member)| message(chat, &member.token)).collect();
    let rate = |server: &ServerProcess| {
        let done = load::run_over(WRITERS, server, &requests, Until::Elapsed(plan.round))?;
        #[expect(clippy::cast_precision_loss, reason = "a round has fewer than 2^52 requests")]
        let count = done.requests as f64;
        Ok::<f64, crate::Failure>(count / done.took.as_secs_f64())
    };
    let mut rounds = Vec::with_capacity(plan.rounds);
    for round in 0..=plan.rounds {
        let (with, without) = if round % 2 == 0 {
            let with = rate(&with)?;
            (with, rate(&without)?)
        } else {
            let without = rate(&without)?;
            (rate(&with)?, without)
        };
        // The first of each is slower than all others.
        if round > 0 {
            rounds.push((with, without));
        }
    }
    let ratio = median(rounds.iter().map(|(with, without)| without / with));
    let (with, without) =
        (median(rounds.iter().map(|it| it.0)), median(rounds.iter().map(|it| it.1)));
    table.add_figure(
        &format!("chat: writes without : with hints, {} chats", requests.len()),
        &format!("{ratio:.2} ({without:.0} : {with:.0}/s)"),
        "1.25",
    );
    let hints = hears.counted("artel_pubsub_heard_total")?;
    table.add_note(&format!("chat: words between processes meanwhile: {hints:.0}"));
    match hints > 0.0 {
        true => Ok(()),
        false => Err("no hint was heard: nothing was compared".into()),
    }
}
