//! What tasks are done for, and the people who do them.

use orm::{ChangeSet, Id, Many2Many, Many2One, Model, Result, Selection, Session, Verb};
use users::User;

/// Something that people work on together.
#[derive(Debug, Model)]
#[model(table = "projects", display = "name", order = "name", archivable, before = prepare)]
pub struct Project {
    #[field(max = 200, search)]
    pub name: String,
    /// Who leads it: whoever makes it, where nobody says.
    #[field(on_delete = "restrict", filled, index)]
    pub manager: Many2One<User>,
    /// Those who see its tasks and work on them.
    pub members: Many2Many<User>,
    #[field(default = ProjectStatus::Active)]
    pub status: ProjectStatus,
    /// Whether it is still worked on.
    #[field(default = true)]
    pub active: bool,
}

/// How a project is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Selection)]
pub enum ProjectStatus {
    Planned,
    Active,
    Paused,
    Done,
}

async fn prepare(session: &Session, set: &mut ChangeSet<Project>) -> Result<()> {
    let Some(asker) = session.asker_id().filter(|_| set.verb() == Verb::Create) else {
        return Ok(());
    };
    let lacks: Vec<bool> = set.iter().map(|it| !it.names(Project::MANAGER)).collect();
    for (at, _) in lacks.into_iter().enumerate().filter(|it| it.1) {
        set.set_at(at, Project::MANAGER.set(Id::new(asker)));
    }
    Ok(())
}
