//! Whether a body has the shape that its route describes: every fault at once, with its place.
//!
//! The types behind `#[OpenApi]` stop at their first fault and say it in English; what they
//! describe of themselves is enough to find all of them before.

use std::collections::BTreeMap;

use chrono::DateTime;
use orm::{
    Leaf, Uuid, Violation,
    json::{Node, Object},
};
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};

use crate::http::not_null::NOT_NULL;

/// The named shapes of a document.
#[derive(Default)]
pub(crate) struct Shapes(BTreeMap<String, MetaSchema>);

impl Shapes {
    pub(crate) fn of(schemas: BTreeMap<String, MetaSchema>) -> Self {
        Self(schemas)
    }

    /// What in `object` does not fit.
    pub(crate) fn faults(&self, object: Object<'_>, expected: &MetaSchemaRef) -> Vec<Violation> {
        let mut search = Search { shapes: self, faults: Vec::new() };
        search.look("", &Node::Object(object), expected);
        search.faults
    }

    fn resolve<'a>(&'a self, schema: &'a MetaSchemaRef) -> Option<&'a MetaSchema> {
        match schema {
            MetaSchemaRef::Inline(schema) => Some(schema),
            MetaSchemaRef::Reference(name) => self.0.get(name),
        }
    }
}

struct Search<'a> {
    shapes: &'a Shapes,
    faults: Vec<Violation>,
}

impl Search<'_> {
    fn look(&mut self, at: &str, node: &Node<'_>, expected: &MetaSchemaRef) {
        let shapes = self.shapes;
        let Some(schema) = shapes.resolve(expected) else { return };
        // A shape beside what is said of it where it is used.
        schema.all_of.iter().for_each(|it| self.look(at, node, it));
        let is_composed =
            !schema.one_of.is_empty() || !schema.any_of.is_empty() || !schema.all_of.is_empty();
        if is_composed {
            return;
        }
        match (schema.ty, node) {
            ("object", Node::Object(object)) => self.look_at_object(at, object, schema),
            ("array", Node::Array(items, _)) => self.look_at_items(at, items, schema),
            ("string", Node::Leaf(Leaf::Text(text))) => self.look_at_text(at, text, schema),
            ("integer", Node::Leaf(Leaf::Number(text))) => match text.parse::<i64>() {
                Ok(number) => self.look_at_number(at, number as f64, schema),
                Err(_) if text.contains(['.', 'e', 'E']) => self.refuse_type(at, schema),
                Err(_) => self.refuse(at, "out_of_range"),
            },
            ("number", Node::Leaf(Leaf::Number(text))) => {
                if let Ok(number) = text.parse() {
                    self.look_at_number(at, number, schema);
                }
            }
            ("boolean", Node::Leaf(Leaf::Bool(_))) | ("", _) => {}
            _ => self.refuse_type(at, schema),
        }
    }

    fn look_at_object(&mut self, at: &str, object: &Object<'_>, schema: &MetaSchema) {
        for (name, expected) in &schema.properties {
            let at = format!("{at}/{}", escaped(name));
            let is_required = schema.required.contains(name);
            match object.get(name) {
                None if !is_required => {}
                Some(Node::Leaf(Leaf::Null)) if !is_required && takes_null(expected) => {}
                Some(Node::Leaf(Leaf::Null)) | None => self.refuse(&at, "required"),
                Some(node) => self.look(&at, node, expected),
            }
        }
        let is_open = schema.properties.is_empty() || schema.additional_properties.is_some();
        for (key, _) in object.entries.iter().filter(|_| !is_open) {
            if !schema.properties.iter().any(|(name, _)| name == key) {
                self.refuse(&format!("{at}/{}", escaped(key)), "unknown_field");
            }
        }
    }

    fn look_at_items(&mut self, at: &str, items: &[Node<'_>], schema: &MetaSchema) {
        if let Some(max) = schema.max_items.filter(|max| items.len() > *max) {
            self.refuse_with(at, "too_many", ("max", max));
        }
        if let Some(min) = schema.min_items.filter(|min| items.len() < *min) {
            self.refuse_with(at, "too_few", ("min", min));
        }
        let Some(expected) = schema.items.as_deref() else { return };
        for (index, item) in items.iter().enumerate() {
            self.look(&format!("{at}/{index}"), item, expected);
        }
    }

    fn look_at_text(&mut self, at: &str, text: &str, schema: &MetaSchema) {
        let length = text.chars().count();
        if let Some(max) = schema.max_length.filter(|max| length > *max) {
            self.refuse_with(at, "too_long", ("max", max));
        }
        if let Some(min) = schema.min_length.filter(|min| length < *min) {
            self.refuse_with(at, "too_short", ("min", min));
        }
        if !has_format(text, schema.format) {
            self.refuse(at, "invalid");
        }
        let choices = &schema.enum_items;
        if !choices.is_empty() && !choices.iter().any(|it| it.as_str() == Some(text)) {
            let names: Vec<_> = choices.iter().filter_map(|it| it.as_str()).collect();
            self.refuse_with(at, "choice", ("choices", names.join(", ")));
        }
    }

    fn look_at_number(&mut self, at: &str, number: f64, schema: &MetaSchema) {
        if let Some(min) = schema.minimum {
            let is_exclusive = schema.exclusive_minimum == Some(true);
            if number < min || (is_exclusive && number == min) {
                let code = if is_exclusive { "greater_than" } else { "greater_than_or_equal" };
                self.refuse_with(at, code, ("min", min));
            }
        }
        if let Some(max) = schema.maximum {
            let is_exclusive = schema.exclusive_maximum == Some(true);
            if number > max || (is_exclusive && number == max) {
                let code = if is_exclusive { "less_than" } else { "less_than_or_equal" };
                self.refuse_with(at, code, ("max", max));
            }
        }
    }

    fn refuse(&mut self, at: &str, code: &'static str) {
        self.faults.push(Violation::at_pointer(at, code));
    }

    fn refuse_type(&mut self, at: &str, schema: &MetaSchema) {
        self.refuse_with(at, "wrong_type", ("expected", schema.ty));
    }

    fn refuse_with(&mut self, at: &str, code: &'static str, param: (&'static str, impl ToString)) {
        let (name, value) = param;
        self.faults.push(Violation::at_pointer(at, code).with(name, value.to_string()));
    }
}

/// Whether a text is written as its format says, as far as it is one that we read.
fn has_format(text: &str, format: Option<&str>) -> bool {
    match format {
        Some("uuid") => Uuid::parse_str(text).is_ok(),
        Some("date-time") => DateTime::parse_from_rfc3339(text).is_ok(),
        _ => true,
    }
}

/// Whether what need not be there may be `null` too.
fn takes_null(schema: &MetaSchemaRef) -> bool {
    !matches!(schema, MetaSchemaRef::Inline(it) if it.format == Some(NOT_NULL))
}

/// A key as a part of a pointer (RFC 6901).
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests;
