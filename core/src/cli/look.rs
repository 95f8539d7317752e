//! Commands that look at a database and change nothing in it.

use orm::{
    Session,
    migrate::{self, Found},
};

use crate::{
    Error,
    cli::{Project, failure::Failure, serve::runtime},
    environment::Opened,
    settings::SchemaChange,
};

/// Opens the database as it is, if it has the tables of this program, and looks.
pub(crate) fn look<T>(
    project: &Project,
    look: impl AsyncFnOnce(&Opened, &Session) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let environment = project.quiet_environment(SchemaChange::Leave)?;
    runtime()?.block_on(async {
        let opened = environment.open().await?;
        let seen = async {
            let database = opened.app().database()?;
            let found = migrate::inspect(database.pool(), &opened.app().schema).await;
            if found.map_err(Error::from)? != Found::Current {
                return Err(Failure::new(
                    "the database has not the tables of this program; \
                     `artel migrate --status` says what is missing",
                ));
            }
            let session = Session::system(database, "look at rights");
            look(&opened, &session.with_host(opened.app().clone())).await
        };
        let seen = seen.await;
        opened.stop().await;
        seen
    })
}
