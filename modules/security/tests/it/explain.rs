//! Why somebody may or may not, where rules hold for administrators and parts have parts.

#![expect(dead_code, reason = "only the descriptions of the models are read")]

use artel_core::{Grant, ME, Module, Rights, access::EVERYONE};
use artel_testing::{Client, TestApp};
use orm::{Many2One, Model};
use serde_json::{Value, json};
use users::User;

/// What somebody writes for themselves.
#[derive(Debug, Model)]
#[model(table = "journals", private)]
struct Journal {
    owner: Many2One<User>,
}

/// A part of a journal.
#[derive(Debug, Model)]
#[model(table = "leaves", child_of = "journal")]
struct Leaf {
    journal: Many2One<Journal>,
}

/// A part of a part.
#[derive(Debug, Model)]
#[model(table = "margins", child_of = "leaf")]
struct Margin {
    leaf: Many2One<Leaf>,
}

/// The module of these models, which is called like their crate.
const DIARIES: Module = Module {
    name: "it",
    depends: &[&security::MODULE],
    setup: |to| {
        to.rights(journal_rights);
    },
};

fn journal_rights(to: &mut Rights) {
    // The models of the desk are linked, too.
    crate::desk::roles(to);
    to.grant::<Journal>(EVERYONE, Grant::READ | Grant::CREATE);
    to.rule("own journals", &[], Grant::ALL, Journal::OWNER.is(ME));
}

#[tokio::test]
async fn an_administrator_asks_only_about_what_they_see() {
    let app = TestApp::start(&[DIARIES, auth_token::MODULE]).await;
    let (admin, ann) = (app.admin().await, app.user("ann").await);
    let (own, of_ann) = (journal(&admin).await, journal(&ann).await);
    let (root, user) = (me(&admin).await, me(&ann).await);
    let path = format!("/api/v1/journals/{of_ann}");
    ann.get(&path).await.expect(200);
    let hidden = admin.get(&format!("{path}/access?user_id={user}")).await;
    let missing = admin.get(&format!("/api/v1/journals/999999/access?user_id={user}")).await;
    assert_eq!(hidden.fault(), "404 not_found");
    assert_eq!(hidden.without_request_id(), missing.without_request_id());

    let asked = format!("/api/v1/journals/{own}/access?user_id={root}");
    let explained = admin.get(&asked).await.expect(200).json();
    assert_eq!(said(&explained["delete"]), "yes: rule own journals");
    let asked = format!("/api/v1/journals/{own}/access?user_id={user}");
    let explained = admin.get(&asked).await.expect(200).json();
    assert_eq!(said(&explained["read"]), "no: rule own journals");
    assert_eq!(said(&explained["update"]), "no: no_grant");
    app.stop().await;
}

#[tokio::test]
async fn a_part_of_a_part_leads_to_what_decides() {
    let app = TestApp::start(&[DIARIES, auth_token::MODULE]).await;
    let admin = app.admin().await;
    let root = me(&admin).await;
    let journal = journal(&admin).await;
    let leaf = json!({ "journal_id": journal });
    let leaf = admin.post("/api/v1/leaves", leaf).await.expect(201).id();
    let margin = json!({ "leaf_id": leaf });
    let margin = admin.post("/api/v1/margins", margin).await.expect(201).id();
    let asked = format!("/api/v1/margins/{margin}/access?user_id={root}");
    let explained = admin.get(&asked).await.expect(200).json();
    let expected = format!("yes: leaves {leaf}: yes: journals {journal}: yes: rule own journals");
    for verb in ["read", "update", "delete"] {
        assert_eq!(said(&explained[verb]), expected);
    }
    app.stop().await;
}

/// A decision in one line.
fn said(decision: &Value) -> String {
    let allowed = if decision["allowed"] == true { "yes" } else { "no" };
    let by = &decision["decided_by"];
    let text = |key: &str| by[key].as_str().unwrap_or_default();
    match text("kind") {
        "parent" => {
            format!("{allowed}: {} {}: {}", text("model"), by["id"], said(&by["decision"]))
        }
        "rule" => format!("{allowed}: rule {}", text("name")),
        kind => format!("{allowed}: {kind}"),
    }
}

async fn journal(client: &Client) -> i64 {
    let owner = json!({ "owner_id": me(client).await });
    client.post("/api/v1/journals", owner).await.expect(201).id()
}

async fn me(client: &Client) -> i64 {
    client.get("/api/v1/auth/me").await.expect(200).id()
}
