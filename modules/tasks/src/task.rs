//! One thing to do, with its subtasks and the hours that went into it.

use orm::{
    ChangeSet, Computed, Decimal, Many, Many2Many, Many2One, Model, One2Many, Result, Selection,
    Session, Verb, chrono::NaiveDate,
};
use users::User;

use crate::{Project, TaskStage, TaskTag, TimeEntry, task_place};

/// Something to do.
#[derive(Debug, Model)]
#[model(table = "tasks", display = "name", order = "-id", scope_index = "project")]
#[model(archivable, history = "730 days", before = prepare, after = check)]
pub struct Task {
    #[field(max = 200, search)]
    pub name: String,
    /// What it is done for; its people see the task.
    #[field(on_delete = "restrict")]
    pub project: Many2One<Project>,
    /// How far it has come: the first stage, where nobody says.
    #[field(on_delete = "restrict", filled)]
    pub stage: Many2One<TaskStage>,
    /// The task of the same project that it is a part of.
    #[field(on_delete = "set_null", index)]
    pub parent: Option<Many2One<Self>>,
    /// Who does it: the manager or a member of the project.
    #[field(on_delete = "set_null", index)]
    pub assignee: Option<Many2One<User>>,
    #[field(default = TaskPriority::Normal)]
    pub priority: TaskPriority,
    /// Words to find it by.
    pub tags: Many2Many<TaskTag>,
    /// The day by which it is done.
    #[field(index)]
    pub due: Option<NaiveDate>,
    /// How long it should take.
    #[field(min = 0, max = 100_000, scale = 2)]
    pub planned_hours: Option<Decimal>,
    /// When somebody worked on it.
    #[field(inverse = "task")]
    pub time_entries: One2Many<TimeEntry>,
    /// How long it has taken.
    #[field(compute = sum(time_entries.hours), stored, scale = 2)]
    pub spent_hours: Computed<Decimal>,
    /// Whether there is still something to do with it.
    #[field(default = true)]
    pub active: bool,
    #[field(max = 10_000, heavy)]
    pub notes: Option<String>,
}

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Selection)]
pub enum TaskPriority {
    Low,
    Normal,
    High,
    Urgent,
}

fn sum(of_entries: Many<Decimal>) -> Decimal {
    of_entries.into_iter().sum()
}

async fn prepare(session: &Session, set: &mut ChangeSet<Task>) -> Result<()> {
    if set.verb() != Verb::Create || set.iter().all(|it| it.names(Task::STAGE)) {
        return Ok(());
    }
    let system = session.as_system("begin tasks");
    let Some(first) = TaskStage::query(&system).order(TaskStage::SEQUENCE).first().await? else {
        return Ok(());
    };
    let lacks: Vec<bool> = set.iter().map(|it| !it.names(Task::STAGE)).collect();
    for (at, _) in lacks.into_iter().enumerate().filter(|it| it.1) {
        set.set_at(at, Task::STAGE.set(first.id()));
    }
    Ok(())
}

async fn check(session: &Session, set: &ChangeSet<Task>) -> Result<()> {
    task_place::check(session, set).await
}
