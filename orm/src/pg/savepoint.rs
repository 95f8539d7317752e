//! A transaction within a transaction: what fails in it can be undone alone.

use std::sync::{Arc, atomic::Ordering};

use crate::pg::{Failure, Transaction};

/// A place in a transaction to go back to.
///
/// **Invariant:** one that is dropped, neither released nor gone back to, fails the transaction
/// around it: half of something must not be committed.
pub(crate) struct Savepoint {
    transaction: Arc<Transaction>,
    name: String,
    is_done: bool,
}

impl Transaction {
    /// Marks the place where it stands now.
    pub(crate) async fn savepoint(self: &Arc<Self>) -> Result<Savepoint, Failure> {
        let name = format!("nested_{}", self.savepoints.fetch_add(1, Ordering::Relaxed));
        self.step(self.conn.command(&format!("SAVEPOINT {name}"))).await?;
        Ok(Savepoint { transaction: self.clone(), name, is_done: false })
    }
}

impl Savepoint {
    /// Keeps what was done since, as a part of the transaction around it.
    ///
    /// # Errors
    /// When a statement has failed since; what was done is undone then.
    pub(crate) async fn release(mut self) -> Result<(), Failure> {
        if self.transaction.is_failed() {
            self.roll_back().await?;
            return Err(Failure::not_sent(
                "a statement of this nested transaction failed and its error was dropped; \
                 return the error",
            ));
        }
        let release = format!("RELEASE SAVEPOINT {}", self.name);
        self.transaction.step(self.transaction.conn.command(&release)).await?;
        self.is_done = true;
        Ok(())
    }

    /// Undoes what was done since, failures included.
    ///
    /// # Errors
    /// When a statement was abandoned: nothing can be said behind one that still runs.
    pub(crate) async fn roll_back(mut self) -> Result<(), Failure> {
        let conn = &self.transaction.conn;
        if conn.is_busy() {
            return Err(Failure::not_sent("a statement of this nested transaction still runs"));
        }
        let name = &self.name;
        conn.command(&format!("ROLLBACK TO SAVEPOINT {name}; RELEASE SAVEPOINT {name}")).await?;
        self.transaction.recover();
        self.is_done = true;
        Ok(())
    }
}

impl Drop for Savepoint {
    fn drop(&mut self) {
        if !self.is_done {
            self.transaction.fail();
        }
    }
}
