//! Where the chat is measured: a database with members, each in five chats, and servers over it.
//!
//! Everybody is in one channel and in four groups of about twenty, never twice in the same. Rows and
//! login sessions are made directly: ten thousand passwords would be compared for nothing.

use std::{collections::BTreeMap, path::PathBuf};

use artel_cluster::{Cluster, Durability, Options};
use artel_core::{
    auth::{Keys, TokenCodec},
    settings::SecretString,
};
use chrono::{TimeDelta, Utc};
use tokio::{runtime::Runtime, task};
use tokio_postgres::NoTls;

use crate::{
    Result,
    home::{Home, SECRET},
    installation::postmaster,
    server_process::ServerProcess,
};

/// Groups of each member, beside the channel, and members of a group, more or less.
const GROUPS: usize = 4;
pub(crate) const GROUP: usize = 20;

/// The first key of all rows that are made here.
const FIRST: i64 = 3_000_000;

/// The channel of everybody: the first member is the one who writes.
pub(crate) const CHANNEL: i64 = FIRST;

/// A database with members.
pub(crate) struct Scene {
    pub(crate) members: Vec<Member>,
    /// Where the database is.
    pub(crate) url: String,
    /// The process that all sessions of the database are children of.
    pub(crate) postmaster: u32,
    home: Home,
    /// Keeps the server of the database running while nobody is served.
    _cluster: Cluster,
}

/// Somebody who is signed in.
pub(crate) struct Member {
    pub(crate) token: String,
    /// Their chats, the channel first.
    pub(crate) chats: Vec<i64>,
}

/// How a server hears of what is said to others.
#[derive(Clone, Copy)]
pub(crate) enum Hearing {
    /// As in production.
    Hints,
    /// As in production, but in the mode of [`Hearing::Nothing`], to be compared with.
    HintsInDevelopment,
    /// No hint leaves a process.
    Nothing,
}

impl Scene {
    /// Sets it for so many members, in groups of twenty.
    pub(crate) fn set(members: usize) -> Result<Self> {
        let home = Home::fresh("chat")?;
        home.prepare()?;
        let cluster = Cluster::start(&Options {
            dir: home.cluster(),
            durability: Durability::Durable,
            programs: None,
            notice: |_| {},
        })?;
        let url = cluster.url("artel");
        insert(&url, members)?;
        let codec = TokenCodec::new(&Keys::of(&SecretString::from(SECRET), None))?;
        let now = Utc::now();
        let member = |at: usize| {
            let id = FIRST + i64::try_from(at)?;
            let token = codec.issue(id, id, now, now + TimeDelta::hours(12))?;
            let groups = (0..GROUPS).map(|turn| group(at, turn, members));
            Ok(Member { token, chats: [CHANNEL].into_iter().chain(groups).collect() })
        };
        let members = (0..members).map(member).collect::<Result<_>>()?;
        let postmaster = postmaster(&cluster)?;
        Ok(Self { members, url, postmaster, home, _cluster: cluster })
    }

    /// Starts a server.
    pub(crate) fn serve(&self, log: &str, hearing: Hearing) -> Result<ServerProcess> {
        let (mode, broker) = match hearing {
            Hearing::Hints => ("production", "pg"),
            Hearing::HintsInDevelopment => ("development", "pg"),
            Hearing::Nothing => ("development", "memory"),
        };
        self.home.serve_many(log, &[("ARTEL_MODE", mode), ("ARTEL_CHAT__PUBSUB", broker)])
    }

    /// Groups, each with somebody who is in it.
    pub(crate) fn groups(&self) -> BTreeMap<i64, &Member> {
        let groups = |it: &'_ Member| it.chats[1..].to_vec();
        self.members
            .iter()
            .flat_map(|it| groups(it).into_iter().map(move |chat| (chat, it)))
            .collect()
    }

    /// Two members of one group, and the group; others of other groups for each `at`, as far as
    /// there are any.
    pub(crate) fn pair(&self, at: usize) -> (i64, [&Member; 2]) {
        let first = at * GROUP % self.members.len();
        (self.members[first].chats[1], [&self.members[first], &self.members[first + 1]])
    }

    /// Writes down who is a member of what, for a process that is to be all of them.
    pub(crate) fn write_members(&self) -> Result<PathBuf> {
        let lines = self.members.iter().map(|it| {
            let chats: Vec<String> = it.chats.iter().map(ToString::to_string).collect();
            format!("{} {}\n", it.token, chats.join(" "))
        });
        self.home.write("members.txt", &lines.collect::<String>())
    }
}

/// The group that a member is in by one of the ways to make groups: neighbours; then those who are
/// ever further apart.
fn group(member: usize, turn: usize, members: usize) -> i64 {
    let blocks = (members / GROUP).max(1);
    let block = member / GROUP;
    let place = match turn {
        0 => block,
        _ => member + (turn - 1) * block,
    };
    CHANNEL + 1 + i64::try_from(turn * blocks + place % blocks).unwrap_or_default()
}

fn insert(url: &str, members: usize) -> Result<()> {
    let values = |pairs: Vec<(i64, i64)>| {
        let pairs: Vec<String> = pairs.iter().map(|(a, b)| format!("({a},{b})")).collect();
        pairs.join(",")
    };
    let mut grouped = Vec::new();
    for at in 0..members {
        let user = FIRST + i64::try_from(at)?;
        grouped.extend((0..GROUPS).map(|turn| (group(at, turn, members), user)));
    }
    let statements = format!(
        "insert into users (id, name, login, language, is_admin, active)
         select it, 'Member ' || it, 'member' || it, 'en', false, true
         from generate_series({FIRST}, {FIRST} + {members} - 1) as it;
         insert into sessions (id, user_id, expires_at, last_seen_at)
         select id, id, now() + interval '1 day', now() from users where id >= {FIRST};
         create temporary table grouped (chat_id bigint, user_id bigint);
         insert into grouped values {};
         insert into chats (id, name, kind, active, last_seq, epoch)
         values ({CHANNEL}, 'Everybody', 'channel', true, 0, 1);
         insert into chats (id, name, kind, active, last_seq, epoch)
         select distinct chat_id, 'Group ' || chat_id, 'group', true, 0, 1 from grouped;
         insert into chat_members (chat_id, user_id, active, is_admin, can_read, can_write,
             can_pin, can_invite, can_delete_others)
         select {CHANNEL}, id, true, id = {FIRST}, true, false, false, false, false
         from users where id >= {FIRST}
         union all
         select chat_id, user_id, true, false, true, true, false, false, false from grouped",
        values(grouped)
    );
    Runtime::new()?.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        // Ends when the client is dropped.
        let mut tasks = task::JoinSet::new();
        tasks.spawn(connection);
        client.batch_execute(&statements).await?;
        for table in ["users", "sessions", "chats", "chat_members"] {
            // Not in one batch: a vacuum refuses to be part of a transaction.
            client.batch_execute(&format!("vacuum (analyze) {table}")).await?;
        }
        Ok(())
    })
}
