//! Every route by path and method, gathered before it is served: equal paths once, and what a
//! path has no method for is said with `Allow`.
//!
//! **Invariant:** a path has one endpoint, whoever brought its methods. Two for the same method
//! are an error at start that names both.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use http::{HeaderValue, Method, StatusCode, header::ALLOW};
use poem::{Endpoint, Request, Response, Route, endpoint::BoxEndpoint};

use crate::{
    Error, ErrorKind, Result,
    http::{extract::trace_of, metering::RouteMeter, middleware::accepts_json},
};

/// Routes on their way to a [`Route`].
#[derive(Default)]
pub(crate) struct Table {
    paths: BTreeMap<String, Vec<Entry>>,
    clashes: Vec<String>,
}

struct Entry {
    method: Method,
    origin: Cow<'static, str>,
    pattern: Arc<str>,
    endpoint: BoxEndpoint<'static>,
    content: Content,
}

/// What a route answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// JSON only: a client that takes none is told so.
    Json,
    /// Something else as well.
    Any,
}

impl Table {
    /// Adds a route; `origin` says whose it is. Names of parameters in `path` do not matter:
    /// `{id}`, `:id` and `:param0` are the same.
    pub(crate) fn add(
        &mut self,
        origin: impl Into<Cow<'static, str>>,
        (path, method): (&str, Method),
        content: Content,
        endpoint: BoxEndpoint<'static>,
    ) {
        let origin = origin.into();
        let Names { route, pattern } = Names::of(path);
        let entries = self.paths.entry(route).or_default();
        match entries.iter().find(|it| it.method == method) {
            Some(known) => self.clashes.push(format!(
                "{method} {pattern} is defined twice, by {} and by {origin}; take one away or \
                 give it another path",
                known.origin
            )),
            None => {
                // The order in which they are found is that of a hash map.
                let at = entries.partition_point(|it| rank(&it.method) < rank(&method));
                let pattern = pattern.into();
                entries.insert(at, Entry { method, origin, pattern, endpoint, content });
            }
        }
    }

    /// Adds routes of the API that answer JSON, with their whole paths.
    pub(crate) fn add_all(
        &mut self,
        origin: &'static str,
        routes: impl IntoIterator<Item = (String, Method, BoxEndpoint<'static>)>,
    ) {
        for (path, method, endpoint) in routes {
            self.add(origin, (&path, method), Content::Json, endpoint);
        }
    }

    /// Every method and path, sorted by path.
    pub(crate) fn listing(&self) -> Vec<(Method, String)> {
        let entries = self.paths.values().flatten();
        entries.map(|it| (it.method.clone(), it.pattern.to_string())).collect()
    }

    /// The routes, ready to be served.
    ///
    /// # Errors
    /// When two of them are the same; all such pairs are named.
    pub(crate) fn into_route(self) -> Result<Route> {
        if !self.clashes.is_empty() {
            return Err(Error::broken(self.clashes.join("; ")));
        }
        self.paths.into_iter().try_fold(Route::new(), |route, (path, entries)| {
            let table = MethodTable::of(entries);
            route.try_at(&path, table).map_err(|fault| {
                Error::broken(format!("the path {path} cannot be routed: {fault}"))
            })
        })
    }
}

/// A path as the router and as people read it.
struct Names {
    /// `/api/v1/products/:param0`
    route: String,
    /// `/api/v1/products/{id}`
    pattern: String,
}

impl Names {
    fn of(path: &str) -> Self {
        let mut names = Self { route: String::new(), pattern: String::new() };
        let mut count = 0;
        for segment in path.split('/').filter(|it| !it.is_empty()) {
            let name = segment
                .strip_prefix(':')
                .or_else(|| segment.strip_prefix('{').and_then(|it| it.strip_suffix('}')));
            let (route, pattern) = match name {
                Some(name) => {
                    let shown = if name == "param0" { "id" } else { name };
                    (format!(":param{count}"), format!("{{{shown}}}"))
                }
                None => (segment.to_owned(), segment.to_owned()),
            };
            count += usize::from(name.is_some());
            names.route.extend(["/", &route]);
            names.pattern.extend(["/", &pattern]);
        }
        if names.route.is_empty() {
            names.route.push('/');
            names.pattern.push('/');
        }
        names
    }
}

/// The endpoint of one path: the methods it has, and what it says to others.
struct MethodTable {
    routes: Vec<MethodRoute>,
    allow: Vec<&'static str>,
    /// Counts what is said to methods that the path has not.
    missed: Arc<RouteMeter>,
}

struct MethodRoute {
    method: Method,
    endpoint: BoxEndpoint<'static>,
    content: Content,
    meter: Arc<RouteMeter>,
}

impl MethodTable {
    fn of(entries: Vec<Entry>) -> Self {
        let pattern = entries.first().map_or("/".into(), |it| Arc::clone(&it.pattern));
        let routes: Vec<_> = entries
            .into_iter()
            .map(|it| MethodRoute {
                meter: Arc::new(RouteMeter::new(it.pattern, name(&it.method))),
                method: it.method,
                endpoint: it.endpoint,
                content: it.content,
            })
            .collect();
        let mut allow: Vec<_> = routes.iter().map(|it| name(&it.method)).collect();
        if allow.first() == Some(&"GET") && !allow.contains(&"HEAD") {
            allow.insert(1, "HEAD");
        }
        allow.push("OPTIONS");
        Self { routes, allow, missed: Arc::new(RouteMeter::new(pattern, "other")) }
    }

    /// The route for a method; what answers GET answers HEAD too.
    fn find(&self, method: &Method) -> Option<&MethodRoute> {
        let of = |method: &Method| self.routes.iter().find(|it| it.method == *method);
        match *method {
            Method::HEAD => of(method).or_else(|| of(&Method::GET)),
            _ => of(method),
        }
    }

    fn say_methods(&self, method: &Method) -> poem::Result<Response> {
        if method != Method::OPTIONS {
            return Err(
                Error::from(ErrorKind::MethodNotAllowed { allow: self.allow.clone() }).into()
            );
        }
        let allow = HeaderValue::try_from(self.allow.join(", ")).expect("letters are a header");
        Ok(Response::builder().status(StatusCode::NO_CONTENT).header(ALLOW, allow).finish())
    }
}

impl Endpoint for MethodTable {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let found = self.find(request.method());
        if let Some(trace) = trace_of(&request) {
            trace.set_route(found.map_or(&self.missed, |it| &it.meter));
        }
        let Some(route) = found else { return self.say_methods(request.method()) };
        if route.content == Content::Json && !accepts_json(request.headers()) {
            return Err(Error::from(ErrorKind::NotAcceptable).into());
        }
        if request.method() == Method::HEAD && route.method == Method::GET {
            request.set_method(Method::GET);
        }
        route.endpoint.call(request).await
    }
}

/// The methods that routes may have, in the order in which they are listed.
const METHODS: [(Method, &str); 7] = [
    (Method::GET, "GET"),
    (Method::HEAD, "HEAD"),
    (Method::POST, "POST"),
    (Method::PUT, "PUT"),
    (Method::PATCH, "PATCH"),
    (Method::DELETE, "DELETE"),
    (Method::OPTIONS, "OPTIONS"),
];

fn rank(method: &Method) -> usize {
    METHODS.iter().position(|(it, _)| it == method).unwrap_or(METHODS.len())
}

/// Its name; those that no route should have share one.
fn name(method: &Method) -> &'static str {
    METHODS.get(rank(method)).map_or("OTHER", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use poem::{EndpointExt, endpoint::make_sync};

    use super::*;

    #[test]
    fn names_of_parameters_do_not_matter() {
        check_names("/products/:id", "/products/:param0", "/products/{id}");
        check_names(
            "/products/{id}/lines/{line}",
            "/products/:param0/lines/:param1",
            "/products/{id}/lines/{line}",
        );
        check_names("/products/:param0", "/products/:param0", "/products/{id}");
        check_names("/", "/", "/");
    }

    #[test]
    fn equal_routes_are_named_with_both_owners() {
        let mut table = Table::default();
        for (origin, path) in [("shop", "/things/:id"), ("stock", "/things/{thing}")] {
            let endpoint = make_sync(|_| Response::default()).boxed();
            table.add(origin, (path, Method::GET), Content::Json, endpoint);
        }
        let error = table.into_route().err().unwrap();
        assert_eq!(
            error.to_string(),
            "GET /things/{thing} is defined twice, by shop and by stock; take one away or give it \
             another path"
        );
    }

    #[track_caller]
    fn check_names(path: &str, route: &str, pattern: &str) {
        let names = Names::of(path);
        assert_eq!((&*names.route, &*names.pattern), (route, pattern));
    }
}
