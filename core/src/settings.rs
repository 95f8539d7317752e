//! What an operator may set: read once, checked completely, plain data from then on.
//!
//! Defaults < `artel.toml` < `.env` < environment < flags. Nothing else in the project reads the
//! environment of the process.
//!
//! **Invariant:** a value of [`Settings`] was parsed and checked; all faults are reported at once.

mod definitions;
mod distance;
mod faults;
mod generated_secret;
mod network;
mod parse;
mod source;

use std::{fmt, net::SocketAddr, path::PathBuf, time::Duration};

pub use secrecy::{ExposeSecret, SecretString};

pub use crate::settings::{
    definitions::{Preset, SETTINGS, Setting},
    faults::{SettingsFault, SettingsFaults},
    network::Network,
    source::{Found, Origin, Source},
};

/// The settings of one environment.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How strict to be, and how chatty.
    pub mode: Mode,
    /// The database of somebody else; without it, a managed cluster.
    pub database_url: Option<SecretString>,
    /// The managed cluster, files, the generated secret.
    pub data_dir: PathBuf,
    /// Where the PostgreSQL programs are; without it, they are looked for.
    pub pg_bin: Option<PathBuf>,
    /// The server.
    pub http: HttpSettings,
    /// Signing in.
    pub auth: AuthSettings,
    /// Connections to the database.
    pub pool: PoolSettings,
    /// What is logged, and how.
    pub log: LogSettings,
    /// What a start may do to an older schema; commands say it, no file does.
    pub schema_change: SchemaChange,
}

/// How strict to be, and how chatty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// On an author's machine: secrets are generated, the schema follows the models.
    Development,
    /// Where it counts: nothing is made up.
    Production,
}

/// Settings of the HTTP server.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// Where to listen; port 0 picks a free one.
    pub listen: SocketAddr,
    /// The origins of browsers that may call; none: only our own.
    pub origins: Vec<String>,
    /// The largest body, in bytes.
    pub body_limit: u64,
    /// Who is believed about a client's address.
    pub trusted_proxies: Vec<Network>,
    /// The most connections at a time.
    pub max_connections: usize,
    /// How long readiness is red before requests are refused.
    pub drain: Duration,
    /// How long requests in flight may take after that.
    pub shutdown: Duration,
}

/// Settings of signing in.
#[derive(Debug, Clone)]
pub struct AuthSettings {
    /// All keys are derived from it. None before an environment in development has made one.
    pub secret: Option<SecretString>,
    /// Still verifies, so that the secret can be changed.
    pub secret_previous: Option<SecretString>,
    /// The login of the first administrator.
    pub admin_login: String,
    /// Their password; without it, one is generated.
    pub admin_password: Option<SecretString>,
    /// How long an access token is good.
    pub access_ttl: Duration,
    /// How long a login session lives, however often it is renewed.
    pub refresh_ttl: Duration,
    /// Failed sign-ins per minute for one login from one address.
    pub failures_per_minute: u32,
    /// Failed sign-ins per minute from one address.
    pub failures_per_minute_address: u32,
}

/// Settings of the connections to the database.
#[derive(Debug, Clone)]
pub struct PoolSettings {
    /// The most connections; without it, as many as suit machine and server.
    pub size: Option<usize>,
    /// How long a request waits for one.
    pub acquire_timeout: Duration,
    /// How long a statement may run.
    pub statement_timeout: Duration,
}

/// Settings of the log.
#[derive(Debug, Clone)]
pub struct LogSettings {
    /// A level, or a list of levels by target.
    pub level: String,
    /// For eyes or for programs.
    pub format: LogFormat,
}

/// How a line of the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For eyes.
    Text,
    /// One JSON object a line.
    Json,
}

/// What a start may do to a database with an older schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaChange {
    /// Development applies additive steps, production waits for `artel migrate`.
    ByMode,
    /// Apply additive steps in every mode.
    Apply,
    /// Neither look nor touch: the command that opened the database does it itself.
    Leave,
}

impl Settings {
    /// Reads and checks every setting of `source`.
    ///
    /// # Errors
    /// All faults at once, a line each.
    pub fn read(source: &Source) -> Result<Self, SettingsFaults> {
        let mut faults = source.faults();
        let mut settings = Self::blank(source.default_mode());
        for setting in &SETTINGS {
            match source.find(setting) {
                Ok(found) => faults.extend(settings.apply(setting, found.as_ref())),
                Err(fault) => faults.push(fault),
            }
        }
        let is_secret_missing = settings.auth.secret.is_none()
            && settings.mode == Mode::Production
            && !faults.iter().any(|it| it.is_about("ARTEL_AUTH__SECRET"));
        if is_secret_missing {
            faults.push(SettingsFault::new(
                "ARTEL_AUTH__SECRET",
                "missing, and production makes none up; set 32 random bytes or more \
                 (`openssl rand -base64 48`), or ARTEL_AUTH__SECRET_FILE",
            ));
        }
        if faults.is_empty() { Ok(settings) } else { Err(SettingsFaults(faults)) }
    }

    /// Makes sure that there is a secret: in development, one generated into the data directory
    /// the first time.
    ///
    /// # Errors
    /// When the file can be neither read nor written.
    pub fn ensure_secret(&mut self) -> Result<(), SettingsFaults> {
        if self.auth.secret.is_none() {
            self.auth.secret = Some(generated_secret::read_or_make(&self.data_dir)?);
        }
        Ok(())
    }

    /// Where the password of the first administrator is kept when nobody set one.
    pub fn admin_password_file(&self) -> PathBuf {
        self.data_dir.join("admin_password")
    }

    /// Takes the value that was found, or else the default.
    fn apply(&mut self, setting: &Setting, found: Option<&Found>) -> Option<SettingsFault> {
        let preset = setting.preset.text(self.mode);
        let text = found.map(|it| it.text.as_str()).or(preset)?;
        let problem = (setting.take)(self, text).err()?;
        Some(SettingsFault::new(setting.name, problem))
    }

    /// What the defaults of the table are written over; but for the mode, nobody sees it.
    fn blank(mode: Mode) -> Self {
        let never = Duration::ZERO;
        Self {
            mode,
            database_url: None,
            data_dir: PathBuf::new(),
            pg_bin: None,
            http: HttpSettings {
                listen: SocketAddr::from(([127, 0, 0, 1], 0)),
                origins: Vec::new(),
                body_limit: 0,
                trusted_proxies: Vec::new(),
                max_connections: 0,
                drain: never,
                shutdown: never,
            },
            auth: AuthSettings {
                secret: None,
                secret_previous: None,
                admin_login: String::new(),
                admin_password: None,
                access_ttl: never,
                refresh_ttl: never,
                failures_per_minute: 0,
                failures_per_minute_address: 0,
            },
            pool: PoolSettings { size: None, acquire_timeout: never, statement_timeout: never },
            log: LogSettings { level: String::new(), format: LogFormat::Text },
            schema_change: SchemaChange::ByMode,
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Development => "development",
            Self::Production => "production",
        })
    }
}

#[cfg(test)]
mod tests;
