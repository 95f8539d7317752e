//! The address of the client: that of the connection, or what trusted proxies say about it.
//!
//! **Invariant:** `X-Forwarded-For` is read from its end and only as far as the addresses in it
//! are trusted. What a client writes into it itself is never believed.

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;

use crate::settings::Network;

/// The client behind a connection from `peer`.
pub(crate) fn find(
    peer: Option<IpAddr>,
    headers: &HeaderMap,
    trusted: &[Network],
) -> Option<IpAddr> {
    let is_trusted = |it: IpAddr| trusted.iter().any(|network| network.contains(it));
    let mut client = peer?.to_canonical();
    if !is_trusted(client) {
        return Some(client);
    }
    let lines: Vec<_> = headers.get_all("x-forwarded-for").iter().collect();
    for line in lines.iter().rev() {
        for hop in line.to_str().unwrap_or_default().rsplit(',') {
            let Some(address) = parse(hop.trim()) else { return Some(client) };
            client = address;
            if !is_trusted(client) {
                return Some(client);
            }
        }
    }
    Some(client)
}

/// With or without a port, as proxies write it.
fn parse(hop: &str) -> Option<IpAddr> {
    let address = hop
        .parse::<IpAddr>()
        .or_else(|_| hop.parse::<SocketAddr>().map(|it| it.ip()))
        .or_else(|_| hop.trim_matches(['[', ']']).parse());
    address.ok().map(|it| it.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_trust_the_connection_counts() {
        check("", "203.0.113.9", Some("198.51.100.1"), "203.0.113.9");
    }

    #[test]
    fn a_trusted_proxy_is_believed_about_its_client() {
        check("10.0.0.0/8", "10.0.0.5", Some("198.51.100.1"), "198.51.100.1");
        check("10.0.0.0/8", "10.0.0.5", Some("198.51.100.1:4711"), "198.51.100.1");
        check("10.0.0.0/8", "10.0.0.5", None, "10.0.0.5");
    }

    #[test]
    fn what_the_client_claims_before_the_proxy_is_not_believed() {
        check("10.0.0.0/8", "10.0.0.5", Some("127.0.0.1, 198.51.100.1"), "198.51.100.1");
    }

    #[test]
    fn a_chain_of_trusted_proxies_is_followed() {
        check("10.0.0.0/8", "10.0.0.5", Some("198.51.100.1, 10.0.0.7"), "198.51.100.1");
    }

    #[test]
    fn nonsense_ends_the_chain() {
        check("10.0.0.0/8", "10.0.0.5", Some("198.51.100.1, unknown, 10.0.0.7"), "10.0.0.7");
    }

    #[track_caller]
    fn check(trusted: &str, peer: &str, forwarded: Option<&str>, expected: &str) {
        let trusted: Vec<Network> = trusted.parse().into_iter().collect();
        let mut headers = HeaderMap::new();
        if let Some(forwarded) = forwarded {
            headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        }
        let found = find(peer.parse().ok(), &headers, &trusted);
        assert_eq!(found, expected.parse().ok());
    }
}
