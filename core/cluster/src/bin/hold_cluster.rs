//! Holds a managed cluster until its input ends: to look into one by hand, and for the tests.
//!
//! ```text
//! cargo run -p artel_cluster --bin hold_cluster -- DIRECTORY [throwaway]
//! ```
//!
//! It prints `ready`, whether it started the server or adopted it, and its address. The line
//! `panic` as input makes it panic, `exit` makes it leave without cleaning up.

use std::{
    env,
    io::{self, Write},
    path::PathBuf,
    process::{self, ExitCode},
};

use artel_cluster::{Cluster, ClusterError, Durability, Options};

fn main() -> ExitCode {
    match hold() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&mut io::stderr(), &error.to_string());
            ExitCode::FAILURE
        }
    }
}

fn hold() -> Result<(), ClusterError> {
    let mut arguments = env::args_os().skip(1);
    let options = Options {
        dir: arguments.next().map_or_else(|| PathBuf::from(".data/pg"), PathBuf::from),
        durability: if arguments.next().is_some_and(|it| it == "throwaway") {
            Durability::Throwaway
        } else {
            Durability::Durable
        },
        programs: env::var_os("ARTEL_PG_BIN").map(PathBuf::from),
        notice: |text| say(&mut io::stderr(), text),
    };
    let cluster = Cluster::start(&options)?;
    let how = if cluster.is_adopted() { "adopted" } else { "started" };
    say(&mut io::stdout(), &format!("ready {how} {}", cluster.url("postgres")));

    for line in io::stdin().lines().map_while(Result::ok) {
        match line.as_str() {
            "panic" => panic!("as asked"),
            "exit" => process::exit(0),
            _ => {}
        }
    }
    Ok(())
}

/// Who started this may be gone, which is no reason to fail.
fn say(to: &mut impl Write, text: &str) {
    let _ = writeln!(to, "{text}");
}
