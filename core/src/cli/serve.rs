//! `artel serve`: everything, until it is told to stop.

use std::{process::ExitCode, time::Duration};

use clap::Args;
use tokio::runtime::Runtime;

use crate::{
    Environment, Running, Settings,
    cli::{
        Project,
        failure::Failure,
        is_development,
        output::{complain, print},
        signals::Signals,
        source,
    },
    environment::{StartError, StopOutcome},
    settings::SchemaChange,
};

/// Serves the API until it is told to stop.
#[derive(Args, Default)]
#[command(after_help = "Examples:
  artel serve                          on ARTEL_HTTP__LISTEN
  artel serve --listen 127.0.0.1:0     on a port that is free, and says which
  artel serve --demo                   with demo data, loaded once")]
pub(crate) struct ServeArguments {
    /// Address and port; port 0 picks a free one.
    #[arg(long)]
    listen: Option<String>,
    /// Loads demo data that has not been loaded yet.
    #[arg(long)]
    demo: bool,
    /// Brings an older schema up to date, in production too.
    #[arg(long)]
    migrate: bool,
}

/// What `artel` without a command does: serve, in development with demo data.
pub(crate) fn run_by_default(project: &Project) -> Result<ExitCode, Failure> {
    let environment = project.environment()?;
    let demo = is_development(&environment);
    serve(environment, demo)
}

pub(crate) fn run(project: &Project, arguments: &ServeArguments) -> Result<ExitCode, Failure> {
    let source = source([("ARTEL_HTTP__LISTEN", arguments.listen.as_deref())]);
    let schema_change = match arguments.migrate {
        true => SchemaChange::Apply,
        false => SchemaChange::ByMode,
    };
    serve(project.environment_with(&source, schema_change)?, arguments.demo)
}

fn serve(environment: Environment, demo: bool) -> Result<ExitCode, Failure> {
    let runtime = runtime()?;
    let outcome = runtime.block_on(async {
        let signals = Signals::listen()
            .map_err(|error| Failure::new(format!("cannot listen for signals: {error}")))?;
        tokio::select! {
            outcome = serve_until_asked(environment, demo, &signals) => outcome,
            () = signals.insisted() => {
                complain("artel: stopped at once, requests in flight were cut off");
                Ok(ExitCode::FAILURE)
            }
        }
    });
    // What does not end by itself is not waited for: its requests were answered or cut off.
    runtime.shutdown_timeout(Duration::from_millis(100));
    outcome
}

async fn serve_until_asked(
    environment: Environment,
    demo: bool,
    signals: &Signals,
) -> Result<ExitCode, Failure> {
    let running = match environment.start_unless(signals.asked()).await {
        Ok(running) => running,
        Err(StartError::Stopped) => return Ok(ExitCode::SUCCESS),
        Err(error) => return Err(error.into()),
    };
    let filled = tokio::select! {
        filled = fill(&running, demo) => filled,
        () = signals.asked() => Ok(()),
    };
    if let Err(error) = filled {
        running.stop().await;
        return Err(error.into());
    }
    tracing::info!(address = %running.address(), "ready");
    print(&ready_block(&running));
    signals.asked().await;
    complain("artel: stopping; once more to stop at once");
    match running.stop().await {
        StopOutcome::Clean => Ok(ExitCode::SUCCESS),
        StopOutcome::Cut => {
            Err(Failure::new("the grace ran out before every request was answered"))
        }
    }
}

async fn fill(running: &Running, demo: bool) -> Result<(), StartError> {
    if demo {
        let loaded = running.seed_demo().await?;
        if !loaded.is_empty() {
            tracing::info!(modules = loaded.join(", "), "demo data loaded");
        }
    }
    Ok(())
}

/// Where it is, how to sign in, which database.
fn ready_block(running: &Running) -> String {
    let address = running.address();
    let database = running.app().database().map(|it| it.pool().describe());
    let (login, password) = first_sign_in(&running.app().settings);
    format!(
        "\n  API       http://{address}/api/v1\n  \
           docs      http://{address}/api/docs\n  \
           sign in   {login}; the password is {password}\n  \
           database  {}\n\n",
        database.unwrap_or_else(|_| "none".into())
    )
}

/// The login of the first administrator, and where their password is.
fn first_sign_in(settings: &Settings) -> (&str, String) {
    let login = settings.auth.admin_login.as_str();
    let file = settings.admin_password_file();
    let password = if settings.auth.admin_password.is_some() {
        "what ARTEL_AUTH__ADMIN_PASSWORD was at the first start".to_owned()
    } else if file.exists() {
        format!("in {}", file.display())
    } else {
        format!("known to its owner; `artel user password {login}` sets another")
    };
    (login, password)
}

/// The runtime of commands.
pub(crate) fn runtime() -> Result<Runtime, Failure> {
    Runtime::new().map_err(|error| Failure::new(format!("cannot start threads: {error}")))
}
