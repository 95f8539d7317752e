//! What a filter compares with: values and macros, from JSON and from query strings.

use std::borrow::Cow;

use crate::{
    At, Error, Filter, Kind, KindRules, Leaf, LeafFault, Op, Operand, Outlook, Result, Value,
    Violation,
    filter::{FieldPath, macro_moment},
    json::Node,
    schema::SchemaField,
};

/// Why a filter's value does not suit its field.
pub(crate) struct OperandFault(LeafFault);

impl OperandFault {
    /// As the fault of a query.
    pub(crate) fn at(self, at: At) -> Violation {
        let mut params = vec![("reason", self.0.code.to_owned())];
        params.extend(self.0.params);
        Violation { at, code: "bad_filter", params }
    }
}

/// A value as text, if it is one.
#[derive(Clone, Copy)]
pub(crate) struct Text<'a>(Option<&'a str>);

impl<'a> Text<'a> {
    pub(crate) fn of_node(node: &'a Node<'_>) -> Self {
        match node {
            Node::Leaf(Leaf::Text(text)) => Self(Some(text)),
            _ => Self(None),
        }
    }

    /// The macro that it is: the name behind an `@`.
    fn macro_name(self) -> Option<&'a str> {
        self.0?.strip_prefix('@')
    }
}

/// A value of a body.
pub(crate) fn of_json(
    outlook: Outlook<'_>,
    field: &SchemaField,
    op: Op,
    node: &Node<'_>,
) -> Result<Operand, OperandFault> {
    if let Some(operand) = scalar_macro(outlook, field, Text::of_node(node))? {
        return Ok(operand);
    }
    let leaf = node.as_leaf();
    let value = (rules(field, op).parse)(&field.loose, &leaf).map_err(OperandFault)?;
    Ok(Operand::Value(value))
}

/// A value of a query string, where every value is text.
fn of_text(
    outlook: Outlook<'_>,
    field: &SchemaField,
    op: Op,
    text: &str,
) -> Result<Operand, OperandFault> {
    if let Some(operand) = scalar_macro(outlook, field, Text(Some(text)))? {
        return Ok(operand);
    }
    let value = (rules(field, op).parse_text)(&field.loose, text).map_err(OperandFault)?;
    Ok(Operand::Value(value))
}

/// What reads an operand: a part of a text need not be a value of its field.
fn rules(field: &SchemaField, op: Op) -> &'static KindRules {
    match op {
        Op::Like | Op::Ilike | Op::Starts | Op::Contains => Kind::Text.rules(),
        _ => field.loose.kind.rules(),
    }
}

/// The condition of one query parameter: a path, an operator, and its values as they were sent.
///
/// # Errors
/// `bad_filter` when operator or value do not suit the field.
pub fn parse_parameter(
    outlook: Outlook<'_>,
    path: &FieldPath<'_>,
    op: Option<&str>,
    values: &[Cow<'_, str>],
    parameter: &str,
) -> Result<Filter> {
    let fault = |reason: &'static str| {
        let violation = Violation::at_parameter(parameter, "bad_filter");
        Error::bad_query(violation.with("reason", reason))
    };
    let single = || match values {
        [one] => Ok(one),
        _ => Err(Error::bad_query(
            Violation::at_parameter(parameter, "bad_parameter").with("reason", "twice"),
        )),
    };
    let name = path.field.def.name;
    let read = |op: Op, text: &str| {
        of_text(outlook, path.field, op, text)
            .map_err(|it| Error::bad_query(it.at(At::Parameter(parameter.to_owned()))))
    };
    let end = match op {
        Some("null") => {
            let absent = match path.is_record {
                true => Filter::NoRecord { field: name },
                false => Filter::Absent { field: name },
            };
            match &**single()? {
                "true" => absent,
                "false" => Filter::Not(Box::new(absent)),
                _ => return Err(fault("wrong_type")),
            }
        }
        _ if path.is_record => return Err(fault("record")),
        // The key repeated means one of.
        None if values.len() > 1 => {
            allowed(path.field, Op::In).ok_or_else(|| fault("operator"))?;
            let list = values.iter().map(|it| read(Op::In, it)).collect::<Result<_>>()?;
            Filter::Compare { field: name, op: Op::In, operand: Operand::List(list) }
        }
        op => {
            let op = Op::of(op.unwrap_or("eq")).ok_or_else(|| fault("unknown_operator"))?;
            allowed(path.field, op).ok_or_else(|| fault("operator"))?;
            let text = single()?;
            let operand = match op.takes_list() {
                false => read(op, text)?,
                true => list(outlook, path.field, (op, text), |it| read(op, it))?
                    .ok_or_else(|| fault("two_values"))?,
            };
            Filter::Compare { field: name, op, operand }
        }
    };
    Ok(path
        .hops
        .iter()
        .rev()
        .fold(end, |inner, field| Filter::Hop { field, inner: Box::new(inner) }))
}

fn allowed(field: &SchemaField, op: Op) -> Option<()> {
    field.def.kind.rules().operators.contains(&op).then_some(())
}

/// A comma list; `None` when `between` has not its two.
fn list(
    outlook: Outlook<'_>,
    field: &SchemaField,
    (op, text): (Op, &str),
    read: impl Fn(&str) -> Result<Operand>,
) -> Result<Option<Operand>> {
    if let Some(operand) =
        list_macro(outlook, field, Text(Some(text))).filter(|_| op != Op::Between)
    {
        return Ok(Some(operand));
    }
    let list: Vec<Operand> = match text {
        "" => Vec::new(),
        text => text.split(',').map(read).collect::<Result<_>>()?,
    };
    let is_whole = op != Op::Between || list.len() == 2;
    Ok(is_whole.then_some(Operand::List(list)))
}

/// The macro of a list: it stands alone as the operand of `in` and `nin`.
pub(crate) fn list_macro(
    outlook: Outlook<'_>,
    field: &SchemaField,
    text: Text<'_>,
) -> Option<Operand> {
    let name = text.macro_name().filter(|_| is_id(field))?;
    match outlook.access.parameter(name)? {
        Value::List(_) => Some(Operand::Macro(name.to_owned())),
        _ => None,
    }
}

/// The macro that a text is where the field can hold what it stands for; elsewhere a text that
/// begins with `@` is a text.
fn scalar_macro(
    outlook: Outlook<'_>,
    field: &SchemaField,
    text: Text<'_>,
) -> Result<Option<Operand>, OperandFault> {
    let is_moment = matches!(field.def.kind, Kind::Date | Kind::DateTime);
    let Some(name) = text.macro_name().filter(|_| is_moment || is_id(field)) else {
        return Ok(None);
    };
    let is_known = match is_moment {
        true => macro_moment(name, outlook.now).is_some(),
        false => !matches!(outlook.access.parameter(name), None | Some(Value::List(_))),
    };
    match is_known {
        true => Ok(Some(Operand::Macro(name.to_owned()))),
        false => Err(OperandFault(LeafFault::new("macro"))),
    }
}

fn is_id(field: &SchemaField) -> bool {
    field.def.kind.is_to_one() || field.def.name == "id"
}
