//! Tasks are seen and changed by the people of their project; managers of tasks see all.
//!
//! Hours follow their task.

use artel_core::{Cond, Grant, ME, Model, Rights, access::EVERYONE};
use users::User;

use crate::{Project, Task, TaskStage, TaskTag};

const USER: &str = "tasks.user";
const MANAGER: &str = "tasks.manager";

pub(crate) fn rights(to: &mut Rights) {
    to.role(USER, "Tasks: those of own projects");
    to.role(MANAGER, "Tasks: manager").implies(&[USER]);

    to.grant::<Project>(USER, Grant::ALL);
    to.grant::<Task>(USER, Grant::ALL);
    to.grant::<TaskTag>(USER, Grant::READ);
    to.grant::<TaskTag>(MANAGER, Grant::ALL);
    to.grant::<TaskStage>(EVERYONE, Grant::READ);
    to.grant::<TaskStage>(MANAGER, Grant::ALL);

    let led = || Project::MANAGER.is(ME);
    let writing = Grant::CREATE | Grant::UPDATE | Grant::DELETE;
    to.rule("projects of one's own", &[USER], Grant::READ, led().or(Project::MEMBERS.some(me())));
    to.rule("projects that one leads", &[USER], writing, led());
    to.all_rows::<Project>("every project", &[MANAGER], Grant::ALL);

    let manager = Task::PROJECT.to(Project::MANAGER).is(ME);
    let member = Task::PROJECT.to(Project::MEMBERS).some(me());
    to.rule("tasks of one's projects", &[USER], Grant::ALL, manager.or(member));
    to.all_rows::<Task>("every task", &[MANAGER], Grant::ALL);
}

fn me() -> Cond<User> {
    User::ID.is(ME)
}
