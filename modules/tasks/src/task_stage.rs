//! The columns of a board of tasks, from the left; some of them end it.

use orm::Model;

/// How far a task can have come.
#[derive(Debug, Model)]
#[model(table = "task_stages", display = "name", order = "sequence")]
pub struct TaskStage {
    #[field(max = 60, unique, search)]
    pub name: String,
    /// Its place among the others, from the left.
    #[field(default = 0, min = 0)]
    pub sequence: i32,
    /// Whether a board shows it folded.
    #[field(default = false)]
    pub folded: bool,
    /// Whether a task that is here is done with.
    #[field(default = false)]
    pub closed: bool,
}
