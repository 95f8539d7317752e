//! Hours that somebody worked: parts of their task, with no rights of their own.

use orm::{ChangeSet, Decimal, Id, Many2One, Model, Result, Session, Verb, chrono::NaiveDate};
use users::User;

use crate::Task;

/// Hours that somebody worked on a task.
#[derive(Debug, Model)]
#[model(table = "time_entries", order = "task, -date", child_of = "task", touch)]
#[model(before = prepare)]
pub struct TimeEntry {
    /// What they worked on.
    pub task: Many2One<Task>,
    /// Who worked: whoever says so, where nobody is named.
    #[field(on_delete = "restrict", filled, index)]
    pub user: Many2One<User>,
    /// Today, where nobody says.
    #[field(filled)]
    pub date: NaiveDate,
    /// How long, on that day.
    #[field(min = 0, max = 24, scale = 2)]
    pub hours: Decimal,
    /// What was done.
    #[field(max = 200, search)]
    pub note: Option<String>,
}

async fn prepare(session: &Session, set: &mut ChangeSet<TimeEntry>) -> Result<()> {
    if set.verb() != Verb::Create {
        return Ok(());
    }
    let lacks: Vec<(bool, bool)> =
        set.iter().map(|it| (!it.names(TimeEntry::USER), !it.names(TimeEntry::DATE))).collect();
    for (at, (user, date)) in lacks.into_iter().enumerate() {
        if let (true, Some(asker)) = (user, session.asker_id()) {
            set.set_at(at, TimeEntry::USER.set(Id::new(asker)));
        }
        if date {
            set.set_at(at, TimeEntry::DATE.set(session.now().date_naive()));
        }
    }
    Ok(())
}
