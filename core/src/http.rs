//! The face to the network: the server, what every request passes, routes, problems, documents.
//!
//! The only place that names `poem`. A module writes its own routes with the re-exported
//! [`poem_openapi`] and answers with [`Answer`]; it never sees a status.

mod server;
mod front;
mod middleware;
mod trace;

pub(crate) mod api;
mod json_shape;
pub(crate) mod method_table;
mod extract;
mod visitor;
mod answer;
mod no_content;
mod problem;

mod generated;

pub(crate) mod openapi;
mod cached_file;
mod docs_page;
mod health;
mod metering;

pub use poem_openapi;

pub use crate::http::{
    answer::Answer,
    api::Api,
    front::{Front, Routes},
    health::Readiness,
    middleware::Origins,
    no_content::NoContent,
    server::{ServeOutcome, Server, ServerOptions},
    trace::RequestTrace,
    visitor::Visitor,
};
pub(crate) use crate::http::extract::{app_of, read_body, trace_of};

/// Where the routes of the API are.
pub(crate) const API_PREFIX: &str = "/api/v1";
