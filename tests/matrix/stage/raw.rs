//! Rows by SQL, past every right and without a new version.

use artel_testing::TestApp;
use serde_json::{Map, Value, json};

use crate::oracle::{Cell, Facts, GONE, Kind, Row, TABLES, WORLD, remembered, table};

/// What a seed leaves, in an order in which nothing points at what goes.
const CLEAR: [&str; 10] = [
    "delete from note_lines",
    "delete from notes__tags",
    "delete from notes",
    "delete from spaces",
    "delete from diaries",
    "delete from tags",
    "delete from field_rights where model in ('spaces','notes','note_lines','diaries','tags')",
    "delete from rules where model in ('spaces','notes','note_lines','diaries','tags')",
    "delete from grants where model in ('spaces','notes','note_lines','diaries','tags')",
    "delete from roles where name like 'matrix.%'",
];

const INSERT: [(&str, &str); 5] = [
    (
        "spaces",
        "insert into spaces (id, version, name, owner_id, company_id, parent_id, audience_id, \
         created_by_id) select id, version, name, owner_id, company_id, parent_id, audience_id, \
         created_by_id from json_populate_recordset(null::spaces, $1::json)",
    ),
    (
        "tags",
        "insert into tags (id, version, name, hue, created_by_id) \
         select id, version, name, hue, created_by_id \
         from json_populate_recordset(null::tags, $1::json)",
    ),
    (
        "notes",
        "insert into notes (id, version, title, secret, level, amount, active, owner_id, \
         space_id, created_by_id) select id, version, title, secret, level, amount, active, \
         owner_id, space_id, created_by_id from json_populate_recordset(null::notes, $1::json)",
    ),
    (
        "note_lines",
        "insert into note_lines (id, version, note_id, label, amount, owner_id, created_by_id) \
         select id, version, note_id, label, amount, owner_id, created_by_id \
         from json_populate_recordset(null::note_lines, $1::json)",
    ),
    (
        "diaries",
        "insert into diaries (id, version, title, mood, owner_id, created_by_id) \
         select id, version, title, mood, owner_id, created_by_id \
         from json_populate_recordset(null::diaries, $1::json)",
    ),
];

const LINK: &str = "insert into notes__tags (source_id, target_id) \
    select (it->>0)::bigint, (it->>1)::bigint from json_array_elements($1::json) as it";

const REMEMBER: &str = "insert into history (id, model, record_id, verb, at, by_id, changes) \
    select (it->>0)::bigint, it->>1, (it->>2)::bigint, 'update', '2026-01-01', null, (it->>3)::json \
    from json_array_elements($1::json) as it";

const OVERWRITE: [(&str, &str); 5] = [
    (
        "spaces",
        "update spaces as it set name = r.name, owner_id = r.owner_id \
         from json_populate_recordset(null::spaces, $1::json) as r where r.id = it.id",
    ),
    (
        "tags",
        "update tags as it set name = r.name, hue = r.hue \
         from json_populate_recordset(null::tags, $1::json) as r where r.id = it.id",
    ),
    (
        "notes",
        "update notes as it set title = r.title, secret = r.secret, level = r.level, \
         amount = r.amount, active = r.active, owner_id = r.owner_id \
         from json_populate_recordset(null::notes, $1::json) as r where r.id = it.id",
    ),
    (
        "note_lines",
        "update note_lines as it set label = r.label, amount = r.amount, owner_id = r.owner_id \
         from json_populate_recordset(null::note_lines, $1::json) as r where r.id = it.id",
    ),
    (
        "diaries",
        "update diaries as it set title = r.title, mood = r.mood, owner_id = r.owner_id \
         from json_populate_recordset(null::diaries, $1::json) as r where r.id = it.id",
    ),
];

/// A column for each table that the oracle knows, and one for the links.
const READ: &str = "select \
    (select json_agg(it) from spaces it)::text, (select json_agg(it) from notes it)::text, \
    (select json_agg(it) from note_lines it)::text, (select json_agg(it) from diaries it)::text, \
    (select json_agg(it) from tags it)::text, (select json_agg(it) from users it)::text, \
    (select json_agg(it) from companies it)::text, (select json_agg(it) from roles it)::text, \
    (select json_agg(json_build_array(source_id, target_id)) from notes__tags)::text";

const NEXT: [(&str, &str); 5] = [
    ("spaces", "select (last_value + is_called::int)::text from spaces_id_seq"),
    ("notes", "select (last_value + is_called::int)::text from notes_id_seq"),
    ("note_lines", "select (last_value + is_called::int)::text from note_lines_id_seq"),
    ("diaries", "select (last_value + is_called::int)::text from diaries_id_seq"),
    ("tags", "select (last_value + is_called::int)::text from tags_id_seq"),
];

pub(super) async fn clear(app: &TestApp) {
    for statement in CLEAR {
        app.session().sql(statement, &[]).await.unwrap();
    }
}

pub(super) async fn write(app: &TestApp, facts: &Facts) {
    run_all(app, facts, &INSERT).await;
    let links = json!(facts.tagged).to_string();
    app.session().sql(LINK, &[&links]).await.unwrap();
    remember(app, facts).await;
}

/// What is remembered of every row that there is, and of one of each table that is gone.
async fn remember(app: &TestApp, facts: &Facts) {
    let mut entries = Vec::new();
    for (at, of) in TABLES.iter().filter(|it| it.keeps_history).enumerate() {
        for id in facts.ids(of.name).into_iter().chain([GONE]) {
            for (nth, changes) in remembered(facts, of, id).into_iter().enumerate() {
                let number = (id * 10 + i64::try_from(nth).unwrap()) * 10;
                let entry_id = number + i64::try_from(at).unwrap();
                entries.push(json!([entry_id, of.name, id, changes]));
            }
        }
    }
    let forget = "delete from history where model in ('notes', 'note_lines', 'diaries')";
    app.session().sql(forget, &[]).await.unwrap();
    app.session().sql(REMEMBER, &[&Value::Array(entries).to_string()]).await.unwrap();
}

pub(super) async fn overwrite(app: &TestApp, facts: &Facts) {
    run_all(app, facts, &OVERWRITE).await;
    remember(app, facts).await;
}

async fn run_all(app: &TestApp, facts: &Facts, statements: &[(&str, &'static str)]) {
    for (name, statement) in statements {
        let rows = facts.rows.get(name).into_iter().flat_map(|it| it.values());
        let rows: Value = rows.map(|row| Value::Object(columns(row))).collect();
        app.session().sql(statement, &[&rows.to_string()]).await.unwrap();
    }
}

fn columns(row: &Row) -> Map<String, Value> {
    row.iter().map(|(key, cell)| ((*key).to_owned(), cell.json())).collect()
}

pub(super) async fn read(app: &TestApp) -> Facts {
    let rows = app.session().sql(READ, &[]).await.unwrap();
    let mut columns = rows.into_iter().next().unwrap().into_iter();
    let mut next = || -> Vec<Value> {
        let text = columns.next().unwrap();
        text.map(|it| serde_json::from_str(&it).unwrap()).unwrap_or_default()
    };
    let mut facts = Facts::default();
    for name in WORLD.into_iter().chain(["users", "companies", "roles"]) {
        let of = table(name);
        let cells = |row: &Value| -> Row {
            let fields = of.columns().filter(|it| is_compared(it.name));
            fields.map(|it| (it.key, cell(it.kind, &row[it.key]))).collect()
        };
        let rows = next().iter().map(|it| (it["id"].as_i64().unwrap(), cells(it))).collect();
        facts.rows.insert(of.name, rows);
    }
    let end = |it: &Value, at: usize| it[at].as_i64().unwrap();
    facts.tagged = next().iter().map(|it| (end(it, 0), end(it, 1))).collect();
    assert_eq!(TABLES.len(), facts.rows.len(), "every table was read");
    facts
}

fn is_compared(name: &str) -> bool {
    !matches!(name, "created_at" | "updated_at" | "updated_by")
}

fn cell(kind: Kind, json: &Value) -> Cell {
    match (kind, json) {
        (_, Value::Null) => Cell::Absent,
        (Kind::Bool, it) => Cell::Bool(it.as_bool().unwrap()),
        #[expect(clippy::cast_possible_truncation, reason = "small amounts, rounded")]
        (Kind::Money, it) => Cell::Money((it.as_f64().unwrap() * 100.0).round() as i64),
        (Kind::Text, it) => Cell::Text(it.as_str().unwrap().to_owned()),
        (_, it) => Cell::Int(it.as_i64().unwrap()),
    }
}

pub(super) async fn next_id(app: &TestApp, table: &str) -> i64 {
    let statement = NEXT.iter().find(|it| it.0 == table).expect("it is a table of ours").1;
    let rows = app.session().sql(statement, &[]).await.unwrap();
    rows[0][0].as_deref().unwrap().parse().unwrap()
}
