//! The one way in which a module's route gives records out.
//!
//! **Invariant:** a record leaves without the fields that are closed to whoever asked: it writes
//! itself, and nothing else of it can be written.

use http::{HeaderValue, header::CONTENT_TYPE};
use orm::{Model, Record};
use poem::{IntoResponse, Response};
use poem_openapi::{
    ApiResponse,
    registry::{MetaMediaType, MetaResponse, MetaResponses, MetaSchemaRef, Registry},
};

use crate::{Error, http::openapi};

const JSON: &str = "application/json; charset=utf-8";

/// Something that is answered with 200.
#[derive(Debug)]
pub struct Answer<T>(pub T);

impl<M: Model> IntoResponse for Answer<Record<M>> {
    fn into_response(self) -> Response {
        let mut json = Vec::with_capacity(512);
        self.0.write_json(&mut json);
        of_json(json)
    }
}

impl<M: Model> IntoResponse for Answer<Vec<Record<M>>> {
    fn into_response(self) -> Response {
        let mut json = Vec::with_capacity(64 + 512 * self.0.len());
        json.extend(b"{\"data\":[");
        for (index, record) in self.0.iter().enumerate() {
            if index > 0 {
                json.push(b',');
            }
            record.write_json(&mut json);
        }
        json.extend(b"]}");
        of_json(json)
    }
}

fn of_json(json: Vec<u8>) -> Response {
    Response::builder().header(CONTENT_TYPE, HeaderValue::from_static(JSON)).body(json)
}

impl<M: Model> ApiResponse for Answer<Record<M>> {
    fn meta() -> MetaResponses {
        one(Some(200), "The record.", (JSON, openapi::record_schema(M::def())))
    }

    fn register(registry: &mut Registry) {
        openapi::describe(registry, M::def());
    }
}

impl<M: Model> ApiResponse for Answer<Vec<Record<M>>> {
    fn meta() -> MetaResponses {
        one(Some(200), "The records.", (JSON, openapi::records_schema(M::def())))
    }

    fn register(registry: &mut Registry) {
        openapi::describe(registry, M::def());
    }
}

impl ApiResponse for Error {
    fn meta() -> MetaResponses {
        let problem = MetaSchemaRef::Reference("Problem".to_owned());
        one(None, "What went wrong.", ("application/problem+json", problem))
    }

    fn register(registry: &mut Registry) {
        openapi::describe_problem(registry);
    }
}

/// One response; without a status, that of all which are not named.
fn one(
    status: Option<u16>,
    description: &'static str,
    (content_type, schema): (&'static str, MetaSchemaRef),
) -> MetaResponses {
    MetaResponses {
        responses: vec![MetaResponse {
            description,
            status,
            status_range: status.is_none().then(|| "default".to_owned()),
            content: vec![MetaMediaType { content_type, schema }],
            headers: Vec::new(),
        }],
    }
}
