//! Everything that is wrong with the settings, a line each.

use std::{error, fmt};

/// One setting that cannot be used: `name: what is wrong; cure`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsFault {
    name: String,
    problem: String,
}

/// All faults of the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsFaults(pub Vec<SettingsFault>);

impl SettingsFault {
    pub(crate) fn new(name: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { name: name.into(), problem: problem.into() }
    }

    pub(crate) fn is_about(&self, name: &str) -> bool {
        self.name == name
    }
}

impl From<SettingsFault> for SettingsFaults {
    fn from(fault: SettingsFault) -> Self {
        Self(vec![fault])
    }
}

impl fmt::Display for SettingsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.problem)
    }
}

impl fmt::Display for SettingsFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, fault) in self.0.iter().enumerate() {
            let separator = if at == 0 { "" } else { "\n" };
            write!(f, "{separator}{fault}")?;
        }
        Ok(())
    }
}

impl error::Error for SettingsFaults {}
