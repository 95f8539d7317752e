//! The models of these tests and the rights on them.

use std::{sync::Arc, time::Duration};

use crate::{
    Access, Asker, Database, FieldDef, FieldType, Filter, Judge, Kind, ModelDef, Pool, PoolOptions,
    Result, Schema, Scope, Session, Value, Verb,
    field::FieldNames,
    json::{Node, parse_object},
    model::ChildOf,
    parse_filter,
    pg::Lane,
    schema::{FieldId, FieldSet, ModelId, SchemaField, SchemaModel},
    sql::{Select, SortKey, cache::Bound, select},
};

static GENRE: ModelDef = ModelDef {
    fields: &[
        of::<String>("name"),
        one("parent", "parent_id", || &GENRE),
        of::<bool>("is_open"),
        FieldDef {
            kind: Kind::One2Many(|| &BOOK),
            key: "book_ids",
            inverse: Some("genre"),
            ..of::<bool>("books")
        },
    ],
    ..ModelDef::new("Genre", "genres", "tests")
};

static BOOK: ModelDef = ModelDef {
    fields: &[
        of::<String>("title"),
        of::<Option<i32>>("pages"),
        one("genre", "genre_id", || &GENRE),
        FieldDef { kind: Kind::Many2Many(|| &TAG), key: "tag_ids", ..of::<bool>("tags") },
    ],
    scope_index: &["created_by", "pages"],
    ..ModelDef::new("Book", "books", "tests")
};

static CHAPTER: ModelDef = ModelDef {
    fields: &[FieldDef { nullable: false, ..one("book", "book_id", || &BOOK) }],
    child_of: Some(ChildOf { field: "book", touch: false }),
    ..ModelDef::new("Chapter", "chapters", "tests")
};

static TAG: ModelDef =
    ModelDef { fields: &[of::<String>("name")], ..ModelDef::new("Tag", "tags", "tests") };

const fn of<T: FieldType>(name: &'static str) -> FieldDef {
    FieldDef::of::<T>(FieldNames { name, one: name, many: name, any: name })
}

const fn one(name: &'static str, key: &'static str, to: fn() -> &'static ModelDef) -> FieldDef {
    FieldDef { kind: Kind::Many2One(to), key, nullable: true, ..of::<i64>(name) }
}

/// Rules by table and verb; whatever has none is open.
struct Rules {
    fingerprint: u64,
    list: Vec<(ModelId, Vec<Verb>, Arc<Filter>)>,
}

impl Access for Rules {
    fn scope(&self, model: ModelId, verb: Verb) -> Scope {
        let rule = self.list.iter().find(|it| it.0 == model && it.1.contains(&verb));
        rule.map_or(Scope::All, |it| Scope::Where(it.2.clone()))
    }

    fn readable(&self, _: ModelId) -> Option<Arc<FieldSet>> {
        None
    }

    fn writable(&self, _: ModelId) -> Option<Arc<FieldSet>> {
        None
    }

    fn parameter(&self, name: &str) -> Option<Value> {
        (name == "me").then_some(Value::Int(1))
    }

    fn fingerprint(&self) -> u64 {
        self.fingerprint
    }
}

/// Whoever passes every right.
pub(super) fn system() -> Session {
    Session::system(&database(), "test")
}

/// Whoever sees open genres.
pub(super) fn guest() -> Session {
    guest_of(&database())
}

fn guest_of(database: &Database) -> Session {
    session(database, 1, &[("genres", &[Verb::Read], r#"{"is_open":true}"#)])
}

/// Whoever sees their own books, and changes those of them that are in an open genre.
pub(super) fn owner() -> Session {
    owner_of(&database())
}

fn owner_of(database: &Database) -> Session {
    let own = r#"{"or":[{"created_by_id":"@me"},{"pages":{"null":true}}]}"#;
    let in_open = r#"{"genre":{"is_open":true}}"#;
    session(
        database,
        2,
        &[
            ("genres", &[Verb::Create, Verb::Read, Verb::Update], r#"{"is_open":true}"#),
            ("books", &[Verb::Read], own),
            ("books", &[Verb::Update, Verb::Delete], in_open),
        ],
    )
}

/// Whoever sees the books that they made, and those of seven pages.
pub(super) fn maker() -> Session {
    let own = r#"{"or":[{"created_by_id":"@me"},{"pages":7}]}"#;
    session(&database(), 3, &[("books", &[Verb::Read], own)])
}

/// The owner, the guest and the system.
pub(super) fn on_one_database() -> (Session, Session, Session) {
    let database = database();
    (owner_of(&database), guest_of(&database), Session::system(&database, "test"))
}

/// Nothing is asked of it, so nothing has to be there.
fn database() -> Database {
    let options = PoolOptions {
        url: "postgres://nobody@127.0.0.1:1/nothing".to_owned(),
        size: Some(1),
        acquire_timeout: Duration::ZERO,
        statement_timeout: Duration::ZERO,
        application_name: "orm tests".to_owned(),
    };
    let schema = Schema::of(&[&GENRE, &BOOK, &CHAPTER, &TAG], None).unwrap();
    Database::new(Pool::open(&options).unwrap(), Arc::new(schema))
}

fn session(database: &Database, fingerprint: u64, rules: &[(&str, &[Verb], &str)]) -> Session {
    let asker = |list| Asker {
        access: Arc::new(Rules { fingerprint, list }),
        id: Some(1),
        language: "en",
        now: "2026-03-31T13:14:15Z".parse().unwrap(),
        statements: Arc::default(),
        host: Arc::new(()),
    };
    let open = Session::new(database, asker(Vec::new()));
    let rule = |(table, verbs, filter): &(&str, &[Verb], &str)| {
        (model(&open, table).id, verbs.to_vec(), Arc::new(parse(&open, table, filter)))
    };
    Session::new(database, asker(rules.iter().map(rule).collect()))
}

pub(super) fn model<'s>(session: &'s Session, table: &str) -> &'s SchemaModel {
    session.schema().by_table(table).unwrap()
}

pub(super) fn field<'s>(session: &'s Session, table: &str, name: &str) -> &'s SchemaField {
    model(session, table).field(name).unwrap()
}

pub(super) fn fields(model: &SchemaModel, names: &[&str]) -> Vec<FieldId> {
    names.iter().map(|it| model.field(it).unwrap().id).collect()
}

pub(super) fn parse(session: &Session, table: &str, filter: &str) -> Filter {
    let node = Node::Object(parse_object(filter.as_bytes()).unwrap());
    parse_filter(&mut Judge::new(session), model(session, table), &node, "").unwrap()
}

/// The ids of the rows that pass a filter.
pub(super) fn list(
    session: &Session,
    table: &str,
    filter: &str,
    order: &[(&[&'static str], &'static str, bool)],
) -> Result<Bound> {
    let key = |(hops, field, is_descending): &(&[&'static str], &'static str, bool)| SortKey {
        hops: hops.to_vec(),
        field,
        is_descending: *is_descending,
    };
    let of = Select {
        fields: fields(model(session, table), &["id"]),
        also: Vec::new(),
        filter: parse(session, table, filter),
        sort: order.iter().map(key).collect(),
        limit: (!order.is_empty()).then_some(20),
        offset: 0,
        lane: Lane::Fresh,
        is_locking: false,
    };
    select(session, model(session, table), &of)
}
