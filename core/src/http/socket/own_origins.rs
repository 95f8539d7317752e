//! Which pages may open a socket: a browser lets any page try, and tells us from where it is.
//!
//! **Invariant:** what a request says of its own host counts for nothing: a name that leads here is
//! not ours for that.

use std::net::SocketAddr;

use http::{HeaderMap, header::ORIGIN};

use crate::{ErrorKind, Result, http::middleware::Origins, settings::HttpSettings};

/// Refuses a page of somebody else; what is no page sends no origin and passes.
///
/// # Errors
/// `ForeignOrigin`.
pub(super) fn check(
    headers: &HeaderMap,
    settings: &HttpSettings,
    listen: Option<SocketAddr>,
) -> Result<()> {
    let mut sent = headers.get_all(ORIGIN).iter();
    let Some(origin) = sent.next() else { return Ok(()) };
    let is_own = |origin: &str| match settings.origins.is_empty() {
        true => listen.is_some_and(|it| is_at(origin, it)),
        false => Origins::new(&settings.origins).is_listed(origin),
    };
    let is_only = sent.next().is_none();
    if is_only && origin.to_str().is_ok_and(is_own) {
        Ok(())
    } else {
        Err(ErrorKind::ForeignOrigin.into())
    }
}

/// What is to be said of these settings at the start, if no page can open a socket with them.
pub(crate) fn doubt(settings: &HttpSettings) -> Option<String> {
    let is_everywhere = settings.listen.ip().is_unspecified() && settings.origins.is_empty();
    is_everywhere.then(|| {
        format!(
            "no page can open a WebSocket: {} is every address of this machine, which is no origin; \
             set ARTEL_HTTP__ORIGINS to those that pages have, like https://crm.example.com",
            settings.listen
        )
    })
}

/// Whether an origin is that of the address that the server listens on. The three names of the machine
/// itself are one place; all addresses at once are none.
fn is_at(origin: &str, listen: SocketAddr) -> bool {
    let (ip, port) = (listen.ip(), listen.port());
    let names = match ip.is_loopback() {
        true => vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "[::1]".to_owned()],
        false if ip.is_unspecified() => Vec::new(),
        false if ip.is_ipv6() => vec![format!("[{ip}]")],
        false => vec![ip.to_string()],
    };
    // Browsers leave out the port that goes without saying.
    let with_port = |name: &String| match port {
        80 => format!("http://{name}"),
        _ => format!("http://{name}:{port}"),
    };
    names.iter().map(with_port).any(|it| it.eq_ignore_ascii_case(origin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_itself_has_three_names() {
        for name in ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"] {
            check_at(&format!("http://{name}:8000"), "127.0.0.1:8000", true);
            check_at(&format!("http://{name}:8000"), "[::1]:8000", true);
            check_at(&format!("http://{name}:8001"), "127.0.0.1:8000", false);
            check_at(&format!("http://{name}"), "127.0.0.1:8000", false);
            check_at(&format!("http://{name}"), "127.0.0.1:80", true);
        }
        check_at("https://localhost:8000", "127.0.0.1:8000", false);
        check_at("http://127.0.0.2:8000", "127.0.0.1:8000", false);
        check_at("http://evil.test:8000", "127.0.0.1:8000", false);
        check_at("http://localhost:8000.evil.test", "127.0.0.1:8000", false);
        check_at("http://localhost:8000/", "127.0.0.1:8000", false);
        check_at("null", "127.0.0.1:8000", false);
    }

    #[test]
    fn another_address_has_its_own_name_alone() {
        check_at("http://192.0.2.7:8000", "192.0.2.7:8000", true);
        check_at("http://[2001:db8::7]:8000", "[2001:db8::7]:8000", true);
        check_at("http://localhost:8000", "192.0.2.7:8000", false);
    }

    #[test]
    fn every_address_is_none() {
        check_at("http://0.0.0.0:8000", "0.0.0.0:8000", false);
        check_at("http://localhost:8000", "0.0.0.0:8000", false);
        check_at("http://[::]:8000", "[::]:8000", false);
    }

    #[track_caller]
    fn check_at(origin: &str, listen: &str, expected: bool) {
        assert_eq!(is_at(origin, listen.parse().unwrap()), expected, "{origin} at {listen}");
    }
}
