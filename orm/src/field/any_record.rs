//! A reference to a record of any model, model and id in one value: [`AnyRecord`] in Rust, `text`
//! in PostgreSQL, `"products/7"` in JSON: the path of the record behind `/api/v1/`.
//!
//! No foreign key stands behind it: when its record is deleted, the value stays and leads nowhere.

use std::{borrow::Cow, fmt};

use crate::{
    Assign, Comparable, Error, FieldDef, FieldType, Id, Kind, KindRules, Leaf, LeafFault, Model,
    Op, PgType, Plain, Result, Value, Writable, field::text,
};

pub(crate) static RULES: KindRules = KindRules {
    name: "any_record",
    pg_type: PgType::Text,
    column_type: |_| Cow::Borrowed("text"),
    operators: &[Op::Eq, Op::Ne, Op::In, Op::Nin, Op::Starts],
    parse,
    parse_text,
    check,
    read: text::read,
    write: text::write,
};

/// What PostgreSQL takes of a name.
const TABLE_BYTES_MAX: usize = 63;

/// A record of whatever model.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AnyRecord {
    table: String,
    id: i64,
}

impl AnyRecord {
    /// A record of a model.
    pub fn of<M: Model>(id: Id<M>) -> Self {
        Self { table: M::def().table.to_owned(), id: id.get() }
    }

    /// What a value names: `products/7`. `None` for all that is not of this form.
    pub fn parse(text: &str) -> Option<Self> {
        let (table, id) = text.split_once('/')?;
        let is_word = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_';
        let is_name = table.len() <= TABLE_BYTES_MAX
            && table.bytes().next().is_some_and(|it| it.is_ascii_lowercase())
            && table.bytes().all(is_word);
        // One way to write a number: no sign, no zero in front.
        let is_number = id.bytes().all(|it| it.is_ascii_digit()) && !id.starts_with('0');
        let id = id.parse().ok().filter(|_| is_name && is_number)?;
        Some(Self { table: table.to_owned(), id })
    }

    /// The id, if it is a record of `M`.
    pub fn id_of<M: Model>(&self) -> Option<Id<M>> {
        (self.table == M::def().table).then(|| Id::new(self.id))
    }

    /// The table of its model, which is also the name of the collection.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// Its key.
    pub const fn id(&self) -> i64 {
        self.id
    }

    fn to_value(&self) -> Value {
        Value::Text(self.to_string())
    }
}

impl fmt::Display for AnyRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.table, self.id)
    }
}

impl fmt::Debug for AnyRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FieldType for AnyRecord {
    type Base = Self;
    type Nullable = Option<Self>;
    const KIND: Kind = Kind::AnyRecord;

    fn take(value: Value) -> Result<Self> {
        let record = value.as_text().and_then(Self::parse);
        record.ok_or_else(|| Error::broken("a reference has a value that names no record"))
    }

    fn give(&self) -> Value {
        self.to_value()
    }
}

impl Writable for AnyRecord {}
impl Plain for AnyRecord {}
impl Comparable for AnyRecord {}

impl<M: Model> Assign<AnyRecord> for Id<M> {
    fn value(self) -> Value {
        AnyRecord::of(self).to_value()
    }
}

impl<M: Model> Assign<Option<AnyRecord>> for Id<M> {
    fn value(self) -> Value {
        AnyRecord::of(self).to_value()
    }
}

/// What begins the values that lead to records of a table.
pub(crate) fn beginning(table: &str) -> String {
    format!("{table}/")
}

fn parse(def: &FieldDef, leaf: &Leaf<'_>) -> Result<Value, LeafFault> {
    parse_text(def, leaf.as_string()?)
}

fn parse_text(def: &FieldDef, text: &str) -> Result<Value, LeafFault> {
    check_text(def, text)?;
    Ok(Value::Text(text.to_owned()))
}

fn check(def: &FieldDef, value: &Value) -> Result<(), LeafFault> {
    match value {
        Value::Text(text) => check_text(def, text),
        other => Err(LeafFault::unlike(other, "string")),
    }
}

/// Whether the model is one of the project is not known here: whoever looks for the record sees.
fn check_text(def: &FieldDef, text: &str) -> Result<(), LeafFault> {
    let record = AnyRecord::parse(text).ok_or_else(|| LeafFault::new("invalid"))?;
    if def.targets.is_empty() || def.targets.contains(&record.table()) {
        return Ok(());
    }
    Err(LeafFault::new("invalid"))
}

#[cfg(test)]
mod tests {
    use super::AnyRecord;
    use crate::{
        FieldType, Value,
        json::{any_field, checked, parsed, parsed_text, written},
    };

    #[test]
    fn only_a_collection_and_an_id_name_a_record() {
        for fit in ["products/7", "a/9223372036854775807", "order_lines2/1"] {
            assert_eq!(AnyRecord::parse(fit).unwrap().to_string(), fit);
        }
        let long = format!("{}/1", "a".repeat(64));
        let unfit = [
            "",
            "/",
            "products",
            "products/",
            "/7",
            "products/0",
            "products/07",
            "products/-7",
            "products/+7",
            "products/9223372036854775808",
            "Products/7",
            "products/7/8",
            "2/7",
            "products /7",
            "products/7 ",
            "prödukte/7",
            "_a/7",
            &long,
        ];
        for text in unfit {
            assert_eq!(AnyRecord::parse(text), None, "{text}");
            assert_eq!(parsed_text(&any_field::<AnyRecord>(), text), "invalid", "{text}");
        }
    }

    #[test]
    fn every_source_has_the_same_models() {
        let mut def = any_field::<AnyRecord>();
        assert_eq!(parsed(&def, r#""partners/7""#), r#""partners/7""#);
        def.targets = &["products", "units"];
        assert_eq!(parsed(&def, r#""units/7""#), r#""units/7""#);
        assert_eq!(parsed(&def, r#""partners/7""#), "invalid");
        assert_eq!(checked(&def, &Value::Text("partners/7".into())), "invalid");
        assert_eq!(parsed(&def, "7"), "wrong_type expected=string");
        assert_eq!(parsed(&def, r#"{"products":7}"#), "wrong_type expected=string");
        assert_eq!(parsed(&def, "null"), "required");
    }

    #[test]
    fn a_column_becomes_json() {
        assert_eq!(written(&any_field::<AnyRecord>(), b"products/7"), r#""products/7""#);
        let record = AnyRecord::parse("products/7").unwrap();
        assert_eq!((record.table(), record.id()), ("products", 7));
        assert_eq!(AnyRecord::take(record.give()).unwrap(), record);
        assert!(AnyRecord::take(Value::Text("7".into())).is_err());
    }
}
