//! All sockets at once are without their server, and come back to another one while others go on
//! talking.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio::{runtime, task, time};
use tokio_postgres::{Client, NoTls};

use crate::{
    Result,
    chat::{
        crowd::Order,
        crowd_process::CrowdProcess,
        scene::{CHANNEL, Hearing, Scene},
        statements,
    },
    home::CONNECTIONS,
    processor_time::Processes,
    server_process::ServerProcess,
    table::Table,
    wire::{self, Method},
};

/// From one message that is said meanwhile to the next.
const EVERY: Duration = Duration::from_millis(50);

/// Every so many of them, one is for all: what each of these makes of work must not be what is
/// measured.
const TO_ALL: usize = 50;

/// Sessions of the database, but for the one that asks: those of pools, and those that listen for
/// hints.
const SESSIONS: &str = "select count(*) filter (where application_name not like '%listener'), \
     count(*) filter (where application_name like '%listener') from pg_stat_activity \
     where datname = current_database() and backend_type = 'client backend' \
     and pid <> pg_backend_pid()";

/// Ends their server and sends them to the next one.
pub(crate) fn measure(
    scene: &Scene,
    server: ServerProcess,
    crowd: &mut CrowdProcess,
    table: &mut Table,
) -> Result<()> {
    let other = scene.serve("other.log", Hearing::Hints)?;
    drop(server);
    let mut talk = Talk::of(scene, &other);
    talk.turn()?;
    let server = scene.serve("next.log", Hearing::Hints)?;
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let (sessions, mut tasks) = runtime.block_on(connect(&scene.url))?;
    let (mut pooled, mut listening) = (0, 0);
    let processes = Processes::of(scene.postmaster);
    let before = processes.used(server.id())?;
    let order = Order::Go { to: server.address, at_once: scene.members.len() };
    let back = crowd.carry_out_while(&order, || {
        let due = Instant::now() + EVERY;
        talk.turn()?;
        let (pool, listeners) = runtime.block_on(async {
            let row = sessions.query_one(SESSIONS, &[]).await?;
            time::sleep_until(due.into()).await;
            Ok::<(i64, i64), tokio_postgres::Error>((row.get(0), row.get(1)))
        })?;
        (pooled, listening) = (pooled.max(pool), listening.max(listeners));
        Ok(())
    })?;
    let asked = statements(&server)?;
    let after = processes.used(server.id())?;
    tasks.abort_all();
    let heard = crowd.carry_out(&Order::Hear { chats: talk.ends.clone() })?;
    if heard.gaps > 0 {
        return Err(format!("{} events were missed", heard.gaps).into());
    }
    table.add_figure(
        &format!("chat: {} are back", scene.members.len()),
        &format!("{:.1} s", back.took_ms / 1e3),
        "60 s",
    );
    table.add_figure(
        "chat: sessions of both pools meanwhile",
        &format!("{pooled}, and {listening} that listen"),
        &format!("{}, and 2", 2 * CONNECTIONS),
    );
    #[expect(clippy::cast_precision_loss, reason = "sockets are counted in thousands")]
    let each = asked / scene.members.len() as f64;
    table.add_note(&format!(
        "chat: processor time: {:.1} s of the server, {:.1} s of PostgreSQL",
        (after.server - before.server).as_secs_f64(),
        (after.postgres - before.postgres).as_secs_f64()
    ));
    table.add_note(&format!(
        "chat: {each:.1} statements a socket, {} attempts, ended before: {:?}; \
         {} messages meanwhile, none lost, the last heard by all {:.1} s later",
        back.attempts,
        back.ends,
        talk.said,
        heard.took_ms / 1e3
    ));
    Ok(())
}

async fn connect(url: &str) -> Result<(Client, task::JoinSet<()>)> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    let mut tasks = task::JoinSet::new();
    tasks.spawn(async move {
        // Whoever asks is told.
        let _ = connection.await;
    });
    Ok((client, tasks))
}

/// What is said while they are away, at another server: to all, and to groups.
struct Talk<'a> {
    server: &'a ServerProcess,
    /// Chats, and requests to say something there, the channel first.
    requests: Vec<(i64, Vec<u8>)>,
    said: usize,
    /// The last event of each chat.
    ends: BTreeMap<i64, i64>,
}

impl<'a> Talk<'a> {
    fn of(scene: &Scene, server: &'a ServerProcess) -> Self {
        let first = (CHANNEL, &scene.members[0]);
        let all = [first].into_iter().chain(scene.groups().into_iter().take(99));
        let request =
            |(chat, member): (i64, &super::scene::Member)| (chat, message(chat, &member.token));
        Self { server, requests: all.map(request).collect(), said: 0, ends: BTreeMap::new() }
    }

    /// Says something in the next chat; now and then to all.
    fn turn(&mut self) -> Result<()> {
        let at = if self.said.is_multiple_of(TO_ALL) { 0 } else { self.said % self.requests.len() };
        let (chat, request) = &self.requests[at];
        let answer = self.server.ask(request)?;
        let said: Value = serde_json::from_slice(&answer.body)?;
        let seq = said["seq"].as_i64().ok_or_else(|| format!("nothing was said: {said}"))?;
        self.ends.insert(*chat, seq);
        self.said += 1;
        Ok(())
    }
}

/// A request that says something.
pub(crate) fn message(chat: i64, token: &str) -> Vec<u8> {
    let path = format!("/api/v1/chats/{chat}/messages");
    let body = json!({ "body": "What is said while they are away" }).to_string();
    wire::request(Method::Post, &path, Some(token), &body)
}
