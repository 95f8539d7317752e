//! A moment in a body of a module's route, written as the generated routes write it.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use orm::json;
use poem_openapi::{
    registry::{MetaSchema, MetaSchemaRef},
    types::{ParseError, ParseFromJSON, ParseResult, ToJSON, Type},
};
use serde_json::Value;

/// A moment in UTC: `2026-11-22T02:54:03.216090Z`. Any zone is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment(pub DateTime<Utc>);

impl Type for Moment {
    const IS_REQUIRED: bool = true;

    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "moment".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", "date-time")))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ParseFromJSON for Moment {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        let text = value.unwrap_or_default();
        let moment = text.as_str().and_then(|it| DateTime::parse_from_rfc3339(it).ok());
        moment.map(|it| Self(it.to_utc())).ok_or_else(|| ParseError::expected_type(text))
    }
}

impl ToJSON for Moment {
    fn to_json(&self) -> Option<Value> {
        let mut written = Vec::with_capacity(32);
        json::value(&mut written, &orm::Value::DateTime(self.0));
        serde_json::from_slice(&written).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_utc_as_records_write_it() {
        check("2026-11-22T05:54:03.21609+03:00", "2026-11-22T02:54:03.216090Z");
        check("2026-11-22T02:54:03Z", "2026-11-22T02:54:03Z");
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for wrong in [Value::from("2026-11-22"), Value::from(7), Value::Null] {
            assert!(Moment::parse_from_json(Some(wrong)).is_err());
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let moment = Moment::parse_from_json(Some(text.into())).unwrap();
        assert_eq!(moment.to_json(), Some(expected.into()));
    }
}
