//! What can go wrong between a request and PostgreSQL, in words that say whose fault it is.
//!
//! An error carries codes and parameters, never sentences: texts are made at the edge, in the
//! language of whoever asked.

use std::{borrow::Cow, error, fmt};

use crate::filter::child;

/// The one error of this crate; see [`ErrorKind`] for what it can be.
pub struct Error(Box<Inner>);

/// What this crate's functions give.
pub type Result<T, E = Error> = std::result::Result<T, E>;

struct Inner {
    kind: ErrorKind,
    source: Option<Box<dyn error::Error + Send + Sync>>,
}

/// Every way in which the data layer refuses or fails.
#[derive(Debug, Clone, PartialEq)]
pub enum ErrorKind {
    /// A record would be wrong: all faults of one stage at once.
    Invalid(Vec<Violation>),
    /// A body that is no JSON object as JSON objects should be.
    BadJson(String),
    /// A list or search cannot be understood; the violation's code says in which way.
    BadQuery(Violation),
    /// The asker has no grant for this verb on this model, or a rule says no.
    Denied,
    /// The asker named fields that are closed to them.
    FieldForbidden(Vec<Violation>),
    /// The record does not exist for the asker.
    Missing,
    /// Another record has these values in these fields.
    NotUnique {
        /// Their keys.
        fields: Vec<Cow<'static, str>>,
        /// Pointer of the record in the body; empty when the record is the body.
        record: String,
    },
    /// Records of these models, as far as the asker may see them, still point here.
    StillReferenced {
        /// Their tables.
        models: Vec<&'static str>,
    },
    /// The record has another version than the asker demands.
    VersionMismatch {
        /// The version it has.
        current: i64,
    },
    /// The record may not be deleted, or not be changed so: the code says why.
    Refused {
        /// For programs: one of the codes of `docs/API.md`.
        code: &'static str,
    },
    /// More rows match than the asker allows a bulk statement to touch.
    TooManyAffected {
        /// How many match, or the limit and one more.
        affected: i64,
    },
    /// Somebody else holds what is needed (a lock, a deadlock, a serialization conflict).
    Busy,
    /// The database is away, full, read-only or too slow; later it may work.
    Unavailable(Cow<'static, str>),
    /// Our fault: never the asker's business.
    Broken(Cow<'static, str>),
}

/// One fault and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Where in the request.
    pub at: At,
    /// For programs: one of the codes of `docs/API.md`.
    pub code: &'static str,
    /// What the text of the fault names: `("min", "0")`.
    pub params: Vec<(&'static str, String)>,
}

/// A place in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// RFC 6901 pointer into the body as sent.
    Pointer(String),
    /// Name of a query parameter.
    Parameter(String),
}

impl Violation {
    /// A fault at a place in the body.
    pub fn at_pointer(pointer: impl Into<String>, code: &'static str) -> Self {
        Self { at: At::Pointer(pointer.into()), code, params: Vec::new() }
    }

    /// A fault of a key of the object at `pointer`; the key is escaped as RFC 6901 says.
    pub fn at_key(pointer: &str, key: &str, code: &'static str) -> Self {
        Self::at_pointer(child(pointer, key), code)
    }

    /// A fault of a query parameter.
    pub fn at_parameter(parameter: impl Into<String>, code: &'static str) -> Self {
        Self { at: At::Parameter(parameter.into()), code, params: Vec::new() }
    }

    /// The same with one more parameter of its text.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.params.push((name, value.to_string()));
        self
    }

    /// The same in a record that stands at `pointer` of the body, and is not the body itself.
    #[must_use]
    pub fn within(mut self, pointer: &str) -> Self {
        if let At::Pointer(at) = &mut self.at {
            at.insert_str(0, pointer);
        }
        self
    }
}

impl Error {
    /// The faults of a record.
    pub fn invalid(violations: Vec<Violation>) -> Self {
        ErrorKind::Invalid(violations).into()
    }

    /// A body that cannot be read; `found` says why.
    pub fn bad_json(found: impl Into<String>) -> Self {
        ErrorKind::BadJson(found.into()).into()
    }

    /// A list or search that cannot be understood.
    pub fn bad_query(violation: Violation) -> Self {
        ErrorKind::BadQuery(violation).into()
    }

    /// No right to do this at all.
    pub fn denied() -> Self {
        ErrorKind::Denied.into()
    }

    /// Fields that the asker named and may not.
    pub fn field_forbidden(violations: Vec<Violation>) -> Self {
        ErrorKind::FieldForbidden(violations).into()
    }

    /// No such record, as far as the asker is concerned.
    pub fn missing() -> Self {
        ErrorKind::Missing.into()
    }

    /// Something about the data forbids it; `code` says what.
    pub fn refused(code: &'static str) -> Self {
        ErrorKind::Refused { code }.into()
    }

    /// The database cannot serve now.
    pub fn unavailable(reason: impl Into<Cow<'static, str>>) -> Self {
        ErrorKind::Unavailable(reason.into()).into()
    }

    /// A fault of ours; `what` is for the log.
    pub fn broken(what: impl Into<Cow<'static, str>>) -> Self {
        ErrorKind::Broken(what.into()).into()
    }

    /// The same of a record that stands at `pointer` of the body, and is not the body itself.
    #[must_use]
    pub fn within(mut self, pointer: &str) -> Self {
        match &mut self.0.kind {
            ErrorKind::Invalid(list) => {
                let inner = std::mem::take(list);
                list.extend(inner.into_iter().map(|it| it.within(pointer)));
            }
            ErrorKind::NotUnique { record, .. } => record.insert_str(0, pointer),
            _ => {}
        }
        self
    }

    /// The same with what caused it, for the log.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What it is.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Whether the record does not exist for the asker.
    pub fn is_missing(&self) -> bool {
        self.0.kind == ErrorKind::Missing
    }

    /// Whether the asker lacks the right.
    pub fn is_denied(&self) -> bool {
        self.0.kind == ErrorKind::Denied
    }

    /// Whether trying the same again may work: a deadlock or a serialization conflict.
    pub fn is_busy(&self) -> bool {
        self.0.kind == ErrorKind::Busy
    }

    /// Whether the database could not be reached or could not serve.
    pub fn is_unavailable(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Unavailable(_))
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(Inner { kind, source: None }))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            ErrorKind::Invalid(list) => write!(f, "{} fields are invalid: {list:?}", list.len()),
            ErrorKind::BadJson(found) => write!(f, "the body is no JSON object: {found}"),
            ErrorKind::BadQuery(it) => write!(f, "the query is wrong: {it:?}"),
            ErrorKind::Denied => f.write_str("the asker has no right to do this"),
            ErrorKind::FieldForbidden(list) => write!(f, "fields are closed: {list:?}"),
            ErrorKind::Missing => f.write_str("the record does not exist"),
            ErrorKind::NotUnique { fields, .. } => write!(f, "{} is taken", fields.join(", ")),
            ErrorKind::StillReferenced { models } => {
                write!(f, "records still point here: {}", models.join(", "))
            }
            ErrorKind::VersionMismatch { current } => write!(f, "the version is {current}"),
            ErrorKind::Refused { code } => write!(f, "refused: {code}"),
            ErrorKind::TooManyAffected { affected } => write!(f, "{affected} rows match"),
            ErrorKind::Busy => f.write_str("another transaction holds what is needed"),
            ErrorKind::Unavailable(reason) => write!(f, "the database cannot serve: {reason}"),
            ErrorKind::Broken(what) => f.write_str(what),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0.kind)?;
        match &self.0.source {
            Some(source) => write!(f, " because {source:?}"),
            None => Ok(()),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.0.source.as_deref().map(|it| it as _)
    }
}
