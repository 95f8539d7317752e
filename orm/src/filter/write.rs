//! Filters as JSON, in the language of searches: what is read back is the same filter.

use crate::{
    Error, Filter, Operand, Quantifier, Result, Schema,
    json::{key, string, value},
    schema::{SchemaField, SchemaModel},
};

/// Writes a filter on the rows of `model`.
///
/// # Errors
/// When it is one that queries have no words for, or speaks of fields that the model has not.
pub fn write_filter(schema: &Schema, model: &SchemaModel, filter: &Filter) -> Result<String> {
    let mut out = Vec::new();
    Writer { schema, out: &mut out }.filter(model, filter)?;
    String::from_utf8(out).map_err(|it| Error::broken("a filter is no text").because(it))
}

struct Writer<'a> {
    schema: &'a Schema,
    out: &'a mut Vec<u8>,
}

impl Writer<'_> {
    fn filter(&mut self, model: &SchemaModel, filter: &Filter) -> Result<()> {
        match filter {
            Filter::And(list) if list.is_empty() => {
                self.out.extend_from_slice(b"{}");
                Ok(())
            }
            Filter::And(list) => self.list("and", model, list),
            Filter::Or(list) => self.list("or", model, list),
            Filter::Not(inner) => self.wrapped("not", |it| it.filter(model, inner)),
            Filter::Compare { field, op, operand } => {
                if crate::Op::of(op.name()).is_none() {
                    return Err(Error::broken(format!("queries have no word for `{}`", op.name())));
                }
                let column = field_of(model, field)?.def.key;
                self.wrapped(column, |it| {
                    it.wrapped(op.name(), |it| {
                        it.operand(operand);
                        Ok(())
                    })
                })
            }
            Filter::Absent { field } => {
                let column = field_of(model, field)?.def.key;
                self.wrapped(column, Self::null)
            }
            Filter::NoRecord { field } => self.wrapped(field, Self::null),
            Filter::Hop { field, inner } => {
                let target = self.schema.target(field_of(model, field)?);
                self.wrapped(field, |it| it.filter(target, inner))
            }
            Filter::Related { field, quantifier, inner } => {
                let target = self.schema.target(field_of(model, field)?);
                let quantifier = match quantifier {
                    Quantifier::Some => "some",
                    Quantifier::Every => "every",
                    Quantifier::None => "none",
                };
                self.wrapped(field, |it| it.wrapped(quantifier, |it| it.filter(target, inner)))
            }
            Filter::Given { name } => {
                Err(Error::broken(format!("queries have no word for `@{name}` being given")))
            }
        }
    }

    fn list(&mut self, name: &str, model: &SchemaModel, list: &[Filter]) -> Result<()> {
        self.wrapped(name, |it| {
            it.out.push(b'[');
            for (at, filter) in list.iter().enumerate() {
                if at > 0 {
                    it.out.push(b',');
                }
                it.filter(model, filter)?;
            }
            it.out.push(b']');
            Ok(())
        })
    }

    fn operand(&mut self, operand: &Operand) {
        match operand {
            Operand::Value(it) => value(self.out, it),
            Operand::Macro(name) => string(self.out, &format!("@{name}")),
            Operand::List(list) => {
                self.out.push(b'[');
                for (at, it) in list.iter().enumerate() {
                    if at > 0 {
                        self.out.push(b',');
                    }
                    self.operand(it);
                }
                self.out.push(b']');
            }
        }
    }

    /// An object with one key.
    fn wrapped(&mut self, name: &str, inner: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.out.push(b'{');
        key(self.out, name);
        inner(self)?;
        self.out.push(b'}');
        Ok(())
    }

    fn null(&mut self) -> Result<()> {
        self.out.extend_from_slice(b"{\"null\":true}");
        Ok(())
    }
}

fn field_of<'m>(model: &'m SchemaModel, name: &str) -> Result<&'m SchemaField> {
    let unknown = || Error::broken(format!("{} has no field `{name}`", model.def.table));
    model.field(name).ok_or_else(unknown)
}
