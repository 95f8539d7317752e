//! What a module's route checks before its handler runs: parameters it does not know, and the
//! shape of its body. Both are read off its own description, so neither can be forgotten.
//!
//! **Invariant:** nothing that a client sends is ignored.

use std::{collections::HashMap, io, sync::Arc};

use futures_util::stream;
use http::Method;
use orm::Violation;
use poem::{
    Body, Endpoint, EndpointExt, Request, Response, endpoint::BoxEndpoint,
    middleware::CookieJarManager,
};
use poem_openapi::{
    __private::UrlQuery,
    registry::{MetaOperation, MetaParamIn, MetaPath, MetaSchemaRef},
};

use crate::{
    Error, ErrorKind, Result,
    http::{
        extract::{collect, ctx_of, is_json},
        json_shape::Shapes,
        method_table::Content,
    },
};

/// The operations of a document, by path and method.
pub(super) struct Operations(HashMap<(String, Method), Operation>);

/// One operation.
#[derive(Clone)]
pub(super) struct Operation {
    /// With the names of its parameters: `/products/{id}/archive`.
    pub(super) path: String,
    pub(super) content: Content,
    checks: Arc<Checks>,
}

struct Checks {
    parameters: Vec<QueryParameter>,
    body: Option<MetaSchemaRef>,
    shapes: Arc<Shapes>,
    /// Whether the handler wants to know who asks.
    is_personal: bool,
}

struct QueryParameter {
    name: String,
    is_list: bool,
}

impl Operations {
    pub(super) fn of(paths: &[MetaPath], shapes: &Arc<Shapes>) -> Self {
        let mut all = HashMap::new();
        for path in paths {
            for operation in &path.operations {
                let key = (numbered(&path.path), operation.method.clone());
                all.insert(key, Operation::of(&path.path, operation, shapes));
            }
        }
        Self(all)
    }

    /// The operation of a route, by the path as the macro writes it: `/products/:param0/archive`.
    /// A hidden route has no description, and so nothing that could be checked.
    pub(super) fn find(&self, path: &str, method: &Method) -> Operation {
        let known = self.0.get(&(numbered(path), method.clone()));
        known.cloned().unwrap_or_else(|| Operation {
            path: path.to_owned(),
            content: Content::Any,
            checks: Arc::new(Checks {
                parameters: Vec::new(),
                body: None,
                shapes: Arc::default(),
                is_personal: false,
            }),
        })
    }
}

impl Operation {
    fn of(path: &str, meta: &MetaOperation, shapes: &Arc<Shapes>) -> Self {
        let in_query = meta.params.iter().filter(|it| it.in_type == MetaParamIn::Query);
        let parameters = in_query.map(|it| QueryParameter {
            name: it.name.clone(),
            is_list: matches!(&it.schema, MetaSchemaRef::Inline(it) if it.ty == "array"),
        });
        let is_json = |it: &&str| it.starts_with("application/json");
        let bodies = meta.request.iter().flat_map(|it| &it.content);
        let body = bodies.filter(|it| is_json(&it.content_type)).map(|it| it.schema.clone()).next();
        let mut answers = meta.responses.responses.iter().flat_map(|it| &it.content);
        let gives_only_json = answers.all(|it| {
            it.content_type.starts_with("application/") && it.content_type.contains("json")
        });
        Self {
            path: path.to_owned(),
            content: if gives_only_json { Content::Json } else { Content::Any },
            checks: Arc::new(Checks {
                parameters: parameters.collect(),
                body,
                shapes: Arc::clone(shapes),
                is_personal: !meta.security.is_empty(),
            }),
        }
    }

    /// The same endpoint behind the checks.
    pub(super) fn around(&self, endpoint: BoxEndpoint<'static>) -> BoxEndpoint<'static> {
        let checked = CheckedOperation { inner: endpoint, checks: Arc::clone(&self.checks) };
        checked.with(CookieJarManager::new()).boxed()
    }
}

struct CheckedOperation {
    inner: BoxEndpoint<'static>,
    checks: Arc<Checks>,
}

impl Endpoint for CheckedOperation {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let query = match self.checks.query(&request) {
            Ok(query) => query,
            // Who may not ask at all is told that first.
            Err(fault) if self.checks.is_personal => {
                ctx_of(&request).await?;
                return Err(fault.into());
            }
            Err(fault) => return Err(fault.into()),
        };
        request.extensions_mut().insert(UrlQuery(query));
        if self.checks.body.is_some() {
            self.checks.watch_body(&mut request);
        }
        self.inner.call(request).await
    }
}

impl Checks {
    /// The parameters of a request, each known, and once unless it is a list.
    fn query(&self, request: &Request) -> Result<Vec<(String, String)>> {
        let Some(text) = request.uri().query().filter(|it| !it.is_empty()) else {
            return Ok(Vec::new());
        };
        let refused = |name: &str, code| Error::bad_parameter(Violation::at_parameter(name, code));
        let query: Vec<(String, String)> =
            request.params().map_err(|_| refused(text, "bad_parameter"))?;
        for (at, (name, _)) in query.iter().enumerate() {
            let Some(known) = self.parameters.iter().find(|it| it.name == *name) else {
                return Err(refused(name, "unknown_parameter"));
            };
            if !known.is_list && query[..at].iter().any(|(earlier, _)| earlier == name) {
                return Err(refused(name, "bad_parameter"));
            }
        }
        Ok(query)
    }

    /// Lets the body through once it has the described shape. It is read when the handler asks
    /// for it, so that who asks is known first.
    fn watch_body(self: &Arc<Self>, request: &mut Request) {
        let is_json = is_json(request.headers());
        let (body, checks) = (request.take_body(), Arc::clone(self));
        let checked = async move {
            if !is_json {
                return Err(io::Error::other(Error::from(ErrorKind::UnsupportedMediaType)));
            }
            let bytes = collect(body).await.map_err(io::Error::other)?;
            checks.body(&bytes).map_err(io::Error::other)?;
            Ok::<_, io::Error>(bytes)
        };
        request.set_body(Body::from_bytes_stream(stream::once(checked)));
    }

    fn body(&self, bytes: &[u8]) -> Result<()> {
        let Some(expected) = &self.body else { return Ok(()) };
        let object = orm::json::parse_object(bytes)?;
        let violations = self.shapes.faults(object, expected);
        if violations.is_empty() { Ok(()) } else { Err(Error::invalid(violations)) }
    }
}

/// A path with its parameters counted instead of named, however they are written.
fn numbered(path: &str) -> String {
    let mut count = 0;
    let segments = path.split('/').map(|segment| {
        if segment.starts_with([':', '{']) {
            count += 1;
            format!(":{}", count - 1)
        } else {
            segment.to_owned()
        }
    });
    segments.collect::<Vec<_>>().join("/")
}
