//! The shape of a request, which is the key of its SQL text, and the values that are not in it.
//!
//! **Invariant:** two requests with one shape have one text for askers of one fingerprint; and of
//! one language, where a text in several languages can be reached from the model. The shape itself is the key, not a hash of it; every part of variable length is written with its
//! length.

use crate::{
    Error, Filter, Op, Operand, Result, Session, SortKey, Value,
    schema::{FieldId, SchemaModel},
};

/// Bytes that tell requests of different text apart, and the request's values in the order in
/// which the text will name them.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    bytes: Vec<u8>,
    values: Vec<Value>,
}

impl Shape {
    /// Of a statement of sort `tag` on a model, for askers of one fingerprint.
    pub(crate) fn new(tag: u8, model: &SchemaModel, session: &Session) -> Self {
        let mut shape = Self::default();
        shape.bytes.push(tag);
        shape.number(model.id.index());
        shape.bytes.extend(session.access().fingerprint().to_le_bytes());
        if model.is_translated {
            shape.name(session.language());
        }
        shape
    }

    /// The key and the values.
    pub(crate) fn finish(self) -> (Vec<u8>, Vec<Value>) {
        (self.bytes, self.values)
    }

    /// A byte that tells variants apart.
    pub(crate) fn tag(&mut self, tag: u8) {
        self.bytes.push(tag);
    }

    /// A value of the request.
    pub(crate) fn value(&mut self, value: Value) {
        self.values.push(value);
    }

    /// A list of fields.
    pub(crate) fn fields(&mut self, fields: impl ExactSizeIterator<Item = FieldId>) {
        self.number(fields.len());
        fields.for_each(|it| self.number(it.index()));
    }

    /// A number below 65 536: positions and lengths.
    pub(crate) fn number(&mut self, number: usize) {
        let number = u16::try_from(number).expect("limits keep every length far below 65 536");
        self.bytes.extend(number.to_le_bytes());
    }

    /// A name.
    pub(crate) fn name(&mut self, name: &str) {
        self.number(name.len());
        self.bytes.extend(name.as_bytes());
    }

    /// An order.
    pub(crate) fn order(&mut self, keys: &[SortKey]) {
        self.number(keys.len());
        for key in keys {
            self.tag(u8::from(key.is_descending));
            self.number(key.hops.len());
            key.hops.iter().for_each(|it| self.name(it));
            self.name(key.field);
        }
    }

    /// A caller's filter on `model`; the values of its macros are asked from the session.
    pub(crate) fn filter(&mut self, filter: &Filter, session: &Session) -> Result<()> {
        match filter {
            Filter::And(list) => self.list(b'&', list, session)?,
            Filter::Or(list) => self.list(b'|', list, session)?,
            Filter::Not(inner) => {
                self.tag(b'!');
                self.filter(inner, session)?;
            }
            Filter::Compare { field, op, operand } => {
                self.named(b'c', field);
                self.tag(*op as u8);
                let value = resolve(operand, session)?;
                self.values_of(*op, value)?;
            }
            Filter::Absent { field } => self.named(b'0', field),
            Filter::NoRecord { field } => self.named(b'n', field),
            Filter::Hop { field, inner } => {
                self.named(b'h', field);
                self.filter(inner, session)?;
            }
            Filter::Related { field, quantifier, inner } => {
                self.named(b'r', field);
                self.tag(*quantifier as u8);
                self.filter(inner, session)?;
            }
            Filter::Given { name } => {
                self.named(b'g', name);
                self.value(session.macro_value(name)?);
            }
        }
        Ok(())
    }

    fn list(&mut self, tag: u8, list: &[Filter], session: &Session) -> Result<()> {
        self.tag(tag);
        self.number(list.len());
        list.iter().try_for_each(|it| self.filter(it, session))
    }

    fn named(&mut self, tag: u8, name: &str) {
        self.tag(tag);
        self.name(name);
    }

    /// `between` names two values, every other operator one.
    fn values_of(&mut self, op: Op, value: Value) -> Result<()> {
        match (op, value) {
            (Op::Between, Value::List(bounds)) if bounds.len() == 2 => self.values.extend(bounds),
            (Op::Between, _) => return Err(Error::broken("`between` was parsed with two bounds")),
            (op, value) => self.values.push(pattern(op, value)),
        }
        Ok(())
    }
}

/// The value that an operand stands for now.
pub(crate) fn resolve(operand: &Operand, session: &Session) -> Result<Value> {
    match operand {
        Operand::Value(value) => Ok(value.clone()),
        Operand::Macro(name) => session.macro_value(name),
        Operand::List(list) => {
            list.iter().map(|it| resolve(it, session)).collect::<Result<_>>().map(Value::List)
        }
    }
}

/// The pattern that an operator on text compares with.
///
/// `like` and `ilike` take `%` and `_` as wildcards and nothing else, `starts` and `contains`
/// take everything literally; PostgreSQL's escape character is the backslash.
pub(crate) fn pattern(op: Op, value: Value) -> Value {
    let Value::Text(text) = value else { return value };
    Value::Text(match op {
        Op::Like | Op::Ilike => text.replace('\\', "\\\\"),
        Op::Starts => literal(&text) + "%",
        Op::Contains | Op::Holds => format!("%{}%", literal(&text)),
        _ => text,
    })
}

fn literal(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
