//! Who changed a record, and how: every one that there is, one that is gone, and one that never was.

use serde_json::{Value, json};

use crate::{
    oracle::{GONE, Named, is_told, told},
    probe::Expect,
    probers::Ask,
};

/// Whole, and in pages of two: what is kept back must not be seen by what is missing from a page.
pub(super) fn every(ask: &mut Ask<'_>) {
    if !ask.of.keeps_history {
        return;
    }
    for id in ask.facts().ids(ask.of.name).into_iter().chain([GONE, i64::MAX]) {
        let entries = told(&ask.eyes, ask.of, id);
        for limit in [1000, 2] {
            let answer = match is_told(&ask.eyes, ask.of, id) {
                true => {
                    let page: Vec<_> = entries.iter().take(limit).collect();
                    let is = json!([page, entries.len() > limit, shows_who(ask)]);
                    Expect::Part { part: shown, is }
                }
                false => Expect::missing(),
            };
            let path = format!("/{id}/history?limit={limit}");
            ask.read("history", &path, Named::default(), answer);
        }
    }
}

/// The changes of each entry, whether more follow, and whether it is said who it was.
fn shown(answer: &Value) -> Value {
    let entries = answer["data"].as_array().into_iter().flatten();
    let changes: Vec<&Value> = entries.clone().map(|it| &it["changes"]).collect();
    let says_who = entries.clone().all(|it| it.get("by_id").is_some());
    json!([changes, answer["page"]["has_more"], changes.is_empty() || says_who])
}

fn shows_who(ask: &Ask<'_>) -> bool {
    let entries = told(&ask.eyes, ask.of, GONE);
    entries.is_empty() || ask.rights().reads(ask.who(), ask.of, ask.of.field("updated_by"))
}
