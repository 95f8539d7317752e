//! Texts that come in and never go out: a password on its way to its hash, a key of a service.
//!
//! **Invariant:** no answer, filter, message or log holds one. The type has no `Display` and no
//! `Serialize`, its `Debug` shows nothing, its fields have no operators and are written as `null`.

use std::{borrow::Cow, fmt};

use crate::{
    Assign, Error, FieldDef, FieldType, Kind, KindRules, Leaf, LeafFault, PgType, Plain, Result,
    Value, Writable, field::text,
};

pub(crate) static RULES: KindRules = KindRules {
    name: "secret",
    pg_type: PgType::Text,
    column_type: |_| Cow::Borrowed("text"),
    operators: &[],
    parse,
    parse_text,
    check,
    read: text::read,
    write: |_, out| out.extend_from_slice(b"null"),
};

/// Enough for every passphrase and hash, too little to make hashing a burden.
const BYTES_MAX: usize = 1024;

/// A text that has no way out but [`Secret::expose`].
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// The text; whoever calls this answers for where it goes.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl FieldType for Secret {
    type Base = Self;
    type Nullable = Option<Self>;
    const KIND: Kind = Kind::Secret;

    fn take(value: Value) -> Result<Self> {
        match value {
            Value::Text(text) => Ok(Self(text)),
            _ => Err(Error::broken("a secret field has a value that is no text")),
        }
    }

    fn give(&self) -> Value {
        Value::Text(self.0.clone())
    }
}

impl Writable for Secret {}
impl Plain for Secret {}

macro_rules! assign_texts {
    ($($t:ty),*) => {$(
        impl Assign<Secret> for $t {
            fn value(self) -> Value {
                Value::Text(self.into())
            }
        }

        impl Assign<Option<Secret>> for $t {
            fn value(self) -> Value {
                Value::Text(self.into())
            }
        }
    )*};
}
assign_texts!(String, &str);

fn parse(def: &FieldDef, leaf: &Leaf<'_>) -> Result<Value, LeafFault> {
    parse_text(def, leaf.as_string()?)
}

fn parse_text(_: &FieldDef, text: &str) -> Result<Value, LeafFault> {
    check_text(text)?;
    Ok(Value::Text(text.to_owned()))
}

fn check(_: &FieldDef, value: &Value) -> Result<(), LeafFault> {
    match value {
        Value::Text(text) => check_text(text),
        other => Err(LeafFault::unlike(other, "string")),
    }
}

fn check_text(text: &str) -> Result<(), LeafFault> {
    if text.contains('\0') {
        return Err(LeafFault::new("invalid"));
    }
    if text.len() > BYTES_MAX {
        return Err(LeafFault::new("too_long").with("max", BYTES_MAX));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Secret;
    use crate::{
        Assign, FieldType, Value,
        json::{any_field, checked, parsed, written},
    };

    #[test]
    fn nothing_shows_a_secret() {
        let secret = Secret::from("lamp".to_owned());
        assert_eq!(format!("{secret:?} {:?}", Some(&secret)), "*** Some(***)");
        assert_eq!(written(&any_field::<Secret>(), b"lamp"), "null");
        assert_eq!(secret.expose(), "lamp");
    }

    #[test]
    fn its_length_is_limited() {
        let check = |text: String| checked(&any_field::<Secret>(), &Value::Text(text));
        assert_eq!(check("x".repeat(1025)), "too_long max=1024");
        assert_eq!(check("é".repeat(513)), "too_long max=1024");
        assert_eq!(check("a\0".to_owned()), "invalid");
        assert_eq!(parsed(&any_field::<Secret>(), "1"), "wrong_type expected=string");
        assert_eq!(parsed(&any_field::<Secret>(), "null"), "required");
    }

    #[test]
    fn texts_are_assigned_to_it() {
        fn given<F: FieldType>(it: impl Assign<F>) -> Value {
            it.value()
        }
        let lamp = || Value::Text("lamp".to_owned());
        assert_eq!(given::<Secret>("lamp"), lamp());
        assert_eq!(given::<Option<Secret>>("lamp".to_owned()), lamp());
        assert_eq!(given::<Option<Secret>>(Secret::from("lamp".to_owned())), lamp());
        assert_eq!(given::<Option<Secret>>(None), Value::Null);
    }
}
