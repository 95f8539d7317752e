//! A command that failed, as its user sees it.

use std::{error, fmt};

use crate::{
    Error,
    cli::output::complain,
    environment::{EnvironmentFaults, StartError},
    settings::SettingsFaults,
};

/// Why a command failed: one line with the cure, or a line for each fault.
pub struct Failure(Box<dyn error::Error>);

impl Failure {
    /// A failure that only a command has.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into().into())
    }

    /// Tells the user; with `is_verbose`, what lies behind it too.
    pub(crate) fn print(&self, is_verbose: bool) {
        for line in self.0.to_string().lines() {
            complain(&format!("artel: {line}"));
        }
        let mut source = self.0.source();
        while let Some(error) = source.filter(|_| is_verbose) {
            complain(&format!("  because {error}"));
            source = error.source();
        }
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<SettingsFaults> for Failure {
    fn from(faults: SettingsFaults) -> Self {
        Self(faults.into())
    }
}

impl From<EnvironmentFaults> for Failure {
    fn from(faults: EnvironmentFaults) -> Self {
        Self(faults.into())
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        Self(error.into())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(error.into())
    }
}
