//! The PostgreSQL server that Artel keeps for itself where nobody gave it another one.
//!
//! One directory holds one cluster. Any number of processes share its server, which listens on
//! a Unix socket that only its own account can open. Whoever comes first starts it; when the
//! last is gone, however it went, a watchdog stops it.
//!
//! Standard library only, and blocking throughout: call it before the async runtime, or on a
//! thread that may wait.
//!
//! **Invariant:** from the moment [`Cluster::start`] returns until the [`Cluster`] is dropped
//! or its process is dead, nothing in here stops the server.

mod cluster;

mod account;
mod home;

mod initialize;
mod programs;
mod server;
mod watchdog;

mod error;
mod wait;

pub use crate::{
    cluster::{Cluster, Durability, Options},
    error::ClusterError,
};
