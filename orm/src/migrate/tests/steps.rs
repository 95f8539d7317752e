//! Each step that brings an older database up to a schema, with the rows that it finds.

use crate::{
    FieldDef, Kind, ModelDef, OnDelete, SelectionChoice, SelectionDef, Value,
    migrate::tests::{in_database, is_current, of, prepares, thing, value},
};

static BARE: ModelDef = thing(&[of::<String>("name")]);
static OTHER: ModelDef =
    ModelDef { fields: &[of::<String>("name")], ..ModelDef::new("Other", "others", "shop") };

#[tokio::test]
async fn a_table_is_added() {
    in_database(async |pool| {
        prepares(pool, &[&BARE], "created").await;
        prepares(pool, &[&BARE, &OTHER], "applied\ncreate table others").await;
    })
    .await;
}

#[tokio::test]
async fn an_optional_column_is_added() {
    static WANTED: ModelDef =
        thing(&[of::<String>("name"), FieldDef { nullable: true, ..of::<i32>("size") }]);
    check(&WANTED, "add column things.size", "select size is null from things").await;
}

#[tokio::test]
async fn a_required_column_gets_its_default_in_the_rows_that_stand() {
    static WANTED: ModelDef = thing(&[
        of::<String>("name"),
        FieldDef { default: Some(|| Value::Text("it's".to_owned())), ..of::<String>("note") },
    ]);
    let knows_no_default = "select note = 'it''s' and (select not atthasdef from pg_attribute \
                            where attrelid = 'things'::regclass and attname = 'note') from things";
    check(&WANTED, "add column things.note", knows_no_default).await;
}

#[tokio::test]
async fn a_required_column_is_added_to_a_table_without_rows() {
    static WANTED: ModelDef = thing(&[of::<String>("name"), of::<i32>("size")]);
    in_database(async |pool| {
        prepares(pool, &[&BARE], "created").await;
        prepares(pool, &[&WANTED], "applied\nadd column things.size").await;
        is_current(pool, &[&WANTED]).await;
    })
    .await;
}

#[tokio::test]
async fn a_reference_comes_with_its_key_and_its_index() {
    static WANTED: ModelDef = thing(&[
        of::<String>("name"),
        FieldDef {
            nullable: true,
            on_delete: OnDelete::Cascade,
            kind: Kind::Many2One(|| &WANTED),
            key: "parent_id",
            ..of::<i64>("parent")
        },
    ]);
    let steps = "add column things.parent_id\n\
                 create index things_parent_id_ix\n\
                 add reference things.parent_id";
    check(&WANTED, steps, "select parent_id is null from things").await;
}

#[tokio::test]
async fn what_deleting_does_can_change() {
    static BEFORE: ModelDef = thing(&[to_other(OnDelete::Restrict)]);
    static AFTER: ModelDef = thing(&[to_other(OnDelete::Cascade)]);
    in_database(async |pool| {
        prepares(pool, &[&BEFORE, &OTHER], "created").await;
        prepares(pool, &[&AFTER, &OTHER], "applied\nchange reference things.other_id").await;
        is_current(pool, &[&AFTER, &OTHER]).await;
    })
    .await;
}

const fn to_other(on_delete: OnDelete) -> FieldDef {
    let kind = Kind::Many2One(|| &OTHER);
    FieldDef { kind, key: "other_id", on_delete, ..of::<i64>("other") }
}

#[tokio::test]
async fn a_limit_comes_changes_and_goes() {
    static SHORT: ModelDef = thing(&[FieldDef { max: Some(20), ..of::<String>("name") }]);
    static LONG: ModelDef = thing(&[FieldDef { max: Some(40), ..of::<String>("name") }]);
    in_database(async |pool| {
        prepares(pool, &[&BARE], "created").await;
        for (wanted, step) in [(&SHORT, "add"), (&LONG, "change"), (&BARE, "drop")] {
            prepares(pool, &[wanted], &format!("applied\n{step} check things.name")).await;
            is_current(pool, &[wanted]).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_selection_gets_another_choice() {
    static ONE: SelectionDef = SelectionDef {
        name: "Name",
        choices: &[SelectionChoice { value: "lamp", label: "Lamp" }],
        is_open: false,
    };
    static TWO: SelectionDef = SelectionDef {
        name: "Name",
        choices: &[
            SelectionChoice { value: "lamp", label: "Lamp" },
            SelectionChoice { value: "it's", label: "It is" },
        ],
        is_open: false,
    };
    static BEFORE: ModelDef = thing(&[selection(&ONE)]);
    static AFTER: ModelDef = thing(&[selection(&TWO)]);
    in_database(async |pool| {
        prepares(pool, &[&BEFORE], "created").await;
        prepares(pool, &[&AFTER], "applied\nchange check things.order").await;
        is_current(pool, &[&AFTER]).await;
        pool.batch(r#"insert into things ("order") values ('it''s')"#).await.unwrap();
    })
    .await;
}

/// Under a name that PostgreSQL gives back in quotes.
const fn selection(choices: &'static SelectionDef) -> FieldDef {
    FieldDef { kind: Kind::Selection(choices), ..of::<String>("order") }
}

#[tokio::test]
async fn a_counter_is_raised_by_a_database_that_knew_none() {
    static WANTED: ModelDef = ModelDef { signal: Some("rights"), ..thing(&[of::<String>("name")]) };
    let step = "create trigger artel_signal_rights on things";
    check(&WANTED, step, "select count(*) = 0 from signals").await;
    in_database(async |pool| {
        prepares(pool, &[&BARE], "created").await;
        prepares(pool, &[&WANTED], &format!("applied\n{step}")).await;
        pool.batch("insert into things (name) values ('lamp')").await.unwrap();
        pool.batch("delete from things").await.unwrap();
        assert_eq!(value(pool, "select name || number from signals").await, "rights2");
    })
    .await;
}

#[tokio::test]
async fn uniqueness_comes_and_goes() {
    static WANTED: ModelDef = thing(&[FieldDef { unique: true, ..of::<String>("name") }]);
    in_database(async |pool| {
        prepares(pool, &[&BARE], "created").await;
        prepares(pool, &[&WANTED], "applied\nadd unique things.name").await;
        is_current(pool, &[&WANTED]).await;
        prepares(pool, &[&BARE], "applied\ndrop unique things.name").await;
    })
    .await;
}

#[tokio::test]
async fn an_index_comes_and_a_larger_one_takes_its_place() {
    static INDEXED: ModelDef = thing(&[FieldDef { index: true, ..of::<String>("name") }]);
    static FALLING: ModelDef = ModelDef { order: "name,-id", ..BARE };
    in_database(async |pool| {
        prepares(pool, &[&BARE], "created").await;
        prepares(pool, &[&INDEXED], "applied\ncreate index things_name_ix").await;
        prepares(pool, &[&FALLING], "applied\ncreate index things_name_id_desc_ix").await;
        pool.batch("drop index things_name_ix; create index things_name_ix on things (name)")
            .await
            .unwrap();
        prepares(pool, &[&INDEXED], "applied\nchange index things_name_ix").await;
        is_current(pool, &[&INDEXED]).await;
    })
    .await;
}

#[tokio::test]
async fn a_column_becomes_optional_and_required_again() {
    static OPTIONAL: ModelDef = thing(&[FieldDef { nullable: true, ..of::<String>("name") }]);
    static FILLED: ModelDef = thing(&[FieldDef {
        default: Some(|| Value::Text("lamp".to_owned())),
        ..of::<String>("name")
    }]);
    in_database(async |pool| {
        prepares(pool, &[&BARE], "created").await;
        prepares(pool, &[&OPTIONAL], "applied\nmake things.name optional").await;
        prepares(pool, &[&BARE], "applied\nmake things.name required").await;
        prepares(pool, &[&OPTIONAL], "applied\nmake things.name optional").await;
        pool.batch("insert into things (name) values (null)").await.unwrap();
        prepares(pool, &[&FILLED], "applied\nmake things.name required").await;
        assert_eq!(value(pool, "select name from things").await, "lamp");
    })
    .await;
}

/// Brings a table with one row up to `wanted`, and asks whether the row is as it should be.
async fn check(wanted: &'static ModelDef, steps: &str, question: &str) {
    in_database(async |pool| {
        prepares(pool, &[&BARE], "created").await;
        pool.batch("insert into things (name) values ('lamp')").await.unwrap();
        prepares(pool, &[wanted], &format!("applied\n{steps}")).await;
        is_current(pool, &[wanted]).await;
        assert_eq!(value(pool, question).await, "true");
        assert_eq!(value(pool, "select name from things").await, "lamp");
    })
    .await;
}
