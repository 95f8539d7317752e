//! What is remembered of a row in these tests: that each field was set to what it is.

use serde_json::{Value, json};

use crate::oracle::{Eyes, Facts, Field, Kind, Sight, Table, Verb};

/// The id of a record that is gone; the same in every table.
pub(crate) const GONE: i64 = 999_999;

/// A change of every column at once, then each alone, then the tags; as the text that the program
/// writes.
pub(crate) fn remembered(facts: &Facts, of: &Table, id: i64) -> Vec<String> {
    let own: Vec<&Field> = of.columns().filter(|it| !it.is_fixed).collect();
    let entry = |fields: &[&Field]| {
        let change = |it: &&Field| {
            let new = facts.cell(of.name, Some(id), it.key).json();
            format!("\"{}\":{{\"old\":null,\"new\":{new}}}", it.name)
        };
        format!("{{{}}}", fields.iter().map(change).collect::<Vec<_>>().join(","))
    };
    let mut entries = vec![entry(&own)];
    entries.extend(own.iter().map(|it| entry(&[it])));
    let tags: Vec<i64> = facts.tagged.iter().filter(|it| it.0 == id).map(|it| it.1).collect();
    if !tags.is_empty() {
        entries.push(json!({ "tags": { "added": tags, "removed": [] } }).to_string());
    }
    entries
}

/// What somebody who sees the record is told, the newest first.
pub(crate) fn told(eyes: &Eyes<'_>, of: &Table, id: i64) -> Vec<Vec<Value>> {
    let reads = |it: &&Field| eyes.rights.reads(eyes.who, of, it);
    let own: Vec<&Field> = of.columns().filter(|it| !it.is_fixed).filter(reads).collect();
    let change = |it: &&Field| {
        let new = eyes.facts.cell(of.name, Some(id), it.key).json();
        json!({ "field": it.key, "old": null, "new": new })
    };
    let mut entries = vec![own.iter().map(change).collect()];
    entries.extend(own.iter().map(|it| vec![change(it)]));
    if let Some(tags) = of.fields.iter().find(|it| it.kind == Kind::Tags).filter(reads) {
        let seen = eyes.behind(of, Some(id), tags.name, Sight::Own);
        if !seen.is_empty() {
            entries.push(vec![json!({ "field": tags.key, "added": seen, "removed": [] })]);
        }
    }
    entries.retain(|it: &Vec<Value>| !it.is_empty());
    entries.reverse();
    entries
}

/// Whether somebody is told of a record, be it there or gone.
pub(crate) fn is_told(eyes: &Eyes<'_>, of: &Table, id: i64) -> bool {
    eyes.may(of, Verb::Read, id) || (id == GONE && eyes.who.is_admin && !of.is_private)
}
