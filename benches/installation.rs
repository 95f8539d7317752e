//! Both servers over one database that has rows and users.

use std::{
    env, fs,
    process::Command,
    time::{Duration, Instant},
};

use artel_cluster::{Cluster, Durability, Options};
use artel_core::{auth::Keys, settings::SecretString};
use serde_json::json;

use crate::{
    Result,
    cases::spread,
    home::{CONNECTIONS, Home, PASSWORD, SECRET},
    processor_time::Processes,
    rows::{self, Around, RULED_LOGIN, SELLER_LOGIN},
    server_process::ServerProcess,
    wire::{self, Method},
};

/// What access tokens are signed with is derived under this label.
const LABEL: &str = "access token";

/// Both servers, and who asks them.
pub(crate) struct Installation {
    pub(crate) ours: ServerProcess,
    pub(crate) by_hand: ServerProcess,
    /// How long the program took from its start until it was ready.
    pub(crate) start: Duration,
    /// The token of the administrator.
    pub(crate) admin: String,
    /// The token of somebody whose rights are rules.
    pub(crate) ruled: String,
    /// The program with the rights of the benchmark, over the same database.
    pub(crate) with_rights: ServerProcess,
    /// The token of somebody whose rights are three rules, two of them of inherited roles.
    pub(crate) seller: String,
    /// What new records point at.
    pub(crate) around: Around,
    /// Where the database is, for whoever goes there without a server.
    pub(crate) url: String,
    /// The process that all sessions of the cluster are children of.
    pub(crate) postmaster: u32,
    /// Keeps the server running while it is asked.
    _cluster: Cluster,
}

impl Installation {
    /// Starts both in a home that was prepared, with so many rows in the big tables.
    pub(crate) fn start(home: &Home, count: u32) -> Result<Self> {
        let began = Instant::now();
        let ours = home.serve()?;
        let start = began.elapsed();

        let cluster = Cluster::start(&Options {
            dir: home.cluster(),
            durability: Durability::Durable,
            programs: None,
            notice: |_| {},
        })?;
        let url = cluster.url("artel");
        let admin = sign_in(&ours, "admin")?;
        make_user(&ours, &admin, RULED_LOGIN)?;
        make_user(&ours, &admin, SELLER_LOGIN)?;
        // Its start makes the roles that rows are made for.
        let with_rights = home.serve_with_rights()?;
        let around = rows::insert(&url, count)?;
        let ruled = sign_in(&ours, RULED_LOGIN)?;
        let seller = sign_in(&with_rights, SELLER_LOGIN)?;
        let postmaster = postmaster(&cluster)?;
        let by_hand = start_by_hand(home, &url)?;
        Ok(Self {
            ours,
            by_hand,
            start,
            admin,
            ruled,
            with_rights,
            seller,
            around,
            url,
            postmaster,
            _cluster: cluster,
        })
    }

    /// Those whose processor time counts.
    pub(crate) fn processes(&self) -> Processes {
        Processes::of(self.postmaster)
    }

    /// Reads of single products, all over the table.
    pub(crate) fn reads(&self, rows: u32) -> Vec<Vec<u8>> {
        let ids = (0..1024).map(|it| 1 + spread(it, rows));
        let path = |id| format!("/api/v1/products/{id}");
        ids.map(|id| wire::request(Method::Get, &path(id), Some(&self.admin), "")).collect()
    }
}

/// Starts this program once more, as the opponent.
fn start_by_hand(home: &Home, url: &str) -> Result<ServerProcess> {
    let key = Keys::of(&SecretString::from(SECRET), None).current(LABEL);
    let key: String = key.bytes.iter().map(|it| format!("{it:02x}")).collect();
    let mut command = Command::new(env::current_exe()?);
    command.args(["by-hand", url, &key, &CONNECTIONS.to_string()]);
    command.stderr(home.log("by_hand.log")?);
    ServerProcess::start(command)
}

fn sign_in(server: &ServerProcess, login: &str) -> Result<String> {
    let body = json!({ "login": login, "password": PASSWORD }).to_string();
    let answer = server.ask(&wire::request(Method::Post, "/api/v1/auth/sign_in", None, &body))?;
    let said: serde_json::Value = serde_json::from_slice(&answer.body)?;
    let token = said["access_token"].as_str();
    Ok(token.ok_or_else(|| format!("`{login}` cannot sign in: {said}"))?.to_owned())
}

fn make_user(server: &ServerProcess, admin: &str, login: &str) -> Result<()> {
    let body = json!({ "name": login, "login": login, "password": PASSWORD }).to_string();
    let request = wire::request(Method::Post, "/api/v1/users", Some(admin), &body);
    match server.ask(&request)?.status {
        201 => Ok(()),
        status => Err(format!("a user cannot be made: {status}").into()),
    }
}

/// The process that all sessions of the cluster are children of.
pub(crate) fn postmaster(cluster: &Cluster) -> Result<u32> {
    let file = fs::read_to_string(cluster.directory().join("data/postmaster.pid"))?;
    Ok(file.lines().next().unwrap_or_default().trim().parse()?)
}
