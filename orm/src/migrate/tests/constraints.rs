//! What an author demands of rows: checks in SQL, and what is unique unless archived.

use crate::{
    FieldDef, ModelDef, SqlCheck, Value,
    migrate::{
        Policy, prepare,
        tests::{in_database, is_current, of, prepares, schema, thing, value},
    },
};

const FIELDS: &[FieldDef] = &[
    of::<String>("name"),
    FieldDef { default: Some(|| Value::Bool(true)), ..of::<bool>("active") },
];

static BARE: ModelDef = thing(FIELDS);
static UNIQUE: ModelDef = ModelDef { unique: &[&["name"]], ..thing(FIELDS) };
static UNLESS: ModelDef =
    ModelDef { is_archivable: true, unique_unless_archived: &[&["name"]], ..thing(FIELDS) };
static LONG: ModelDef = ModelDef { sql_checks: &[long("length(name)>2")], ..thing(FIELDS) };
static LONGER: ModelDef = ModelDef { sql_checks: &[long("length(name)>3")], ..thing(FIELDS) };

#[tokio::test]
async fn what_is_unique_unless_archived_comes_changes_and_goes() {
    in_database(async |pool| {
        prepares(pool, &[&BARE], "created").await;
        let index = "create index things_active_ix\ncreate index things_name_uq";
        prepares(pool, &[&UNLESS], &format!("applied\n{index}")).await;
        is_current(pool, &[&UNLESS]).await;
        let text = "select pg_get_indexdef('things_name_uq'::regclass) like \
                    'CREATE UNIQUE INDEX %(name) WHERE active'";
        assert_eq!(value(pool, text).await, "true");
        let step = "applied\ndrop index things_name_uq\nadd unique things.name";
        prepares(pool, &[&UNIQUE], step).await;
        is_current(pool, &[&UNIQUE]).await;
        let step = "applied\ndrop unique things.name\ncreate index things_name_uq";
        prepares(pool, &[&UNLESS], step).await;
        prepares(pool, &[&BARE], "applied\ndrop index things_name_uq").await;
        is_current(pool, &[&BARE]).await;
    })
    .await;
}

#[tokio::test]
async fn a_check_in_sql_comes_changes_and_goes() {
    in_database(async |pool| {
        prepares(pool, &[&BARE], "created").await;
        prepares(pool, &[&LONG], "applied\nadd check things_long_ck").await;
        // However PostgreSQL spells it.
        is_current(pool, &[&LONG]).await;
        prepares(pool, &[&LONGER], "applied\nchange check things_long_ck").await;
        is_current(pool, &[&LONGER]).await;
        prepares(pool, &[&BARE], "applied\ndrop check things_long_ck").await;
        is_current(pool, &[&BARE]).await;
    })
    .await;
}

#[tokio::test]
async fn a_new_table_has_its_checks_at_once() {
    in_database(async |pool| {
        prepares(pool, &[&LONG], "created").await;
        is_current(pool, &[&LONG]).await;
    })
    .await;
}

#[tokio::test]
async fn rows_that_a_check_refuses_stop_the_start_and_nothing_is_changed() {
    in_database(async |pool| {
        prepares(pool, &[&BARE], "created").await;
        let row = "insert into things (name, active) values ('ab', true)";
        pool.batch(row).await.unwrap();
        let error = prepare(pool, &schema(&[&LONG]), Policy::Additive).await.unwrap_err();
        let expected =
            "could not add check things_long_ck: the database refused, nothing was changed";
        assert!(error.to_string().contains(expected), "{error}");
        is_current(pool, &[&BARE]).await;
    })
    .await;
}

const fn long(expression: &'static str) -> SqlCheck {
    SqlCheck { name: "long", expression }
}
