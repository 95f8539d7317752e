//! A whole service around one model: signing in, rights, routes, checks, documentation.
//!
//! `cargo run --example hello_model`, and open the address of the docs that it prints.

use std::process::ExitCode;

use artel_core::{
    Environment, Grant, Model, Module, Rights, Settings, Setup, access::EVERYONE, cli,
};

/// Something to remember.
#[derive(Debug, Model)]
#[model(table = "notes", display = "text", order = "-id")]
pub struct Note {
    /// What it says.
    #[field(max = 200, search)]
    pub text: String,
    #[field(default = false)]
    pub done: bool,
}

const MODULE: Module = Module { name: "hello_model", depends: &[&security::MODULE], setup };

fn setup(to: &mut Setup) {
    to.rights(|to: &mut Rights| to.grant::<Note>(EVERYONE, Grant::ALL));
}

fn main() -> ExitCode {
    cli::main(|settings| {
        // Beside the data of the product, not in it.
        let data_dir = settings.data_dir.join("hello_model");
        Environment::new(Settings { data_dir, ..settings })
            .module(logger::MODULE)
            .module(database::MODULE)
            .module(users::MODULE)
            .module(security::MODULE)
            .module(auth_token::MODULE)
            .module(MODULE)
    })
}
