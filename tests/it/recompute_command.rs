//! `artel recompute`: computed fields worked out anew, as an operator sees it.

use std::sync::Arc;

use artel_testing::TestDb;
use orm::Schema;

use crate::process::{failure, fresh_home};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_worked_out_anew_for_one_model_or_all() {
    let home = fresh_home();
    let database = TestDb::empty().await;
    let run = |arguments: &[&str]| {
        let mut command = home.command(arguments);
        command.env("DATABASE_URL", database.url()).output().unwrap()
    };
    let said = |arguments: &[&str]| {
        let done = run(arguments);
        assert!(done.status.success(), "{}", failure(&done).1);
        String::from_utf8(done.stdout).unwrap()
    };
    // The demo data brings products, whose margin follows from price and cost.
    said(&["seed", "demo"]);
    assert_eq!(said(&["recompute"]), "nothing to work out\n");
    let session = database.session(Arc::new(Schema::of(&[], None).unwrap()));
    let wrong = "select count(*)::text from products where margin is distinct from price - cost";
    let count = async |text| session.sql(text, &[]).await.unwrap()[0][0].clone().unwrap();
    assert_eq!(count(wrong).await, "0");
    let spoil = "update products set margin = 1 where cost is not null";
    session.sql(spoil, &[]).await.unwrap();
    assert_ne!(count(wrong).await, "0");
    // Nobody changed a definition.
    assert_eq!(said(&["recompute"]), "nothing to work out\n");
    let all = count("select count(*)::text from products").await;
    assert_eq!(said(&["recompute", "products"]), format!("{all} records looked at\n"));
    assert_eq!(count(wrong).await, "0");
    assert!(said(&["recompute", "--all"]).ends_with("records looked at\n"));
    let (code, said) = failure(&run(&["recompute", "units"]));
    assert_eq!(code, Some(1));
    assert!(said.contains("`units` has no stored computed fields; these have: "), "{said}");
    database.drop().await;
}
