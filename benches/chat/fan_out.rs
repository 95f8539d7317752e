//! How long it takes until all have heard what was said to all, against a program that does nothing
//! else.

use std::env;

use crate::{
    Result,
    arguments::Plan,
    chat::{
        crowd::{Order, Outcome},
        crowd_process::CrowdProcess,
    },
    comparison::median,
    home::with_many_files,
    say,
    server_process::ServerProcess,
    table::Table,
};

/// Measures it for a crowd that listens already; the opponent gets another one, as large.
pub(crate) fn measure(crowd: &mut CrowdProcess, plan: &Plan, table: &mut Table) -> Result<()> {
    let mut command = with_many_files(&env::current_exe()?);
    command.arg("broadcast");
    let opponent = ServerProcess::start(command)?;
    let mut others = CrowdProcess::of_nobodies(plan.chat.sockets)?;
    others.carry_out(&Order::Go { to: opponent.address, at_once: 100 })?;
    let order = Order::Say { messages: plan.chat.told };
    let mut rounds = Vec::with_capacity(plan.rounds);
    for round in 0..=plan.rounds {
        let (ours, bare) = if round % 2 == 0 {
            let ours = crowd.carry_out(&order)?;
            (ours, others.carry_out(&order)?)
        } else {
            let bare = others.carry_out(&order)?;
            (crowd.carry_out(&order)?, bare)
        };
        // The first of each is slower than all others.
        if round > 0 {
            rounds.push((ours, bare));
        }
    }
    let middle = |value: &dyn Fn(&(Outcome, Outcome)) -> f64| median(rounds.iter().map(value));
    for (ours, bare) in &rounds {
        say(&format!("{:.0} : {:.0} ms\n", ours.p99, bare.p99));
    }
    let ratio = middle(&|(ours, bare)| ours.p99 / bare.p99);
    let (ours, bare) = (middle(&|it| it.0.p99), middle(&|it| it.1.p99));
    table.add_figure(
        "chat: p99 of telling all, to a bare one's",
        &format!("{ratio:.2} ({ours:.0} : {bare:.0} ms)"),
        "2.00",
    );
    let (ours, bare) = (middle(&|it| it.0.first), middle(&|it| it.1.first));
    table
        .add_note(&format!("chat: until the first of them has heard it: {ours:.1} : {bare:.1} ms"));
    let missed: u64 = rounds.iter().map(|it| it.0.gaps).max().unwrap_or_default();
    match missed {
        0 => Ok(()),
        missed => Err(format!("{missed} events were missed").into()),
    }
}
