//! What it costs to find out who is behind a token, and with which rights, while nothing changes.
//!
//! It runs in a process of its own, in which nothing else happens.

use std::{
    collections::BTreeMap,
    env,
    io::{self, Write},
    process::{self, Command},
    time::Duration,
};

use artel_core::{
    Settings,
    auth::Authenticator,
    settings::{ExposeSecret, SchemaChange, Source},
};
use tokio::runtime;

use crate::{Result, home::Home, processor_time};

/// How often the token is looked at between two confirmations of its login session, which come
/// once a second in a running server.
const TURN: u32 = 100_000;

/// Measures it in another process: microseconds of processor time.
pub(crate) fn measure(home: &Home, turns: u32) -> Result<f64> {
    let mut command = Command::new(env::current_exe()?);
    command.args(["token", &turns.to_string()]);
    let output = home.settle(&mut command).stderr(home.log("token.log")?).output()?;
    let said = String::from_utf8(output.stdout)?;
    said.lines()
        .last()
        .unwrap_or_default()
        .trim()
        .parse()
        .map_err(|_| format!("no figure of tokens but `{said}`").into())
}

/// Is that other process.
pub(crate) fn run(turns: u32) -> Result<()> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let per_token = runtime.block_on(loops(turns))?;
    Ok(writeln!(io::stdout(), "{per_token}")?)
}

async fn loops(turns: u32) -> Result<f64> {
    let mut settings = Settings::read(&Source::of_process(BTreeMap::new()))?;
    settings.schema_change = SchemaChange::Leave;
    let opened = project_setup::environment(settings).open().await?;
    let authenticator = Authenticator::of(opened.app())?;
    let signed_in = authenticator.admit("admin").await?;
    let token = signed_in.token.expose_secret();
    let mut used = Duration::ZERO;
    for _ in 0..turns {
        authenticator.refresh().await?;
        let before = processor_time::of(process::id())?;
        for _ in 0..TURN {
            authenticator.authenticate(token).await?;
        }
        used += processor_time::of(process::id())? - before;
    }
    opened.stop().await;
    Ok(used.as_secs_f64() * 1e6 / f64::from(turns * TURN))
}
