//! The answer of a route that has made something.

use http::{
    StatusCode,
    header::{HeaderValue, LOCATION},
};
use poem::{IntoResponse, Response};
use poem_openapi::{
    ApiResponse,
    registry::{MetaHeader, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry},
};

use crate::http::API_PREFIX;

/// It was made: 201, and where it is.
#[derive(Debug)]
pub struct Created<T> {
    /// What was made, as it is answered.
    pub what: T,
    /// Its path behind the prefix of the API: `/chats/7`.
    pub path: String,
}

impl<T: IntoResponse> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        let mut response = self.what.into_response();
        response.set_status(StatusCode::CREATED);
        // A path of ours is made of words and numbers.
        if let Ok(place) = HeaderValue::try_from(format!("{API_PREFIX}{}", self.path)) {
            response.headers_mut().insert(LOCATION, place);
        }
        response
    }
}

impl<T: ApiResponse> ApiResponse for Created<T> {
    fn meta() -> MetaResponses {
        MetaResponses { responses: vec![created::<T>()] }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

/// What is said of a 201 with a body as that of `T`.
pub(super) fn created<T: ApiResponse>() -> MetaResponse {
    let location = MetaHeader {
        name: LOCATION.as_str().to_owned(),
        description: Some("Where it is.".to_owned()),
        required: true,
        deprecated: false,
        schema: MetaSchemaRef::Inline(Box::new(MetaSchema::new("string"))),
    };
    let content = T::meta().responses.into_iter().next().map(|it| it.content);
    MetaResponse {
        description: "It was made.",
        status: Some(StatusCode::CREATED.as_u16()),
        status_range: None,
        content: content.unwrap_or_default(),
        headers: vec![location],
    }
}
