//! Tasks: what is to be done in a project, by whom, until when, and the hours that went into it.
//!
//! Owns the tables `projects`, `tasks`, `time_entries`, `task_stages` and `task_tags`.
//!
//! **Invariant:** a task is seen by the people of its project: its manager and its members. A
//! subtask is in the project of its task.

mod project;
mod task;
mod task_stage;
mod task_tag;
mod time_entry;

mod task_place;

mod access;

mod demo;
mod seed;

use artel_core::{Module, Setup, Texts};

pub use crate::{
    project::{Project, ProjectStatus},
    task::{Task, TaskPriority},
    task_stage::TaskStage,
    task_tag::TaskTag,
    time_entry::TimeEntry,
};

/// The module.
pub const MODULE: Module =
    Module { name: "tasks", depends: &[&security::MODULE, &users::MODULE], setup };

fn setup(to: &mut Setup) {
    to.rights(access::rights)
        .seed(|session| Box::pin(seed::fill(session)))
        .demo(|session| Box::pin(demo::fill(session)))
        .large_demo(|session, progress| Box::pin(demo::fill_large(session, progress)))
        .texts(Texts { en: include_str!("../i18n/en.ftl"), ru: include_str!("../i18n/ru.ftl") });
}
