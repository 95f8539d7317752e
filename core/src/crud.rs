//! The generated routes of every model: request → run → reply.
//!
//! Knows what a request asks of a model and how the answer looks, and nothing of the web
//! framework: `http/generated.rs` brings the one to the other.

mod access;
mod conditional;
mod create;
mod defaults;
mod delete;
mod describe;
mod expand;
mod history;
mod list;
mod list_page;
mod list_query;
mod onchange;
mod order;
mod query_string;
mod read;
mod search;
mod selection;
mod update;

mod bulk;
mod delete_where;
mod update_where;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use orm::{
    RouteSet, Schema,
    schema::{ModelId, SchemaModel},
};

use crate::{Ctx, Result};

pub(crate) use crate::crud::{
    expand::{DEPTH_MAX as EXPAND_DEPTH_MAX, RELATIONS_MAX as EXPAND_RELATIONS_MAX},
    list_query::{LIMIT_MAX, LIMIT_USUAL, OFFSET_MAX},
};

/// A request to a generated route.
pub(crate) struct Request<'a> {
    pub(crate) ctx: &'a Ctx,
    /// The model; `/models` has none.
    pub(crate) model: Option<ModelId>,
    /// The record that the path names.
    pub(crate) id: i64,
    /// The query string, still encoded.
    pub(crate) query: &'a str,
    pub(crate) headers: &'a HeaderMap,
    /// Empty for operations without one.
    pub(crate) body: Bytes,
}

/// An answer of a generated route.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    /// JSON, or empty.
    pub(crate) body: Vec<u8>,
    pub(crate) etag: Option<String>,
    pub(crate) location: Option<String>,
    /// Whether `Prefer: return=minimal` was followed.
    pub(crate) is_minimal: bool,
}

/// What can be done with a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    List,
    Search,
    Find,
    Create,
    Update,
    Delete,
    UpdateWhere,
    DeleteWhere,
    Describe,
    Defaults,
    Onchange,
    Access,
    History,
    Models,
}

/// A generated route.
pub(crate) struct Generated {
    /// Below the prefix of the API: `/products/{id}`.
    pub(crate) path: String,
    pub(crate) method: Method,
    pub(crate) operation: Operation,
    pub(crate) model: Option<ModelId>,
}

impl Operation {
    const OF_MODELS: [Self; 13] = [
        Self::List,
        Self::Search,
        Self::Find,
        Self::Create,
        Self::Update,
        Self::Delete,
        Self::UpdateWhere,
        Self::DeleteWhere,
        Self::Describe,
        Self::Defaults,
        Self::Onchange,
        Self::Access,
        Self::History,
    ];

    /// Whether it has a body.
    pub(crate) fn has_body(self) -> bool {
        let is_bulk = matches!(self, Self::UpdateWhere | Self::DeleteWhere);
        is_bulk || matches!(self, Self::Search | Self::Create | Self::Update | Self::Onchange)
    }

    /// Whether its path names a record.
    pub(crate) fn has_id(self) -> bool {
        matches!(self, Self::Find | Self::Update | Self::Delete | Self::Access | Self::History)
    }

    /// Whether it leaves everything as it is.
    pub(crate) fn only_reads(self) -> bool {
        matches!(
            self,
            Self::List | Self::Search | Self::Find | Self::Describe | Self::Access | Self::History
        )
    }

    fn method(self) -> Method {
        match self {
            Self::Search
            | Self::Create
            | Self::UpdateWhere
            | Self::DeleteWhere
            | Self::Onchange => Method::POST,
            Self::Update => Method::PATCH,
            Self::Delete => Method::DELETE,
            Self::List
            | Self::Find
            | Self::Describe
            | Self::Defaults
            | Self::Access
            | Self::History
            | Self::Models => Method::GET,
        }
    }

    /// The path behind the name of the collection.
    fn path(self) -> &'static str {
        match self {
            Self::List | Self::Create | Self::Models => "",
            Self::Search => "/search",
            Self::Find | Self::Update | Self::Delete => "/{id}",
            Self::UpdateWhere => "/update_where",
            Self::DeleteWhere => "/delete_where",
            Self::Describe => "/schema",
            Self::Defaults => "/defaults",
            Self::Onchange => "/onchange",
            Self::Access => "/{id}/access",
            Self::History => "/{id}/history",
        }
    }

    /// Does it.
    pub(crate) async fn run(self, request: &Request<'_>) -> Result<Reply> {
        match self {
            Self::List => list::list(request).await,
            Self::Search => search::search(request).await,
            Self::Find => read::find(request).await,
            Self::Create => create::create(request).await,
            Self::Update => update::update(request).await,
            Self::Delete => delete::delete(request).await,
            Self::UpdateWhere => update_where::update_where(request).await,
            Self::DeleteWhere => delete_where::delete_where(request).await,
            Self::Describe => describe::describe(request),
            Self::Defaults => defaults::defaults(request),
            Self::Onchange => onchange::onchange(request).await,
            Self::Access => access::explain(request).await,
            Self::History => history::history(request).await,
            Self::Models => describe::models(request),
        }
    }
}

/// The generated routes of a schema.
pub(crate) fn routes(schema: &Schema) -> Vec<Generated> {
    let of_model = |model: &SchemaModel| {
        let (table, id, routes) = (model.def.table, model.id, model.def.routes);
        let keeps_history = model.def.history.is_some();
        let has = move |it: &Operation| match routes {
            _ if *it == Operation::History && !keeps_history => false,
            RouteSet::All => true,
            RouteSet::Reading => it.only_reads(),
            RouteSet::Changing => it.only_reads() || *it == Operation::Update,
            RouteSet::None => false,
        };
        Operation::OF_MODELS.into_iter().filter(has).map(move |operation| Generated {
            path: format!("/{table}{}", operation.path()),
            method: operation.method(),
            operation,
            model: Some(id),
        })
    };
    let models = Generated {
        path: "/models".to_owned(),
        method: Method::GET,
        operation: Operation::Models,
        model: None,
    };
    schema.models().iter().flat_map(of_model).chain([models]).collect()
}

impl<'a> Request<'a> {
    /// The model that the path names.
    ///
    /// # Errors
    /// On a route without one, which is a fault of ours.
    fn model(&self) -> Result<&'a SchemaModel> {
        let model = self.model.map(|it| self.ctx.schema().model(it));
        model.ok_or_else(|| crate::Error::broken("a route without its model"))
    }
}

impl Reply {
    /// A JSON answer.
    fn ok(body: Vec<u8>) -> Self {
        Self { body, ..Self::empty(StatusCode::OK) }
    }

    /// An answer without a body.
    fn empty(status: StatusCode) -> Self {
        Self { status, body: Vec::new(), etag: None, location: None, is_minimal: false }
    }
}
