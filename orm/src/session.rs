//! The only way to the data: a handle that carries who asks.
//!
//! **Invariant:** there is no `Session` without an asker, and no statement without a `Session`.
//! Work of the system is an asker too: its reason is counted, and logged once per session.

mod aftermath;
mod elevated;
mod kept;

use std::{
    any::Any,
    fmt,
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use chrono::{DateTime, Utc};
use tokio::sync::Notify;

use crate::{
    Access, Error, Outlook, PgType, Result, Schema, Scope, Value, Verb,
    filter::macro_moment,
    pg::{Conn, Failure, Lane, ParamType, Pool, Row, Savepoint, Statement, Transaction},
    schema::{FieldSet, ModelId, SchemaModel},
    session::{
        aftermath::{Aftermath, Deed},
        kept::Kept,
    },
    sql::TextCache,
};

pub use futures_util::future::BoxFuture;

pub use crate::session::elevated::Elevated;

/// Where the records are: a pool of connections, and the models in its tables.
#[derive(Clone)]
pub struct Database(Arc<DatabaseParts>);

struct DatabaseParts {
    pool: Pool,
    schema: Arc<Schema>,
    texts: TextCache,
    /// Rung when there is something new in the outbox.
    outbox_bell: Arc<Notify>,
    kept: Kept,
}

/// Who asks, and what a statement needs to know of them.
#[derive(Clone)]
pub struct Asker {
    /// Their rights.
    pub access: Arc<dyn Access>,
    /// The record that `created_by_id` will point at.
    pub id: Option<i64>,
    /// The language of texts: `en`.
    pub language: &'static str,
    /// The time of the request; every row that it writes carries it.
    pub now: DateTime<Utc>,
    /// Counts the statements of the request.
    pub statements: Arc<StatementCounter>,
    /// Whatever the framework wants to find again; see [`Session::host`].
    pub host: Arc<dyn Any + Send + Sync>,
}

/// How many statements a request has sent, and whether one of them changed what others keep a
/// copy of.
#[derive(Debug, Default)]
pub struct StatementCounter {
    sent: AtomicU64,
    has_signalled: AtomicBool,
}

/// The handle on the data of one asker.
#[derive(Clone)]
pub struct Session {
    source: Source,
    database: Database,
    asker: Arc<Asker>,
}

#[derive(Clone)]
enum Source {
    Pool,
    Tx(Arc<Running>),
}

/// A transaction, and what is known of it.
struct Running {
    transaction: Arc<Transaction>,
    aftermath: Aftermath,
    /// How many have written in it, or may have.
    writers: AtomicU64,
    attempt: Attempt,
    /// Whether something was left to the database.
    has_left_out: AtomicBool,
}

/// How an operation is tried in a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// Without looking for what the database finds by itself. It names one fault only, and not where
    /// that stands; so what has failed is tried again.
    Quick,
    /// Everything is looked for before it is written, and what is refused is found.
    Careful,
}

#[expect(
    clippy::large_enum_variant,
    reason = "it lives on the stack of one operation; a box would cost an allocation a statement"
)]
/// What runs the statements of one operation: a connection of the pool, or the transaction.
pub(crate) enum Link {
    Conn(Conn, Arc<StatementCounter>),
    Tx(Arc<Transaction>, Arc<StatementCounter>),
}

/// A session inside a transaction; the one that began it ends it.
///
/// Dropped unfinished, it takes its connection with it: nothing half-done is ever committed.
pub struct Tx {
    session: Session,
    ending: Ending,
}

/// What ends with a `Tx`.
enum Ending {
    Transaction(Arc<Running>),
    /// With how much there was to do after the commit when it began.
    Savepoint(Savepoint, Arc<Running>, usize),
}

impl Database {
    /// The tables of `schema` behind `pool`.
    pub fn new(pool: Pool, schema: Arc<Schema>) -> Self {
        let (texts, outbox_bell, kept) = (TextCache::default(), Arc::default(), Kept::default());
        Self(Arc::new(DatabaseParts { pool, schema, texts, outbox_bell, kept }))
    }

    /// The pool of connections.
    pub fn pool(&self) -> &Pool {
        &self.0.pool
    }

    /// The models.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.0.schema
    }

    /// Rung in this process when there is something new in the outbox.
    pub fn outbox_bell(&self) -> &Arc<Notify> {
        &self.0.outbox_bell
    }

    /// What a module keeps beside the database in this process: one of each type, made when it is
    /// first asked for. Every session reaches it, so hooks do.
    pub fn kept<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        self.0.kept.of()
    }

    pub(crate) fn texts(&self) -> &TextCache {
        &self.0.texts
    }
}

impl StatementCounter {
    /// The number so far.
    pub fn count(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Whether records of a model with a signal were written, committed or not.
    pub fn has_signalled(&self) -> bool {
        self.has_signalled.load(Ordering::Acquire)
    }

    pub(crate) fn note_signal(&self) {
        self.has_signalled.store(true, Ordering::Release);
    }

    fn add(&self) {
        self.sent.fetch_add(1, Ordering::Relaxed);
    }
}

impl Session {
    /// The session of an asker.
    pub fn new(database: &Database, asker: Asker) -> Self {
        Self { source: Source::Pool, database: database.clone(), asker: Arc::new(asker) }
    }

    /// A session of the system itself, which passes every right; `reason` says what it is for.
    pub fn system(database: &Database, reason: &'static str) -> Self {
        metrics::counter!("artel_system_sessions_total", "reason" => reason).increment(1);
        tracing::debug!(target: "artel::system", reason, "system session");
        Self::new(
            database,
            Asker {
                access: Arc::new(EveryRight),
                id: None,
                language: "en",
                now: Utc::now(),
                statements: Arc::default(),
                host: Arc::new(()),
            },
        )
    }

    /// The system inside the transaction of this asker, for what decides about a write and is
    /// none of the asker's business; the time and the counters stay theirs.
    #[must_use]
    pub fn as_system(&self, reason: &'static str) -> Self {
        metrics::counter!("artel_system_sessions_total", "reason" => reason).increment(1);
        self.asked_by(Asker { access: Arc::new(EveryRight), ..(*self.asker).clone() })
    }

    /// The same rights, in the name of a user: what is written carries their id.
    #[must_use]
    pub fn on_behalf_of(&self, id: i64) -> Self {
        self.asked_by(Asker { id: Some(id), ..(*self.asker).clone() })
    }

    /// The same asker at another time.
    #[must_use]
    pub fn at(&self, now: DateTime<Utc>) -> Self {
        self.asked_by(Asker { now, ..(*self.asker).clone() })
    }

    /// The same asker with another host value.
    #[must_use]
    pub fn with_host(&self, host: Arc<dyn Any + Send + Sync>) -> Self {
        self.asked_by(Asker { host, ..(*self.asker).clone() })
    }

    fn asked_by(&self, asker: Asker) -> Self {
        let (source, database) = (self.source.clone(), self.database.clone());
        Self { source, database, asker: Arc::new(asker) }
    }

    /// The database.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// The models.
    pub fn schema(&self) -> &Schema {
        &self.database.0.schema
    }

    /// The rights of the asker.
    pub fn access(&self) -> &dyn Access {
        &*self.asker.access
    }

    /// The record of the asker, if they are one.
    pub fn asker_id(&self) -> Option<i64> {
        self.asker.id
    }

    /// The language of texts.
    pub fn language(&self) -> &'static str {
        self.asker.language
    }

    /// The time of the request.
    pub fn now(&self) -> DateTime<Utc> {
        self.asker.now
    }

    /// The counter of the request's statements.
    pub fn statements(&self) -> &Arc<StatementCounter> {
        &self.asker.statements
    }

    /// What the framework put there, if it is of this type.
    pub fn host<T: Any>(&self) -> Option<&T> {
        self.asker.host.downcast_ref()
    }

    /// The rights of the asker, beside the models and the time.
    pub fn outlook(&self) -> Outlook<'_> {
        Outlook { schema: self.schema(), access: self.access(), now: self.now() }
    }

    /// The rows of a model that the asker may do `verb` with.
    pub(crate) fn scope(&self, model: &SchemaModel, verb: Verb) -> Scope {
        self.outlook().scope(model, verb)
    }

    /// What a macro stands for now; `name` is without its `@`.
    pub(crate) fn macro_value(&self, name: &str) -> Result<Value> {
        if let Some(moment) = macro_moment(name, self.now()) {
            return Ok(Value::DateTime(moment));
        }
        self.access()
            .parameter(name)
            .ok_or_else(|| Error::broken(format!("nothing is called @{name}")))
    }

    /// Begins a transaction; inside of one, a nested one that survives its own failure.
    ///
    /// # Errors
    /// When no connection is to be had.
    pub async fn begin(&self) -> Result<Tx> {
        self.begin_as(Attempt::Careful).await
    }

    /// The same for one operation; a nested transaction is tried as the one around it.
    pub(crate) async fn begin_as(&self, attempt: Attempt) -> Result<Tx> {
        let (source, ending) = match &self.source {
            Source::Pool => {
                let conn = self.database.pool().acquire().await?;
                let running = Arc::new(Running::begin(conn, attempt));
                (Source::Tx(running.clone()), Ending::Transaction(running))
            }
            Source::Tx(outer) => {
                let savepoint = outer.transaction.savepoint().await?;
                let begun = outer.aftermath.len();
                (self.source.clone(), Ending::Savepoint(savepoint, outer.clone(), begun))
            }
        };
        Ok(Tx { session: Self { source, ..self.clone() }, ending })
    }

    /// Runs `body` in a transaction: committed when it gives `Ok`, rolled back otherwise.
    ///
    /// # Errors
    /// That of `body`, or that of the commit.
    pub async fn transaction<T, E: From<Error>>(
        &self,
        body: impl AsyncFnOnce(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut tx = self.begin().await?;
        match body(&mut tx).await {
            Ok(it) => {
                tx.commit().await?;
                Ok(it)
            }
            Err(error) => {
                tx.rollback().await?;
                Err(error)
            }
        }
    }

    /// Whether it is the system's own.
    pub fn is_system(&self) -> bool {
        self.access().fingerprint() == EveryRight::FINGERPRINT
    }

    /// From now on, what was done in the transaction around it can only be undone.
    pub(crate) fn doom(&self) {
        if let Source::Tx(running) = &self.source {
            running.transaction.fail();
        }
    }

    /// Whether the operation may leave it to the database to find a fault; if so, it does.
    pub(crate) fn leaves_to_database(&self) -> bool {
        let Source::Tx(running) = &self.source else { return false };
        let is_quick = running.attempt == Attempt::Quick;
        running.has_left_out.fetch_or(is_quick, Ordering::AcqRel);
        is_quick
    }

    /// Whether a fault may be another than it would be if everything had been looked for.
    pub(crate) fn has_left_out(&self) -> bool {
        let has_left_out = |it: &Running| it.has_left_out.load(Ordering::Acquire);
        matches!(&self.source, Source::Tx(running) if has_left_out(running))
    }

    /// Notes that somebody writes in the transaction around it, or may.
    pub(crate) fn note_writer(&self) {
        if let Source::Tx(running) = &self.source {
            running.writers.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many have written in the transaction around it, or may have.
    pub(crate) fn writers(&self) -> u64 {
        match &self.source {
            Source::Pool => 0,
            Source::Tx(running) => running.writers.load(Ordering::Relaxed),
        }
    }

    /// Whether it is inside a transaction.
    pub fn is_in_transaction(&self) -> bool {
        matches!(self.source, Source::Tx(..))
    }

    /// The same asker outside of any transaction.
    pub(crate) fn outside(&self) -> Self {
        Self { source: Source::Pool, ..self.clone() }
    }

    /// Has something done once the outermost transaction around it stands, and not at all if it is
    /// undone; without one, at once. Nobody waits for it, and it is done once at most: what must
    /// not be lost is a message of the outbox.
    pub fn after_commit(&self, deed: impl FnOnce() -> BoxFuture<'static, ()> + Send + 'static) {
        let deed: Deed = Box::new(deed);
        match &self.source {
            Source::Pool => aftermath::run(vec![deed]),
            Source::Tx(running) => running.aftermath.add(deed),
        }
    }

    /// Rows of a statement of one's own, as lists of texts; on sessions of the system only.
    ///
    /// For what no model says: settings of the server, figures for operators. Every use stands
    /// in a list that a test compares.
    ///
    /// # Errors
    /// Denied for anyone but the system.
    pub async fn sql(
        &self,
        text: &'static str,
        params: &[&str],
    ) -> Result<Vec<Vec<Option<String>>>> {
        if !self.is_system() {
            return Err(Error::denied());
        }
        let types = vec![ParamType::one(PgType::Text); params.len()];
        let params: Vec<Value> = params.iter().map(|it| Value::Text((*it).to_owned())).collect();
        self.note_writer();
        // A text that stands in the code comes again, and all that it leaves open are its values.
        let statement = Statement { sql: text, lane: Lane::ByKey, params: &params, types: &types };
        let rows = self.link().await?.fetch(&statement).await?;
        let texts = |row: &Row| (0..row.len()).map(|at| row.optional_text(at)).collect();
        rows.iter().map(texts).collect()
    }

    pub(crate) async fn link(&self) -> Result<Link> {
        let counter = self.asker.statements.clone();
        match &self.source {
            Source::Pool => Ok(Link::Conn(self.database.pool().acquire().await?, counter)),
            Source::Tx(running) => Ok(Link::Tx(running.transaction.clone(), counter)),
        }
    }
}

impl Running {
    fn begin(conn: Conn, attempt: Attempt) -> Self {
        Self {
            transaction: Arc::new(Transaction::begin(conn)),
            aftermath: Aftermath::default(),
            writers: AtomicU64::new(0),
            attempt,
            has_left_out: AtomicBool::new(false),
        }
    }
}

impl Link {
    pub(crate) async fn fetch(&self, statement: &Statement<'_>) -> Result<Vec<Row>, Failure> {
        match self {
            Self::Conn(conn, counter) => {
                counter.add();
                conn.fetch(statement).await
            }
            Self::Tx(transaction, counter) => {
                counter.add();
                transaction.fetch(statement).await
            }
        }
    }
}

impl Tx {
    /// Makes what it did permanent.
    ///
    /// # Errors
    /// When a statement of it failed, whether or not that error was looked at: such a
    /// transaction cannot be committed.
    pub async fn commit(self) -> Result<()> {
        match self.ending {
            Ending::Transaction(it) => {
                it.transaction.commit().await?;
                it.aftermath.begin();
                Ok(())
            }
            Ending::Savepoint(it, outer, begun) => {
                let released = it.release().await;
                Ok(released.inspect_err(|_| outer.aftermath.go_back(begun))?)
            }
        }
    }

    /// Undoes what it did.
    ///
    /// # Errors
    /// When the connection is gone; what it did is undone all the same.
    pub async fn rollback(self) -> Result<()> {
        match self.ending {
            Ending::Transaction(it) => it.transaction.rollback().await,
            Ending::Savepoint(it, outer, begun) => {
                outer.aftermath.go_back(begun);
                Ok(it.roll_back().await?)
            }
        }
    }
}

impl Deref for Tx {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Session of {:?}", self.asker.id)
    }
}

/// The rights of the system itself.
struct EveryRight;

impl EveryRight {
    /// No checker's: those are counted from zero.
    const FINGERPRINT: u64 = u64::MAX;
}

impl Access for EveryRight {
    fn scope(&self, _: ModelId, _: Verb) -> Scope {
        Scope::All
    }

    fn readable(&self, _: ModelId) -> Option<Arc<FieldSet>> {
        None
    }

    fn writable(&self, _: ModelId) -> Option<Arc<FieldSet>> {
        None
    }

    fn parameter(&self, _: &str) -> Option<Value> {
        None
    }

    fn fingerprint(&self) -> u64 {
        Self::FINGERPRINT
    }
}
