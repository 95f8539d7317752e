//! Query strings: parameters as they were sent, each with all its values.
//!
//! **Invariant:** nothing is ignored. What cannot be decoded is refused, and every parameter is
//! asked for by somebody or refused by [`QueryString::finish`].

use std::borrow::Cow;

use orm::Violation;
use percent_encoding::percent_decode_str;

use crate::{Error, Result};

/// The parameters of a request.
pub(crate) struct QueryString<'a> {
    parameters: Vec<Parameter<'a>>,
}

/// A parameter and its values, in the order in which they were sent.
pub(crate) struct Parameter<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) values: Vec<Cow<'a, str>>,
}

impl<'a> QueryString<'a> {
    /// Reads the part of an address behind its `?`.
    ///
    /// # Errors
    /// `bad_parameter` for what is not percent-encoded UTF-8, or holds NUL.
    pub(crate) fn parse(query: &'a str) -> Result<Self> {
        let mut parameters: Vec<Parameter<'a>> = Vec::new();
        for pair in query.split('&').filter(|it| !it.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name).ok_or_else(|| bad_parameter(name, "encoding"))?;
            let value = decode(value).ok_or_else(|| bad_parameter(&name, "encoding"))?;
            match parameters.iter_mut().find(|it| it.name == name) {
                Some(known) => known.values.push(value),
                None => parameters.push(Parameter { name, values: vec![value] }),
            }
        }
        Ok(Self { parameters })
    }

    /// Takes out a parameter that has one value.
    ///
    /// # Errors
    /// `bad_parameter` when it was given twice.
    pub(crate) fn take(&mut self, name: &str) -> Result<Option<Cow<'a, str>>> {
        let Some(at) = self.parameters.iter().position(|it| it.name == name) else {
            return Ok(None);
        };
        let mut found = self.parameters.remove(at);
        match found.values.len() {
            1 => Ok(found.values.pop()),
            _ => Err(bad_parameter(name, "twice")),
        }
    }

    /// The parameters that nobody has taken.
    pub(crate) fn rest(self) -> Vec<Parameter<'a>> {
        self.parameters
    }

    /// Refuses what is left.
    ///
    /// # Errors
    /// `unknown_parameter` for the first that nobody has taken.
    pub(crate) fn finish(self) -> Result<()> {
        match self.parameters.first() {
            Some(parameter) => Err(unknown_parameter(&parameter.name)),
            None => Ok(()),
        }
    }
}

/// `None` for a percent sign without two digits behind it, for bytes that are no UTF-8, for NUL.
fn decode(text: &str) -> Option<Cow<'_, str>> {
    let is_encoded = |it: &str| {
        let digits = it.as_bytes().get(..2);
        digits.is_some_and(|it| it.iter().all(u8::is_ascii_hexdigit))
    };
    if !text.split('%').skip(1).all(is_encoded) {
        return None;
    }
    let decoded = if text.contains('+') {
        let spaced = text.replace('+', " ");
        Cow::Owned(percent_decode_str(&spaced).decode_utf8().ok()?.into_owned())
    } else {
        percent_decode_str(text).decode_utf8().ok()?
    };
    (!decoded.contains('\0')).then_some(decoded)
}

/// A parameter that the route does not know.
pub(crate) fn unknown_parameter(name: &str) -> Error {
    Error::bad_parameter(Violation::at_parameter(shown(name), "unknown_parameter"))
}

/// A parameter of the route's own whose value is wrong.
pub(crate) fn bad_parameter(name: &str, reason: &'static str) -> Error {
    let violation = Violation::at_parameter(shown(name), "bad_parameter");
    Error::bad_parameter(violation.with("reason", reason))
}

/// As much of a name as an answer repeats.
fn shown(name: &str) -> String {
    name.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_decoded() {
        check("a=1&b%5Bgte%5D=x+y%2B", "a=[1] b[gte]=[x y+]");
        check("name=%D0%BB%D0%B0%D0%BC%D0%BF%D0%B0", "name=[лампа]");
        check("flag&empty=&&", "flag=[] empty=[]");
    }

    #[test]
    fn a_repeated_name_gathers_its_values() {
        check("a=1&b=2&a=3", "a=[1|3] b=[2]");
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for query in ["a=%ff", "a=%zz", "a=%4", "%00=1", "a=%00"] {
            check(query, "bad");
        }
    }

    #[test]
    fn a_single_value_given_twice_is_refused() {
        let mut query = QueryString::parse("limit=1&limit=1").unwrap();
        assert!(query.take("limit").is_err());
    }

    #[track_caller]
    fn check(query: &str, expected: &str) {
        let actual = match QueryString::parse(query) {
            Ok(it) => {
                let shown = |it: Parameter<'_>| format!("{}=[{}]", it.name, it.values.join("|"));
                it.rest().into_iter().map(shown).collect::<Vec<_>>().join(" ")
            }
            Err(_) => "bad".to_owned(),
        };
        assert_eq!(actual, expected, "{query}");
    }
}
