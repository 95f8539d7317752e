//! The rows that the module cannot live without.

use artel_core::{Result, Session};
use orm::Model;

use crate::{MODULE, Unit};

/// Key and name of the units that every installation has.
pub(crate) const UNITS: [(&str, &str); 4] =
    [("piece", "шт. / pcs"), ("hour", "ч / h"), ("kilogram", "кг / kg"), ("set", "компл. / set")];

pub(crate) async fn fill(session: &Session) -> Result<()> {
    for (key, name) in UNITS {
        Unit::seeded(session, MODULE.name, key, [Unit::NAME.set(name)]).await?;
    }
    Ok(())
}
