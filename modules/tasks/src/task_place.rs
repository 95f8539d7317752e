//! Where a task may stand: its task above in the same project, none above itself, and done by
//! somebody who sees it.

use std::collections::{BTreeMap, BTreeSet};

use orm::{ChangeSet, Error, Id, Model, Result, Session, Verb, Violation, engine};

use crate::{Project, Task};

/// Asks it of tasks as they were written.
///
/// # Errors
/// Invalid, with every fault.
pub(crate) async fn check(session: &Session, set: &ChangeSet<Task>) -> Result<()> {
    let is_moved = set.names(Task::PROJECT) || set.names(Task::PARENT);
    let is_of_concern = is_moved || set.names(Task::ASSIGNEE);
    if set.verb() == Verb::Delete || !is_of_concern {
        return Ok(());
    }
    let system = session.as_system("place tasks");
    let mut faults = of_assignees(&system, set).await?;
    if is_moved {
        faults.extend(of_parents(&system, set).await?);
        if set.names(Task::PROJECT) && set.verb() == Verb::Update {
            faults.extend(of_subtasks(&system, set).await?);
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

/// Who does a task is of its project: nobody is given what they cannot see. Asked when either is
/// new; whoever has left the project since keeps what they have.
async fn of_assignees(system: &Session, set: &ChangeSet<Task>) -> Result<Vec<Violation>> {
    let mut given = Vec::new();
    for task in set.iter() {
        let (old, Some(new)) = (task.old()?, task.new()?) else { continue };
        let place = |it: &Task| (it.project.id(), it.assignee.map(|it| it.id()));
        if let (project, Some(assignee)) = place(&new)
            && old.as_ref().map(place) != Some(place(&new))
        {
            given.push((project, assignee));
        }
    }
    let people = people_of(system, given.iter().map(|it| it.0).collect()).await?;
    let is_stranger = |(project, assignee): &(Id<Project>, Id<users::User>)| {
        !people.get(&project.get()).is_some_and(|it| it.contains(&assignee.get()))
    };
    let strangers = given.iter().filter(|it| is_stranger(it));
    Ok(strangers.map(|_| Violation::at_pointer("/assignee_id", "not_in_project")).collect())
}

/// The manager and the members of each project.
async fn people_of(
    system: &Session,
    projects: Vec<Id<Project>>,
) -> Result<BTreeMap<i64, BTreeSet<i64>>> {
    if projects.is_empty() {
        return Ok(BTreeMap::new());
    }
    let model = system.schema().of_def(Project::def());
    let members = model.field(Project::MEMBERS.name());
    let members = members.ok_or_else(|| Error::broken("projects have no members"))?;
    let projects = Project::query(system).filter(Project::ID.one_of(projects)).all().await?;
    let ids: Vec<i64> = projects.iter().map(|it| it.id().get()).collect();
    let members = engine::linked(system, model, members, &ids).await?;
    let with_manager = projects.iter().zip(members).map(|(project, members)| {
        let people = members.into_iter().chain([project.manager.id().get()]);
        (project.id().get(), people.collect())
    });
    Ok(with_manager.collect())
}

/// The task above is of the same project, and not below.
///
/// The way up is held: of two who make a circle together, one waits for the other and finds it.
async fn of_parents(system: &Session, set: &ChangeSet<Task>) -> Result<Vec<Violation>> {
    let mut faults = Vec::new();
    for task in set.iter() {
        let (Some(id), Some(new)) = (task.id(), task.new()?) else { continue };
        let mut above = new.parent.map(|it| it.id());
        let mut is_first = true;
        let mut seen = BTreeSet::from([id]);
        while let Some(at) = above {
            if !seen.insert(at.get()) {
                faults.push(Violation::at_pointer("/parent_id", "own_subtask"));
                break;
            }
            let found = Task::query(system).filter(Task::ID.eq(at)).for_update().first().await?;
            let Some(found) = found else { break };
            if is_first && found.project.id() != new.project.id() {
                faults.push(Violation::at_pointer("/parent_id", "other_project"));
            }
            is_first = false;
            above = found.parent.map(|it| it.id());
        }
    }
    Ok(faults)
}

/// A task that moves to another project takes its subtasks with it in the same request, or has
/// none.
async fn of_subtasks(system: &Session, set: &ChangeSet<Task>) -> Result<Vec<Violation>> {
    let mut faults = Vec::new();
    let ids = set.ids().into_iter().map(Id::<Task>::new);
    let subtasks = Task::query(system).filter(Task::PARENT.one_of(ids)).all().await?;
    for subtask in subtasks {
        let Some(parent) = subtask.parent else { continue };
        let parent = set.of_id(parent.id()).map(|it| it.new()).transpose()?.flatten();
        if parent.is_some_and(|it| it.project.id() != subtask.project.id()) {
            faults.push(Violation::at_pointer("/project_id", "subtasks_elsewhere"));
        }
    }
    faults.dedup();
    Ok(faults)
}
