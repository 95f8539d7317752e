//! Two projects and those who work on them, arranged anew for each test.
//!
//! ```text
//! project   manager   members   task
//! Hall      ann       boris     Paint
//! Garden    clara     ann       Dig
//! ```

use artel_testing::{Client, Reply, TestApp, seen};
use orm::{Id, Model};
use serde_json::{Value, json};
use tasks::{Project, Task};
use users::User;

pub(crate) const TASKS: &str = "/api/v1/tasks";
pub(crate) const PROJECTS: &str = "/api/v1/projects";
pub(crate) const HOURS: &str = "/api/v1/time_entries";

pub(crate) struct Workshop {
    pub(crate) app: TestApp,
    /// `tasks.user`: leads one project, works on both.
    pub(crate) ann: Client,
    /// `tasks.user` of the hall.
    pub(crate) boris: Client,
    /// `tasks.user`, who leads the garden.
    pub(crate) clara: Client,
    /// `tasks.user` of no project.
    pub(crate) emil: Client,
    /// `tasks.manager`.
    pub(crate) diana: Client,
    /// Has no role of their own.
    pub(crate) grace: Client,
    pub(crate) hall: i64,
    pub(crate) garden: i64,
    pub(crate) paint: i64,
    pub(crate) dig: i64,
}

impl Workshop {
    pub(crate) async fn arrange() -> Self {
        let app = TestApp::start(&[auth_token::MODULE, tasks::MODULE]).await;
        let session = app.session();
        let user = async |login: &str| app.user_with(login, &["tasks.user"]).await;
        let (ann, boris) = (user("ann").await, user("boris").await);
        let (clara, emil) = (user("clara").await, user("emil").await);
        let diana = app.user_with("diana", &["tasks.manager"]).await;
        let grace = app.user("grace").await;
        let id = async |login: &str| id_of(&app, login).await;

        let project = async |name: &str, manager: &str, member: &str| {
            let project = [
                Project::NAME.set(name),
                Project::MANAGER.set(id(manager).await),
                Project::MEMBERS.add(&[id(member).await]),
            ];
            Project::create(&session, project).await.unwrap().id()
        };
        let hall = project("Hall", "ann", "boris").await;
        let garden = project("Garden", "clara", "ann").await;
        let task = async |name: &str, project: Id<Project>| {
            let task = [Task::NAME.set(name), Task::PROJECT.set(project)];
            Task::create(&session, task).await.unwrap().id().get()
        };
        let (paint, dig) = (task("Paint", hall).await, task("Dig", garden).await);
        let (hall, garden) = (hall.get(), garden.get());
        Self { app, ann, boris, clara, emil, diana, grace, hall, garden, paint, dig }
    }

    /// The key of a user.
    pub(crate) async fn user(&self, login: &str) -> i64 {
        id_of(&self.app, login).await.get()
    }

    /// The tasks that somebody sees by every path.
    pub(crate) async fn seen(&self, client: &Client) -> Vec<i64> {
        seen(client, "tasks", &[self.paint, self.dig]).await
    }

    /// A new task of Ann's.
    pub(crate) async fn task(&self, name: &str, project: i64, parent: Option<i64>) -> Reply {
        let task = json!({ "name": name, "project_id": project, "parent_id": parent });
        self.ann.post(TASKS, task).await
    }

    /// What becomes of a task that Ann changes.
    pub(crate) async fn change(&self, task: i64, changes: Value) -> String {
        let changed = self.ann.patch(&path(task), changes).await;
        if changed.is_success() { "done".to_owned() } else { changed.fault() }
    }
}

/// The path of a task.
pub(crate) fn path(task: i64) -> String {
    format!("{TASKS}/{task}")
}

async fn id_of(app: &TestApp, login: &str) -> Id<User> {
    let found = User::query(&app.session()).filter(User::LOGIN.eq(login)).first().await;
    found.unwrap().unwrap().id()
}
