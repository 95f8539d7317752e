//! What is remembered of one record, as far as whoever asks may see it.
//!
//! **Invariant:** an entry holds no field that is closed to the asker and no link to a record that
//! they may not see; one with nothing left is as if it had never been, in pages too.

use std::collections::BTreeMap;

use crate::{
    Error, PgType, Result, Scope, Session, Value, Verb,
    engine::{list, reference},
    field::datetime,
    json::{self, Node, Object},
    pg::{Lane, ParamType, Row, Statement},
    schema::{FieldId, SchemaField, SchemaModel},
    sql,
};

/// Which entries of a record.
#[derive(Debug, Clone, Copy)]
pub struct HistoryAsk {
    /// The record.
    pub id: i64,
    /// Only those that are older than this entry.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: i64,
    /// Whether the history of a record that is gone is told: to administrators only.
    pub tells_of_deleted: bool,
}

/// Entries of one record, the newest first.
pub struct HistoryPage {
    entries: Vec<Entry>,
    has_more: bool,
    /// Whether the asker may read who last changed a record of the model, and when.
    shows: Stamps,
}

#[derive(Clone, Copy)]
struct Stamps {
    at: bool,
    by: bool,
}

/// Entries of one statement at the least: whoever may be told of few of them, and asks for few, is
/// not to be answered by a statement for each of the others.
const BATCH_MIN: i64 = 200;

struct Entry {
    id: i64,
    verb: String,
    at: Value,
    by: Option<i64>,
    changes: Vec<Change>,
}

struct Change {
    field: FieldId,
    /// The key of the field in answers.
    key: &'static str,
    what: What,
}

enum What {
    /// `"old":…,"new":…}`, as it was written.
    Values(String),
    Links {
        added: Vec<i64>,
        removed: Vec<i64>,
    },
}

/// What is remembered of a record.
///
/// # Errors
/// Denied without a grant; missing when the record is hidden, or gone.
pub async fn history(
    session: &Session,
    model: &SchemaModel,
    ask: HistoryAsk,
) -> Result<HistoryPage> {
    let is_gone = !is_readable(session, model, ask).await?;
    let page = page(session, model, ask).await?;
    if is_gone && page.entries.is_empty() && ask.before.is_none() && ask.limit > 0 {
        return Err(Error::missing());
    }
    // Between the two it may have gone out of sight, and what was written then is not theirs.
    let is_open = matches!(session.scope(model, Verb::Read), Scope::All);
    if !is_gone && !is_open {
        list::read(session, model, ask.id, (&[], &[])).await?;
    }
    Ok(page)
}

/// Whether the record is there to be read; if it is not, whether it is gone and may be told of.
async fn is_readable(session: &Session, model: &SchemaModel, ask: HistoryAsk) -> Result<bool> {
    let missing = match list::read(session, model, ask.id, (&[], &[])).await {
        Ok(_) => return Ok(true),
        Err(error) if error.is_missing() => error,
        Err(error) => return Err(error),
    };
    // Of a record that is gone no rule can be asked any more.
    let is_private = session.outlook().whole(model).def.is_private;
    if !ask.tells_of_deleted || is_private {
        return Err(missing);
    }
    let everyone = session.as_system("history of a deleted record");
    let statement = sql::visible_ids(&everyone, vec![(model, vec![ask.id])])?;
    match session.link().await?.fetch(&statement.statement()).await?.is_empty() {
        true => Ok(false),
        false => Err(missing),
    }
}

/// Entries with something to tell, as many as are wanted, however many lie between them.
async fn page(session: &Session, model: &SchemaModel, ask: HistoryAsk) -> Result<HistoryPage> {
    let readable = session.access().readable(model.id);
    let may_read = |id| readable.as_ref().is_none_or(|it| it.contains(id));
    let may_read_named = |name| model.field(name).is_some_and(|it| may_read(it.id));
    let shows = Stamps { at: may_read_named("updated_at"), by: may_read_named("updated_by") };
    let wanted = usize::try_from(ask.limit).unwrap_or_default();
    let mut entries: Vec<Entry> = Vec::new();
    let mut before = ask.before;
    while entries.len() <= wanted {
        let batch = ask.limit.saturating_add(1).max(BATCH_MIN);
        let rows = rows(session, model, (ask.id, before, batch)).await?;
        let mut found = gather(model, &rows, |it| may_read(it.id) && !it.def.is_secret())?;
        let is_last = i64::try_from(found.len()).is_ok_and(|it| it < batch);
        before = found.last().map(|it| it.id);
        hide_links(session, model, &mut found).await?;
        found.retain(|it| !it.changes.is_empty());
        entries.extend(found);
        if is_last {
            break;
        }
    }
    let has_more = entries.len() > wanted;
    entries.truncate(wanted);
    Ok(HistoryPage { entries, has_more, shows })
}

/// The rows of so many entries, one for each field that was changed.
async fn rows(
    session: &Session,
    model: &SchemaModel,
    (id, before, max): (i64, Option<i64>, i64),
) -> Result<Vec<Row>> {
    let statement = Statement {
        sql: "SELECT entry.id, entry.verb, entry.at, entry.by_id, it.key, it.value::text \
              FROM (SELECT * FROM history WHERE model = $1 AND record_id = $2 AND id < $3 \
              ORDER BY model DESC, record_id DESC, id DESC LIMIT $4) AS entry \
              CROSS JOIN json_each(entry.changes) WITH ORDINALITY AS it (key, value, number) \
              ORDER BY entry.id DESC, it.number",
        lane: Lane::ByKey,
        params: &[
            Value::Text(model.def.table.to_owned()),
            Value::Int(id),
            Value::Int(before.unwrap_or(i64::MAX)),
            Value::Int(max),
        ],
        types: &[
            ParamType::one(PgType::Text),
            ParamType::one(PgType::Int8),
            ParamType::one(PgType::Int8),
            ParamType::one(PgType::Int8),
        ],
    };
    Ok(session.link().await?.fetch(&statement).await?)
}

/// Rows as entries; those with nothing that is `open` are there too, and empty.
fn gather(
    model: &SchemaModel,
    rows: &[Row],
    is_open: impl Fn(&SchemaField) -> bool,
) -> Result<Vec<Entry>> {
    let mut entries: Vec<Entry> = Vec::new();
    for row in rows {
        let id = row.int(0)?;
        if entries.last().is_none_or(|it| it.id != id) {
            let at = row.raw(2).map_or(Ok(Value::Null), datetime::RULES.read)?;
            let (verb, by) = (row.text(1)?, row.optional_int(3)?);
            entries.push(Entry { id, verb, at, by, changes: Vec::new() });
        }
        let (name, value) = (row.text(4)?, row.text(5)?);
        // What is no field any more is nobody's to see: no right says anything of it.
        let Some(field) = model.field(&name).filter(|it| is_open(it)) else { continue };
        let changes = entries.last_mut().map(|it| &mut it.changes);
        if let (Some(what), Some(changes)) = (what_of(field, &value), changes) {
            changes.push(Change { field: field.id, key: field.def.key, what });
        }
    }
    Ok(entries)
}

/// What was written, if it is of the sort that the field is of today.
fn what_of(field: &SchemaField, text: &str) -> Option<What> {
    if !field.has_links() {
        let values = text.strip_prefix('{').filter(|it| it.starts_with("\"old\":"))?;
        return Some(What::Values(values.to_owned()));
    }
    let object = json::parse_object(text.as_bytes()).ok()?;
    Some(What::Links { added: ids(&object, "added")?, removed: ids(&object, "removed")? })
}

fn ids(object: &Object<'_>, key: &str) -> Option<Vec<i64>> {
    let Node::Array(items, _) = object.get(key)? else { return None };
    items.iter().map(|it| it.as_leaf().as_number().ok()?.parse().ok()).collect()
}

/// Leaves out links to records that the asker may not see, and those that were only of such.
async fn hide_links(session: &Session, model: &SchemaModel, entries: &mut [Entry]) -> Result<()> {
    let mut ends: BTreeMap<FieldId, Vec<i64>> = BTreeMap::new();
    for change in entries.iter().flat_map(|it| &it.changes) {
        if let What::Links { added, removed } = &change.what {
            ends.entry(change.field).or_default().extend(added.iter().chain(removed));
        }
    }
    let mut seen: BTreeMap<FieldId, Option<Vec<i64>>> = BTreeMap::new();
    for (field, ids) in ends {
        let target = session.schema().target(model.at(field));
        let ids = match session.scope(target, Verb::Read) {
            // Whoever sees every record is told of those that are gone, too.
            Scope::All => None,
            Scope::Denied => Some(Vec::new()),
            Scope::Where(_) => Some(reference::seen(session, target, ids).await?),
        };
        seen.insert(field, ids);
    }
    for entry in entries {
        entry.changes.retain_mut(|change| {
            let What::Links { added, removed } = &mut change.what else { return true };
            if let Some(Some(seen)) = seen.get(&change.field) {
                added.retain(|it| seen.binary_search(it).is_ok());
                removed.retain(|it| seen.binary_search(it).is_ok());
            }
            !(added.is_empty() && removed.is_empty())
        });
    }
    Ok(())
}

impl HistoryPage {
    /// The envelope of a list.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"data\":[");
        for (at, entry) in self.entries.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            entry.write(self.shows, out);
        }
        out.extend_from_slice(b"],\"page\":{\"has_more\":");
        json::value(out, &Value::Bool(self.has_more));
        out.extend_from_slice(b"}}");
    }
}

impl Entry {
    fn write(&self, shows: Stamps, out: &mut Vec<u8>) {
        out.push(b'{');
        json::key(out, "id");
        json::integer(out, self.id);
        if shows.at {
            out.push(b',');
            json::key(out, "at");
            json::value(out, &self.at);
        }
        if shows.by {
            out.push(b',');
            json::key(out, "by_id");
            json::value(out, &self.by.map_or(Value::Null, Value::Int));
        }
        out.push(b',');
        json::key(out, "verb");
        json::string(out, &self.verb);
        out.push(b',');
        json::key(out, "changes");
        out.push(b'[');
        for (at, change) in self.changes.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            change.write(out);
        }
        out.extend_from_slice(b"]}");
    }
}

impl Change {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(b'{');
        json::key(out, "field");
        json::string(out, self.key);
        out.push(b',');
        match &self.what {
            What::Values(text) => out.extend_from_slice(text.as_bytes()),
            What::Links { added, removed } => {
                for (key, ids) in [("added", added), ("removed", removed)] {
                    if key == "removed" {
                        out.push(b',');
                    }
                    json::key(out, key);
                    json::value(out, &super::history::list(ids));
                }
                out.push(b'}');
            }
        }
    }
}
