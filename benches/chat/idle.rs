//! What a socket holds that nobody says anything over, and what it costs to open one.

use std::{thread, time::Duration};

use crate::{
    Result,
    chat::{crowd::Order, crowd_process::CrowdProcess, scene::Scene, statements},
    processor_time,
    server_process::ServerProcess,
    table::Table,
};

/// So many come at once.
const AT_ONCE: usize = 100;

/// So long after all have come memory is looked at, and for how long the server is watched.
const SETTLED: Duration = Duration::from_secs(5);
const WATCHED: Duration = Duration::from_secs(10);

/// Opens them all; they stay open.
pub(crate) fn measure(
    (scene, server): (&Scene, &ServerProcess),
    crowd: &mut CrowdProcess,
    table: &mut Table,
) -> Result<()> {
    #[expect(clippy::cast_precision_loss, reason = "sockets are counted in thousands")]
    let sockets = scene.members.len() as f64;
    let is_many = scene.members.len() > 1_000;
    let settle = || {
        if is_many {
            thread::park_timeout(SETTLED);
        }
    };
    // What every server holds that has spoken with anybody.
    let (empty_mb, before) = (server.resident_mb()?, statements(server)?);
    let opened = crowd.carry_out(&Order::Go { to: server.address, at_once: AT_ONCE })?;
    let opening = (statements(server)? - before) / sockets;
    settle();
    let open_mb = server.resident_mb()?;
    let before = statements(server)?;
    let listening = crowd.carry_out(&Order::Listen)?;
    let subscribing = (statements(server)? - before) / sockets;
    settle();
    let kib = |mb: f64| (mb - empty_mb) * 1e6 / 1024.0 / sockets;
    let (open, all) = (kib(open_mb), kib(server.resident_mb()?));
    table.add_figure(
        &format!("chat: {sockets} sockets, 5 chats each"),
        &format!("{all:.1} KiB a socket ({open:.1} signed in)"),
        "16 KiB",
    );
    table.add_note(&format!(
        "chat: statements a socket: {opening:.1} to sign in, {subscribing:.1} to subscribe \
         ({:.1} s and {:.1} s)",
        opened.took_ms / 1e3,
        listening.took_ms / 1e3
    ));
    if is_many {
        let (used, asked) = (processor_time::of(server.id())?, statements(server)?);
        thread::park_timeout(WATCHED);
        let seconds = WATCHED.as_secs_f64();
        let used = (processor_time::of(server.id())? - used).as_secs_f64() / seconds * 100.0;
        let asked = (statements(server)? - asked) / seconds;
        table.add_note(&format!(
            "chat: while they are idle: {used:.1} % of a core, {asked:.1} statements a second"
        ));
    }
    Ok(())
}
