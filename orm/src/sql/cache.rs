//! Texts of statements, kept by the shape of what asked for them.

use std::{
    collections::HashMap,
    fmt::{self, Write},
    sync::{Arc, RwLock},
};

use sea_query::{
    PostgresQueryBuilder, QueryBuilder, QueryStatementWriter, SqlWriter, Value as Slotted,
};

use crate::{
    Error, Operand, PgType, Result, Session, Value,
    filter::{Shape, resolve},
    pg::{Lane, ParamType, Statement},
    sql::Layout,
};

/// The text of a statement with all that is needed to run it.
#[derive(Debug)]
pub(crate) struct Text {
    sql: String,
    lane: Lane,
    slots: Vec<Slot>,
    types: Vec<ParamType>,
    /// The columns of its rows.
    pub(crate) layout: Layout,
}

/// Where the value of a parameter comes from.
#[derive(Debug, Clone)]
pub(crate) enum Slot {
    /// The request's n-th value.
    Request(usize),
    /// The same, which stands once more behind.
    Shared(usize),
    /// No parameter: a number that is part of the text.
    Written(u64),
    /// A rule: a constant, or a macro that is asked from the session each time.
    Rule(Operand),
}

/// The texts of a database, bounded in bytes: callers choose the shapes.
#[derive(Debug, Default)]
pub(crate) struct TextCache(RwLock<Kept>);

#[derive(Debug, Default)]
struct Kept {
    texts: HashMap<Vec<u8>, Arc<Text>>,
    /// What they take, about.
    bytes: usize,
}

/// A statement that is ready to run.
pub(crate) struct Bound {
    pub(crate) text: Arc<Text>,
    params: Vec<Value>,
}

/// The slots of a text while it is built.
#[derive(Debug, Default)]
pub(crate) struct Slots {
    list: Vec<(Slot, ParamType)>,
    requests: usize,
}

impl TextCache {
    /// Bytes kept at the most; when it is full, all go, and those in use come back.
    const BYTES_MAX: usize = 8 << 20;

    /// The text of this shape, made if it is not there, with the request's values bound.
    pub(crate) fn bind(
        &self,
        session: &Session,
        shape: Shape,
        make: impl FnOnce() -> Result<Text>,
    ) -> Result<Bound> {
        let (key, values) = shape.finish();
        let found = self.0.read().expect("no panic while it is held").texts.get(&key).cloned();
        let text = match found {
            Some(text) => text,
            None => self.keep(key, Arc::new(make()?)),
        };
        let params = text.params(session, values)?;
        Ok(Bound { text, params })
    }

    fn keep(&self, key: Vec<u8>, text: Arc<Text>) -> Arc<Text> {
        let bytes = key.len() + text.bytes();
        let mut kept = self.0.write().expect("no panic while it is held");
        if kept.bytes + bytes > Self::BYTES_MAX {
            *kept = Kept::default();
        }
        kept.bytes += bytes;
        kept.texts.insert(key, text.clone());
        text
    }
}

impl Text {
    /// Builds the text; every value in `statement` is the number of a slot.
    pub(crate) fn build(
        statement: &impl QueryStatementWriter,
        lane: Lane,
        slots: &Slots,
        layout: Layout,
    ) -> Result<Self> {
        let mut writer = TextWriter {
            sql: String::with_capacity(256),
            slots,
            order: Vec::new(),
            is_sound: true,
        };
        statement.build_collect_into(PostgresQueryBuilder, &mut writer);
        let TextWriter { sql, order, is_sound, .. } = writer;
        if !is_sound {
            return Err(Error::broken("a text holds a value that is no slot"));
        }
        let types = order.iter().map(|it| it.1).collect();
        let slots = order.into_iter().map(|it| it.0.clone()).collect();
        Ok(Self { sql, lane, slots, types, layout })
    }

    /// What it takes, about.
    fn bytes(&self) -> usize {
        size_of::<Self>() + self.sql.len() + self.slots.len() * size_of::<(Slot, ParamType)>()
    }

    /// The question how PostgreSQL would run it.
    pub(crate) fn explained(mut self) -> Self {
        self.sql.insert_str(0, "EXPLAIN (FORMAT JSON) ");
        self
    }

    fn params(&self, session: &Session, mut values: Vec<Value>) -> Result<Vec<Value>> {
        let lacks = || Error::broken("a text names a value that the request has not");
        let taken = |it: &mut Value| std::mem::replace(it, Value::Null);
        let mut value = |slot: &Slot| match slot {
            Slot::Request(at) => values.get_mut(*at).map(taken).ok_or_else(lacks),
            Slot::Shared(at) => values.get(*at).cloned().ok_or_else(lacks),
            Slot::Rule(operand) => resolve(operand, session),
            Slot::Written(_) => Err(Error::broken("a number of the text is no parameter")),
        };
        let slots = self.slots.iter().zip(&self.types);
        slots.map(|(slot, of)| Ok(fit(value(slot)?, of.pg_type))).collect()
    }
}

impl Bound {
    /// For the connection.
    pub(crate) fn statement(&self) -> Statement<'_> {
        let Text { sql, lane, types, .. } = &*self.text;
        Statement { sql, lane: *lane, params: &self.params, types }
    }
}

impl Slots {
    /// The next value of the request.
    pub(crate) fn request(&mut self, pg_type: ParamType) -> usize {
        let at = self.requests;
        self.requests += 1;
        self.add(Slot::Request(at), pg_type)
    }

    /// A value of a rule.
    pub(crate) fn rule(&mut self, operand: &Operand, pg_type: ParamType) -> usize {
        self.add(Slot::Rule(operand.clone()), pg_type)
    }

    /// A number that the text says itself, and so its key.
    pub(crate) fn written(&mut self, number: u64) -> usize {
        self.add(Slot::Written(number), ParamType::one(PgType::Int8))
    }

    /// Begins again with the first value of the request, to put all of them once more behind.
    pub(crate) fn repeat_requests(&mut self) {
        self.requests = 0;
        for (slot, _) in &mut self.list {
            if let Slot::Request(at) = *slot {
                *slot = Slot::Shared(at);
            }
        }
    }

    fn add(&mut self, slot: Slot, pg_type: ParamType) -> usize {
        self.list.push((slot, pg_type));
        self.list.len() - 1
    }
}

/// Writes a text, and notes which slots its parameters take.
struct TextWriter<'s> {
    sql: String,
    slots: &'s Slots,
    order: Vec<&'s (Slot, ParamType)>,
    /// Whether every value was the number of a slot.
    is_sound: bool,
}

impl SqlWriter for TextWriter<'_> {
    fn push_param<T: QueryBuilder>(&mut self, value: Slotted, _: &T) {
        let slot = number(&value).and_then(|it| self.slots.list.get(it));
        let written = match slot {
            Some((Slot::Written(number), _)) => write!(self.sql, "{number}"),
            Some(slot) => {
                self.order.push(slot);
                write!(self.sql, "${}", self.order.len())
            }
            None => Err(fmt::Error),
        };
        self.is_sound &= written.is_ok();
    }

    fn as_writer(&mut self) -> &mut dyn Write {
        &mut self.sql
    }
}

impl Write for TextWriter<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.sql.write_str(text)
    }
}

impl fmt::Display for TextWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sql)
    }
}

/// Macros of time are moments; a column of days is compared with the day.
fn fit(value: Value, of: PgType) -> Value {
    match value {
        Value::DateTime(it) if of == PgType::Date => Value::Date(it.date_naive()),
        Value::List(items) if of == PgType::Date => {
            Value::List(items.into_iter().map(|it| fit(it, of)).collect())
        }
        value => value,
    }
}

/// The number of the slot that stands where a value would.
fn number(value: &Slotted) -> Option<usize> {
    match value {
        Slotted::BigInt(Some(at)) => usize::try_from(*at).ok(),
        // `limit` and `offset` take nothing else.
        Slotted::BigUnsigned(Some(at)) => usize::try_from(*at).ok(),
        _ => None,
    }
}
