//! `artel outbox`: what could not be delivered, as an operator sees it.

use std::sync::Arc;

use artel_testing::TestDb;
use orm::Schema;

use crate::process::{failure, fresh_home};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_parked_is_listed_retried_or_dropped() {
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
    assert_eq!(said(&["outbox", "list"]), "0 waiting, 0 parked\n");
    let session = database.session(Arc::new(Schema::of(&[], None).unwrap()));
    for topic in ["stock.sold", "stock.lost"] {
        let parked = "insert into outbox (topic, model, record_id, payload, attempts, failed_at, \
            error) values ($1, 'leads', 7, '{\"secret\": 1}', 16, now(), 'unavailable')";
        session.sql(parked, &[topic]).await.unwrap();
    }
    let listed = said(&["outbox", "list"]);
    let lines: Vec<Vec<&str>> = listed.lines().map(|it| it.split_whitespace().collect()).collect();
    assert_eq!(lines[1], ["1", "stock.sold", "leads/7", "16", "unavailable", "parked"]);
    assert_eq!(lines[3].join(" "), "0 waiting, 2 parked");
    assert!(!listed.contains("secret"), "what is sent is nobody's to read: {listed}");

    assert_eq!(said(&["outbox", "drop", "1"]), "1 is dropped\n");
    assert_eq!(said(&["outbox", "retry", "2"]), "1 will be delivered\n");
    assert_eq!(said(&["outbox", "list"]), "1 waiting, 0 parked\n");
    assert_eq!(said(&["outbox", "retry", "--all"]), "0 will be delivered\n");
    for command in ["retry", "drop"] {
        let (code, said) = failure(&run(&["outbox", command, "99"]));
        assert_eq!(code, Some(1));
        assert!(said.contains("there is no message 99; `artel outbox list`"), "{said}");
    }
    database.drop().await;
}
