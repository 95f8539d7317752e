//! What can be asked of a model, by whoever asks and over every record.
//!
//! A new path gets its prober here: a function that makes requests with what the oracle says of
//! them, and its name beside the route in [`READING`] or [`WRITING`].

mod access;
mod bulk;
mod create;
mod delete;
mod describe;
mod expand;
mod fields;
mod filter;
mod history;
mod lines;
mod list;
mod onchange;
mod read;
mod sort;
mod update;
mod write;

use crate::{
    chance::Chance,
    oracle::{Asker, Eyes, Facts, Named, Rights, Table, Verb},
    probe::{Expect, Probe, Shown, shown, usual},
    random::People,
};

/// One asker before one table.
pub(crate) struct Ask<'a> {
    pub(crate) eyes: Eyes<'a>,
    pub(crate) of: &'static Table,
    pub(crate) people: &'a People,
    pub(crate) from: Chance,
    /// What the next new record will be called; for probers that make one.
    pub(crate) next_id: i64,
    /// And the next new line of such a record.
    pub(crate) next_line_id: i64,
    pub(crate) probes: Vec<Probe>,
}

/// A route of every model, and who tries it.
pub(crate) type Route = (&'static str, &'static [Prober]);

/// Makes requests.
pub(crate) type Prober = (&'static str, fn(&mut Ask<'_>));

/// Routes that leave everything as it is: all of their requests are sent at once.
pub(crate) const READING: &[Route] = &[
    (
        "GET /{m}",
        &[
            ("list", list::list),
            ("count", list::count),
            ("page", list::page),
            ("q", list::q),
            ("filter by parameter", filter::parameters),
            ("filter by path", filter::paths),
            ("sort", sort::columns),
            ("sort by path", sort::paths),
            ("fields of a list", fields::of_list),
            ("ids of many", fields::to_many),
            ("expand of a list", expand::of_list),
        ],
    ),
    ("POST /{m}/search", &[("search", filter::searches), ("expand", expand::searches)]),
    (
        "GET /{m}/{id}",
        &[
            ("read", read::every),
            ("fields of a record", fields::of_record),
            ("expand of a record", expand::of_record),
        ],
    ),
    ("POST /{m}/onchange", &[("onchange", onchange::form)]),
    ("GET /{m}/{id}/access", &[("access", access::of_oneself)]),
    ("GET /{m}/{id}/history", &[("history", history::every)]),
    ("GET /{m}/schema", &[("schema", describe::schema)]),
    ("GET /{m}/defaults", &[("defaults", describe::defaults)]),
];

/// Routes that change something: their requests are sent one by one, and the rows are read back
/// after each.
pub(crate) const WRITING: &[Route] = &[
    (
        "POST /{m}",
        &[
            ("create", create::record),
            ("create with links", create::linked),
            ("create with lines", lines::created),
        ],
    ),
    (
        "PATCH /{m}/{id}",
        &[
            ("update", update::record),
            ("link", update::links),
            ("lines", lines::changed),
            ("move", update::moves),
        ],
    ),
    ("DELETE /{m}/{id}", &[("delete", delete::record)]),
    ("POST /{m}/update_where", &[("update_where", bulk::update)]),
    ("POST /{m}/delete_where", &[("delete_where", bulk::delete)]),
];

/// Routes that are no model's, and the test that tries them.
pub(crate) const CUSTOM: &[(&str, &str)] = &[
    ("DELETE /auth/sessions/{id}", "modules/auth_token/tests/it/own_sessions.rs"),
    ("GET /auth/me", "modules/auth_token/tests/it/me.rs"),
    ("GET /auth/sessions", "modules/auth_token/tests/it/own_sessions.rs"),
    ("GET /models", "tests/matrix/probers/describe.rs"),
    ("PATCH /auth/me", "modules/auth_token/tests/it/me.rs"),
    ("POST /auth/password", "modules/auth_token/tests/it/password.rs"),
    ("POST /auth/refresh", "modules/auth_token/tests/it/refresh.rs"),
    ("POST /auth/sessions/terminate_others", "modules/auth_token/tests/it/own_sessions.rs"),
    ("POST /auth/sign_in", "modules/auth_token/tests/it/sign_in.rs"),
    ("POST /auth/sign_out", "modules/auth_token/tests/it/login_session.rs"),
    ("POST /auth/ws_ticket", "modules/auth_token/tests/it/socket_ticket.rs"),
];

pub(crate) use crate::probers::describe::models;

impl Ask<'_> {
    fn who(&self) -> &Asker {
        self.eyes.who
    }

    fn rights(&self) -> &Rights {
        self.eyes.rights
    }

    fn facts(&self) -> &Facts {
        self.eyes.facts
    }

    /// A request that reads records: refused for what it names, else answered.
    fn read(&mut self, prober: &'static str, path: &str, named: Named, answer: Expect) {
        let refusal = named.model(&self.eyes, self.of, Verb::Read).refusal();
        let expect = refusal.map_or(answer, Expect::refusal);
        let path = format!("/{}{path}", self.of.name);
        self.probes.push(Probe::get(prober, path, expect));
    }

    /// These records, with these keys.
    fn rows(&self, ids: &[i64], keys: &[&str], total: Option<usize>) -> Expect {
        let rows: Vec<Shown> = ids.iter().map(|it| shown(&self.eyes, self.of, *it, keys)).collect();
        let hidden = self.facts().ids(self.of.name).len() - self.visible().len();
        Expect::Rows { rows, total, hidden }
    }

    fn visible(&self) -> Vec<i64> {
        self.eyes.visible(self.of)
    }

    fn usual(&self) -> Vec<&'static str> {
        usual(&self.eyes, self.of)
    }
}
