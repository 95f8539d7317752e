//! Threats, each by its number: what somebody tries, and that it gives them nothing, beside
//! somebody who may.
//!
//! T15 and T16, and what of T14 happens while the server runs, come with tables of rights: there
//! is nothing to take away or to break yet. `expand`, `aggregate`, cursors, export, history and
//! sockets join T06 to T08 when they are there.

mod conflicts;
mod errors;
mod exposure;
mod injection;
mod links;
mod mass_assignment;
mod movement;
mod oracle;
mod parameters;
mod race;
mod reading;
mod rules;
mod structure;
