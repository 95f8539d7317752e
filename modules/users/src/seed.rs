//! The rows that the module cannot live without.

use artel_core::{App, Error, Result, Session};
use orm::Model;

use crate::{Language, MODULE, first_administrator};

pub(crate) async fn fill(session: &Session) -> Result<()> {
    for (code, name) in [("en", "English"), ("ru", "Русский")] {
        let language = [Language::CODE.set(code), Language::NAME.set(name)];
        Language::seeded(session, MODULE.name, code, language).await?;
    }
    let app = session.host::<App>().ok_or_else(|| Error::broken("a seed without environment"))?;
    first_administrator::ensure(session, &app.settings).await
}
