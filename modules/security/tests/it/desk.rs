//! A module with a model of every sort that rights can be about, and those who ask.
//!
//! ```text
//! note   owner  remark
//! ann's  ann    of ann
//! bob's  bob    of bob
//! free          of nobody
//! ```

#![expect(dead_code, reason = "fields are written and read by name")]

use artel_core::{Grant, Module, Rights};
use artel_testing::{Client, Reply, TestApp};
use orm::{Id, Many2Many, Many2One, Model};
use serde_json::{Value, json};
use users::{Company, Role, User};

pub(crate) const NOTES: &str = "/api/v1/notes";

/// The module; it is called like the program of these tests.
pub(crate) const DESK: Module = desk(|to| {
    to.rights(rights);
});

/// The same module with other rights.
pub(crate) const fn desk(setup: fn(&mut artel_core::Setup)) -> Module {
    Module { name: "it", depends: &[&security::MODULE, &users::MODULE], setup }
}

/// What rights are about.
#[derive(Debug, Model)]
#[model(table = "notes", display = "name", order = "id")]
pub(crate) struct Note {
    #[field(max = 60)]
    pub(crate) name: String,
    pub(crate) owner: Option<Many2One<User>>,
    pub(crate) company: Option<Many2One<Company>>,
    pub(crate) circle: Option<Many2One<Circle>>,
    pub(crate) role: Option<Many2One<Role>>,
    pub(crate) remark: Option<String>,
    #[field(read = "it.boss", write = "it.boss")]
    pub(crate) price: Option<i32>,
}

/// Follows its note.
#[derive(Debug, Model)]
#[model(table = "parts", child_of = "note")]
pub(crate) struct Part {
    pub(crate) note: Many2One<Note>,
}

/// Rules hold for administrators too.
#[derive(Debug, Model)]
#[model(table = "diaries", private)]
pub(crate) struct Diary {
    #[field(max = 60)]
    pub(crate) name: String,
}

/// Who belongs together.
#[derive(Debug, Model)]
#[model(table = "circles", signal = "askers")]
pub(crate) struct Circle {
    #[field(max = 60)]
    pub(crate) name: String,
    pub(crate) members: Many2Many<User>,
}

pub(crate) fn rights(to: &mut Rights) {
    roles(to);
    to.grant::<Note>("it.clerk", Grant::ALL);
}

pub(crate) fn roles(to: &mut Rights) {
    to.role("it.guest", "Waits at the desk");
    to.role("it.clerk", "Sits at the desk");
    to.role("it.boss", "Owns the desk").implies(&["it.clerk"]);
    to.list_macro("my_circles", Circle::MEMBERS);
}

/// The three notes, an administrator, and two at the desk.
pub(crate) struct Desk {
    pub(crate) app: TestApp,
    pub(crate) root: Client,
    pub(crate) ann: Client,
    pub(crate) bob: Client,
}

impl Desk {
    pub(crate) async fn arrange() -> Self {
        Self::arrange_with(DESK).await
    }

    pub(crate) async fn arrange_with(desk: Module) -> Self {
        let app = TestApp::start(&[desk, auth_token::MODULE]).await;
        let root = app.admin().await;
        let ann = app.user_with("ann", &["it.clerk"]).await;
        let bob = app.user_with("bob", &["it.clerk"]).await;
        let it = Self { app, root, ann, bob };
        let session = it.app.session();
        for (name, owner) in [("ann", Some("ann")), ("bob", Some("bob")), ("nobody", None)] {
            let mut note = vec![Note::REMARK.set(format!("of {name}")), Note::PRICE.set(7)];
            note.push(Note::NAME.set(owner.map_or("free".to_owned(), |it| format!("{it}'s"))));
            if let Some(owner) = owner {
                note.push(Note::OWNER.set(Id::new(it.user(owner).await)));
            }
            Note::create(&session, note).await.unwrap();
        }
        it
    }

    /// The id of a user.
    pub(crate) async fn user(&self, login: &str) -> i64 {
        let found = User::query(&self.app.session()).filter(User::LOGIN.eq(login)).first().await;
        found.unwrap().unwrap().id().get()
    }

    /// The id of a role.
    pub(crate) async fn role(&self, name: &str) -> i64 {
        let found = Role::query(&self.app.session()).filter(Role::NAME.eq(name)).first().await;
        found.unwrap().unwrap().id().get()
    }

    /// Makes a record as the administrator; its path.
    pub(crate) async fn make(&self, collection: &str, body: Value) -> String {
        let path = format!("/api/v1/{collection}");
        let made = self.root.post(&path, body).await.expect(201);
        format!("{path}/{}", made.id())
    }

    /// Makes a rule of everyone on notes, for reading; its path.
    pub(crate) async fn rule(&self, filter: Value) -> String {
        let rule = json!({ "name": "a rule", "model": "notes", "on_read": true, "filter": filter });
        self.make("rules", rule).await
    }

    /// Changes a record as the administrator.
    pub(crate) async fn change(&self, path: &str, body: Value) {
        self.root.patch(path, body).await.expect(200);
    }

    /// Runs a statement past everything, as another program would.
    pub(crate) async fn sql(&self, sql: &str) {
        let done =
            format!("with done as ({sql} returning 1) select count(*)::text from done").leak();
        let rows = self.app.session().sql(done, &[]).await.unwrap();
        assert_ne!(rows[0][0].as_deref(), Some("0"), "{sql}");
        self.app.app().authenticator().unwrap().refresh().await.unwrap();
    }

    pub(crate) async fn stop(self) {
        self.app.stop().await;
    }
}

/// The path of the seeded row of one of these tables, found by a query.
pub(crate) async fn find(client: &Client, collection: &str, query: &str) -> String {
    let path = format!("/api/v1/{collection}");
    let found = client.get(&format!("{path}?fields=id&{query}")).await.expect(200).json();
    let found = found["data"].as_array().unwrap().clone();
    assert_eq!(found.len(), 1, "{collection} {query}");
    format!("{path}/{}", found[0]["id"])
}

/// The names of the notes that somebody sees, or why they see none.
pub(crate) async fn notes(client: &Client) -> String {
    said(&client.get(&format!("{NOTES}?sort=id")).await)
}

/// The names of a list, or the fault.
pub(crate) fn said(reply: &Reply) -> String {
    if reply.is_success() { reply.column("name") } else { reply.fault() }
}
