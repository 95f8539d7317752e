//! Logger: where the events of the whole program go, and in which shape.
//!
//! Lines go to standard error: standard output belongs to the results of commands.

mod log_service;

use artel_core::{Module, Setup};

/// The module; the first of every environment, so that the others are heard.
pub const MODULE: Module = Module { name: "logger", depends: &[], setup };

fn setup(to: &mut Setup) {
    to.service(log_service::LogService);
}
