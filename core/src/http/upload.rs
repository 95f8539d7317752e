//! The body of a request that is a file: read piece by piece, never held in memory.

use std::io;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use poem::{Request, RequestBody};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaMediaType, MetaRequest},
};

use crate::{
    Error, Result,
    http::{download::binary, middleware::BodyLimit},
};

/// A file on its way in. What the client says that it is does not matter.
pub struct Upload {
    body: poem::Body,
    limit: Option<BodyLimit>,
}

impl Upload {
    /// Its pieces; an error instead of the one with which it has more bytes than `limit`.
    pub fn pieces(self, limit: u64) -> impl Stream<Item = Result<Bytes>> + Send {
        if let Some(of_request) = &self.limit {
            of_request.raise_to(limit);
        }
        self.body.into_bytes_stream().map(|piece| piece.map_err(fault))
    }
}

/// What the guard of the body refuses is its error; else the client went away.
fn fault(fault: io::Error) -> Error {
    match fault.downcast::<Error>() {
        Ok(error) => error,
        Err(fault) => orm::Error::bad_json(format!("it broke off: {fault}")).into(),
    }
}

impl<'a> ApiExtractor<'a> for Upload {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn request_meta() -> Option<MetaRequest> {
        let content = MetaMediaType { content_type: "application/octet-stream", schema: binary() };
        Some(MetaRequest { description: None, content: vec![content], required: true })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        // A request without a body has nothing to be limited.
        let limit = request.data::<BodyLimit>().cloned();
        Ok(Self { body: body.take()?, limit })
    }
}
