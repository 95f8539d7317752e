//! The envelope of a list.

use orm::{
    engine::{Listed, TotalKind},
    json,
};

/// The page as JSON.
pub(crate) fn write(listed: &Listed) -> Vec<u8> {
    // Lists of wide records come to some 200 bytes a record; growing costs more than asking.
    let mut out = Vec::with_capacity(256 * (listed.rows.len() + 1));
    out.extend_from_slice(b"{\"data\":[");
    listed.rows.write_json(&mut out);
    out.extend_from_slice(b"],\"page\":{");
    json::key(&mut out, "has_more");
    out.extend_from_slice(if listed.has_more { b"true" } else { b"false" });
    if let Some(total) = listed.total {
        out.push(b',');
        json::key(&mut out, "total");
        json::value(&mut out, &orm::Value::Int(total.value));
        out.push(b',');
        json::key(&mut out, "total_kind");
        json::string(
            &mut out,
            match total.kind {
                TotalKind::Exact => "exact",
                TotalKind::Estimated => "estimated",
                TotalKind::AtLeast => "at_least",
            },
        );
    }
    out.extend_from_slice(b"}}");
    out
}
