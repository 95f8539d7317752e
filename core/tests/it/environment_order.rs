//! Services start in the order of what they need, and stop in reverse, however the start ends.

use std::process::ExitCode;

use artel_core::{
    Environment, Module, Setup,
    cli::{Command, Failure, Project},
};
use clap::Parser;

use crate::probe::{Probe, environment, journal, settings};

const FIRST: Module = Module { name: "first", depends: &[], setup: |_| {} };
const SECOND: Module = Module { name: "second", depends: &[&FIRST], setup: |_| {} };

#[tokio::test]
async fn services_stop_in_the_reverse_order_of_their_start() {
    let setup: fn(&mut Setup) = |to| {
        to.service(Probe::late("mailer", &["store"]))
            .service(Probe::early("store", &["log"]))
            .service(Probe::early("log", &[]));
    };
    check(setup, "+log +store +mailer -mailer -store -log", "").await;
}

#[tokio::test]
async fn what_was_started_is_stopped_when_another_fails() {
    let setup: fn(&mut Setup) = |to| {
        to.service(Probe::early("log", &[]))
            .service(Probe::early("store", &["log"]).failing())
            .service(Probe::early("cache", &["store"]));
    };
    check(setup, "+log !store -log", "service `store` did not start: it was told to fail").await;
}

#[tokio::test]
async fn what_is_away_is_tried_again() {
    let setup: fn(&mut Setup) = |to| {
        to.service(Probe::early("store", &[]).away_twice());
    };
    check(setup, "?store ?store +store -store", "").await;
}

#[test]
fn every_fault_of_a_description_is_named_at_once() {
    let orphan = Module { name: "orphan", depends: &[&SECOND], setup: |_| {} };
    let needy = Module {
        name: "needy",
        depends: &[],
        setup: |to| {
            to.service(Probe::early("cache", &["store"]));
        },
    };
    let described = environment([]).module(orphan).module(needy).module(FIRST).module(FIRST);
    let faults = described.plan().err().unwrap();
    assert_eq!(
        faults.to_string(),
        "module `orphan` needs `second`, which is not there to be set up before it; add it\n\
         two modules are called `first`; take one away or rename it\n\
         service `cache` needs `store`, which is not there to be set up before it; add it"
    );
}

/// Serves in another way.
#[derive(Parser)]
#[command(name = "serve")]
struct Serve {}

/// Says something.
#[derive(Parser)]
#[command(name = "say")]
struct Say {}

impl Command for Serve {
    async fn run(self, _: &Project) -> Result<ExitCode, Failure> {
        Ok(ExitCode::SUCCESS)
    }
}

impl Command for Say {
    async fn run(self, _: &Project) -> Result<ExitCode, Failure> {
        Ok(ExitCode::SUCCESS)
    }
}

#[test]
fn a_command_that_is_there_already_is_named_with_both_who_have_it() {
    let talk = Module {
        name: "talk",
        depends: &[],
        setup: |to| {
            to.command::<Say>();
        },
    };
    let shout = Module {
        name: "shout",
        depends: &[],
        setup: |to| {
            to.command::<Say>().command::<Serve>();
        },
    };
    let faults = environment([]).module(talk).module(shout).plan().err().unwrap();
    assert_eq!(
        faults.to_string(),
        "the modules `talk` and `shout` both add the command `say`; rename one\n\
         module `shout` adds the command `serve`, and `artel serve` is there already; rename the \
         module's"
    );
    assert!(environment([]).module(talk).plan().is_ok());
}

#[test]
fn a_model_of_a_module_that_is_not_listed_is_named() {
    let faults = Environment::new(settings([])).plan().err().unwrap().to_string();
    let own = env!("CARGO_CRATE_NAME");
    let expected = format!("belongs to module `{own}`, which is linked but not listed");
    assert!(faults.contains(&expected), "{faults}");
}

#[test]
fn the_closure_of_a_module_is_all_that_it_depends_on() {
    let plan = Environment::closure_of(settings([]), &[SECOND]).plan().unwrap();
    let names: Vec<_> = plan.modules.iter().map(|it| it.name).collect();
    assert_eq!(names, ["first", "second"]);
}

/// Starts an environment of one module, stops it if it came up, and compares what its services
/// saw and why it did not come up.
async fn check(setup: fn(&mut Setup), expected: &str, failure: &str) {
    let module = Module { name: "probes", depends: &[], setup };
    let started = environment([]).module(module).start().await;
    let failed = match started {
        Ok(running) => {
            running.stop().await;
            String::new()
        }
        Err(error) => error.to_string(),
    };
    assert_eq!((journal(), failed), (expected.to_owned(), failure.to_owned()));
}
