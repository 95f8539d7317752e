//! How the connections of a pool are opened, and which of them may be used again.
//!
//! Around the driver pool's own opener: it sets up each session, and when one connection finds a
//! kept statement out of date, all others let go of theirs before they are used again.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use deadpool::managed::{Manager, Metrics, RecycleResult};
use tokio_postgres::SimpleQueryMessage;

use crate::pg::{connection::Connection, tls::Tls};

/// A transaction whose owner has gone quiet holds its locks no longer than this.
const IDLE_IN_TRANSACTION_MS: u32 = 60_000;
/// How often the server looks whether the asker of a running statement is still there.
const CLIENT_CHECK_MS: u32 = 1_000;

/// Opens the connections of one pool.
pub(super) struct Connections {
    opener: deadpool_postgres::Manager,
    tls: Tls,
    session: String,
    statement_timeout: Duration,
    plans: PlanAge,
    /// What the server allows all its clients together; 0 until it was asked.
    server_max: AtomicUsize,
}

/// Counts the times that plans were found out of date; shared by the connections of a pool.
#[derive(Clone, Default)]
pub(super) struct PlanAge(Arc<AtomicU64>);

impl PlanAge {
    pub(super) fn now(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }

    /// All plans made until now are out of date.
    pub(super) fn outdate(&self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }
}

impl Connections {
    pub(super) fn new(
        opener: deadpool_postgres::Manager,
        tls: Tls,
        statement_timeout: Duration,
    ) -> Self {
        Self {
            opener,
            tls,
            session: session(statement_timeout),
            statement_timeout,
            plans: PlanAge::default(),
            server_max: AtomicUsize::new(0),
        }
    }

    /// What the server allows all its clients together, once a connection has asked it.
    pub(super) fn server_max(&self) -> Option<usize> {
        match self.server_max.load(Ordering::Acquire) {
            0 => None,
            found => Some(found),
        }
    }

    fn note_server_max(&self, answer: &[SimpleQueryMessage]) {
        let found = answer.iter().find_map(|it| match it {
            SimpleQueryMessage::Row(row) => row.get("max_connections")?.parse().ok(),
            _ => None,
        });
        if let Some(found) = found {
            self.server_max.store(found, Ordering::Release);
        }
    }
}

impl Manager for Connections {
    type Type = Connection;
    type Error = tokio_postgres::Error;

    async fn create(&self) -> Result<Connection, tokio_postgres::Error> {
        let client = self.opener.create().await?;
        self.note_server_max(&client.simple_query(&self.session).await?);
        let (tls, plans) = (self.tls.clone(), self.plans.clone());
        Ok(Connection::new(client, tls, plans, self.statement_timeout))
    }

    async fn recycle(
        &self,
        connection: &mut Connection,
        metrics: &Metrics,
    ) -> RecycleResult<tokio_postgres::Error> {
        connection.let_go_of_outdated_plans();
        self.opener.recycle(&mut connection.client, metrics).await
    }

    fn detach(&self, connection: &mut Connection) {
        self.opener.detach(&mut connection.client);
    }
}

/// What every session is told when it begins, in one round trip.
///
/// Servers before 14, and those on some systems, cannot look after their clients: the block
/// swallows that refusal.
fn session(statement_timeout: Duration) -> String {
    // To the server, a time-out of zero is none.
    let statement_timeout_ms = statement_timeout.as_millis().max(1);
    format!(
        "SET TimeZone = 'UTC';
         SET statement_timeout = {statement_timeout_ms};
         SET idle_in_transaction_session_timeout = {IDLE_IN_TRANSACTION_MS};
         DO $$ BEGIN
           PERFORM set_config('client_connection_check_interval', '{CLIENT_CHECK_MS}', false);
         EXCEPTION WHEN OTHERS THEN NULL; END $$;
         SELECT current_setting('max_connections') AS max_connections"
    )
}
