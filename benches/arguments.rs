//! What the benchmark was asked to do.

use std::{path::PathBuf, time::Duration};

use crate::chat::ChatPlan;

/// What this process is for.
pub(crate) enum Arguments {
    /// To be the opponent.
    ByHand(OpponentSettings),
    /// To be the program with the rights of the benchmark; its command line reads the arguments.
    Program,
    /// To say what a token costs, in so many turns.
    Token(u32),
    /// To say what many rows at once cost.
    Bulk(BulkSettings),
    /// To be many clients of the chat.
    Crowd(CrowdSettings),
    /// To be the opponent of the chat.
    Broadcast,
    /// To say which tests there are, which a test runner asks: none by name.
    List,
    /// To measure.
    Measure(Plan),
}

/// What the opponent is told by the process that starts it.
pub(crate) struct OpponentSettings {
    pub(crate) url: String,
    /// The key of access tokens, in hexadecimal digits.
    pub(crate) key: String,
    pub(crate) connections: usize,
}

/// What the process that creates many rows is told by the one that starts it.
pub(crate) struct BulkSettings {
    pub(crate) url: String,
    /// The process whose children are PostgreSQL.
    pub(crate) postmaster: u32,
    pub(crate) rounds: usize,
    pub(crate) rows: usize,
}

/// What the process that is many clients is told by the one that starts it.
pub(crate) struct CrowdSettings {
    pub(crate) count: usize,
    /// Who they are; without it, they have no names.
    pub(crate) members: Option<PathBuf>,
}

/// How much is measured.
pub(crate) struct Plan {
    /// Rows in each of the two big tables.
    pub(crate) rows: u32,
    /// Turns in which tokens are looked at.
    pub(crate) token_turns: u32,
    /// Rows that are created at once.
    pub(crate) bulk_rows: usize,
    /// Rounds of each side of a case, in turn.
    pub(crate) rounds: usize,
    /// How long a round takes.
    pub(crate) round: Duration,
    /// Requests after which the memory of the program is looked at.
    pub(crate) requests: u64,
    /// What is measured of the chat.
    pub(crate) chat: ChatPlan,
    /// A part of the names of the cases; empty for all.
    pub(crate) wanted: String,
}

impl Plan {
    const FULL: Self = Self {
        rows: 100_000,
        token_turns: 20,
        bulk_rows: 10_000,
        rounds: 7,
        round: Duration::from_millis(1_500),
        requests: 100_000,
        chat: ChatPlan::FULL,
        wanted: String::new(),
    };
    const QUICK: Self = Self {
        rows: 3_000,
        token_turns: 1,
        bulk_rows: 300,
        rounds: 1,
        round: Duration::from_millis(60),
        requests: 500,
        chat: ChatPlan::QUICK,
        wanted: String::new(),
    };
}

impl Arguments {
    /// Cargo says `--bench` when it measures, and nothing when it tests.
    pub(crate) fn parse(given: impl Iterator<Item = String>) -> Self {
        let given: Vec<String> = given.collect();
        if let [mode, url, key, connections] = given.as_slice()
            && mode == "by-hand"
        {
            let (url, key) = (url.clone(), key.clone());
            let connections = connections.parse().unwrap_or(1);
            return Self::ByHand(OpponentSettings { url, key, connections });
        }
        match given.as_slice() {
            [mode, ..] if mode == "serve" => return Self::Program,
            [mode] if mode == "broadcast" => return Self::Broadcast,
            [mode, count, members @ ..] if mode == "crowd" => {
                let members = members.first().map(PathBuf::from);
                return Self::Crowd(CrowdSettings { count: count.parse().unwrap_or(1), members });
            }
            [mode, turns] if mode == "token" => return Self::Token(turns.parse().unwrap_or(1)),
            [mode, url, postmaster, rounds, rows] if mode == "bulk" => {
                return Self::Bulk(BulkSettings {
                    url: url.clone(),
                    postmaster: postmaster.parse().unwrap_or_default(),
                    rounds: rounds.parse().unwrap_or(1),
                    rows: rows.parse().unwrap_or(1),
                });
            }
            _ => {}
        }
        let has = |flag: &str| given.iter().any(|it| it == flag);
        if has("--list") {
            return Self::List;
        }
        let wanted = given.iter().find(|it| !it.starts_with("--")).cloned().unwrap_or_default();
        let plan = if has("--bench") && !has("--quick") { Plan::FULL } else { Plan::QUICK };
        let mut plan = Plan { wanted, ..plan };
        if let Some(rows) = given.iter().find_map(|it| it.strip_prefix("--rows=")?.parse().ok()) {
            plan.rows = rows;
        }
        let sockets = given.iter().find_map(|it| it.strip_prefix("--sockets=")?.parse().ok());
        if let Some(sockets) = sockets {
            plan.chat.sockets = sockets;
        }
        Self::Measure(plan)
    }
}
