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
    /// Sockets.
    pub socket: SocketSettings,
    /// Signing in.
    pub auth: AuthSettings,
    /// Connections to the database.
    pub pool: PoolSettings,
    /// What is logged, and how.
    pub log: LogSettings,
    /// What chats use beside the database.
    pub chat: ChatSettings,
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

/// Settings of sockets.
#[derive(Debug, Clone, Copy)]
pub struct SocketSettings {
    /// How often a sign of life is asked of the peer.
    pub ping: Duration,
    /// How long a peer may be silent.
    pub silence: Duration,
    /// How long a peer may take nothing of what it is sent.
    pub send: Duration,
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

/// Settings of chats.
#[derive(Debug, Clone)]
pub struct ChatSettings {
    /// How many days events are kept.
    pub retention_days: u32,
    /// How often it is looked for events that nobody has told of.
    pub poll: Duration,
    /// Sockets that one user may have open in one process.
    pub sockets_per_user: u32,
    /// The largest file beside a message, in bytes.
    pub attachment_limit: u64,
    /// What wakes the other processes.
    pub pubsub: PubSubBroker,
    /// What sets this installation apart from others at the same broker.
    pub pubsub_namespace: String,
    /// The Redis server, where that is the broker.
    pub redis_url: Option<SecretString>,
    /// The NATS servers, where they are the broker.
    pub nats_url: Option<SecretString>,
}

/// What carries short messages between the processes of an installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PubSubBroker {
    /// The database.
    Pg,
    /// A Redis server.
    Redis,
    /// NATS servers.
    Nats,
    /// Nothing leaves this process.
    Memory,
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
        faults.extend(settings.broker_fault());
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

    /// What the broker needs and does not have.
    fn broker_fault(&self) -> Option<SettingsFault> {
        let missing = |name, example: &str| {
            let problem = format!("missing, and ARTEL_CHAT__PUBSUB asks for it; write {example}");
            Some(SettingsFault::new(name, problem))
        };
        match self.chat.pubsub {
            PubSubBroker::Redis if self.chat.redis_url.is_none() => {
                missing("ARTEL_CHAT__REDIS_URL", "redis://user:password@host:6379")
            }
            PubSubBroker::Nats if self.chat.nats_url.is_none() => {
                missing("ARTEL_CHAT__NATS_URL", "nats://user:password@host:4222")
            }
            PubSubBroker::Memory if self.mode == Mode::Production => Some(SettingsFault::new(
                "ARTEL_CHAT__PUBSUB",
                "`memory` reaches no other process, which is not for production; leave it out, \
                 and the database does it, or write redis or nats",
            )),
            _ => None,
        }
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
            socket: SocketSettings { ping: never, silence: never, send: never },
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
            chat: ChatSettings {
                retention_days: 0,
                poll: Duration::ZERO,
                sockets_per_user: 0,
                attachment_limit: 0,
                pubsub: PubSubBroker::Pg,
                pubsub_namespace: String::new(),
                redis_url: None,
                nats_url: None,
            },
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
