//! What needs somebody to decide: nothing is changed, and the cure is named.

use crate::{
    FieldDef, ModelDef, Value,
    migrate::{
        Policy, prepare,
        tests::{in_database, is_current, of, prepares, schema, thing, value},
    },
    pg::Pool,
};

static BARE: ModelDef = thing(&[of::<String>("name")]);

#[tokio::test]
async fn a_required_column_without_default_does_not_fit_rows_that_stand() {
    static WANTED: ModelDef = thing(&[of::<String>("name"), of::<i32>("size")]);
    check(
        "",
        &WANTED,
        "behind\nadd column things.size: the table has rows, and the field is required and has \
         no default: give it one, make it optional, or write a migration",
    )
    .await;
}

#[tokio::test]
async fn a_column_with_absent_values_does_not_become_required() {
    check(
        "alter table things alter name drop not null; insert into things (name) values (null)",
        &BARE,
        "behind\nmake things.name required: it is absent in some rows, and the field has no \
         default: give it one, keep it optional, or write a migration",
    )
    .await;
}

#[tokio::test]
async fn one_obstacle_keeps_all_steps_back() {
    static WANTED: ModelDef = thing(&[
        of::<String>("name"),
        of::<i32>("size"),
        FieldDef { nullable: true, ..of::<i32>("weight") },
    ]);
    in_database(async |pool| {
        has_one_row(pool).await;
        let prepared = prepare(pool, &schema(&[&WANTED]), Policy::Additive).await.unwrap();
        assert!(matches!(prepared, crate::migrate::Prepared::Behind(it) if it.len() == 2));
        is_current(pool, &[&BARE]).await;
    })
    .await;
}

#[tokio::test]
async fn an_unknown_required_column_is_of_a_newer_program() {
    check(
        "alter table things add weight integer not null default 1; \
         alter table things alter weight drop default",
        &BARE,
        "ahead\nthings.weight is required in the database and unknown to this program: start \
         the newer program, or let the column be absent (alter table \"things\" alter column \
         \"weight\" drop not null)",
    )
    .await;
}

#[tokio::test]
async fn an_unknown_column_that_fills_itself_is_left_alone() {
    check(
        "alter table things add weight integer not null default 1, add note text, \
         add code integer generated always as identity",
        &BARE,
        "unchanged",
    )
    .await;
}

#[tokio::test]
async fn another_type_is_of_another_program() {
    check(
        "alter table things alter name type varchar(200)",
        &BARE,
        "ahead\nthings.name is character varying(200) in the database and text in this program: \
         start the program that made it, or write a migration",
    )
    .await;
}

#[tokio::test]
async fn tables_that_we_did_not_make_are_not_ours() {
    in_database(async |pool| {
        pool.batch("create table things (id bigint, kept text); insert into things values (1)")
            .await
            .unwrap();
        prepares(
            pool,
            &[&BARE],
            "ahead\nthe database has tables of the same names that this program did not make \
             (things): give it a database of its own",
        )
        .await;
        assert_eq!(value(pool, "select count(*) from things where id = 1").await, "1");
    })
    .await;
}

#[tokio::test]
async fn other_tables_beside_ours_are_left_alone() {
    in_database(async |pool| {
        pool.batch("create table other (id integer primary key, thing text not null)")
            .await
            .unwrap();
        prepares(pool, &[&BARE], "created").await;
        let columns = "select string_agg(attname, ' ' order by attnum) from pg_attribute \
                       where attrelid = 'other'::regclass and attnum > 0";
        assert_eq!(value(pool, columns).await, "id thing");
    })
    .await;
}

#[tokio::test]
async fn a_step_that_the_rows_do_not_allow_undoes_all() {
    static WANTED: ModelDef = thing(&[
        FieldDef { unique: true, ..of::<String>("name") },
        FieldDef { default: Some(|| Value::Int(0)), ..of::<i32>("size") },
    ]);
    in_database(async |pool| {
        has_one_row(pool).await;
        pool.batch("insert into things (name) select name from things").await.unwrap();
        let error = prepare(pool, &schema(&[&WANTED]), Policy::Additive).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "could not add unique things.name: the database refused, nothing was changed",
        );
        is_current(pool, &[&BARE]).await;
    })
    .await;
}

/// A table with one row and something done to it by hand, then what `wanted` finds.
async fn check(by_hand: &str, wanted: &'static ModelDef, expected: &str) {
    in_database(async |pool| {
        has_one_row(pool).await;
        pool.batch(by_hand).await.unwrap();
        prepares(pool, &[wanted], expected).await;
        assert_eq!(value(pool, "select count(*) from things where name = 'lamp'").await, "1");
    })
    .await;
}

async fn has_one_row(pool: &Pool) {
    prepares(pool, &[&BARE], "created").await;
    pool.batch("insert into things (name) values ('lamp')").await.unwrap();
}
