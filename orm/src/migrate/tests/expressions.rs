//! What computed fields say in SQL is tried at the start, not by the first who reads it.

use crate::{
    Compute, ComputeSort, FieldDef, ModelDef,
    migrate::{
        Policy, prepare,
        tests::{in_database, of, prepares, schema, thing, value},
    },
};

static BARE: ModelDef = thing(&[of::<i32>("count")]);
static SOUND: ModelDef = thing(&[of::<i32>("count"), doubled("{count} * 2")]);
static BROKEN: ModelDef = thing(&[of::<i32>("count"), doubled("{count} ** 2")]);
static WIDER: ModelDef = thing(&[of::<i32>("count"), doubled("{count} * 2.5")]);

const fn doubled(sql: &'static str) -> FieldDef {
    let compute = Some(Compute { inputs: &["count"], sort: ComputeSort::Sql(sql), reveals: false });
    FieldDef { compute, is_computed: true, ..of::<i32>("doubled") }
}

#[tokio::test]
async fn what_postgresql_cannot_work_out_stops_the_start() {
    in_database(async |pool| {
        let refused = "things.doubled: the database refuses its `sql`, `{count} ** 2`";
        let why = async |def| {
            prepare(pool, &schema(&[def]), Policy::Additive).await.unwrap_err().to_string()
        };
        assert_eq!(why(&BROKEN).await, refused);
        let tables = "select count(*)::text from pg_class where relname = 'things'";
        assert_eq!(value(pool, tables).await, "0");
        prepares(pool, &[&SOUND], "created").await;
        // The tables are the same: only asking tells.
        assert_eq!(why(&BROKEN).await, refused);
        assert_eq!(
            why(&WIDER).await,
            "things.doubled: its `sql` gives numeric, and the field is integer; write \
             `({count} * 2.5)::integer`, or give the field another type"
        );
        prepares(pool, &[&BARE], "unchanged").await;
    })
    .await;
}
