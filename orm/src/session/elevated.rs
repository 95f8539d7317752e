//! More than the asker's rights for one purpose, under a rule of theirs.
//!
//! **Invariant:** the record is held before anybody is asked about it: whoever loses the right in
//! the meantime is judged without it.

use crate::{
    Cond, Error, Id, Model, Record, Result, Session,
    sql::{self, Question},
};

/// A record that is held, and a session that may do with it what its asker may not.
pub struct Elevated<M> {
    /// The record as it stands, which nobody else changes before the transaction ends.
    pub record: Record<M>,
    /// Passes every right, inside the transaction and in the name of the asker: what it writes
    /// carries their id.
    pub session: Session,
}

impl Session {
    /// Lifts the rights of the asker for one purpose, which `reason` names: a record that they may
    /// see is locked, and must pass a rule. To be called inside a transaction; each use stands in a
    /// list that a test compares.
    ///
    /// # Errors
    /// Denied without a grant to read the model, or when the record does not pass the rule;
    /// missing when the asker cannot see it.
    pub async fn elevate<M: Model>(
        &self,
        reason: &'static str,
        id: impl Into<Id<M>>,
        rule: Cond<M>,
    ) -> Result<Elevated<M>> {
        if !self.is_in_transaction() {
            return Err(Error::broken("rights are lifted inside a transaction: begin one"));
        }
        let (id, model) = (id.into(), self.schema().of_def(M::def()));
        let system = self.as_system(reason);
        let held = sql::judge(&system, model, vec![id.get()], Question::locked(&[]))?;
        system.link().await?.fetch(&held.statement()).await?;
        // A rule that looks at other records is asked when this one is held: what a statement sees
        // that waited for it is as old as its beginning.
        let passes = M::query(self).filter(M::ID.eq(id).and(rule)).first().await?;
        if let Some(record) = passes {
            return Ok(Elevated { record, session: system });
        }
        let is_seen = M::query(self).filter(M::ID.eq(id)).exists().await?;
        Err(if is_seen { Error::denied() } else { Error::missing() })
    }
}
