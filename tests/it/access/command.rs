//! `artel access` and `artel check` at a database, as an operator meets them.

use std::process::Output;

use artel_testing::{TestApp, TestDb};
use serde_json::json;

use crate::{
    access::MODULES,
    process::{failure, fresh_home},
};

#[test]
fn access_alone_shows_help() {
    let home = fresh_home();
    let (code, said) = failure(&home.command(&["access"]).output().unwrap());
    assert_eq!(code, Some(2));
    assert!(said.contains("explain") && said.contains("matrix"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_explained_for_people() {
    let app = TestApp::start(&MODULES).await;
    let (admin, ann) = (app.admin().await, app.user_with("ann", &["leads.user"]).await);
    let stages = admin.get("/api/v1/lead_stages?fields=id&limit=1").await.expect(200).at("data");
    let lead = json!({ "name": "Desks", "stage_id": stages[0]["id"] });
    let lead = ann.post("/api/v1/leads", lead).await.expect(201).id();
    let home = fresh_home();
    let run = |arguments: &[&str]| {
        let mut command = home.command(arguments);
        command.env("DATABASE_URL", app.database_url()).output().unwrap()
    };
    let explained = text(&run(&["access", "explain", "ann", "leads", &lead.to_string()]));
    assert!(explained.contains("read    yes: rule #"), "{explained}");
    assert!(explained.contains("`own and free leads`"), "{explained}");
    assert!(explained.contains(r#"            "leads"."owner_id" = $1 OR"#), "{explained}");
    let explained = text(&run(&["access", "explain", "ann", "lead_stages", "1"]));
    assert!(explained.contains("update  no: no role has a grant for it"), "{explained}");
    let explained = text(&run(&["access", "explain", "ann", "users", "1"]));
    assert!(explained.contains("closed for reading: login, email"), "{explained}");

    for (wrong, said) in [
        (["access", "explain", "nobody", "leads", "1"], "nobody signs in as `nobody`"),
        (["access", "explain", "ann", "leeds", "1"], "there is no model `leeds`"),
        (["access", "explain", "ann", "leads", "999999"], "there is no record 999999 in `leads`"),
    ] {
        let (code, found) = failure(&run(&wrong));
        assert_eq!(code, Some(1));
        assert!(found.contains(said), "{found}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stored_rights_are_those_that_people_changed() {
    let app = TestApp::start(&MODULES).await;
    let admin = app.admin().await;
    let home = fresh_home();
    let run = |arguments: &[&str]| {
        let mut command = home.command(arguments);
        command.env("DATABASE_URL", app.database_url()).output().unwrap()
    };
    let declared = text(&run(&["access", "matrix"]));
    assert_eq!(text(&run(&["access", "matrix", "--stored"])), declared);
    assert!(text(&run(&["check", "--stored"])).contains("sound: "));

    let role = json!({ "name": "desk.user", "label": "Desk" });
    let role = admin.post("/api/v1/roles", role).await.expect(201).id();
    let grant = json!({ "role_id": role, "model": "units", "can_update": true });
    admin.post("/api/v1/grants", grant).await.expect(201);
    let grant = json!({ "role_id": role, "model": "grants", "can_read": true, "can_update": true });
    admin.post("/api/v1/grants", grant).await.expect(201);
    let rule = json!({
        "name": "by name", "model": "categories", "on_read": true, "role_ids": { "set": [role] },
        "filter": { "or": [{ "name": "Books" }, { "parent": { "name": "Books" } }] },
    });
    let rule = admin.post("/api/v1/rules", rule).await.expect(201).id();
    let matrix = text(&run(&["access", "matrix", "--stored"]));
    assert!(matrix.contains("desk.user         units         RU\n"), "{matrix}");
    assert!(matrix.contains("desk.user         categories    R*\n"), "{matrix}");
    let checked = text(&run(&["check", "--stored"]));
    for line in [
        "warning: `grants`: the grant of `desk.user` (read, update) gives no more than read",
        "categories: by name (desk.user: read)\n    \"categories\".\"name\" = $1 OR ",
    ] {
        assert!(checked.contains(line), "{checked}");
    }

    let broken = "update rules set filter = '{\"nothing\": 1}' where id = $1::bigint \
                  returning id::text";
    app.session().sql(broken, &[&rule.to_string()]).await.unwrap();
    let (code, said) = failure(&run(&["check", "--stored"]));
    assert_eq!(code, Some(1));
    assert!(said.contains(&format!("rule #{rule} `by name` closes `categories`")), "{said}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_without_the_tables_is_left_as_it_is() {
    let database = TestDb::empty().await;
    let home = fresh_home();
    for arguments in [&["access", "matrix", "--stored"][..], &["check", "--stored"]] {
        let mut command = home.command(arguments);
        let (code, said) = failure(&command.env("DATABASE_URL", database.url()).output().unwrap());
        assert_eq!(code, Some(1));
        assert!(said.contains("the database has not the tables of this program"), "{said}");
    }
    let mut status = home.command(&["migrate", "--status"]);
    let status = text(&status.env("DATABASE_URL", database.url()).output().unwrap());
    assert!(status.contains("the database is empty"), "{status}");
    database.drop().await;
}

#[track_caller]
fn text(output: &Output) -> String {
    assert!(output.status.success(), "{}", failure(output).1);
    String::from_utf8_lossy(&output.stdout).into_owned()
}
