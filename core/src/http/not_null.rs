//! A member of a body that changes something: absent keeps, and `null` is refused.
//!
//! poem-openapi cannot tell this from a member that may be `null`, so a format says it, which
//! [`json_shape`](crate::http::json_shape) understands and the document does not show.

use std::borrow::Cow;

use poem_openapi::{
    registry::{MetaSchema, MetaSchemaRef, Registry},
    types::{ParseError, ParseFromJSON, ParseResult, ToJSON, Type},
};
use serde_json::Value;

/// The format of what cannot be `null`.
pub(crate) const NOT_NULL: &str = "not-null";

/// Something of a type without a name in the document, or nothing when the member is absent.
#[derive(Debug)]
pub struct NotNull<T>(pub Option<T>);

impl<T: Type> Type for NotNull<T> {
    const IS_REQUIRED: bool = false;

    type RawValueType = T::RawValueType;
    type RawElementValueType = T::RawElementValueType;

    fn name() -> Cow<'static, str> {
        format!("not_null_{}", T::name()).into()
    }

    fn schema_ref() -> MetaSchemaRef {
        let schema = match T::schema_ref() {
            MetaSchemaRef::Inline(schema) => MetaSchema { format: Some(NOT_NULL), ..*schema },
            // Its schema is shared with members that may be `null`.
            named @ MetaSchemaRef::Reference(_) => return named,
        };
        MetaSchemaRef::Inline(Box::new(schema))
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn as_raw_value(&self) -> Option<&Self::RawValueType> {
        self.0.as_ref().and_then(T::as_raw_value)
    }

    fn raw_element_iter<'a>(
        &'a self,
    ) -> Box<dyn Iterator<Item = &'a Self::RawElementValueType> + 'a> {
        match &self.0 {
            Some(it) => it.raw_element_iter(),
            None => Box::new(std::iter::empty()),
        }
    }
}

impl<T: ParseFromJSON> ParseFromJSON for NotNull<T> {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        match value {
            None => Ok(Self(None)),
            given => {
                T::parse_from_json(given).map(|it| Self(Some(it))).map_err(ParseError::propagate)
            }
        }
    }
}

impl<T: ToJSON> ToJSON for NotNull<T> {
    fn to_json(&self) -> Option<Value> {
        self.0.as_ref().and_then(T::to_json)
    }
}
