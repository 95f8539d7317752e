//! Words that tasks are grouped by, whatever their projects.

use orm::Model;

/// A word to find tasks by.
#[derive(Debug, Model)]
#[model(table = "task_tags", display = "name", order = "name")]
pub struct TaskTag {
    #[field(max = 40, unique, search)]
    pub name: String,
}
