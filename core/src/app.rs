//! What one running environment shares: settings, schema, database, rights, texts, clock.
//!
//! **Invariant:** no globals. Several environments can run in one process.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use chrono::{DateTime, Utc};
use orm::{Database, Schema};

use crate::{
    Error, Result, Settings, access::RightsStore, auth, file_store::FileStore,
    http::socket::Sockets, i18n::Texts,
};

/// The state of one environment, from the start of its services to their end.
pub struct App {
    /// What was configured.
    pub settings: Arc<Settings>,
    /// Every model of the listed modules.
    pub schema: Arc<Schema>,
    /// Who may do what.
    pub rights: RightsStore,
    /// Texts in every language.
    pub texts: Arc<Texts>,
    /// The clock; tests set their own.
    pub clock: Clock,
    /// Those that are open.
    pub(crate) sockets: Sockets,
    pub(crate) files: OnceLock<FileStore>,
    pub(crate) database: OnceLock<Database>,
    pub(crate) auth: OnceLock<Arc<auth::Authenticator>>,
    pub(crate) accounts: Option<Arc<dyn auth::Accounts>>,
    pub(crate) login_sessions: Option<Arc<dyn auth::LoginSessions>>,
}

/// Where the time is asked from.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl App {
    /// The database, once its service has started.
    ///
    /// # Errors
    /// Unavailable before that.
    pub fn database(&self) -> Result<&Database> {
        self.database.get().ok_or_else(|| Error::unavailable("the database has not started yet"))
    }

    /// For the service that opens it; a second one is ignored.
    pub fn provide_database(&self, database: Database) {
        let _ = self.database.set(database);
    }

    /// Where modules keep files: made in the data directory when it is first asked for.
    ///
    /// # Errors
    /// Unavailable when the directory cannot be made.
    pub fn files(&self) -> Result<&FileStore> {
        if let Some(files) = self.files.get() {
            return Ok(files);
        }
        let opened = FileStore::open(&self.settings.data_dir.join("files"))?;
        Ok(self.files.get_or_init(|| opened))
    }

    /// What turns a token into whoever asks, once its service has started.
    ///
    /// # Errors
    /// Unavailable before that.
    pub fn authenticator(&self) -> Result<&Arc<auth::Authenticator>> {
        self.auth.get().ok_or_else(|| Error::unavailable("signing in has not started yet"))
    }

    /// Who the users are.
    ///
    /// # Errors
    /// When no module keeps users.
    pub fn accounts(&self) -> Result<&dyn auth::Accounts> {
        let accounts = self.accounts.as_deref();
        accounts.ok_or_else(|| Error::broken("no module keeps users; list one that does"))
    }

    /// For the service that makes it; a second one is ignored.
    pub fn provide_authenticator(&self, authenticator: Arc<auth::Authenticator>) {
        let _ = self.auth.set(authenticator);
    }
}

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Self {
        Self(Arc::new(Utc::now))
    }

    /// A clock of one's own.
    pub fn of(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The time.
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
