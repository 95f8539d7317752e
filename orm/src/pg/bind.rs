//! Our own binder: a value goes to the server in the binary form of its parameter's declared
//! type, whatever variant it is.
//!
//! **Invariant:** a value that does not fit its type is an error before anything is sent; nothing
//! is truncated, and no moment depends on the time zone of a session.

use std::{error, fmt};

use bytes::{BufMut, BytesMut};
use postgres_types::{Format, IsNull, ToSql, Type};
use rust_decimal::Decimal;

use crate::{
    PgType, Value,
    pg::{ParamType, Statement, numeric::write_numeric},
};

type Written<T> = Result<T, Box<dyn error::Error + Sync + Send>>;

/// A value on its way to a parameter of a declared type.
#[derive(Clone, Copy)]
pub(super) struct Bound<'a> {
    value: &'a Value,
    to: ParamType,
}

impl<'a> Statement<'a> {
    /// Its values, each with the type that the server is told.
    pub(super) fn bound(&self) -> impl ExactSizeIterator<Item = (Bound<'a>, Type)> + use<'a> {
        assert_eq!(self.params.len(), self.types.len(), "each parameter has a declared type");
        let pairs = self.params.iter().zip(self.types);
        pairs.map(|(value, to)| (Bound { value, to: *to }, wire_type(*to)))
    }

    /// The types that the server is told.
    pub(super) fn wire_types(&self) -> Vec<Type> {
        self.types.iter().map(|it| wire_type(*it)).collect()
    }
}

impl ToSql for Bound<'_> {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Written<IsNull> {
        match self.value {
            Value::Null => return Ok(IsNull::Yes),
            Value::List(items) if self.to.is_list => write_list(items, self.to.pg_type, out)?,
            value if self.to.is_list => return Err(misfit(value, "a list")),
            value => write_one(value, self.to.pg_type, out)?,
        }
        Ok(IsNull::No)
    }

    /// The declared type has been told to the server, so there is no other to ask about.
    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(&self, to: &Type, out: &mut BytesMut) -> Written<IsNull> {
        self.to_sql(to, out)
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Binary
    }
}

/// The driver writes parameters into its debug log: the type may stand there, the value may not.
impl fmt::Debug for Bound<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to)
    }
}

/// One dimension, lower bound 1, each item behind its length.
fn write_list(items: &[Value], to: PgType, out: &mut BytesMut) -> Written<()> {
    let has_null = items.iter().any(Value::is_null);
    out.put_i32(i32::from(!items.is_empty()));
    out.put_i32(i32::from(has_null));
    out.put_u32(wire_type(ParamType::one(to)).oid());
    if items.is_empty() {
        return Ok(());
    }
    out.put_i32(i32::try_from(items.len())?);
    out.put_i32(1);
    items.iter().try_for_each(|it| write_item(it, to, out))
}

fn write_item(value: &Value, to: PgType, out: &mut BytesMut) -> Written<()> {
    if value.is_null() {
        out.put_i32(-1);
        return Ok(());
    }
    let start = out.len();
    out.put_i32(0);
    write_one(value, to, out)?;
    let length = i32::try_from(out.len() - start - size_of::<i32>())?;
    out[start..start + size_of::<i32>()].copy_from_slice(&length.to_be_bytes());
    Ok(())
}

fn write_one(value: &Value, to: PgType, out: &mut BytesMut) -> Written<()> {
    let wire = wire_type(ParamType::one(to));
    match (to, value) {
        (PgType::Bool, Value::Bool(it)) => it.to_sql(&wire, out),
        (PgType::Int2, Value::Int(it)) => narrow::<i16>(*it, "int2")?.to_sql(&wire, out),
        (PgType::Int4, Value::Int(it)) => narrow::<i32>(*it, "int4")?.to_sql(&wire, out),
        (PgType::Int8, Value::Int(it)) => it.to_sql(&wire, out),
        (PgType::Float8, Value::Float(it)) => it.to_sql(&wire, out),
        (PgType::Numeric, Value::Decimal(it)) => {
            write_numeric(*it, out);
            Ok(IsNull::No)
        }
        (PgType::Numeric, Value::Int(it)) => {
            write_numeric(Decimal::from(*it), out);
            Ok(IsNull::No)
        }
        (PgType::Text, Value::Text(it)) | (PgType::Json, Value::Json(it)) => it.to_sql(&wire, out),
        (PgType::Date, Value::Date(it)) => it.to_sql(&wire, out),
        (PgType::Time, Value::Time(it)) => it.to_sql(&wire, out),
        (PgType::Timestamptz, Value::DateTime(it)) => it.to_sql(&wire, out),
        (PgType::Uuid, Value::Uuid(it)) => it.to_sql(&wire, out),
        (PgType::Bytea, Value::Bytes(it)) => it.as_slice().to_sql(&wire, out),
        (_, value) => return Err(misfit(value, wire.name())),
    }
    .map(|_| ())
}

fn narrow<T: TryFrom<i64>>(value: i64, to: &str) -> Written<T> {
    T::try_from(value).map_err(|_| format!("an integer is out of the range of {to}").into())
}

/// Names the kinds only: a value may be a secret.
fn misfit(value: &Value, wanted: &str) -> Box<dyn error::Error + Sync + Send> {
    let found = match value {
        Value::Null => "an absent value",
        Value::Bool(_) => "a bool",
        Value::Int(_) => "an integer",
        Value::Float(_) => "a float",
        Value::Decimal(_) => "a decimal",
        Value::Text(_) => "a text",
        Value::Date(_) => "a date",
        Value::Time(_) => "a time",
        Value::DateTime(_) => "a moment",
        Value::Uuid(_) => "a uuid",
        Value::Json(_) => "json",
        Value::Bytes(_) => "bytes",
        Value::List(_) => "a list",
    };
    format!("a parameter takes {wanted}, not {found}").into()
}

const fn wire_type(of: ParamType) -> Type {
    match (of.pg_type, of.is_list) {
        (PgType::Bool, false) => Type::BOOL,
        (PgType::Bool, true) => Type::BOOL_ARRAY,
        (PgType::Int2, false) => Type::INT2,
        (PgType::Int2, true) => Type::INT2_ARRAY,
        (PgType::Int4, false) => Type::INT4,
        (PgType::Int4, true) => Type::INT4_ARRAY,
        (PgType::Int8, false) => Type::INT8,
        (PgType::Int8, true) => Type::INT8_ARRAY,
        (PgType::Float8, false) => Type::FLOAT8,
        (PgType::Float8, true) => Type::FLOAT8_ARRAY,
        (PgType::Numeric, false) => Type::NUMERIC,
        (PgType::Numeric, true) => Type::NUMERIC_ARRAY,
        (PgType::Text, false) => Type::TEXT,
        (PgType::Text, true) => Type::TEXT_ARRAY,
        (PgType::Date, false) => Type::DATE,
        (PgType::Date, true) => Type::DATE_ARRAY,
        (PgType::Time, false) => Type::TIME,
        (PgType::Time, true) => Type::TIME_ARRAY,
        (PgType::Timestamptz, false) => Type::TIMESTAMPTZ,
        (PgType::Timestamptz, true) => Type::TIMESTAMPTZ_ARRAY,
        (PgType::Uuid, false) => Type::UUID,
        (PgType::Uuid, true) => Type::UUID_ARRAY,
        (PgType::Json, false) => Type::JSON,
        (PgType::Json, true) => Type::JSON_ARRAY,
        (PgType::Bytea, false) => Type::BYTEA,
        (PgType::Bytea, true) => Type::BYTEA_ARRAY,
    }
}
