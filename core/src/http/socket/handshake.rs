//! Whether a request asks for a WebSocket, and what it is answered (RFC 6455, section 4.2).

use http::{
    HeaderMap, HeaderValue, Version,
    header::{
        CONNECTION, HeaderName, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
        SEC_WEBSOCKET_VERSION, UPGRADE,
    },
};
use orm::Violation;
use tungstenite::handshake::derive_accept_key;

use crate::{Error, ErrorKind, Result};

/// What is agreed on with the client.
#[derive(Debug)]
pub(super) struct Handshake {
    accept: HeaderValue,
    /// The first of the handler's protocols that the client offers.
    pub(super) protocol: Option<&'static str>,
}

impl Handshake {
    /// What can be agreed on.
    ///
    /// # Errors
    /// `UpgradeRequired` when no WebSocket of our version is asked for, `bad_parameter` when its key is
    /// none.
    pub(super) fn of(
        version: Version,
        headers: &HeaderMap,
        protocols: &'static [&'static str],
    ) -> Result<Self> {
        let is_asked_for = version == Version::HTTP_11
            && tokens(headers, &UPGRADE).any(|it| it.eq_ignore_ascii_case("websocket"))
            && tokens(headers, &CONNECTION).any(|it| it.eq_ignore_ascii_case("upgrade"))
            && only(headers, &SEC_WEBSOCKET_VERSION).is_some_and(|it| it == "13");
        if !is_asked_for {
            return Err(ErrorKind::UpgradeRequired.into());
        }
        let key = only(headers, &SEC_WEBSOCKET_KEY).filter(|it| is_key(it.as_bytes()));
        let bad_key = || Violation::at_parameter("Sec-WebSocket-Key", "bad_parameter");
        let key = key.ok_or_else(|| Error::bad_parameter(bad_key()))?;
        let accept = HeaderValue::try_from(derive_accept_key(key.as_bytes()))
            .map_err(|_| Error::broken("an accept key is no header"))?;
        let is_offered =
            |it: &&&str| tokens(headers, &SEC_WEBSOCKET_PROTOCOL).any(|offered| offered == **it);
        let protocol = protocols.iter().find(is_offered).copied();
        Ok(Self { accept, protocol })
    }

    /// The headers of the answer.
    pub(super) fn headers(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
        let protocol = self.protocol.map(HeaderValue::from_static);
        [
            (CONNECTION, Some(HeaderValue::from_static("upgrade"))),
            (UPGRADE, Some(HeaderValue::from_static("websocket"))),
            (SEC_WEBSOCKET_ACCEPT, Some(self.accept.clone())),
            (SEC_WEBSOCKET_PROTOCOL, protocol),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
    }
}

/// Sixteen bytes in base64.
fn is_key(key: &[u8]) -> bool {
    let is_letter = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/');
    key.strip_suffix(b"==").is_some_and(|it| it.len() == 22 && it.iter().all(is_letter))
}

/// The parts of a header that is a list, whatever number of lines it came in.
fn tokens<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(name).into_iter().filter_map(|it| it.to_str().ok());
    lines.flat_map(|it| it.split(',')).map(str::trim).filter(|it| !it.is_empty())
}

fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none())?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: [(&str, &str); 4] = [
        ("upgrade", "websocket"),
        ("connection", "keep-alive, Upgrade"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];

    #[test]
    fn the_sample_of_the_rfc_is_answered_as_it_says() {
        let handshake = Handshake::of(Version::HTTP_11, &headers(&GOOD), &[]).unwrap();
        assert_eq!(handshake.accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn what_is_no_websocket_of_ours_has_to_become_one() {
        check(&GOOD, "agreed");
        for name in ["upgrade", "connection", "sec-websocket-version"] {
            check(&GOOD.into_iter().filter(|it| it.0 != name).collect::<Vec<_>>(), "upgrade");
        }
        check(&with("upgrade", "h2c"), "upgrade");
        check(&with("connection", "close"), "upgrade");
        check(&with("sec-websocket-version", "8"), "upgrade");
        let http2 = Handshake::of(Version::HTTP_2, &headers(&GOOD), &[]).err().unwrap();
        assert!(matches!(http2.kind(), ErrorKind::UpgradeRequired));
    }

    #[test]
    fn a_key_is_sixteen_bytes_once() {
        for key in ["", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZ===", "short=="] {
            check(&with("sec-websocket-key", key), "key");
        }
        check(&GOOD.into_iter().chain([GOOD[3]]).collect::<Vec<_>>(), "key");
    }

    #[test]
    fn the_best_protocol_of_ours_that_is_offered_is_agreed_on() {
        check_protocol("v1, v2", Some("v2"));
        check_protocol("v1", Some("v1"));
        check_protocol("v3", None);
        check_protocol("", None);
    }

    #[track_caller]
    fn check(sent: &[(&'static str, &str)], expected: &str) {
        let found = match Handshake::of(Version::HTTP_11, &headers(sent), &[]) {
            Ok(_) => "agreed",
            Err(error) if matches!(error.kind(), ErrorKind::UpgradeRequired) => "upgrade",
            Err(_) => "key",
        };
        assert_eq!(found, expected, "{sent:?}");
    }

    #[track_caller]
    fn check_protocol(offered: &str, expected: Option<&str>) {
        let sent: Vec<_> = GOOD.into_iter().chain([("sec-websocket-protocol", offered)]).collect();
        let handshake = Handshake::of(Version::HTTP_11, &headers(&sent), &["v2", "v1"]).unwrap();
        assert_eq!(handshake.protocol, expected);
    }

    fn with<'a>(name: &'static str, value: &'a str) -> Vec<(&'static str, &'a str)> {
        let others = GOOD.into_iter().filter(|it| it.0 != name);
        others.chain([(name, value)]).collect()
    }

    fn headers(sent: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            headers.append(HeaderName::from_static(name), value.parse().unwrap());
        }
        headers
    }
}
