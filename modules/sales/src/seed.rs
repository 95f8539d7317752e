//! The rows that the module cannot live without.

use artel_core::{Result, Session};
use orm::{Decimal, Id, Model};

use crate::{MODULE, SaleStage, Tax};

/// Key, name, and whether nothing more happens there.
const STAGES: [(&str, &str, bool); 5] = [
    ("draft", "Черновик / Draft", false),
    ("offer", "Предложение / Offer", false),
    ("order", "Заказ / Order", false),
    ("done", "Выполнен / Done", true),
    ("cancelled", "Отменён / Cancelled", true),
];

/// Key, name, per cent.
const TAXES: [(&str, &str, i64); 3] = [
    ("vat20", "НДС 20 % / VAT 20 %", 20),
    ("vat10", "НДС 10 % / VAT 10 %", 10),
    ("vat0", "Без НДС / No VAT", 0),
];

pub(crate) async fn fill(session: &Session) -> Result<()> {
    stages(session).await?;
    taxes(session).await?;
    Ok(())
}

/// The stages in their order; those that end a sale are folded.
pub(crate) async fn stages(session: &Session) -> Result<Vec<Id<SaleStage>>> {
    let mut stages = Vec::with_capacity(STAGES.len());
    for ((key, name, closed), sequence) in STAGES.into_iter().zip(1..) {
        let stage = [
            SaleStage::NAME.set(name),
            SaleStage::SEQUENCE.set(sequence),
            SaleStage::FOLDED.set(closed),
            SaleStage::CLOSED.set(closed),
        ];
        stages.push(SaleStage::seeded(session, MODULE.name, key, stage).await?);
    }
    Ok(stages)
}

/// The taxes, the highest first.
pub(crate) async fn taxes(session: &Session) -> Result<Vec<Id<Tax>>> {
    let mut taxes = Vec::with_capacity(TAXES.len());
    for (key, name, percent) in TAXES {
        let tax = [Tax::NAME.set(name), Tax::PERCENT.set(Decimal::from(percent))];
        taxes.push(Tax::seeded(session, MODULE.name, key, tax).await?);
    }
    Ok(taxes)
}
