//! The running program with the world of these tests, arranged anew for each seed.
//!
//! Rows are written by SQL, in bulk. Rights and people are written by an administrator through the
//! generated API; only what an earlier seed left is taken away by SQL.

mod raw;

use artel_testing::{Client, Reply, TestApp};
use serde_json::{Value, json};

use crate::{
    chance::Chance,
    oracle::{
        Asker, Cell, Condition, Eyes, Facts, FieldRight, Grant, Op, Operand, Rights, Rule, WORLD,
    },
    random::{self, People, Purpose},
    world,
};

/// The people, by login; what they are, each seed decides anew.
const LOGINS: [&str; 7] = ["oak", "elm", "ash", "fir", "yew", "elder", "birch"];

/// The program and those who ask it.
pub(crate) struct Stage {
    pub(crate) app: TestApp,
    root: Client,
    clients: Vec<Client>,
    people: People,
    everyone: i64,
    keeper: i64,
    scenes: i64,
}

/// One arrangement of rows and rights.
pub(crate) struct Scene {
    pub(crate) facts: Facts,
    pub(crate) rights: Rights,
    pub(crate) askers: Vec<Asker>,
    pub(crate) people: People,
}

impl Scene {
    pub(crate) fn eyes(&self, who: usize) -> Eyes<'_> {
        Eyes { facts: &self.facts, rights: &self.rights, who: &self.askers[who] }
    }
}

impl Stage {
    pub(crate) async fn open() -> Self {
        let app = TestApp::start(&[world::WORLD, auth_token::MODULE]).await;
        let root = app.admin().await;
        let mut clients = Vec::new();
        for login in LOGINS {
            clients.push(app.user(login).await);
        }
        for name in ["north", "south"] {
            root.post("/api/v1/companies", json!({ "name": name })).await.expect(201);
        }
        let facts = raw::read(&app).await;
        let role = |name: &str| {
            let is_it = |it: &&i64| facts.cell("roles", Some(**it), "name") == text(name);
            *facts.rows["roles"].keys().find(is_it).expect("every installation has it")
        };
        let (everyone, keeper) = (role("base.user"), role("security.admin"));
        let user = |login: &&str| {
            let is_it = |it: &&i64| facts.cell("users", Some(**it), "login") == text(login);
            *facts.rows["users"].keys().find(is_it).expect("they have signed in")
        };
        let people = People {
            users: LOGINS.iter().map(user).collect(),
            companies: facts.ids("companies"),
            roles: Vec::new(),
        };
        Self { app, root, clients, people, everyone, keeper, scenes: 0 }
    }

    /// Fresh rows, rights and people. `without` are fields that rules leave alone.
    pub(crate) async fn arrange(&mut self, from: &mut Chance, without: &[&'static str]) -> Scene {
        self.scenes += 1;
        raw::clear(&self.app).await;
        let mut rights = Rights { everyone: self.everyone, ..Rights::default() };
        let roles = self.make_roles(from, &mut rights).await;
        self.people.roles = roles.iter().copied().chain([self.everyone, self.keeper]).collect();
        let mut askers = Vec::new();
        for (at, login) in LOGINS.into_iter().enumerate() {
            let mut who = nobody(self.people.users[at], login);
            let among = (&*roles, &*self.people.companies, self.keeper);
            random::asker(from, (at, &mut who), &rights, among);
            self.make(&who).await;
            askers.push(who);
        }
        let mut facts = raw::read(&self.app).await;
        random::rows(from, &self.people, &mut facts, 1_000_000 + self.scenes * 1000);
        raw::write(&self.app, &facts).await;

        rights.grants = random::grants(from, &rights, &roles);
        let purpose = Purpose { is_rule: true, without, people: &self.people, facts: &facts };
        rights.rules = random::rules(from, &self.people.roles, purpose);
        rights.fields = random::fields(from, &roles);
        self.post(&rights).await;
        self.add_shipped(&mut rights);
        Scene { facts, rights, askers, people: self.people.clone() }
    }

    /// Whoever that is; nobody when they are none of the people.
    pub(crate) fn client(&self, who: usize) -> Client {
        self.clients.get(who).cloned().unwrap_or_else(|| self.app.guest())
    }

    pub(crate) fn administrator(&self) -> &Client {
        &self.root
    }

    /// The rows as they are now.
    pub(crate) async fn facts(&self) -> Facts {
        raw::read(&self.app).await
    }

    /// Gives every row of a column the value that `facts` has, without a new version.
    pub(crate) async fn overwrite(&self, facts: &Facts) {
        raw::overwrite(&self.app, facts).await;
    }

    /// The id that the next record of a table gets.
    pub(crate) async fn next_id(&self, table: &str) -> i64 {
        raw::next_id(&self.app, table).await
    }

    async fn make_roles(&self, from: &mut Chance, rights: &mut Rights) -> Vec<i64> {
        let mut roles: Vec<i64> = Vec::new();
        for (at, implied) in random::role_tree(from).into_iter().enumerate() {
            let name = format!("matrix.s{}r{at}", self.scenes);
            let implied: Vec<i64> = implied.into_iter().map(|it| roles[it]).collect();
            let body = json!({ "name": name, "label": name, "implies_ids": { "set": implied } });
            let id = made(self.root.post("/api/v1/roles", body).await);
            rights.roles.insert(id, (name, implied));
            roles.push(id);
        }
        rights.roles.insert(self.everyone, ("base.user".to_owned(), Vec::new()));
        rights.roles.insert(self.keeper, ("security.admin".to_owned(), Vec::new()));
        roles
    }

    async fn make(&self, who: &Asker) {
        let body = json!({
            "role_ids": { "set": who.given },
            "is_admin": who.is_admin,
            "active": !who.is_blocked,
            "company_id": who.company,
            "company_ids": { "set": who.companies },
        });
        let path = format!("/api/v1/users/{}", who.id);
        self.root.patch(&path, body).await.expect(200);
    }

    async fn post(&self, rights: &Rights) {
        for Grant { role, table, verbs } in &rights.grants {
            let [create, read, update, delete] = verbs;
            let body = json!({
                "role_id": role, "model": table, "can_create": create, "can_read": read,
                "can_update": update, "can_delete": delete,
            });
            self.root.post("/api/v1/grants", body).await.expect(201);
        }
        for (at, Rule { table, verbs, roles, when, is_active }) in rights.rules.iter().enumerate() {
            let [create, read, update, delete] = verbs;
            let body = json!({
                "name": format!("{table} {at}"), "model": table, "on_create": create,
                "on_read": read, "on_update": update, "on_delete": delete,
                "role_ids": { "set": roles }, "filter": when.json(), "active": is_active,
            });
            self.root.post("/api/v1/rules", body).await.expect(201);
        }
        for FieldRight { table, field, read, write, roles } in &rights.fields {
            let body = json!({
                "model": table, "field": field, "can_read": read, "can_write": write,
                "role_ids": { "set": roles },
            });
            self.root.post("/api/v1/field_rights", body).await.expect(201);
        }
    }

    /// What every installation ships, in words of our own.
    fn add_shipped(&self, rights: &mut Rights) {
        let read = [false, true, false, false];
        let grant = |role, table| Grant { role, table, verbs: read };
        rights.grants.extend([
            grant(self.everyone, "users"),
            grant(self.everyone, "companies"),
            grant(self.keeper, "roles"),
        ]);
        let compare = |key, with| Condition::Compare { key, op: Op::Eq, with };
        let active_or_oneself = Condition::Any(vec![
            compare("active", Operand::Cell(Cell::Bool(true))),
            compare("id", Operand::Macro("me")),
        ]);
        let rule = |role, when| Rule {
            table: "users",
            verbs: read,
            roles: vec![role],
            when,
            is_active: true,
        };
        rights.rules.push(rule(self.everyone, active_or_oneself));
        rights.rules.push(rule(self.keeper, Condition::anything()));
        for field in ["login", "active", "company"] {
            let roles = vec![self.keeper];
            rights.fields.push(FieldRight {
                table: "users",
                field,
                read: true,
                write: false,
                roles,
            });
        }
    }
}

fn nobody(id: i64, login: &'static str) -> Asker {
    Asker {
        id,
        login,
        is_admin: false,
        is_blocked: false,
        given: Vec::new(),
        roles: Default::default(),
        company: None,
        companies: Vec::new(),
    }
}

#[track_caller]
fn made(reply: Reply) -> i64 {
    reply.expect(201).id()
}

fn text(it: &str) -> Cell {
    Cell::Text(it.to_owned())
}

/// Tables whose rows are compared with those that the oracle expects.
pub(crate) fn own(facts: &Facts) -> Value {
    let rows = WORLD.map(|it| json!([it, rows_of(facts, it)]));
    json!([rows, facts.tagged])
}

fn rows_of(facts: &Facts, table: &str) -> Value {
    let rows = facts.rows.get(table).into_iter().flatten();
    rows.map(|(id, row)| {
        let cells = row.iter().map(|(key, cell)| format!("{key}={}", cell.json()));
        json!([id, cells.collect::<Vec<_>>()])
    })
    .collect()
}
