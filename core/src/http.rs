//! The face to the network: the server, what every request passes, routes, problems, documents.
//!
//! The only place that names `poem`. A module writes its own routes with the re-exported
//! [`poem_openapi`] and answers with [`Answer`]; it never sees a status.

mod front;
mod middleware;
mod server;
mod trace;

mod answer;
pub(crate) mod api;
mod bearer;
mod choice;
mod created;
mod download;
mod extract;
mod json_shape;
mod made;
pub(crate) mod method_table;
mod moment;
mod no_content;
mod not_null;
mod problem;
mod refresh_cookie;
mod upload;
mod visitor;

mod generated;

pub mod socket;

mod asyncapi;
mod cached_file;
mod docs_page;
mod health;
mod metering;
pub(crate) mod openapi;
mod page;

pub use poem_openapi::{self, OpenApi};

pub use crate::http::{
    answer::Answer,
    api::Api,
    bearer::Bearer,
    choice::Choice,
    created::Created,
    download::{Download, content_type_of},
    front::{Front, ModuleRoutes, Routes},
    health::Readiness,
    made::Made,
    middleware::Origins,
    moment::Moment,
    no_content::NoContent,
    not_null::NotNull,
    page::Page,
    problem::{Sentence, in_a_sentence},
    refresh_cookie::{CookieChange, RefreshCookie, WithCookie},
    server::{ServeOutcome, Server, ServerOptions},
    trace::RequestTrace,
    upload::Upload,
    visitor::Visitor,
};
pub(crate) use crate::http::{
    extract::{app_of, read_body, trace_of},
    problem::{code_of, violation_text},
};

/// Where the routes of the API are.
pub(crate) const API_PREFIX: &str = "/api/v1";
