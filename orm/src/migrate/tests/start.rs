//! What a database is found to be when a program starts.

use futures_util::future;

use crate::{
    FieldDef, ModelDef,
    migrate::{
        Found, Policy, Prepared, ddl_hash, inspect, prepare,
        tests::{in_database, is_current, of, prepares, said, schema, thing, value},
    },
};

static THING: ModelDef = thing(&[of::<String>("name")]);
static LARGER: ModelDef =
    thing(&[of::<String>("name"), FieldDef { nullable: true, ..of::<i32>("size") }]);

#[tokio::test]
async fn an_empty_database_is_set_up_whatever_the_policy() {
    in_database(async |pool| {
        assert_eq!(inspect(pool, &schema(&[&THING])).await.unwrap(), Found::Empty);
        let prepared = prepare(pool, &schema(&[&THING]), Policy::Refuse).await.unwrap();
        assert_eq!(prepared, Prepared::Created);
        is_current(pool, &[&THING]).await;
        prepares(pool, &[&THING], "unchanged").await;
    })
    .await;
}

#[tokio::test]
async fn of_many_that_start_at_once_one_sets_it_up() {
    in_database(async |pool| {
        let schema = schema(&[&THING]);
        let starts = (0..8).map(|_| prepare(pool, &schema, Policy::Additive));
        let mut outcomes: Vec<_> =
            future::join_all(starts).await.into_iter().map(|it| said(it.unwrap())).collect();
        outcomes.sort();
        assert_eq!(outcomes.join(" "), format!("created{}", " unchanged".repeat(7)));
    })
    .await;
}

#[tokio::test]
async fn what_is_missing_is_only_said_where_nothing_may_be_changed() {
    in_database(async |pool| {
        prepares(pool, &[&THING], "created").await;
        let prepared = prepare(pool, &schema(&[&LARGER]), Policy::Refuse).await.unwrap();
        assert_eq!(said(prepared), "behind\nadd column things.size");
        is_current(pool, &[&THING]).await;
    })
    .await;
}

#[tokio::test]
async fn a_step_can_be_read_before_it_is_done() {
    in_database(async |pool| {
        prepares(pool, &[&THING], "created").await;
        let Found::Behind(steps) = inspect(pool, &schema(&[&LARGER])).await.unwrap() else {
            panic!("a column is missing");
        };
        let sql: Vec<_> = steps.iter().map(|it| it.sql.as_str()).collect();
        assert_eq!(sql, [r#"alter table "things" add column "size" integer"#]);
    })
    .await;
}

#[tokio::test]
async fn the_database_says_what_was_done_to_it() {
    in_database(async |pool| {
        prepares(pool, &[&THING], "created").await;
        prepares(pool, &[&LARGER], "applied\nadd column things.size").await;
        let history = "select string_agg(hash || ' ' || steps, '; ' order by id) \
                       from artel_schema where steps not like 'create table%'";
        let expected = format!("{} add column things.size", ddl_hash(&schema(&[&LARGER])));
        assert_eq!(value(pool, history).await, expected);
    })
    .await;
}

#[tokio::test]
async fn what_was_changed_by_hand_is_seen() {
    in_database(async |pool| {
        prepares(pool, &[&LARGER], "created").await;
        pool.batch("alter table things drop column size").await.unwrap();
        prepares(pool, &[&LARGER], "applied\nadd column things.size").await;
    })
    .await;
}

#[tokio::test]
async fn an_older_program_lives_with_what_a_newer_one_added() {
    in_database(async |pool| {
        prepares(pool, &[&LARGER], "created").await;
        pool.batch("create table other (n integer not null)").await.unwrap();
        let prepared = prepare(pool, &schema(&[&THING]), Policy::Refuse).await.unwrap();
        assert_eq!(prepared, Prepared::Unchanged);
    })
    .await;
}
