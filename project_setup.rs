//! What this installation is made of: its settings and the modules it runs, and nothing else.
//!
//! To add a module to the product, add its crate to `Cargo.toml` and its line here. To take one
//! away, delete both.

use artel_core::{Environment, Settings};

/// The environment of this installation.
pub fn environment(settings: Settings) -> Environment {
    Environment::new(settings)
        .module(logger::MODULE)
        .module(database::MODULE)
        .module(security::MODULE)
        .module(auth_token::MODULE)
        .module(users::MODULE)
        .module(products::MODULE)
        .module(partners::MODULE)
        .module(leads::MODULE)
        .module(sales::MODULE)
        .module(tasks::MODULE)
        .module(chat::MODULE)
}
