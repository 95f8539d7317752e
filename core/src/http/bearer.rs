//! Whoever sends a request with an access token, for routes that a token may open and something
//! else may too.

use poem::{Request, RequestBody};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions, registry::Registry};

use crate::{Ctx, Result, http::extract::ctx_of};

/// Who asks according to the access token, or why it says nobody.
pub struct Bearer(pub Result<Ctx>);

impl<'a> ApiExtractor<'a> for Bearer {
    const TYPES: &'static [ApiExtractorType] = Ctx::TYPES;

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        Ctx::register(registry);
    }

    fn security_schemes() -> Vec<&'static str> {
        Ctx::security_schemes()
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        Ok(Self(ctx_of(request).await))
    }
}
