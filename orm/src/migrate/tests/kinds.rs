//! What kinds of fields bring to their tables: found again as it was made, and at work.

use crate::{
    AnyRecord, FieldDef, Kind, ModelDef, Translated, Value,
    migrate::tests::{in_database, is_current, of, prepares, thing, value},
    pg::{Lane, Pool, Statement},
};

static BARE: ModelDef = thing(&[of::<i32>("size")]);

static WANTED: ModelDef = ModelDef {
    order: "caption",
    scope_index: &["size"],
    ..thing(&[
        of::<i32>("size"),
        FieldDef {
            max: Some(20),
            default: Some(|| Value::Text("it's".to_owned())),
            ..of::<Translated>("caption")
        },
        FieldDef { nullable: true, ..of::<AnyRecord>("subject_ref") },
        FieldDef {
            kind: Kind::One2One(|| &WANTED),
            key: "twin_id",
            unique: true,
            nullable: true,
            ..of::<i64>("twin")
        },
    ])
};

#[tokio::test]
async fn the_constraints_of_kinds_hold_and_are_found_again() {
    in_database(async |pool| {
        prepares(pool, &[&WANTED], "created").await;
        is_current(pool, &[&WANTED]).await;
        let names = "select string_agg(conname, ' ' order by conname) from pg_constraint \
                     where conrelid = 'things'::regclass and contype in ('c', 'u', 'f')";
        let expected =
            "things_caption_ck things_subject_ref_ck things_twin_id_fk things_twin_id_uq";
        assert_eq!(value(pool, names).await, expected);
        let names = "select string_agg(indexname, ' ' order by indexname) from pg_indexes \
                     where tablename = 'things'";
        let expected = "things_pkey things_size_ix things_subject_ref_ix things_twin_id_uq";
        assert_eq!(value(pool, names).await, expected);
        takes(pool, r#"'{"en":"a"}', null, null"#, "").await;
        takes(pool, r#"'{"en":"a"}', 'things/1', 1"#, "").await;
        takes(pool, r#"'"a"', null, null"#, "things_caption_ck").await;
        for wrong in ["things", "things/0", "things/-1", "things/1/2", "Things/1", "/1"] {
            let values = format!(r#"'{{"en":"a"}}', '{wrong}', null"#);
            takes(pool, &values, "things_subject_ref_ck").await;
        }
        takes(pool, r#"'{"en":"a"}', null, 1"#, "things_twin_id_uq").await;
    })
    .await;
}

#[tokio::test]
async fn rows_that_stand_get_a_translated_default_in_english() {
    in_database(async |pool| {
        prepares(pool, &[&BARE], "created").await;
        run(pool, "insert into things (size) values (1)").await.unwrap();
        let steps = "applied\nadd column things.caption\nadd column things.subject_ref\nadd \
                     column things.twin_id\nadd check things.caption\nadd check \
                     things.subject_ref\nadd unique things.twin_id\ncreate index \
                     things_subject_ref_ix\ncreate index things_size_ix\nadd reference \
                     things.twin_id";
        prepares(pool, &[&WANTED], steps).await;
        is_current(pool, &[&WANTED]).await;
        let expected = r#"{"en": "it's"}"#;
        assert_eq!(value(pool, "select caption from things").await, expected);
    })
    .await;
}

#[tokio::test]
async fn a_text_that_stands_does_not_become_translated_by_itself() {
    static PLAIN: ModelDef = thing(&[of::<String>("name")]);
    static NAMED: ModelDef = thing(&[of::<Translated>("name")]);
    in_database(async |pool| {
        prepares(pool, &[&PLAIN], "created").await;
        let expected = "ahead\nthings.name is text in the database and jsonb in this program: \
                        start the program that made it, or write a migration";
        prepares(pool, &[&NAMED], expected).await;
    })
    .await;
}

/// Inserts a row; compares the constraint that keeps it out.
async fn takes(pool: &Pool, values: &str, expected: &str) {
    let sql =
        format!("insert into things (size, caption, subject_ref, twin_id) values (1, {values})");
    let constraint = run(pool, &sql).await.err().unwrap_or_default();
    assert_eq!(constraint, expected, "{values}");
}

async fn run(pool: &Pool, sql: &str) -> Result<(), String> {
    let statement = Statement { sql, lane: Lane::Fresh, params: &[], types: &[] };
    let done = pool.acquire().await.unwrap().fetch(&statement).await;
    done.map(drop).map_err(|it| it.constraint.as_deref().unwrap_or_default().to_owned())
}
