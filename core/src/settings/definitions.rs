//! Every setting there is: the one table that reading, `artel settings` and documents share.

use std::path::PathBuf;

use crate::settings::{Mode, Settings, parse};

/// One setting.
#[derive(Debug)]
pub struct Setting {
    /// As the environment spells it.
    pub name: &'static str,
    /// What holds when nobody sets it.
    pub preset: Preset,
    /// One line for people.
    pub meaning: &'static str,
    /// Whether its value is never shown.
    pub is_secret: bool,
    /// Parses a value into its place; the error is `what is wrong; cure`.
    pub(crate) take: fn(&mut Settings, &str) -> Result<(), String>,
}

/// What holds when nobody sets a setting.
#[derive(Debug, Clone, Copy)]
pub enum Preset {
    /// This value.
    Text(&'static str),
    /// A value for each mode.
    ByMode {
        /// On an author's machine.
        development: &'static str,
        /// Where it counts.
        production: &'static str,
    },
    /// No value; in words, what happens then.
    Unset(&'static str),
}

/// All settings, in the order in which they are shown; the mode first, because defaults ask it.
pub static SETTINGS: [Setting; 35] = [
    Setting::new(
        "ARTEL_MODE",
        Preset::Unset("development under `cargo run`, else production"),
        "`development` or `production`; production refuses default or missing secrets",
        |to, text| put(&mut to.mode, parse::mode(text)),
    ),
    Setting::secret(
        "DATABASE_URL",
        Preset::Unset("a managed cluster in the data directory"),
        "the PostgreSQL database; its TLS certificate is verified outside this machine",
        |to, text| put(&mut to.database_url, parse::database_url(text).map(Some)),
    ),
    Setting::new(
        "ARTEL_DATA_DIR",
        Preset::Text(".data"),
        "directory of the managed cluster, of files and of the generated secret",
        |to, text| put(&mut to.data_dir, Ok(PathBuf::from(text))),
    ),
    Setting::new(
        "ARTEL_PG_BIN",
        Preset::Unset("PATH and the usual folders are searched"),
        "folder of the PostgreSQL programs that run the managed cluster",
        |to, text| put(&mut to.pg_bin, Ok(Some(PathBuf::from(text)))),
    ),
    Setting::new(
        "ARTEL_HTTP__LISTEN",
        Preset::Text("127.0.0.1:8000"),
        "address and port of the server; port 0 picks a free one and prints it",
        |to, text| put(&mut to.http.listen, parse::address(text)),
    ),
    Setting::new(
        "ARTEL_HTTP__ORIGINS",
        Preset::Unset("our own origin only"),
        "origins that browsers may call from, with commas between",
        |to, text| put(&mut to.http.origins, parse::origins(text)),
    ),
    Setting::new(
        "ARTEL_HTTP__BODY_LIMIT",
        Preset::Text("1 MiB"),
        "largest body of a request: bytes, or a number with KiB or MiB",
        |to, text| put(&mut to.http.body_limit, parse::bytes(text)),
    ),
    Setting::new(
        "ARTEL_HTTP__TRUSTED_PROXIES",
        Preset::Unset("nobody"),
        "addresses or networks that are believed about a client's address, with commas between",
        |to, text| put(&mut to.http.trusted_proxies, parse::networks(text)),
    ),
    Setting::new(
        "ARTEL_HTTP__MAX_CONNECTIONS",
        Preset::Text("20000"),
        "most connections at a time; more wait until one is closed",
        |to, text| put(&mut to.http.max_connections, parse::count(text)),
    ),
    Setting::new(
        "ARTEL_HTTP__DRAIN_S",
        Preset::ByMode { development: "0", production: "3" },
        "seconds of a stop in which readiness is red and requests are still served",
        |to, text| put(&mut to.http.drain, parse::seconds(text)),
    ),
    Setting::new(
        "ARTEL_HTTP__SHUTDOWN_S",
        Preset::Text("30"),
        "seconds that requests in flight get to finish during a stop",
        |to, text| put(&mut to.http.shutdown, parse::seconds(text)),
    ),
    Setting::new(
        "ARTEL_SOCKET__PING_MS",
        Preset::Text("25000"),
        "milliseconds between two pings of a WebSocket",
        |to, text| put(&mut to.socket.ping, parse::milliseconds(text)),
    ),
    Setting::new(
        "ARTEL_SOCKET__SILENCE_MS",
        Preset::Text("60000"),
        "milliseconds that a WebSocket's peer may be silent; then it is closed",
        |to, text| put(&mut to.socket.silence, parse::milliseconds(text)),
    ),
    Setting::new(
        "ARTEL_SOCKET__SEND_MS",
        Preset::Text("10000"),
        "milliseconds that a WebSocket's peer may take nothing of what it is sent; then it is closed",
        |to, text| put(&mut to.socket.send, parse::milliseconds(text)),
    ),
    Setting::secret(
        "ARTEL_AUTH__SECRET",
        Preset::Unset("generated in development, required in production"),
        "at least 32 bytes; all keys are derived from it",
        |to, text| put(&mut to.auth.secret, parse::secret(text).map(Some)),
    ),
    Setting::secret(
        "ARTEL_AUTH__SECRET_PREVIOUS",
        Preset::Unset("none"),
        "the secret before this one; it still verifies, so that the secret can be changed",
        |to, text| put(&mut to.auth.secret_previous, parse::secret(text).map(Some)),
    ),
    Setting::new(
        "ARTEL_AUTH__ADMIN_LOGIN",
        Preset::Text("admin"),
        "login of the first administrator",
        |to, text| put(&mut to.auth.admin_login, Ok(text.to_owned())),
    ),
    Setting::secret(
        "ARTEL_AUTH__ADMIN_PASSWORD",
        Preset::Unset("generated at the first start"),
        "password of the first administrator; later `artel user password` changes it",
        |to, text| put(&mut to.auth.admin_password, Ok(Some(text.into()))),
    ),
    Setting::new(
        "ARTEL_AUTH__ACCESS_TTL_S",
        Preset::Text("900"),
        "seconds that an access token is good",
        |to, text| put(&mut to.auth.access_ttl, parse::seconds_of_life(text)),
    ),
    Setting::new(
        "ARTEL_AUTH__REFRESH_TTL_S",
        Preset::Text("2592000"),
        "seconds that a sign-in lives, however often it is renewed",
        |to, text| put(&mut to.auth.refresh_ttl, parse::seconds_of_life(text)),
    ),
    Setting::new(
        "ARTEL_AUTH__FAILURES_PER_MINUTE",
        Preset::Text("10"),
        "failed sign-ins per minute for one login from one address; then 429",
        |to, text| put(&mut to.auth.failures_per_minute, parse::count(text)),
    ),
    Setting::new(
        "ARTEL_AUTH__FAILURES_PER_MINUTE_ADDRESS",
        Preset::Text("30"),
        "failed sign-ins per minute from one address; then 429",
        |to, text| put(&mut to.auth.failures_per_minute_address, parse::count(text)),
    ),
    Setting::new(
        "ARTEL_POOL__SIZE",
        Preset::Unset("4 per core, at least 4, at most a quarter of what the server allows"),
        "most connections to the database, opened when needed",
        |to, text| put(&mut to.pool.size, parse::count(text).map(Some)),
    ),
    Setting::new(
        "ARTEL_POOL__ACQUIRE_TIMEOUT_MS",
        Preset::Text("3000"),
        "milliseconds that a request waits for a connection; then 503",
        |to, text| put(&mut to.pool.acquire_timeout, parse::milliseconds(text)),
    ),
    Setting::new(
        "ARTEL_POOL__STATEMENT_TIMEOUT_MS",
        Preset::Text("10000"),
        "milliseconds that a statement may run; then 503",
        |to, text| put(&mut to.pool.statement_timeout, parse::milliseconds(text)),
    ),
    Setting::new(
        "ARTEL_LOG__LEVEL",
        Preset::Text("info"),
        "`error`, `warn`, `info`, `debug`, `trace`, or levels by target: `info,orm=debug`",
        |to, text| put(&mut to.log.level, parse::log_level(text)),
    ),
    Setting::new(
        "ARTEL_LOG__FORMAT",
        Preset::ByMode { development: "text", production: "json" },
        "`text` for eyes, `json` for programs",
        |to, text| put(&mut to.log.format, parse::log_format(text)),
    ),
    Setting::new(
        "ARTEL_CHAT__RETENTION_DAYS",
        Preset::Text("90"),
        "days that events of chats are kept for those who catch up; messages stay",
        |to, text| put(&mut to.chat.retention_days, parse::count(text)),
    ),
    Setting::new(
        "ARTEL_CHAT__POLL_MS",
        Preset::Text("1000"),
        "milliseconds after which events are looked for that nobody has told of",
        |to, text| put(&mut to.chat.poll, parse::milliseconds(text)),
    ),
    Setting::new(
        "ARTEL_CHAT__SOCKETS_PER_USER",
        Preset::Text("50"),
        "sockets that one user may have open in one process",
        |to, text| put(&mut to.chat.sockets_per_user, parse::count(text)),
    ),
    Setting::new(
        "ARTEL_CHAT__ATTACHMENT_LIMIT",
        Preset::Text("25MiB"),
        "the largest file that may be sent with a message",
        |to, text| put(&mut to.chat.attachment_limit, parse::bytes(text)),
    ),
    Setting::new(
        "ARTEL_CHAT__PUBSUB",
        Preset::Text("pg"),
        "what wakes the other processes: `pg` (the database), `redis`, `nats`; `memory` for one",
        |to, text| put(&mut to.chat.pubsub, parse::pubsub_broker(text)),
    ),
    Setting::new(
        "ARTEL_CHAT__PUBSUB_NAMESPACE",
        Preset::Text("artel"),
        "what sets this installation apart from others at the same Redis or NATS",
        |to, text| put(&mut to.chat.pubsub_namespace, parse::pubsub_namespace(text)),
    ),
    Setting::secret(
        "ARTEL_CHAT__REDIS_URL",
        Preset::Unset("none"),
        "the Redis server, 6 or newer, of ARTEL_CHAT__PUBSUB=redis; rediss:// is encrypted",
        |to, text| put(&mut to.chat.redis_url, parse::redis_url(text).map(Some)),
    ),
    Setting::secret(
        "ARTEL_CHAT__NATS_URL",
        Preset::Unset("none"),
        "the NATS servers of ARTEL_CHAT__PUBSUB=nats, with commas between; tls:// is encrypted",
        |to, text| put(&mut to.chat.nats_url, parse::nats_url(text).map(Some)),
    ),
];

impl Setting {
    /// The setting of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        SETTINGS.iter().find(|it| it.name == name)
    }

    const fn new(
        name: &'static str,
        preset: Preset,
        meaning: &'static str,
        take: fn(&mut Settings, &str) -> Result<(), String>,
    ) -> Self {
        Self { name, preset, meaning, is_secret: false, take }
    }

    const fn secret(
        name: &'static str,
        preset: Preset,
        meaning: &'static str,
        take: fn(&mut Settings, &str) -> Result<(), String>,
    ) -> Self {
        Self { name, preset, meaning, is_secret: true, take }
    }
}

impl Preset {
    /// The value that holds in `mode`, if there is one.
    pub fn text(&self, mode: Mode) -> Option<&'static str> {
        match (self, mode) {
            (Self::Text(text), _) => Some(text),
            (Self::ByMode { development, .. }, Mode::Development) => Some(development),
            (Self::ByMode { production, .. }, Mode::Production) => Some(production),
            (Self::Unset(_), _) => None,
        }
    }
}

/// Puts what was parsed into its place.
fn put<T>(place: &mut T, parsed: Result<T, String>) -> Result<(), String> {
    *place = parsed?;
    Ok(())
}
