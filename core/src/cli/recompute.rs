//! `artel recompute`: works stored computed fields out anew.

use std::process::ExitCode;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use orm::{
    Session,
    engine::{self, Recompute, Recomputed},
};

use crate::{
    cli::{Project, failure::Failure, output::print, serve::runtime},
    environment::Opened,
    settings::SchemaChange,
};

/// Works stored computed fields out anew.
#[derive(Args)]
#[command(after_help = "Examples:
  artel recompute           those whose definition has changed
  artel recompute sales     those of one model
  artel recompute --all     all of them

Stopped on the way, it goes on where it was.")]
pub(crate) struct RecomputeArguments {
    /// The model whose fields are worked out, as it stands in routes.
    model: Option<String>,
    /// All fields of all models.
    #[arg(long, conflicts_with = "model")]
    all: bool,
}

pub(crate) fn run(project: &Project, arguments: &RecomputeArguments) -> Result<ExitCode, Failure> {
    let environment = project.quiet_environment(SchemaChange::Leave)?;
    runtime()?.block_on(async {
        let opened = environment.open().await?;
        let which = match &arguments.model {
            Some(model) => Recompute::Model(model),
            None if arguments.all => Recompute::All,
            None => Recompute::Changed,
        };
        let done = match unknown(&opened, which) {
            Some(failure) => Err(failure),
            None => bring_up_to_date(&opened, which).await,
        };
        opened.stop().await;
        match done? {
            0 => print("nothing to work out\n"),
            1 => print("1 record looked at\n"),
            records => print(&format!("{records} records looked at\n")),
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// A name of no model, said with those that have such fields.
fn unknown(opened: &Opened, which: Recompute<'_>) -> Option<Failure> {
    let Recompute::Model(name) = which else { return None };
    let schema = &opened.app().schema;
    let is_stored = |it: &&orm::schema::SchemaModel| {
        it.fields().iter().any(|it| it.def.compute.as_ref().is_some_and(|it| it.stored().is_some()))
    };
    let known: Vec<&str> =
        schema.models().iter().filter(is_stored).map(|it| it.def.table).collect();
    (!known.contains(&name)).then(|| {
        let known = known.join(", ");
        Failure::new(format!("`{name}` has no stored computed fields; these have: {known}"))
    })
}

/// Works out what is asked for, with a bar for each model; how many records were looked at.
pub(super) async fn bring_up_to_date(
    opened: &Opened,
    which: Recompute<'_>,
) -> Result<i64, Failure> {
    let app = opened.app();
    let session = Session::system(app.database()?, "recompute");
    let mut bars = Bars::default();
    let done = engine::recompute(&session, which, |it| bars.show(it)).await;
    Ok(done.map_err(crate::Error::from)?)
}

/// The bar of the model that is worked out; nothing is drawn where nobody looks.
#[derive(Default)]
struct Bars(Option<(&'static str, ProgressBar)>);

impl Bars {
    fn show(&mut self, progress: &Recomputed) {
        let total = u64::try_from(progress.total).unwrap_or_default();
        let done = u64::try_from(progress.done).unwrap_or_default();
        if self.0.as_ref().is_none_or(|it| it.0 != progress.model || done == 0) {
            if let Some((_, bar)) = self.0.take() {
                bar.finish();
            }
            let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
            let bar = ProgressBar::new(total);
            // The template is a constant, and one that fails draws the usual bar.
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_message(format!("{}.{}", progress.model, progress.fields.join(",")));
            self.0 = Some((progress.model, bar));
        }
        if let Some((_, bar)) = &self.0 {
            bar.set_length(total);
            bar.set_position(done);
        }
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        if let Some((_, bar)) = self.0.take() {
            bar.finish();
        }
    }
}
