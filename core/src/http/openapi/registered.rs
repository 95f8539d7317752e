//! What poem-openapi is told about schemas that are generated: their names, and a stand-in each.
//!
//! Its registry wants every name that a route refers to; when the modules' routes join the
//! document, a stand-in gives way to the schema whose name it kept free.

use orm::ModelDef;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use serde_json::Value;

/// The title of a stand-in.
const TITLE: &str = "stands for a generated schema";

/// The type that stand-ins are registered for: a module's own type of the same name is refused.
struct StandIn;

/// The schema of the records of a model.
pub(crate) fn record_schema(def: &ModelDef) -> MetaSchemaRef {
    MetaSchemaRef::Reference(def.name.to_owned())
}

/// The schema of a list of records of a model.
pub(crate) fn records_schema(def: &ModelDef) -> MetaSchemaRef {
    let mut list = MetaSchema::new("array");
    list.items = Some(Box::new(record_schema(def)));
    let mut envelope = MetaSchema::new("object");
    envelope.properties = vec![("data", MetaSchemaRef::Inline(Box::new(list)))];
    envelope.required = vec!["data"];
    MetaSchemaRef::Inline(Box::new(envelope))
}

/// Tells the registry of the records of a model.
pub(crate) fn describe(registry: &mut Registry, def: &ModelDef) {
    stand_in(registry, def.name);
}

/// Tells the registry of problems.
pub(crate) fn describe_problem(registry: &mut Registry) {
    stand_in(registry, "Problem");
}

/// Whether a schema of poem-openapi's document only keeps a name free.
pub(super) fn is_stand_in(schema: &Value) -> bool {
    schema["title"] == TITLE
}

fn stand_in(registry: &mut Registry, name: &str) {
    registry.create_schema::<StandIn, _>(name.to_owned(), |_| MetaSchema {
        title: Some(TITLE.to_owned()),
        ..MetaSchema::new("object")
    });
}
