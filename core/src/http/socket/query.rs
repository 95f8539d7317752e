//! What may stand in the address of a socket: a ticket, once, and nothing else.
//!
//! **Invariant:** an access token never signs in from here: addresses are kept in logs, in the history
//! of browsers and by proxies.

use orm::Violation;
use percent_encoding::percent_decode_str;

use crate::{Error, Result};

/// The ticket that the query holds, if it does.
///
/// # Errors
/// `bad_parameter` for a token, which names the cure, and for a ticket that stands twice or is not
/// encoded; `unknown_parameter` for anything else.
pub(super) fn ticket(query: Option<&str>) -> Result<Option<String>> {
    let mut ticket = None;
    for pair in query.unwrap_or_default().split('&').filter(|it| !it.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match decoded(name).as_deref() {
            Some("ticket") if ticket.is_some() => return Err(refused("ticket", "twice")),
            Some("ticket") => {
                ticket = Some(decoded(value).ok_or_else(|| refused("ticket", "encoding"))?);
            }
            Some(name @ ("token" | "access_token")) => return Err(refused(name, "token_in_query")),
            other => {
                let name = other.unwrap_or_default();
                let fault = Violation::at_parameter(name, "unknown_parameter");
                return Err(Error::bad_parameter(fault));
            }
        }
    }
    Ok(ticket)
}

fn refused(name: &str, reason: &str) -> Error {
    Error::bad_parameter(Violation::at_parameter(name, "bad_parameter").with("reason", reason))
}

fn decoded(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_stands_once_or_not_at_all() {
        assert_eq!(ticket(None).unwrap(), None);
        assert_eq!(ticket(Some("")).unwrap(), None);
        assert_eq!(ticket(Some("ticket=a%2Eb")).unwrap().as_deref(), Some("a.b"));
        check_refused("ticket=a&ticket=a");
        check_refused("ticket=%FF");
    }

    #[test]
    fn nothing_else_stands_there() {
        for query in ["token=a", "access_token=a", "%74oken=a", "token", "x=1", "ticket=a&x=1"] {
            check_refused(query);
        }
    }

    #[track_caller]
    fn check_refused(query: &str) {
        assert!(ticket(Some(query)).is_err(), "{query}");
    }
}
