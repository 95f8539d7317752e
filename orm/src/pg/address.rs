//! Where the database is and how to get there: `DATABASE_URL`, read once.
//!
//! Two keys are taken out before the driver reads the rest: it refuses the strict values of
//! `sslmode` and does not know `sslrootcert`.
//!
//! **Invariant:** no error and no description shows any part of the text itself, for a password
//! may be anywhere in a text that cannot be read.

use std::{borrow::Cow, net::IpAddr, path::PathBuf, time::Duration};

use tokio_postgres::{
    Config,
    config::{Host, SslMode},
};

use crate::{Error, Result};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// After this a machine that has vanished is noticed, also while nothing is sent.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(10);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(3);
const KEEPALIVE_RETRIES: u32 = 3;
/// After this a machine that does not acknowledge what was sent is given up.
const USER_TIMEOUT: Duration = Duration::from_secs(10);
/// What the driver sets when the address does not say.
const KEEPALIVE_UNSAID: Duration = Duration::from_secs(2 * 60 * 60);

/// A database, its server, and the login.
pub(super) struct Address {
    pub(super) config: Config,
    /// Whom to believe when the server says who it is; `None` where nothing is encrypted.
    pub(super) roots: Option<Roots>,
}

/// Certificates that vouch for a server.
#[derive(Debug, PartialEq)]
pub(super) enum Roots {
    /// Those of this machine.
    System,
    /// Those of one PEM file.
    File(PathBuf),
}

impl Address {
    /// Reads a URL, or `key=value` pairs.
    pub(super) fn parse(text: &str, application_name: &str) -> Result<Self> {
        let ours = Ours::take_out(text);
        let mut config: Config = ours.rest.parse().map_err(|_| unreadable())?;
        if config.get_hosts().iter().any(is_torn) {
            return Err(unreadable());
        }
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(Error::broken(
                "DATABASE_URL names no host; write postgres://user@host/database, or put the \
                 folder of a socket into it with `host=`",
            ));
        }
        let mode = ours.ssl_mode(&config)?;
        config.ssl_mode(mode);
        set_unsaid(&mut config, application_name);
        let roots = (mode != SslMode::Disable).then(|| ours.roots());
        Ok(Self { config, roots })
    }

    /// The database and where it is, for people; never a login.
    pub(super) fn describe(&self) -> String {
        let ports = self.config.get_ports();
        let port = |at: usize| ports.get(at).or(ports.first()).copied().unwrap_or(5432);
        let place = |(at, host): (usize, &Host)| match host {
            Host::Tcp(name) => format!("{name}:{}", port(at)),
            Host::Unix(folder) => folder.display().to_string(),
        };
        let mut places: Vec<_> = self.config.get_hosts().iter().enumerate().map(place).collect();
        if places.is_empty() {
            places = self.config.get_hostaddrs().iter().map(ToString::to_string).collect();
        }
        let database = self.config.get_dbname().unwrap_or("its default database");
        format!("{database} at {}", places.join(", "))
    }
}

/// What is read here and not by the driver, still as it was written.
#[derive(Default)]
struct Ours<'a> {
    rest: Cow<'a, str>,
    is_url: bool,
    mode: Option<&'a str>,
    roots: Option<&'a str>,
}

impl<'a> Ours<'a> {
    fn take_out(text: &'a str) -> Self {
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            let mut ours = Self::default();
            let others: Vec<_> = pairs(text).filter(|it| !ours.take(it)).collect();
            ours.rest = others.join(" ").into();
            return ours;
        }
        // A password may hold a question mark; the driver, too, reads up to the first `@`.
        let host = text.find('@').unwrap_or_default();
        let Some(query) = text[host..].find('?').map(|at| host + at) else {
            return Self { rest: text.into(), is_url: true, ..Self::default() };
        };
        let mut ours = Self { is_url: true, ..Self::default() };
        let others: Vec<_> = text[query + 1..].split('&').filter(|it| !ours.take(it)).collect();
        let mark = if others.is_empty() { "" } else { "?" };
        ours.rest = format!("{}{mark}{}", &text[..query], others.join("&")).into();
        ours
    }

    /// Whether a `key=value` is one of ours.
    fn take(&mut self, pair: &'a str) -> bool {
        let place = match pair.split_once('=') {
            Some(("sslmode", value)) => (&mut self.mode, value),
            Some(("sslrootcert", value)) => (&mut self.roots, value),
            _ => return false,
        };
        *place.0 = Some(place.1);
        true
    }

    fn ssl_mode(&self, config: &Config) -> Result<SslMode> {
        if config.get_hosts().iter().all(|it| matches!(it, Host::Unix(_)))
            && config.get_hostaddrs().is_empty()
        {
            return Ok(SslMode::Disable);
        }
        match self.mode.map(|it| it.trim_matches('\'')) {
            None if is_this_machine(config) => Ok(SslMode::Disable),
            None | Some("require" | "verify-ca" | "verify-full") => Ok(SslMode::Require),
            Some("allow" | "prefer") => Ok(SslMode::Prefer),
            Some("disable") => Ok(SslMode::Disable),
            Some(_) => Err(Error::broken(
                "`sslmode` of DATABASE_URL is none of disable, prefer, require, verify-full; \
                 leave it out, and connections to other machines are encrypted and verified",
            )),
        }
    }

    fn roots(&self) -> Roots {
        match self.roots.and_then(|it| self.decode(it)).as_deref() {
            None | Some("system") => Roots::System,
            Some(path) => Roots::File(path.into()),
        }
    }

    /// A value without its quotes or percent signs: the driver reads it as some other key's.
    fn decode(&self, value: &str) -> Option<String> {
        let text = match self.is_url {
            true => format!("postgres://host/?options={value}"),
            false => format!("host=host options={value}"),
        };
        text.parse::<Config>().ok()?.get_options().map(ToOwned::to_owned)
    }
}

/// The pairs of `key=value key='other value'`, quoted as they are.
fn pairs(text: &str) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    let mut is_escaped = false;
    text.split(move |it: char| {
        let is_plain = !is_escaped;
        is_escaped = is_plain && it == '\\';
        is_quoted ^= is_plain && it == '\'';
        is_plain && !is_quoted && it.is_whitespace()
    })
    .filter(|it| !it.is_empty())
}

/// Whether a host is the rest of a password that was not encoded.
fn is_torn(host: &Host) -> bool {
    matches!(host, Host::Tcp(name) if name.contains(['@', ':', '/']) && name.parse::<IpAddr>().is_err())
}

/// Whether every host is reached without leaving this machine.
fn is_this_machine(config: &Config) -> bool {
    let is_local = |host: &Host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|it| it.is_loopback())
        }
    };
    match config.get_hostaddrs() {
        [] => config.get_hosts().iter().all(is_local),
        addresses => addresses.iter().all(IpAddr::is_loopback),
    }
}

/// Sets what the address leaves open.
fn set_unsaid(config: &mut Config, application_name: &str) {
    if config.get_application_name().is_none() {
        config.application_name(application_name);
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_TIMEOUT);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(USER_TIMEOUT);
    }
    if config.get_keepalives_idle() == KEEPALIVE_UNSAID {
        config.keepalives_idle(KEEPALIVE_IDLE);
        config.keepalives_interval(KEEPALIVE_INTERVAL);
        config.keepalives_retries(KEEPALIVE_RETRIES);
    }
}

fn unreadable() -> Error {
    Error::broken(
        "DATABASE_URL cannot be read; write postgres://user:password@host:5432/database with \
         every special character of the password percent-encoded, or \
         host=… user=… password='…' dbname=…",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_needs_no_encryption() {
        check("postgres://ann:pw@localhost/shop", "shop at localhost:5432, Disable");
        check("postgres://127.0.0.1:6000/shop", "shop at 127.0.0.1:6000, Disable");
        check("postgres://[::1]/shop", "shop at ::1:5432, Disable");
        check("postgres://ann@/shop?host=/run/pg&port=5", "shop at /run/pg, Disable");
        check("host=/run/pg dbname=shop sslmode=require", "shop at /run/pg, Disable");
    }

    #[test]
    fn another_machine_is_verified_unless_the_address_says_otherwise() {
        check("postgres://db.example/shop", "shop at db.example:5432, Require System");
        check("host=10.0.0.5 dbname=shop", "shop at 10.0.0.5:5432, Require System");
        check("host=localhost hostaddr=10.0.0.5", &default_at("localhost:5432, Require System"));
        check("postgres://db/shop?sslmode=disable", "shop at db:5432, Disable");
        check("postgres://db/shop?sslmode=prefer", "shop at db:5432, Prefer System");
        check("postgres://a,b:6000/shop", "shop at a:5432, b:6000, Require System");
    }

    #[test]
    fn the_strict_modes_and_a_file_of_certificates_are_understood() {
        check(
            "postgres://localhost/shop?sslmode=verify-full&sslrootcert=/a%20b.pem&port=6000",
            "shop at localhost:5432, Require File(\"/a b.pem\")",
        );
        check(
            "host=db sslrootcert='/a b.pem' dbname=shop sslmode=verify-ca",
            "shop at db:5432, Require File(\"/a b.pem\")",
        );
        check("postgres://db/shop?sslrootcert=system", "shop at db:5432, Require System");
    }

    #[test]
    fn a_password_may_look_like_a_setting() {
        check("postgres://ann:a?sslmode=disable@db/shop", "shop at db:5432, Require System");
        check(
            "host=db dbname=shop password='x sslmode=disable \\' y'",
            "shop at db:5432, Require System",
        );
    }

    #[test]
    fn what_cannot_be_read_is_not_repeated() {
        for text in [
            "hunter2",
            "mysql://ann:hunter2@db/shop",
            "postgres://ann:hunter2@x@db/shop",
            "postgres://ann:hunter2@db:port/shop",
            "postgres://ann:x@db/shop?hunter2=1",
            "host=db password=x hunter2",
            "postgres://ann:hunter2@",
            "postgres://db/shop?sslmode=hunter2",
            "",
        ] {
            let error = Address::parse(text, "tests").err().expect(text).to_string();
            assert!(error.contains("DATABASE_URL") && !error.contains("hunter2"), "{error}");
        }
    }

    fn default_at(rest: &str) -> String {
        format!("its default database at {rest}")
    }

    /// Reads `text` and compares how it is described, and how it is encrypted, with `expected`.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let address = Address::parse(text, "tests").unwrap();
        let mode = address.config.get_ssl_mode();
        let roots = address.roots.as_ref().map(|it| format!(" {it:?}")).unwrap_or_default();
        assert_eq!(format!("{}, {mode:?}{roots}", address.describe()), expected);
    }
}
