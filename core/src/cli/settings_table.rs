//! `artel settings`: every setting, its default, its value, where that came from.

use std::{fmt::Write, process::ExitCode};

use crate::{
    Settings,
    cli::{
        failure::Failure,
        output::{complain, print as print_out},
    },
    settings::{Mode, Preset, SETTINGS, Setting, Source},
};

/// Prints them all; what is wrong with them comes behind, and is a failure.
pub(crate) fn print(source: &Source) -> Result<ExitCode, Failure> {
    let read = Settings::read(source);
    let mode = read.as_ref().map_or(source.default_mode(), |it| it.mode);
    let text: String = SETTINGS.iter().map(|it| entry(it, source, mode)).collect();
    print_out(&text);
    let Err(faults) = read else { return Ok(ExitCode::SUCCESS) };
    complain("");
    Err(faults.into())
}

/// Name and value, then meaning, default and origin.
fn entry(setting: &Setting, source: &Source, mode: Mode) -> String {
    let found = source.find(setting).ok().flatten();
    let shown = |text: &str| match setting.is_secret {
        true => "(secret)".to_owned(),
        false => text.to_owned(),
    };
    let default = match setting.preset {
        Preset::Text(text) => text.to_owned(),
        Preset::ByMode { development, production } => {
            format!("{development} in development, {production} in production")
        }
        Preset::Unset(otherwise) => otherwise.to_owned(),
    };
    let (value, origin) = match (&found, setting.preset.text(mode)) {
        (Some(found), _) => (shown(&found.text), found.origin.to_string()),
        (None, Some(text)) => (text.to_owned(), "default".into()),
        (None, None) if setting.name == "ARTEL_MODE" => (mode.to_string(), "default".into()),
        (None, None) => ("(not set)".to_owned(), "default".into()),
    };
    let mut entry = String::new();
    let Setting { name, meaning, .. } = setting;
    // Writing into a string cannot fail.
    let _ = writeln!(entry, "{name} = {value}  [{origin}]");
    let _ = writeln!(entry, "    {meaning}\n    default: {default}");
    entry
}
