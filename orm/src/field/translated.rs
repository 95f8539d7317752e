//! Text in several languages: [`Translated`] in Rust, one `jsonb` object of texts by language in
//! PostgreSQL, a plain string in JSON: the text of the language that the session reads.
//!
//! Where a language has no text, another one is read, in a fixed order: that of the session,
//! English, then the first that there is. A write sets the text of the session's language and
//! leaves the others.
//!
//! **Invariant:** a value that was read is one text; a value on its way to the database is one
//! text, which is of the session's language, or an object of texts by language.

use std::{borrow::Cow, collections::BTreeMap, fmt, ops::Deref};

use crate::{
    Assign, Comparable, FieldDef, FieldType, Kind, KindRules, LeafFault, Op, Ordered, PgType,
    Plain, Result, Textual, Value, Writable, field::text,
};

/// The type is that of what is read and compared; what is written is JSON.
pub(crate) static RULES: KindRules = KindRules {
    name: "translated",
    pg_type: PgType::Text,
    column_type: |_| Cow::Borrowed("jsonb"),
    operators: &Op::ALL,
    parse: text::parse,
    parse_text: text::parse_text,
    check,
    read: text::read,
    write: text::write,
};

/// The language that is read where the session's has no text, and that rules compare.
pub(crate) const COMMON_LANGUAGE: &str = "en";

/// Stands for the session's language among the texts of a change set.
const OWN: &str = "";

/// A text as the session reads it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Translated(String);

impl Translated {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text itself.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl Deref for Translated {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<String> for Translated {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Translated {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl PartialEq<str> for Translated {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Translated {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl fmt::Display for Translated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Translated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FieldType for Translated {
    type Base = Self;
    type Nullable = Option<Self>;
    const KIND: Kind = Kind::Translated;

    fn take(value: Value) -> Result<Self> {
        String::take(value).map(Self)
    }

    fn give(&self) -> Value {
        Value::Text(self.0.clone())
    }
}

impl Writable for Translated {}
impl Plain for Translated {}
impl Comparable for Translated {}
impl Ordered for Translated {}
impl Textual for Translated {}

macro_rules! assign_texts {
    ($($t:ty),*) => {$(
        impl Assign<Translated> for $t {
            fn value(self) -> Value {
                Value::Text(self.into())
            }
        }

        impl Assign<Option<Translated>> for $t {
            fn value(self) -> Value {
                Value::Text(self.into())
            }
        }
    )*};
}
assign_texts!(String, &str);

/// A text of one language, whichever the session has.
pub(crate) fn text_in(language: &str, text: &str) -> Value {
    written(&BTreeMap::from([(language, text)]))
}

/// What a value sets, by language.
fn texts(value: &Value) -> Option<BTreeMap<String, String>> {
    match value {
        Value::Text(text) => Some(BTreeMap::from([(OWN.to_owned(), text.clone())])),
        Value::Json(object) => serde_json::from_str(object).ok(),
        _ => None,
    }
}

fn written(texts: &BTreeMap<impl AsRef<str> + Ord, impl AsRef<str>>) -> Value {
    let texts = texts.iter().map(|(language, text)| (language.as_ref(), text.as_ref().into()));
    let texts: serde_json::Map<String, serde_json::Value> =
        texts.map(|(language, text): (&str, _)| (language.to_owned(), text)).collect();
    Value::Json(serde_json::Value::Object(texts).to_string())
}

/// Of two values for one field, the texts of both; of one language, that of the later one.
pub(crate) fn followed_by(earlier: &Value, later: Value) -> Value {
    match (texts(earlier), texts(&later)) {
        (Some(mut all), Some(texts)) => {
            all.extend(texts);
            written(&all)
        }
        _ => later,
    }
}

/// A value as its column takes it: an object of texts by language, or `null`.
pub(crate) fn stored(value: &Value, language: &str) -> Value {
    let Some(mut all) = texts(value) else { return Value::Null };
    if let Some(text) = all.remove(OWN) {
        all.insert(language.to_owned(), text);
    }
    written(&all)
}

fn check(def: &FieldDef, value: &Value) -> Result<(), LeafFault> {
    let texts = texts(value).ok_or_else(|| LeafFault::unlike(value, "string"))?;
    if texts.is_empty() || !texts.keys().all(|it| it == OWN || is_language(it)) {
        return Err(LeafFault::new("invalid"));
    }
    texts.values().try_for_each(|it| text::check_text(def, it))
}

/// Whether it is a tag like `en` or `pt-BR`: part of the text of statements.
pub(crate) fn is_language(tag: &str) -> bool {
    let is_plain = |it: u8| it.is_ascii_alphanumeric() || it == b'-';
    (2..=20).contains(&tag.len()) && tag.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{any_field, checked, parsed, parsed_text};

    #[test]
    fn a_body_gives_one_text() {
        let mut def = any_field::<Translated>();
        def.max = Some(5);
        assert_eq!(parsed(&def, r#""лампа""#), r#""лампа""#);
        assert_eq!(parsed(&def, r#""lamps!""#), "too_long max=5");
        assert_eq!(parsed(&def, r#"{"en":"lamp"}"#), "wrong_type expected=string");
        assert_eq!(parsed_text(&def, "lamps!"), "too_long max=5");
    }

    #[test]
    fn every_text_has_the_same_limits() {
        let mut def = any_field::<Translated>();
        def.max = Some(5);
        let check = |value: Value, expected: &str| assert_eq!(checked(&def, &value), expected);
        check(text_in("ru", "лампа"), r#"{"ru":"лампа"}"#);
        check(text_in("ru", "лампочка"), "too_long max=5");
        check(text_in("r'u", "лампа"), "invalid");
        check(text_in("ru", "a\0"), "invalid");
        check(Value::Json("{}".into()), "invalid");
        check(Value::Json(r#"{"ru":1}"#.into()), "wrong_type expected=string");
        check(Value::Int(1), "wrong_type expected=string");
    }

    #[test]
    fn texts_of_several_languages_are_one_value() {
        let own = Value::Text("Lamp".into());
        let both = followed_by(&own, text_in("ru", "Лампа"));
        assert_eq!(stored(&both, "en"), Value::Json(r#"{"en":"Lamp","ru":"Лампа"}"#.into()));
        assert_eq!(stored(&own, "de"), Value::Json(r#"{"de":"Lamp"}"#.into()));
        let later = followed_by(&both, Value::Text("Light".into()));
        assert_eq!(stored(&later, "ru"), Value::Json(r#"{"ru":"Light"}"#.into()));
        assert_eq!(followed_by(&both, Value::Null), Value::Null);
        assert_eq!(stored(&Value::Null, "en"), Value::Null);
    }
}
