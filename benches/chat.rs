//! What the chat is capable of: how late messages are, what hints cost, what a socket holds, what
//! handing out costs, how long ten thousand take to come back.
//!
//! It has a database and processes of its own. What has something to be compared with is a ratio; the
//! rest are promises in milliseconds and bytes, printed beside what they are.

mod scene;

mod delays;
mod socket;

mod delivery;
mod writers;

pub(crate) mod broadcast;
pub(crate) mod crowd;
mod crowd_process;

mod fan_out;
mod idle;
mod reconnect;

use std::time::Duration;

use crate::{
    Result,
    arguments::Plan,
    chat::{
        crowd_process::CrowdProcess,
        delivery::Pace,
        scene::{Hearing, Scene},
    },
    say,
    server_process::ServerProcess,
    table::Table,
};

const DELIVERY: &str = "chat delivery";
const NO_HINTS: &str = "chat without hints";
const WRITERS: &str = "chat writers";
const IDLE: &str = "chat idle";
const FAN_OUT: &str = "chat fan-out";
const RECONNECT: &str = "chat reconnect";

/// How much is measured.
pub(crate) struct ChatPlan {
    /// Members, and sockets that are held; a multiple of twenty.
    pub(crate) sockets: usize,
    delivery: Pace,
    no_hints: Pace,
    /// Messages of a round of what is told to all.
    told: usize,
}

impl ChatPlan {
    pub(crate) const FULL: Self = Self {
        sockets: 10_000,
        delivery: Pace { messages: 2_000, every: Duration::from_millis(10) },
        // Not in step with a process that looks once a second.
        no_hints: Pace { messages: 100, every: Duration::from_millis(370) },
        told: 5,
    };
    pub(crate) const QUICK: Self = Self {
        sockets: 40,
        delivery: Pace { messages: 20, every: Duration::from_millis(20) },
        no_hints: Pace { messages: 4, every: Duration::from_millis(370) },
        told: 2,
    };
}

/// Measures those cases of the chat that are wanted.
pub(crate) fn run(plan: &Plan, table: &mut Table) -> Result<()> {
    let is_wanted = |name: &str| name.contains(&plan.wanted);
    let all = [DELIVERY, NO_HINTS, WRITERS, IDLE, FAN_OUT, RECONNECT];
    if !all.into_iter().any(is_wanted) {
        return Ok(());
    }
    say("making members and chats\n");
    let scene = Scene::set(plan.chat.sockets)?;
    if is_wanted(DELIVERY) {
        say(&format!("{DELIVERY}\n"));
        late(&scene, (Hearing::Hints, plan.chat.delivery), table)?;
    }
    if is_wanted(NO_HINTS) {
        say(&format!("{NO_HINTS}\n"));
        late(&scene, (Hearing::Nothing, plan.chat.no_hints), table)?;
    }
    if is_wanted(WRITERS) {
        say(&format!("{WRITERS}\n"));
        writers::measure(&scene, plan, table)?;
    }
    if [IDLE, FAN_OUT, RECONNECT].into_iter().any(is_wanted) {
        crowded(&scene, plan, table)?;
    }
    Ok(())
}

/// How late messages are at another process.
fn late(scene: &Scene, (hearing, pace): (Hearing, Pace), table: &mut Table) -> Result<()> {
    let (from, to) = (scene.serve("from.log", hearing)?, scene.serve("to.log", hearing)?);
    let found = delivery::measure(scene, (&from, &to), pace)?;
    let acknowledged = found.acknowledged.percentile(99);
    match hearing {
        Hearing::Nothing => {
            let found = format!("{:.0} ms", found.heard.worst());
            table.add_figure("chat: worst delivery, all hints lost", &found, "2500 ms");
        }
        Hearing::Hints | Hearing::HintsInDevelopment => {
            let (p50, p99) = (found.heard.percentile(50), found.heard.percentile(99));
            let found = format!("{p99:.1} ms (p50 {p50:.1}, ack {acknowledged:.1})");
            table.add_figure("chat: p99 of delivery across processes", &found, "50 ms");
        }
    }
    Ok(())
}

/// What needs all sockets open.
fn crowded(scene: &Scene, plan: &Plan, table: &mut Table) -> Result<()> {
    let is_wanted = |name: &str| name.contains(&plan.wanted);
    say(&format!("{IDLE}: {} sockets\n", scene.members.len()));
    let server = scene.serve("crowded.log", Hearing::Hints)?;
    let mut crowd = CrowdProcess::of_members(scene)?;
    idle::measure((scene, &server), &mut crowd, table)?;
    if is_wanted(FAN_OUT) {
        say(&format!("{FAN_OUT}\n"));
        fan_out::measure(&mut crowd, plan, table)?;
    }
    if is_wanted(RECONNECT) {
        say(&format!("{RECONNECT}\n"));
        reconnect::measure(scene, server, &mut crowd, table)?;
    }
    Ok(())
}

/// How many statements a server has sent to the database so far.
fn statements(server: &ServerProcess) -> Result<f64> {
    server.counted("artel_db_statements_total")
}
