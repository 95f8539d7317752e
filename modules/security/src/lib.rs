//! Security: the rights of all modules, and a row for each role that they declare.
//!
//! Nothing is allowed that no module grants; administrators pass.
//!
//! **Invariant:** a role that is declared has a row before anybody can be given it.

mod roles;
mod service;

use artel_core::{Module, Setup};

/// The module.
pub const MODULE: Module = Module { name: "security", depends: &[&users::MODULE], setup };

fn setup(to: &mut Setup) {
    to.service(service::SecurityService).seed(|session| Box::pin(roles::fill(session)));
}
