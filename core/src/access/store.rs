//! The rights that are in force: read from where they are kept, and read again when they change.
//!
//! **Invariant:** whoever knows of a change never gets rights from before it.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use orm::{Filter, Schema, Session, engine, schema::SchemaModel};
use tokio::sync::Mutex;

use crate::{
    Error, Result,
    access::{CompiledRights, DeclaredRights, RightsSource, checker::Lists},
};

/// The rights of one environment.
pub struct RightsStore {
    schema: Arc<Schema>,
    declared: Arc<DeclaredRights>,
    source: Option<Arc<dyn RightsSource>>,
    current: RwLock<Option<Arc<CompiledRights>>>,
    /// Held while they are read, so that many who miss them read them once.
    reading: Mutex<()>,
}

impl RightsStore {
    /// A store that has read nothing yet; without a source, what is declared is all there is.
    pub fn new(
        schema: Arc<Schema>,
        declared: Arc<DeclaredRights>,
        source: Option<Arc<dyn RightsSource>>,
    ) -> Self {
        let current = source.is_none().then(|| Arc::new(declared.compiled(&schema)));
        let current = RwLock::new(current);
        Self { schema, declared, source, current, reading: Mutex::new(()) }
    }

    /// What modules declare.
    pub fn declared(&self) -> &DeclaredRights {
        &self.declared
    }

    /// The rights as of this change or a later one. Those of a later one are read again too: a
    /// counter that went back is of a database that was restored.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn at_least(&self, session: &Session, version: i64) -> Result<Arc<CompiledRights>> {
        let Some(source) = &self.source else {
            return self.current().ok_or_else(|| Error::broken("there are no rights"));
        };
        let is_enough = |it: &Arc<CompiledRights>| it.version() == version;
        if let Some(current) = self.current().filter(is_enough) {
            return Ok(current);
        }
        let _reading = self.reading.lock().await;
        if let Some(current) = self.current().filter(is_enough) {
            return Ok(current);
        }
        let rows = source.load(session).await?;
        if rows.version < version {
            return Err(Error::unavailable("rights are older than those that were seen already"));
        }
        let compiled = Arc::new(CompiledRights::of(&rows, &self.declared, &self.schema));
        for fault in compiled.faults() {
            tracing::error!(version = rows.version, "a right does not fit and closes: {fault}");
        }
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(compiled.clone());
        Ok(compiled)
    }

    /// The rights as they stand now, whatever was read before.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn latest(&self, session: &Session) -> Result<Arc<CompiledRights>> {
        let Some(source) = &self.source else { return self.at_least(session, 0).await };
        let rows = source.load(session).await?;
        Ok(Arc::new(CompiledRights::of(&rows, &self.declared, &self.schema)))
    }

    /// What the filter of a rule says, as rules are read.
    ///
    /// # Errors
    /// Of the filter, at `/filter`.
    pub fn rule(&self, model: &SchemaModel, text: &str) -> orm::Result<Filter> {
        self.declared.macros.rule(&self.schema, model, text)
    }

    /// What the list macros of modules stand for, for each of these users.
    ///
    /// # Errors
    /// When the tables cannot be read.
    pub(crate) async fn lists(
        &self,
        session: &Session,
        users: &[i64],
    ) -> Result<HashMap<i64, Lists>> {
        let mut lists: HashMap<i64, Lists> = HashMap::new();
        for list in &self.declared.macros.lists {
            for user in users {
                lists.entry(*user).or_default().entry(list.name).or_default();
            }
            let model = self.schema.of_def(list.model);
            let pairs = engine::leading_to(session, model, list.field, users).await?;
            for (record, user) in pairs {
                lists.entry(user).or_default().entry(list.name).or_default().push(record);
            }
        }
        Ok(lists)
    }

    fn current(&self) -> Option<Arc<CompiledRights>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl fmt::Debug for RightsStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version = self.current().map(|it| it.version());
        f.debug_struct("RightsStore").field("version", &version).finish_non_exhaustive()
    }
}
