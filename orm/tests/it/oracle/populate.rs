//! Puts a world into the tables of the library.

use orm::{Filter, Id, Model, RawChanges, Value, Verb, engine};

use crate::{
    library::Book,
    oracle::{
        Relation, Row, World, columns, relations,
        tables::{Column, Field},
    },
    rights::Rights,
    stage::Stage,
};

/// Fills the tables with the rows of a world, and nothing else; the rights of who asks there.
pub(crate) async fn populate(stage: &Stage, world: &World) -> Rights {
    let system = stage.system();
    system
        .sql("truncate genres, authors, tags, books, chapters restart identity cascade", &[])
        .await
        .unwrap();
    for table in ["genres", "authors", "tags", "books", "chapters"] {
        let model = system.schema().by_table(table).unwrap();
        let rows = &world.tables[table];
        let changes = rows.values().map(|it| changes(table, it)).collect();
        let ids = engine::create_many(&system, model, changes).await.unwrap();
        assert_eq!(ids, rows.keys().copied().collect::<Vec<_>>(), "keys count from one");
    }
    for (book, tag) in &world.links {
        Book::update(&system, *book, [Book::TAGS.add(&[Id::new(*tag)])]).await.unwrap();
    }
    let mut rights = stage.all_rights();
    rights = rights.with_macro("me", world.me.map_or(Value::Null, Value::Int));
    let mine = world.mine.iter().map(|it| Value::Int(*it)).collect();
    rights = rights.with_macro("mine", Value::List(mine));
    for (table, rule) in &world.rules {
        let rule: Filter = rights.parse(table, &rule.to_string());
        rights = rights.rule_of(table, &[Verb::Read], rule);
    }
    rights
}

/// Every column of a row, also those that are absent: a default would fill them.
fn changes(table: &'static str, row: &Row) -> RawChanges {
    let own = columns(table).iter().filter(|it| it.key != "id");
    let value = |column: &Column| (name_of(table, column.key), row[column.key].to_orm());
    own.map(value).collect::<Vec<_>>().into()
}

/// The declared name of a column.
fn name_of(table: &str, key: &'static str) -> &'static str {
    let leads_there = |it: &&Relation| it.field == Field::One { key };
    relations(table).iter().find(leads_there).map_or(key, |it| it.name)
}
