//! One of a fixed list of words: an enum in Rust, `text` in PostgreSQL, a string in JSON.
//!
//! `#[derive(Selection)]` writes the trait [`Selection`] for the enum, and makes the enum the type
//! of a field by means of [`take`] and [`give`].

use std::borrow::Cow;

use crate::{
    Error, FieldDef, Kind, KindRules, Leaf, LeafFault, Op, PgType, Result, Value,
    extension::added_choice, field::text,
};

/// A fixed list of words.
#[derive(Debug, PartialEq, Eq)]
pub struct SelectionDef {
    /// The Rust name of the enum: `ProductKind`.
    pub name: &'static str,
    /// In the order of declaration, which is the order of screens.
    pub choices: &'static [SelectionChoice],
    /// Whether modules may add choices to it.
    pub is_open: bool,
}

/// One word of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SelectionChoice {
    /// As stored and as sent: `service`.
    pub value: &'static str,
    /// Text for users where no translation stands: `Service`.
    pub label: &'static str,
}

/// An enum whose variants are the words of a list; `#[derive(Selection)]` implements it.
pub trait Selection: Copy + Send + Sync + 'static {
    /// The list.
    const DEF: &'static SelectionDef;

    /// The variant of a word.
    fn of(value: &str) -> Option<Self>;

    /// The word of the variant.
    fn as_str(self) -> &'static str;
}

/// A selection to which modules may add choices; `#[selection(open)]` makes it one.
#[diagnostic::on_unimplemented(
    message = "the choices of `{Self}` are all there will be",
    label = "not open",
    note = "write `#[selection(open)]` above `{Self}`, and a variant `Other(Choice)` for what is added"
)]
pub trait OpenSelection: Selection {}

/// The word of a choice that another module added: a constant of its extension, which a pattern
/// may name, `Other(SupplyKind::SUPPLIER)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Choice(pub &'static str);

impl Choice {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

/// For the derive: the choice with this word that some module added to an open selection.
pub fn added(selection: &SelectionDef, word: &str) -> Option<Choice> {
    added_choice(selection, word).map(Choice)
}

/// For the derive: the variant that a value names.
///
/// # Errors
/// When the value is no word of the list: a table that is not ours.
pub fn take<S: Selection>(value: &Value) -> Result<S> {
    value.as_text().and_then(S::of).ok_or_else(|| {
        Error::broken(format!("a value is none of the choices of `{}`", S::DEF.name))
    })
}

/// For the derive: the value of a variant.
pub(crate) fn give<S: Selection>(it: S) -> Value {
    Value::Text(it.as_str().to_owned())
}

pub(crate) static RULES: KindRules = KindRules {
    name: "selection",
    pg_type: PgType::Text,
    column_type: |_| Cow::Borrowed("text"),
    operators: &[Op::Eq, Op::Ne, Op::In, Op::Nin],
    parse,
    parse_text,
    check,
    read: text::read,
    write: text::write,
};

fn parse(def: &FieldDef, leaf: &Leaf<'_>) -> Result<Value, LeafFault> {
    parse_text(def, leaf.as_string()?)
}

fn parse_text(def: &FieldDef, text: &str) -> Result<Value, LeafFault> {
    choose(def, text).map(|it| Value::Text(it.to_owned()))
}

fn check(def: &FieldDef, value: &Value) -> Result<(), LeafFault> {
    match value {
        Value::Text(text) => choose(def, text).map(drop),
        other => Err(LeafFault::unlike(other, "string")),
    }
}

/// The choice that a text names.
fn choose(def: &FieldDef, text: &str) -> Result<&'static str, LeafFault> {
    let choices = match def.kind {
        Kind::Selection(selection) => selection.choices,
        _ => &[],
    };
    let values = || choices.iter().map(|it| it.value);
    values().find(|it| *it == text).ok_or_else(|| {
        LeafFault::new("choice").with("choices", values().collect::<Vec<_>>().join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::{SelectionChoice, SelectionDef};
    use crate::{
        FieldDef, Kind, Value,
        json::{any_field, checked, parsed, parsed_text, written},
    };

    static STATE: SelectionDef = SelectionDef {
        name: "State",
        choices: &[
            SelectionChoice { value: "open", label: "Open" },
            SelectionChoice { value: "closed", label: "Closed" },
        ],
        is_open: false,
    };

    #[test]
    fn only_words_of_the_list_are_choices() {
        check(r#""open""#, r#""open""#);
        check(r#""Open""#, "choice choices=open, closed");
        check(r#""""#, "choice choices=open, closed");
        check("0", "wrong_type expected=string");
        check("null", "required");
    }

    #[test]
    fn every_source_has_the_same_list() {
        let lost = Value::Text("lost".into());
        assert_eq!(parsed_text(&state(), "closed"), r#""closed""#);
        assert_eq!(parsed_text(&state(), "lost"), "choice choices=open, closed");
        assert_eq!(checked(&state(), &lost), "choice choices=open, closed");
        assert_eq!(written(&state(), b"open"), r#""open""#);
    }

    fn state() -> FieldDef {
        let mut def = any_field::<String>();
        def.kind = Kind::Selection(&STATE);
        def
    }

    #[track_caller]
    fn check(json: &str, expected: &str) {
        assert_eq!(parsed(&state(), json), expected);
    }
}
