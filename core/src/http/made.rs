//! The answer of a route that makes something only where it is not there yet.

use http::StatusCode;
use poem::{IntoResponse, Response};
use poem_openapi::{
    ApiResponse,
    registry::{MetaResponses, Registry},
};

use crate::http::created::{Created, created};

/// It was made, or it was there: 201 or 200.
#[derive(Debug)]
pub enum Made<T> {
    /// It was made.
    New(Created<T>),
    /// It was there.
    Found(T),
}

impl<T> Made<T> {
    /// What is at this path behind the prefix of the API.
    pub fn of((what, is_new): (T, bool), path: String) -> Self {
        if is_new { Self::New(Created { what, path }) } else { Self::Found(what) }
    }
}

impl<T: IntoResponse> IntoResponse for Made<T> {
    fn into_response(self) -> Response {
        match self {
            Self::New(created) => created.into_response(),
            Self::Found(what) => what.into_response(),
        }
    }
}

impl<T: ApiResponse> ApiResponse for Made<T> {
    fn meta() -> MetaResponses {
        let found = T::meta().responses.into_iter().map(|mut it| {
            it.description = "It was there already.";
            it.status = Some(StatusCode::OK.as_u16());
            it
        });
        MetaResponses { responses: [created::<T>()].into_iter().chain(found).collect() }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}
