//! The rows that the module cannot live without.

use artel_core::{Result, Session};
use orm::{Id, Model};

use crate::{MODULE, TaskStage};

/// Key, name, and whether a task is done with there.
const STAGES: [(&str, &str, bool); 5] = [
    ("new", "Новая / New", false),
    ("work", "В работе / In work", false),
    ("review", "Проверка / Review", false),
    ("done", "Готова / Done", true),
    ("dropped", "Отменена / Dropped", true),
];

pub(crate) async fn fill(session: &Session) -> Result<()> {
    stages(session).await.map(drop)
}

/// The stages in their order; those that end a task are folded.
pub(crate) async fn stages(session: &Session) -> Result<Vec<Id<TaskStage>>> {
    let mut stages = Vec::with_capacity(STAGES.len());
    for ((key, name, closed), sequence) in STAGES.into_iter().zip(1..) {
        let stage = [
            TaskStage::NAME.set(name),
            TaskStage::SEQUENCE.set(sequence),
            TaskStage::FOLDED.set(closed),
            TaskStage::CLOSED.set(closed),
        ];
        stages.push(TaskStage::seeded(session, MODULE.name, key, stage).await?);
    }
    Ok(stages)
}
