//! Filters of search bodies: a JSON tree, read against the model that it speaks of.

use crate::{
    At, Error, Filter, Op, Operand, Quantifier, Result, Verb, Violation,
    filter::{
        Judge,
        operand::{self, Text},
        path::{find, unknown_field},
    },
    json::{Node, Object},
    schema::{SchemaField, SchemaModel},
};

/// Levels of `and`, `or`, `not` and relations.
pub(super) const DEPTH_MAX: usize = 8;
/// Comparisons of one filter.
const CONDITIONS_MAX: usize = 200;

/// Reads the filter that stands at `pointer` of a body.
///
/// # Errors
/// `unknown_field` and `bad_filter` with the pointer. What the asker may not name is kept by
/// `judge`.
pub fn parse_filter(
    judge: &mut Judge<'_>,
    model: &SchemaModel,
    node: &Node<'_>,
    pointer: &str,
) -> Result<Filter> {
    let mut reader = Reader { judge, conditions: 0 };
    reader.filter(model, node, pointer, 0)
}

struct Reader<'r, 's> {
    judge: &'r mut Judge<'s>,
    conditions: usize,
}

impl Reader<'_, '_> {
    fn filter(
        &mut self,
        model: &SchemaModel,
        node: &Node<'_>,
        pointer: &str,
        depth: usize,
    ) -> Result<Filter> {
        let Node::Object(object) = node else {
            return Err(bad_filter(pointer, "not_an_object"));
        };
        if depth > DEPTH_MAX {
            return Err(bad_filter_with(pointer, "too_deep", DEPTH_MAX));
        }
        if object.entries.is_empty() {
            self.count(pointer)?;
        }
        let parts = object.entries.iter().map(|(key, value)| {
            let pointer = child(pointer, key);
            match (&**key, value) {
                ("and", Node::Array(list, _)) => {
                    self.list(model, list, &pointer, depth).map(Filter::And)
                }
                ("or", Node::Array(list, _)) => {
                    self.list(model, list, &pointer, depth).map(Filter::Or)
                }
                ("and" | "or", _) => Err(bad_filter(&pointer, "not_a_list")),
                ("not", inner) => {
                    let inner = self.filter(model, inner, &pointer, depth + 1)?;
                    Ok(Filter::Not(Box::new(inner)))
                }
                (name, value) => self.field(model, name, value, (&pointer, depth)),
            }
        });
        let mut parts: Vec<Filter> = parts.collect::<Result<_>>()?;
        Ok(if parts.len() == 1 { parts.remove(0) } else { Filter::And(parts) })
    }

    fn list(
        &mut self,
        model: &SchemaModel,
        list: &[Node<'_>],
        pointer: &str,
        depth: usize,
    ) -> Result<Vec<Filter>> {
        if list.is_empty() {
            self.count(pointer)?;
        }
        let part = |(at, node)| self.filter(model, node, &format!("{pointer}/{at}"), depth + 1);
        (0..).zip(list).map(|(at, node): (usize, _)| (at, node)).map(part).collect()
    }

    /// The condition under the name of a field.
    fn field(
        &mut self,
        model: &SchemaModel,
        name: &str,
        value: &Node<'_>,
        (pointer, depth): (&str, usize),
    ) -> Result<Filter> {
        let at = At::Pointer(pointer.to_owned());
        let (field, is_record) =
            find(model, name).ok_or_else(|| Error::bad_query(unknown_field(&at, name)))?;
        if !self.judge.reads(model, field, &at) {
            self.count(pointer)?;
            return Ok(Filter::nothing());
        }
        if !is_record {
            return self.column(field, value, pointer);
        }
        let target = self.judge.outlook().schema.target(field);
        self.judge.model(target, Verb::Read);
        let Node::Object(object) = value else {
            return Err(bad_filter(pointer, "not_an_object"));
        };
        if field.def.kind.is_to_many() {
            self.related(field, target, object, (pointer, depth))
        } else {
            self.record(field, target, (value, object), (pointer, depth))
        }
    }

    /// A reference: `{"null": true}` or a filter on the record behind it.
    fn record(
        &mut self,
        field: &SchemaField,
        target: &SchemaModel,
        (value, object): (&Node<'_>, &Object<'_>),
        (pointer, depth): (&str, usize),
    ) -> Result<Filter> {
        if let [(key, flag)] = &object.entries[..]
            && key == "null"
        {
            return self.no_record(field, flag, &child(pointer, key));
        }
        let inner = Box::new(self.filter(target, value, pointer, depth + 1)?);
        Ok(Filter::Hop { field: field.def.name, inner })
    }

    /// A to-many relation: `some`, `every`, `none`, `null`.
    fn related(
        &mut self,
        field: &SchemaField,
        target: &SchemaModel,
        object: &Object<'_>,
        (pointer, depth): (&str, usize),
    ) -> Result<Filter> {
        let parts = object.entries.iter().map(|(key, value)| {
            let pointer = child(pointer, key);
            let quantifier = match &**key {
                "some" => Quantifier::Some,
                "every" => Quantifier::Every,
                "none" => Quantifier::None,
                "null" => return self.no_record(field, value, &pointer),
                _ => return Err(bad_filter(&pointer, "unknown_operator")),
            };
            let inner = Box::new(self.filter(target, value, &pointer, depth + 1)?);
            Ok(Filter::Related { field: field.def.name, quantifier, inner })
        });
        one_or_all(parts.collect::<Result<_>>()?, pointer)
    }

    fn no_record(&mut self, field: &SchemaField, flag: &Node<'_>, at: &str) -> Result<Filter> {
        self.count(at)?;
        let filter = Filter::NoRecord { field: field.def.name };
        Ok(if truth(flag, at)? { filter } else { Filter::Not(Box::new(filter)) })
    }

    /// A column: a value, which is short for `eq`, or operators.
    fn column(&mut self, field: &SchemaField, value: &Node<'_>, pointer: &str) -> Result<Filter> {
        let Node::Object(object) = value else {
            return self.compare(field, Op::Eq, value, pointer);
        };
        let parts = object.entries.iter().map(|(key, value)| {
            let pointer = child(pointer, key);
            if key == "null" {
                self.count(&pointer)?;
                let absent = Filter::Absent { field: field.def.name };
                let is_absent = truth(value, &pointer)?;
                return Ok(if is_absent { absent } else { Filter::Not(Box::new(absent)) });
            }
            match Op::of(key) {
                Some(op) => self.compare(field, op, value, &pointer),
                None => Err(bad_filter(&pointer, "unknown_operator")),
            }
        });
        one_or_all(parts.collect::<Result<_>>()?, pointer)
    }

    fn compare(
        &mut self,
        field: &SchemaField,
        op: Op,
        value: &Node<'_>,
        pointer: &str,
    ) -> Result<Filter> {
        self.count(pointer)?;
        if !field.def.kind.rules().operators.contains(&op) {
            return Err(bad_filter(pointer, "operator"));
        }
        let read = |node: &Node<'_>, pointer: &str| {
            operand::of_json(self.judge.outlook(), field, op, node)
                .map_err(|fault| Error::bad_query(fault.at(At::Pointer(pointer.to_owned()))))
        };
        let operand = match (op.takes_list(), value) {
            (false, value) => read(value, pointer)?,
            (true, Node::Array(list, _)) => {
                let item = |(at, node)| read(node, &format!("{pointer}/{at}"));
                let list: Vec<Operand> = (0_usize..).zip(list).map(item).collect::<Result<_>>()?;
                if op == Op::Between && list.len() != 2 {
                    return Err(bad_filter(pointer, "two_values"));
                }
                Operand::List(list)
            }
            // A list macro stands alone.
            (true, node) if op != Op::Between => {
                match operand::list_macro(self.judge.outlook(), field, Text::of_node(node)) {
                    Some(operand) => operand,
                    None => return Err(bad_filter(pointer, "not_a_list")),
                }
            }
            (true, _) => return Err(bad_filter(pointer, "not_a_list")),
        };
        Ok(Filter::Compare { field: field.def.name, op, operand })
    }

    /// Counts a leaf of the tree. What is empty or closed is one, too: every list of a filter
    /// is as short as the limit, and so is its SQL.
    fn count(&mut self, pointer: &str) -> Result<()> {
        self.conditions += 1;
        if self.conditions > CONDITIONS_MAX {
            return Err(bad_filter_with(pointer, "too_many", CONDITIONS_MAX));
        }
        Ok(())
    }
}

/// A field with an empty object says nothing, which nobody means.
fn one_or_all(mut parts: Vec<Filter>, pointer: &str) -> Result<Filter> {
    match parts.len() {
        0 => Err(bad_filter(pointer, "empty")),
        1 => Ok(parts.remove(0)),
        _ => Ok(Filter::And(parts)),
    }
}

fn truth(node: &Node<'_>, pointer: &str) -> Result<bool> {
    match node {
        Node::Leaf(crate::Leaf::Bool(it)) => Ok(*it),
        _ => Err(bad_filter(pointer, "wrong_type")),
    }
}

/// The pointer of a key, escaped as RFC 6901 says.
pub(crate) fn child(pointer: &str, key: &str) -> String {
    if key.contains(['~', '/']) {
        format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
    } else {
        format!("{pointer}/{key}")
    }
}

fn bad_filter(pointer: &str, reason: &'static str) -> Error {
    Error::bad_query(Violation::at_pointer(pointer, "bad_filter").with("reason", reason))
}

fn bad_filter_with(pointer: &str, reason: &'static str, max: usize) -> Error {
    let violation = Violation::at_pointer(pointer, "bad_filter");
    Error::bad_query(violation.with("reason", reason).with("max", max))
}
