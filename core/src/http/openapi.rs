//! The OpenAPI 3.1 document: the generated routes of every model and the modules' own, made once
//! at start.
//!
//! What is generated is written here directly from the schema. poem-openapi describes only the
//! routes that modules write themselves: its registry speaks OpenAPI 3.0, wants every text for
//! the life of the program, and has no words for a reference that may be null.
//!
//! **Invariant:** the same project gives the same bytes, in every build.

mod components;
mod draft;
mod expand_schema;

mod access_explanation;
mod bulk_schema;
mod comma_list;
mod condition_schema;
mod history_schema;
mod line_schema;
mod link_schema;
mod list_schema;
mod model_description;
mod onchange_schema;
mod record_schema;
mod value_schema;

mod operation;
mod parameters;
mod responses;

mod custom;
mod registered;
mod socket;
mod upgrade;

use std::sync::Arc;

use bytes::Bytes;
use orm::{Schema, schema::SchemaModel};
use serde_json::{Value, json};

pub(crate) use crate::http::openapi::registered::{
    describe, describe_problem, record_schema, records_schema,
};
use crate::{
    Result,
    app::App,
    crud,
    http::{openapi::draft::Draft, socket::SocketRoute},
    i18n::Texts,
};

const ABOUT: &str = "Every model has the same routes under `/api/v1/{collection}`.\n\n\
    Sign in at `/api/v1/auth/sign_in` and send the token as `Authorization: Bearer …`. \
    A record that you may not see does not exist for you. A field that you may not read is \
    left out of answers, and refused where a request names it.\n\n\
    Nothing that is sent is ignored: an unknown parameter is 400, an unknown key of a record \
    422, and all faults of a body come at once. Errors are `application/problem+json`; `code`, \
    `pointer` and `parameter` are for programs and never change with the language, texts follow \
    `Accept-Language` (`en`, `ru`).\n\n\
    Numbers are taken from their text, never through a float. Times are RFC 3339 with a zone, \
    given out in UTC.";

/// The whole document; `custom` is that of the modules' own routes, as poem-openapi wrote it, and
/// `sockets` are those of their routes that it knows nothing of.
///
/// # Errors
/// When two schemas or two operations have one name: all such pairs.
pub(crate) fn document(app: &Arc<App>, custom: &str, sockets: &[SocketRoute]) -> Result<Bytes> {
    let document = written(&app.schema, &app.texts, custom, sockets)?;
    Ok(Bytes::from(document.to_string()))
}

fn written(schema: &Schema, texts: &Texts, custom: &str, sockets: &[SocketRoute]) -> Result<Value> {
    let mut draft = Draft::default();
    responses::describe(&mut draft.components);
    parameters::describe(&mut draft.components);
    model_description::describe(&mut draft.components);
    access_explanation::describe(&mut draft.components);
    history_schema::describe(&mut draft.components);
    for model in schema.models() {
        let described = Described { schema, texts, model };
        record_schema::describe(&mut draft.components, &described);
        list_schema::describe(&mut draft.components, &described);
        expand_schema::describe(&mut draft.components, &described);
        condition_schema::describe(&mut draft.components, &described);
        bulk_schema::describe(&mut draft.components, &described);
    }
    for route in crud::routes(schema) {
        let model = route.model.map(|id| Described { schema, texts, model: schema.model(id) });
        operation::describe(&mut draft, &route, model.as_ref());
    }
    custom::describe(&mut draft, custom)?;
    sockets.iter().for_each(|it| socket::describe(&mut draft, it));
    draft.finish(&json!({ "title": "Artel", "version": "1", "description": ABOUT }))
}

/// A model, and where its relations and its words are found.
struct Described<'a> {
    schema: &'a Schema,
    texts: &'a Texts,
    model: &'a SchemaModel,
}

impl Described<'_> {
    /// Where it is declared: `products::Product`.
    fn origin(&self) -> String {
        format!("the model {}::{}", self.model.def.krate, self.model.def.name)
    }

    /// The name of a schema of the model: `ProductFilter`.
    fn schema_name(&self, suffix: &str) -> String {
        format!("{}{suffix}", self.model.def.name)
    }
}

/// A reference to a named schema.
fn schema_ref(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

#[cfg(test)]
mod tests;
