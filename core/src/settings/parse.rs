//! What the text of a setting means; each error is `what is wrong; cure`.

use std::{net::SocketAddr, str::FromStr, time::Duration};

use secrecy::SecretString;
use tracing_subscriber::EnvFilter;

use crate::{
    pubsub,
    settings::{LogFormat, Mode, Network, PubSubBroker},
};

type Parsed<T> = Result<T, String>;

/// The shortest secret, in bytes: as long as the keys that are derived from it.
const SECRET_BYTES_MIN: usize = 32;

pub(crate) fn mode(text: &str) -> Parsed<Mode> {
    match text {
        "development" => Ok(Mode::Development),
        "production" => Ok(Mode::Production),
        _ => Err(format!("`{text}` is no mode; write development or production")),
    }
}

pub(crate) fn log_format(text: &str) -> Parsed<LogFormat> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(format!("`{text}` is no format; write text or json")),
    }
}

pub(crate) fn log_level(text: &str) -> Parsed<String> {
    match EnvFilter::try_new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(format!(
            "`{text}` is no level; write error, warn, info, debug, trace or a list such as \
             info,orm=debug"
        )),
    }
}

/// An address with its port; `localhost` is the one name that needs no looking up.
pub(crate) fn address(text: &str) -> Parsed<SocketAddr> {
    let numeric = match text.strip_prefix("localhost:") {
        Some(port) => format!("127.0.0.1:{port}"),
        None => text.to_owned(),
    };
    numeric.parse().map_err(|_| {
        format!("`{text}` is no address with a port; write one like 127.0.0.1:8000 or [::]:8000")
    })
}

/// An address, or `key=value` pairs. The value is secret: no error shows it.
pub(crate) fn database_url(text: &str) -> Parsed<SecretString> {
    let is_url = text.starts_with("postgres://") || text.starts_with("postgresql://");
    if is_url || (text.contains('=') && !text.contains("://")) {
        return Ok(text.into());
    }
    Err("this is no address of a PostgreSQL database; write \
         postgres://user:password@host/database"
        .into())
}

/// The value is secret: no error shows it.
pub(crate) fn secret(text: &str) -> Parsed<SecretString> {
    if text.len() >= SECRET_BYTES_MIN {
        return Ok(text.into());
    }
    Err(format!(
        "it has {} bytes, and {SECRET_BYTES_MIN} are the least; make one with \
         `openssl rand -base64 48`",
        text.len()
    ))
}

pub(crate) fn pubsub_broker(text: &str) -> Parsed<PubSubBroker> {
    let (broker, is_built) = match text {
        "pg" => (PubSubBroker::Pg, true),
        "redis" => (PubSubBroker::Redis, cfg!(feature = "redis")),
        "nats" => (PubSubBroker::Nats, cfg!(feature = "nats")),
        "memory" => (PubSubBroker::Memory, true),
        _ => return Err(format!("`{text}` is no broker; write pg, redis, nats or memory")),
    };
    match is_built {
        true => Ok(broker),
        false => Err(format!(
            "this program was built without the feature `{text}` of artel_core; build it with \
             that, or write pg"
        )),
    }
}

pub(crate) fn pubsub_namespace(text: &str) -> Parsed<String> {
    if pubsub::is_namespace(text) {
        return Ok(text.to_owned());
    }
    Err(format!("`{text}` is no namespace; write 1 to 16 of a-z, 0-9 and _"))
}

/// The value is secret: no error shows it.
pub(crate) fn redis_url(text: &str) -> Parsed<SecretString> {
    url_of(text, &["redis://", "rediss://"]).ok_or_else(|| {
        "this is no address of a Redis server; write redis://user:password@host:6379".into()
    })
}

/// The value is secret: no error shows it.
pub(crate) fn nats_url(text: &str) -> Parsed<SecretString> {
    let is_one = |it: &str| url_of(it, &["nats://", "tls://"]).is_some();
    if list(text).count() > 0 && list(text).all(is_one) {
        return Ok(text.into());
    }
    Err("this is no address of a NATS server; write nats://user:password@host:4222, with commas \
         between several"
        .into())
}

fn url_of(text: &str, schemes: &[&str]) -> Option<SecretString> {
    let rest = schemes.iter().find_map(|it| text.strip_prefix(it))?;
    (!rest.is_empty()).then(|| text.into())
}

pub(crate) fn origins(text: &str) -> Parsed<Vec<String>> {
    list(text).map(|it| origin(it).map(str::to_owned)).collect()
}

/// `scheme://host[:port]` and nothing behind it, as browsers send it.
fn origin(text: &str) -> Parsed<&str> {
    let is_origin = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '*', ' ']));
    if is_origin {
        return Ok(text);
    }
    Err(format!("`{text}` is no origin; write scheme and host only, like https://crm.example.com"))
}

pub(crate) fn networks(text: &str) -> Parsed<Vec<Network>> {
    let network = |it: &str| {
        it.parse()
            .map_err(|()| format!("`{it}` is no address or network; write 10.0.0.5 or 10.0.0.0/8"))
    };
    list(text).map(network).collect()
}

pub(crate) fn count<T: FromStr + Default + PartialEq>(text: &str) -> Parsed<T> {
    match text.parse() {
        Ok(number) if number != T::default() => Ok(number),
        _ => Err(format!("`{text}` is no number above 0; write one in digits")),
    }
}

pub(crate) fn seconds(text: &str) -> Parsed<Duration> {
    let limit = 24 * 60 * 60;
    match text.parse() {
        Ok(number) if number <= limit => Ok(Duration::from_secs(number)),
        _ => Err(format!("`{text}` is no number of seconds; write 0 to {limit}")),
    }
}

pub(crate) fn seconds_of_life(text: &str) -> Parsed<Duration> {
    let limit = 10 * 365 * 24 * 60 * 60;
    match text.parse() {
        Ok(number) if (1..=limit).contains(&number) => Ok(Duration::from_secs(number)),
        _ => Err(format!("`{text}` is no number of seconds; write 1 to {limit}")),
    }
}

pub(crate) fn milliseconds(text: &str) -> Parsed<Duration> {
    let limit = 60 * 60 * 1000;
    match text.parse() {
        Ok(number) if (1..=limit).contains(&number) => Ok(Duration::from_millis(number)),
        _ => Err(format!("`{text}` is no number of milliseconds; write 1 to {limit}")),
    }
}

pub(crate) fn bytes(text: &str) -> Parsed<u64> {
    let units = [("KiB", 1 << 10), ("MiB", 1 << 20), ("", 1)];
    let sized = units.into_iter().find_map(|(unit, size)| {
        let number: u64 = text.strip_suffix(unit)?.trim_end().parse().ok()?;
        number.checked_mul(size)
    });
    match sized {
        Some(size) if size > 0 => Ok(size),
        _ => Err(format!("`{text}` is no size; write bytes as 1048576, or 512 KiB, or 1 MiB")),
    }
}

/// The parts between commas, without blanks around them.
fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|it| !it.is_empty())
}
