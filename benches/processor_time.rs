//! Processor time of a server and of PostgreSQL, as Linux counts it in `/proc`.
//!
//! The time of everything else on the machine is not in it, which a clock could not say.

use std::{fs, process::Command, time::Duration};

use crate::Result;

/// Where the fields behind the name of a process stand in its `stat`.
const PARENT: usize = 1;
const USER: usize = 11;
const SYSTEM: usize = 12;
const CHILDREN_USER: usize = 13;
const CHILDREN_SYSTEM: usize = 14;

/// The processes of the cluster, whichever sessions it has.
pub(crate) struct Processes {
    postmaster: u32,
}

/// Processor time since the processes began.
pub(crate) struct Used {
    pub(crate) server: Duration,
    pub(crate) postgres: Duration,
}

impl Processes {
    pub(crate) fn of(postmaster: u32) -> Self {
        Self { postmaster }
    }

    /// The time that a server and PostgreSQL have used so far.
    pub(crate) fn used(&self, server: u32) -> Result<Used> {
        let tick = tick()?;
        let server = own(&stat(server).ok_or("the server has ended")?);
        let parent = stat(self.postmaster).ok_or("PostgreSQL has ended")?;
        // Sessions that have ended are in what the postmaster has waited for.
        let mut postgres = own(&parent) + parent[CHILDREN_USER] + parent[CHILDREN_SYSTEM];
        for entry in fs::read_dir("/proc")?.flatten() {
            let id = entry.file_name().to_str().and_then(|it| it.parse().ok());
            let Some(stat) = id.and_then(stat) else { continue };
            if stat[PARENT] == u64::from(self.postmaster) {
                postgres += own(&stat);
            }
        }
        let time = |ticks: u64| tick * u32::try_from(ticks).unwrap_or(u32::MAX);
        Ok(Used { server: time(server), postgres: time(postgres) })
    }
}

/// The time that a process has used so far.
pub(crate) fn of(process: u32) -> Result<Duration> {
    let ticks = own(&stat(process).ok_or("the process has ended")?);
    Ok(tick()? * u32::try_from(ticks).unwrap_or(u32::MAX))
}

fn own(stat: &[u64]) -> u64 {
    stat[USER] + stat[SYSTEM]
}

/// The fields of a process behind its name; a letter counts as 0. None if there is no such one.
fn stat(process: u32) -> Option<Vec<u64>> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name is in brackets and may itself have brackets and spaces in it.
    let (_, fields) = text.rsplit_once(") ")?;
    let fields: Vec<u64> = fields.split(' ').map(|it| it.parse().unwrap_or_default()).collect();
    (fields.len() > CHILDREN_SYSTEM).then_some(fields)
}

/// What one unit of processor time in `/proc` is.
fn tick() -> Result<Duration> {
    let said = Command::new("getconf").arg("CLK_TCK").output()?;
    let per_second: u32 = String::from_utf8(said.stdout)?.trim().parse()?;
    Ok(Duration::from_secs(1) / per_second)
}
