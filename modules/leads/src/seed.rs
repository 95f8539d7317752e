//! The rows that the module cannot live without.

use artel_core::{Result, Session};
use orm::{Id, Model};

use crate::{LeadStage, MODULE};

/// Key, name, and whether a lead is decided there.
const STAGES: [(&str, &str, bool); 5] = [
    ("new", "Новый / New", false),
    ("talks", "Переговоры / In talks", false),
    ("offer", "Предложение / Offer", false),
    ("won", "Выигран / Won", true),
    ("lost", "Проигран / Lost", true),
];

pub(crate) async fn fill(session: &Session) -> Result<()> {
    stages(session).await.map(drop)
}

/// The stages in their order.
pub(crate) async fn stages(session: &Session) -> Result<Vec<Id<LeadStage>>> {
    let mut stages = Vec::with_capacity(STAGES.len());
    for ((key, name, closed), sequence) in STAGES.into_iter().zip(1..) {
        let stage = [
            LeadStage::NAME.set(name),
            LeadStage::SEQUENCE.set(sequence),
            LeadStage::CLOSED.set(closed),
        ];
        stages.push(LeadStage::seeded(session, MODULE.name, key, stage).await?);
    }
    Ok(stages)
}
