//! The routes that modules write themselves: any number of `#[OpenApi]` types as one document
//! and one table.
//!
//! poem-openapi asks a type for its routes without a value, so the list of types that stands
//! behind our one type cannot be passed to it. It stands in a scope of this thread while the
//! document is made, and nowhere else.
//!
//! **Invariant:** the scope ends with the call that opened it, whether that returns or panics.

mod operation;

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    panic::{self, AssertUnwindSafe},
    sync::Arc,
};

use http::Method;
use poem::endpoint::BoxEndpoint;
use poem_openapi::{
    OpenApi, OpenApiService,
    registry::{MetaApi, MetaOperation, MetaPath, Registry},
};

use crate::{
    Error, Result,
    http::{API_PREFIX, api::operation::Operations, json_shape::Shapes, method_table::Table},
    task::panic_text,
};

type Routes = HashMap<String, HashMap<Method, BoxEndpoint<'static>>>;

/// The routes of one `#[OpenApi]` type.
pub struct Api {
    origin: &'static str,
    description: Description,
    add_routes: Box<dyn FnOnce(&mut Routes) + Send>,
}

/// What a type says about its routes.
#[derive(Clone, Copy)]
struct Description {
    meta: fn() -> Vec<MetaApi>,
    register: fn(&mut Registry),
}

impl Api {
    /// The routes of `api`.
    pub fn of<T: OpenApi + Send + 'static>(api: T) -> Self {
        Self {
            origin: std::any::type_name::<T>(),
            description: Description { meta: T::meta, register: T::register },
            add_routes: Box::new(|routes| api.add_routes(routes)),
        }
    }
}

/// The document of all `apis`, as poem-openapi writes it, and their routes under the prefix of
/// the API.
///
/// # Errors
/// When two operations or two schemas have one name.
pub(crate) fn service(apis: Vec<Api>) -> Result<(String, Table)> {
    within(apis.iter().map(|it| it.description).collect(), || {
        let mut registry = Registry::new();
        Gathered::register(&mut registry);
        let paths = all_paths();
        check_operation_ids(&paths)?;
        let operations = Operations::of(&paths, &Arc::new(Shapes::of(registry.schemas)));
        let document = OpenApiService::new(Gathered, "Artel", "1").url_prefix(API_PREFIX).spec();
        Ok((document, table(apis, &operations)))
    })
}

fn table(apis: Vec<Api>, operations: &Operations) -> Table {
    let mut table = Table::default();
    for api in apis {
        let mut routes = Routes::new();
        (api.add_routes)(&mut routes);
        for (path, methods) in routes {
            for (method, endpoint) in methods {
                let operation = operations.find(&path, &method);
                let whole = format!("{API_PREFIX}{}", operation.path);
                let content = operation.content;
                table.add(api.origin, (&whole, method), content, operation.around(endpoint));
            }
        }
    }
    table
}

fn check_operation_ids(paths: &[MetaPath]) -> Result<()> {
    let mut known: HashMap<&str, &str> = HashMap::new();
    for path in paths {
        for id in path.operations.iter().filter_map(|it| it.operation_id) {
            if let Some(other) = known.insert(id, &path.path) {
                return Err(Error::broken(format!(
                    "the operation id `{id}` stands for {other} and for {}; rename one",
                    path.path
                )));
            }
        }
    }
    Ok(())
}

// ---- the scope ------------------------------------------------------------------------------

thread_local! {
    static SCOPE: RefCell<Option<Vec<Description>>> = const { RefCell::new(None) };
}

/// Runs `work` in a scope. poem-openapi panics when two types have one name in the document;
/// here that is an error like any other.
fn within<T>(described: Vec<Description>, work: impl FnOnce() -> Result<T>) -> Result<T> {
    struct Reset(Option<Vec<Description>>);
    impl Drop for Reset {
        fn drop(&mut self) {
            SCOPE.set(self.0.take());
        }
    }
    let _reset = Reset(SCOPE.replace(Some(described)));
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        Err(Error::broken(format!("routes cannot be described: {}", panic_text(&*panic))))
    })
}

fn described() -> Vec<Description> {
    let scope = SCOPE.with_borrow(Clone::clone);
    scope.expect("types are described in a scope only")
}

/// All types of the scope as one, because poem-openapi takes one.
struct Gathered;

impl OpenApi for Gathered {
    fn meta() -> Vec<MetaApi> {
        vec![MetaApi { paths: all_paths() }]
    }

    fn register(registry: &mut Registry) {
        for description in described() {
            (description.register)(registry);
        }
    }

    /// The routes are taken from each type by itself, so that a clash can name both.
    fn add_routes(self, _: &mut Routes) {}
}

/// Every path once, with the operations that any type gives it.
fn all_paths() -> Vec<MetaPath> {
    let mut paths: BTreeMap<String, Vec<MetaOperation>> = BTreeMap::new();
    for description in described() {
        for path in (description.meta)().into_iter().flat_map(|it| it.paths) {
            paths.entry(path.path).or_default().extend(path.operations);
        }
    }
    paths.into_iter().map(|(path, operations)| MetaPath { path, operations }).collect()
}

#[cfg(test)]
mod tests;
