//! The whole benchmark: both servers over one database, every case, one table; then the chat.

use std::time::Duration;

use crate::{
    Result,
    arguments::Plan,
    bulk::{self, Bulk},
    cases::{Case, cases},
    chat,
    comparison::{Comparison, compare},
    home::Home,
    installation::Installation,
    load::{self, Until},
    say,
    table::Table,
    token,
};

/// Runs it and prints the table.
pub(crate) fn run(plan: &Plan) -> Result<()> {
    let mut table = Table::new();
    if !plan.wanted.starts_with("chat") {
        requests(plan, &mut table)?;
    }
    chat::run(plan, &mut table)?;
    table.print()
}

/// What requests cost.
fn requests(plan: &Plan, table: &mut Table) -> Result<()> {
    let home = Home::fresh("requests")?;
    say("making the cluster and the tables\n");
    home.prepare()?;
    let installation = Installation::start(&home, plan.rows)?;
    say(&format!(
        "ours is process {}, by hand is process {}\n",
        installation.ours.id(),
        installation.by_hand.id()
    ));

    for case in cases(&installation, plan.rows)? {
        if case.name.contains(&plan.wanted) {
            say(&format!("{}\n", case.name));
            table.add(&measure(&installation, &case, plan)?);
        }
    }
    if "token and rights".contains(&plan.wanted) {
        let cost = token::measure(&home, plan.token_turns)?;
        table.add_figure("token and rights, processor time", &format!("{cost:.1} µs"), "5 µs");
    }
    if "bulk create".contains(&plan.wanted) {
        say("bulk create\n");
        let found = bulk::measure(&home, &installation, (plan.rounds, plan.bulk_rows))?;
        let Bulk { rows, ours, copy, ratio } = found;
        let found = format!("{ratio:.2} ({ours:.0} : {copy:.0} ms)");
        table.add_figure(&format!("bulk create of {rows}, against COPY"), &found, "1.50");
    }
    let served = fill_up(&installation, plan)?;
    table.add_figure(
        "start to ready on an existing cluster",
        &milliseconds(installation.start),
        "1000 ms",
    );
    table.add_figure(
        &format!("resident memory after {served} requests"),
        &format!("{:.0} MB", installation.ours.resident_mb()?),
        "60 MB",
    );
    Ok(())
}

fn measure(installation: &Installation, case: &Case<'_>, plan: &Plan) -> Result<Comparison> {
    case.check_answers()?;
    compare(case, &installation.processes(), plan)
}

/// Sends the program as many requests as its memory is to be measured after.
fn fill_up(installation: &Installation, plan: &Plan) -> Result<u64> {
    let served = installation.ours.requests_so_far();
    let missing = plan.requests.saturating_sub(served);
    if missing > 0 {
        let reads = installation.reads(plan.rows);
        load::run(&installation.ours, &reads, Until::Count(missing))?;
    }
    Ok(installation.ours.requests_so_far())
}

fn milliseconds(duration: Duration) -> String {
    format!("{} ms", duration.as_millis())
}
