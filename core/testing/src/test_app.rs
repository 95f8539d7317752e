//! An environment that serves for one test, and those who ask it.

use std::{fmt::Display, fs, net::SocketAddr, path::PathBuf, sync::Arc};

use artel_core::{
    App, Clock, Environment, Module, Running, Session, Settings,
    auth::NewAccount,
    demo::Unwatched,
    settings::{ExposeSecret, Source},
};

use crate::{Client, TestCluster, TestDb};

/// An environment on a database and a port of its own.
pub struct TestApp {
    running: Running,
    settings: Settings,
    /// None where another environment has brought it.
    database: Option<TestDb>,
    url: String,
    guest: Client,
}

/// What a test wants of its environment.
#[derive(Default)]
pub struct TestAppBuilder {
    settings: Vec<(String, String)>,
    clock: Option<Clock>,
    demo: bool,
}

impl TestApp {
    /// An environment of these modules and of all that they depend on.
    pub async fn start(modules: &[Module]) -> Self {
        Self::builder().start(modules).await
    }

    /// An environment with something special.
    pub fn builder() -> TestAppBuilder {
        TestAppBuilder::default()
    }

    /// Nobody: no token.
    pub fn guest(&self) -> Client {
        self.guest.clone()
    }

    /// Somebody who has just signed in and has no role of their own.
    pub async fn user(&self, login: &str) -> Client {
        self.user_with(login, &[]).await
    }

    /// Somebody who has just signed in, with these roles. Made if there is no such user.
    pub async fn user_with(&self, login: &str, roles: &[&str]) -> Client {
        self.ensure_account(login, false).await;
        let session = self.session();
        for role in roles {
            let changed = session
                .sql(
                    "insert into users__roles (source_id, target_id) \
                     select u.id, r.id from users u, roles r where u.login = $1 and r.name = $2 \
                     on conflict (source_id, target_id) \
                     do update set source_id = excluded.source_id returning source_id::text",
                    &[login, *role],
                )
                .await
                .expect("a role can be given");
            assert_eq!(changed.len(), 1, "there is no role `{role}`");
        }
        self.sign_in(login).await
    }

    /// An administrator.
    pub async fn admin(&self) -> Client {
        self.ensure_account("root", true).await;
        self.sign_in("root").await
    }

    /// A session that passes every right, for arranging rows.
    pub fn session(&self) -> Session {
        let database = self.app().database().expect("the database is open while the test runs");
        Session::system(database, "test").with_host(self.app().clone())
    }

    /// What the environment shares.
    pub fn app(&self) -> &Arc<App> {
        self.running.app()
    }

    /// Where its records are.
    pub fn database_url(&self) -> &str {
        &self.url
    }

    /// The database that it has brought; the test fails if another environment has.
    pub fn database(&self) -> &TestDb {
        self.database.as_ref().expect("the environment that was started first has the database")
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.running.address()
    }

    /// Loads demo data that has not been loaded.
    pub async fn seed_demo(&self) {
        self.running.seed_demo().await.expect("demo data can be loaded");
    }

    /// Loads the many rows that modules have for a measurement; the modules that had some.
    pub async fn seed_large_demo(&self) -> Vec<&'static str> {
        let loaded = self.running.seed_large_demo(&Unwatched).await;
        loaded.expect("demo data can be loaded")
    }

    /// Another environment of these modules on the same database, as a second process would be.
    /// Stop it first.
    pub async fn beside(&self, modules: &[Module]) -> Self {
        run((self.settings.clone(), self.url.clone()), modules, None).await
    }

    /// The same database under these modules, as the next version of a program would find it.
    pub async fn restart(self, modules: &[Module]) -> Self {
        self.running.stop().await;
        let next = run((self.settings, self.url), modules, None).await;
        Self { database: self.database, ..next }
    }

    /// Ends it and takes its database away.
    pub async fn stop(self) {
        self.running.stop().await;
        if let Some(database) = self.database {
            // Most tests keep no files.
            let _ = fs::remove_dir_all(data_dir_of(&self.url));
            database.drop().await;
        }
    }

    async fn ensure_account(&self, login: &str, is_admin: bool) {
        let accounts = self.app().accounts().expect("a test that has users lists their module");
        let session = self.session();
        let known = accounts.by_login(&session, login).await.expect("users can be read");
        if known.is_none() {
            let (login, name) = (login.to_owned(), login.to_owned());
            let new = NewAccount { login, name, password: None, is_admin };
            accounts.create(&session, new).await.expect("a user can be made");
        }
    }

    /// Makes a token and its login session, without the cost of a password.
    async fn sign_in(&self, login: &str) -> Client {
        let authenticator = self.app().authenticator().expect("signing in has started");
        let signed_in = authenticator.admit(login).await.expect("the user can sign in");
        self.guest.with_token(signed_in.token.expose_secret())
    }
}

impl TestAppBuilder {
    /// Sets a setting, under the name that the environment would have.
    #[must_use]
    pub fn setting(mut self, name: &str, value: impl Display) -> Self {
        self.settings.push((name.to_owned(), value.to_string()));
        self
    }

    /// A clock of the test's own.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = Some(clock);
        self
    }

    /// With demo data.
    #[must_use]
    pub fn demo(mut self) -> Self {
        self.demo = true;
        self
    }

    /// Starts it.
    pub async fn start(self, modules: &[Module]) -> TestApp {
        let plan = Environment::closure_of(settings(&self.settings, None), modules).plan();
        let plan = plan.unwrap_or_else(|faults| panic!("{faults}"));
        let database = TestDb::of(&plan.schema).await;
        let url = database.url().to_owned();
        let app = self.start_on(url, modules).await;
        TestApp { database: Some(database), ..app }
    }

    /// Starts it in a cluster of the test's own.
    pub async fn start_in(self, cluster: &TestCluster, modules: &[Module]) -> TestApp {
        let plan = Environment::closure_of(settings(&self.settings, None), modules).plan();
        let plan = plan.unwrap_or_else(|faults| panic!("{faults}"));
        let database = TestDb::in_cluster(cluster, &plan.schema).await;
        let url = database.url().to_owned();
        let app = self.start_on(url, modules).await;
        TestApp { database: Some(database), ..app }
    }

    /// Starts it on the database of another one, as a second process would; stop it first.
    pub async fn start_beside(self, other: &TestApp, modules: &[Module]) -> TestApp {
        self.start_on(other.url.clone(), modules).await
    }

    /// The same with the address of the database said, which may be that of a proxy before it.
    pub async fn start_on(self, url: String, modules: &[Module]) -> TestApp {
        let settings = settings(&self.settings, Some(&url));
        let app = run((settings, url), modules, self.clock).await;
        if self.demo {
            app.seed_demo().await;
        }
        app
    }
}

/// An environment on the database that the settings name.
async fn run(
    (settings, url): (Settings, String),
    modules: &[Module],
    clock: Option<Clock>,
) -> TestApp {
    let mut environment = Environment::closure_of(settings.clone(), modules);
    if let Some(clock) = clock {
        environment = environment.clock(clock);
    }
    let running = environment.start().await.unwrap_or_else(|error| panic!("{error}"));
    let guest = Client::guest(running.address());
    TestApp { running, settings, database: None, url, guest }
}

/// Where the files of a database are: the same for all who use it, and no other's.
fn data_dir_of(url: &str) -> PathBuf {
    let path = url.split('?').next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    std::env::temp_dir().join("artel-tests").join(name)
}

/// The settings of a test under those that it sets itself.
fn settings(own: &[(String, String)], database_url: Option<&str>) -> Settings {
    let usual = [
        ("ARTEL_MODE", "development"),
        ("ARTEL_HTTP__LISTEN", "127.0.0.1:0"),
        ("ARTEL_AUTH__SECRET", "a secret that only tests know and that is long enough"),
        ("ARTEL_AUTH__ADMIN_PASSWORD", "a password that only tests know"),
        ("ARTEL_POOL__SIZE", "4"),
        ("ARTEL_LOG__LEVEL", "warn"),
        ("DATABASE_URL", database_url.unwrap_or_default()),
    ];
    let data_dir = data_dir_of(database_url.unwrap_or_default());
    let data_dir = data_dir.to_str().expect("directories of tests have plain names");
    let usual = usual.into_iter().chain([("ARTEL_DATA_DIR", data_dir)]);
    let own = own.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let source = Source::of(usual.chain(own));
    Settings::read(&source).unwrap_or_else(|faults| panic!("{faults}"))
}
