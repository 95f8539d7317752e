//! One connection to PostgreSQL, the statements it keeps, and the two lanes over it.
//!
//! Knows nothing of pools, deadlines and transactions.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use deadpool_postgres::ClientWrapper;
use futures_util::TryStreamExt;
use tokio_postgres::RowStream;

use crate::pg::{
    Failure, Lane, Row, Statement, cancel,
    connections::PlanAge,
    kept::{Kept, Known},
    tls::Tls,
};

/// An open connection.
pub(super) struct Connection {
    pub(super) client: ClientWrapper,
    pub(super) statement_timeout: Duration,
    tls: Tls,
    plans: PlanAge,
    kept: Mutex<KeptPlans>,
}

struct KeptPlans {
    statements: Kept<tokio_postgres::Statement>,
    age: u64,
}

impl Connection {
    pub(super) fn new(
        client: ClientWrapper,
        tls: Tls,
        plans: PlanAge,
        statement_timeout: Duration,
    ) -> Self {
        let kept = Mutex::new(KeptPlans { statements: Kept::new(), age: plans.now() });
        Self { client, statement_timeout, tls, plans, kept }
    }

    /// Sends a statement through its lane. A kept statement that is out of date is let go, here
    /// and on every other connection, and fails as stale.
    pub(super) async fn run(&self, statement: &Statement<'_>) -> Result<Vec<Row>, Failure> {
        statement.lane.count();
        let prepared = match statement.lane {
            Lane::ByKey => self.prepared(statement).await?,
            Lane::Fresh => None,
        };
        let Some(prepared) = prepared else { return self.run_fresh(statement).await };
        let values = statement.bound().map(|(value, _)| value);
        let answer = match self.client.query_raw(&prepared, values).await {
            Ok(stream) => collect(stream).await,
            Err(error) => Err(error),
        };
        answer.map_err(|error| {
            let failure = Failure::from(error).of_kept();
            if failure.is_stale() {
                self.kept().statements.let_go(statement.sql);
                self.plans.outdate();
            }
            failure
        })
    }

    /// Sends a statement to be planned with its values, in one round trip.
    pub(super) async fn run_fresh(&self, statement: &Statement<'_>) -> Result<Vec<Row>, Failure> {
        let stream = self.client.query_typed_raw(statement.sql, statement.bound()).await?;
        Ok(collect(stream).await?)
    }

    /// Sends statements without parameters, in one round trip.
    pub(super) async fn run_batch(&self, sql: &str) -> Result<(), Failure> {
        Ok(self.client.batch_execute(sql).await?)
    }

    /// The prepared form of a text that has come before.
    async fn prepared(
        &self,
        statement: &Statement<'_>,
    ) -> Result<Option<tokio_postgres::Statement>, Failure> {
        let known = self.kept().statements.look_up(statement.sql, statement.types);
        match known {
            Known::First => Ok(None),
            Known::Prepared(it) => Ok(Some(it)),
            Known::Again => {
                let types = statement.wire_types();
                let prepared = self.client.prepare_typed(statement.sql, &types).await?;
                self.kept().statements.keep(statement.sql, statement.types, prepared.clone());
                Ok(Some(prepared))
            }
        }
    }

    /// Lets go of kept statements when some connection has found one out of date since.
    pub(super) fn let_go_of_outdated_plans(&self) {
        let mut kept = self.kept();
        let age = self.plans.now();
        if kept.age != age {
            kept.age = age;
            kept.statements.let_go_of_all();
        }
    }

    /// Asks the server to stop what this connection is doing; it must not be used again.
    pub(super) fn cancel(&self) {
        cancel::cancel(self.client.cancel_token(), self.tls.clone());
    }

    fn kept(&self) -> MutexGuard<'_, KeptPlans> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn collect(stream: RowStream) -> Result<Vec<Row>, tokio_postgres::Error> {
    stream.map_ok(Row).try_collect().await
}
