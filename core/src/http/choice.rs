//! One of a model's fixed lists of words, in the body of a module's route.

use std::borrow::Cow;

use orm::Selection;
use poem_openapi::{
    registry::{MetaSchema, MetaSchemaRef},
    types::{ParseError, ParseFromJSON, ParseResult, ToJSON, Type},
};
use serde_json::Value;

/// A word of the list `S`.
#[derive(Debug)]
pub struct Choice<S>(pub S);

impl<S: Selection> Type for Choice<S> {
    const IS_REQUIRED: bool = true;

    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        S::DEF.name.into()
    }

    fn schema_ref() -> MetaSchemaRef {
        let words = S::DEF.choices.iter().map(|it| Value::from(it.value)).collect();
        let schema = MetaSchema { enum_items: words, ..MetaSchema::new("string") };
        MetaSchemaRef::Inline(Box::new(schema))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl<S: Selection> ParseFromJSON for Choice<S> {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        let word = value.unwrap_or_default();
        let known = word.as_str().and_then(S::of);
        known.map(Self).ok_or_else(|| ParseError::expected_type(word))
    }
}

impl<S: Selection> ToJSON for Choice<S> {
    fn to_json(&self) -> Option<Value> {
        Some(self.0.as_str().into())
    }
}
