//! Says at start what the rights of this installation amount to.

use std::sync::Arc;

use artel_core::{App, Phase, Result, Service};
use futures_util::future::BoxFuture;

pub(crate) struct SecurityService;

impl Service for SecurityService {
    fn name(&self) -> &'static str {
        "security"
    }

    fn phase(&self) -> Phase {
        Phase::BeforeRouter
    }

    fn depends(&self) -> &'static [&'static str] {
        &["database"]
    }

    fn start<'a>(&'a self, app: &'a Arc<App>) -> BoxFuture<'a, Result<()>> {
        Box::pin(async {
            let ungranted = app.rights.declared().ungranted(&app.schema);
            tracing::debug!(
                roles = app.rights.declared().roles.len(),
                ungranted = ungranted.join(", "),
                "rights are in force; models without a grant are for administrators"
            );
            Ok(())
        })
    }
}
