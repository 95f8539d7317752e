//! Whether a client takes JSON: what its `Accept` says, most particular range first.

use http::{HeaderMap, header::ACCEPT};

/// Whether JSON may be answered. Without the header, or with one that says nothing, it may.
pub(crate) fn accepts_json(headers: &HeaderMap) -> bool {
    let mut best: Option<(u8, bool)> = None;
    for line in headers.get_all(ACCEPT) {
        let Ok(line) = line.to_str() else { return true };
        for range in line.split(',') {
            let Some(closeness) = closeness(range) else { continue };
            if best.is_none_or(|(known, _)| closeness >= known) {
                best = Some((closeness, !is_refused(range)));
            }
        }
    }
    let says_nothing =
        headers.get_all(ACCEPT).iter().all(|it| it.as_bytes().trim_ascii().is_empty());
    best.map_or(says_nothing, |(_, is_accepted)| is_accepted)
}

/// How closely a range describes JSON; none when it does not.
fn closeness(range: &str) -> Option<u8> {
    let name = range.split(';').next().unwrap_or_default().trim();
    match name.to_ascii_lowercase().as_str() {
        "application/json" | "application/problem+json" => Some(2),
        "application/*" => Some(1),
        "*/*" | "*" => Some(0),
        _ => None,
    }
}

fn is_refused(range: &str) -> bool {
    let quality = range.split(';').skip(1).find_map(|it| it.trim().strip_prefix("q="));
    quality.and_then(|it| it.trim().parse::<f32>().ok()).is_some_and(|it| it <= 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_header_takes_anything() {
        check(None, true);
        check(Some(""), true);
    }

    #[test]
    fn ranges_that_hold_json_take_it() {
        check(Some("application/json"), true);
        check(Some("text/html, application/*;q=0.1"), true);
        check(Some("text/html,*/*;q=0.8"), true);
    }

    #[test]
    fn other_types_do_not() {
        check(Some("text/html"), false);
        check(Some("application/xml, image/*"), false);
    }

    #[test]
    fn the_closest_range_decides() {
        check(Some("application/json;q=0, */*"), false);
        check(Some("*/*;q=0, application/json"), true);
    }

    #[track_caller]
    fn check(accept: Option<&str>, expected: bool) {
        let mut headers = HeaderMap::new();
        if let Some(accept) = accept {
            headers.insert(ACCEPT, accept.parse().unwrap());
        }
        assert_eq!(accepts_json(&headers), expected, "{accept:?}");
    }
}
