//! Why an environment does not come up.

use std::{error, fmt};

use crate::{Error, settings::SettingsFaults};

/// All faults of a description: modules, models, rights, texts, services.
#[derive(Debug)]
pub struct EnvironmentFaults(pub Vec<String>);

/// Why an environment does not come up; one line, the cure last where there is one.
#[derive(Debug)]
pub enum StartError {
    /// The settings.
    Settings(SettingsFaults),
    /// The description.
    Description(EnvironmentFaults),
    /// The port cannot be had.
    Listen(Error),
    /// The routes of two modules collide.
    Routes(Error),
    /// A service; what was started before it is stopped again.
    Service {
        /// Its name.
        name: &'static str,
        /// What it said.
        error: Error,
    },
    /// The rows that a module cannot live without.
    Fill {
        /// The module.
        module: &'static str,
        /// What it said.
        error: Error,
    },
    /// It was told to stop before it was ready.
    Stopped,
}

impl From<SettingsFaults> for StartError {
    fn from(faults: SettingsFaults) -> Self {
        Self::Settings(faults)
    }
}

impl From<EnvironmentFaults> for StartError {
    fn from(faults: EnvironmentFaults) -> Self {
        Self::Description(faults)
    }
}

impl fmt::Display for EnvironmentFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings(faults) => faults.fmt(f),
            Self::Description(faults) => faults.fmt(f),
            Self::Listen(error) | Self::Routes(error) => error.fmt(f),
            Self::Service { name, error } => write!(f, "service `{name}` did not start: {error}"),
            Self::Fill { module, error } => {
                write!(f, "module `{module}` could not make its rows: {error}")
            }
            Self::Stopped => f.write_str("stopped before it was ready"),
        }
    }
}

impl error::Error for EnvironmentFaults {}

impl error::Error for StartError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Listen(error)
            | Self::Routes(error)
            | Self::Service { error, .. }
            | Self::Fill { error, .. } => error.source(),
            _ => None,
        }
    }
}
