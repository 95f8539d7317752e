//! The rows that the module cannot live without.

use artel_core::{Result, Session};
use orm::{Id, Model};

use crate::{MODULE, Unit};

pub(crate) const PIECE: SeededUnit = SeededUnit { key: "piece", name: "шт. / pcs" };
pub(crate) const HOUR: SeededUnit = SeededUnit { key: "hour", name: "ч / h" };
pub(crate) const KILOGRAM: SeededUnit = SeededUnit { key: "kilogram", name: "кг / kg" };
pub(crate) const SET: SeededUnit = SeededUnit { key: "set", name: "компл. / set" };

/// A unit that every installation has.
#[derive(Clone, Copy)]
pub(crate) struct SeededUnit {
    key: &'static str,
    name: &'static str,
}

pub(crate) async fn fill(session: &Session) -> Result<()> {
    for it in [PIECE, HOUR, KILOGRAM, SET] {
        unit(session, it).await?;
    }
    Ok(())
}

/// The record of a unit, whatever an administrator has made of it since.
pub(crate) async fn unit(session: &Session, it: SeededUnit) -> Result<Id<Unit>> {
    Ok(Unit::seeded(session, MODULE.name, it.key, [Unit::NAME.set(it.name)]).await?)
}
