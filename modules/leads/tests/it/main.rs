//! Leads as those meet them who work on them; one model a file.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod funnel;

mod demo;
mod lead;
mod lead_bulk;
mod lead_history;
mod lead_path;
mod lead_stage;
mod lead_write;
mod team;
mod team_members;
