//! Why a statement gave nothing, and what that means for whoever asked.
//!
//! The engine looks at `sqlstate` and `constraint` of a write before it lets the rest become an
//! [`Error`]. What the server says beside its code and its message (details, hints, whole rows)
//! can hold anybody's values, secrets too: it is dropped here and reaches neither an answer nor
//! a log.

use std::{borrow::Cow, error, fmt, io};

use tokio_postgres::error::{DbError, Severity};

use crate::{Error, ErrorKind};

/// A statement that failed.
pub(crate) struct Failure {
    /// The server's code, if it was the server that refused.
    pub(crate) sqlstate: Option<Box<str>>,
    /// The constraint that a write would break.
    pub(crate) constraint: Option<Box<str>>,
    /// The table that the server names.
    pub(crate) table: Option<Box<str>>,
    /// The column that the server names.
    pub(crate) column: Option<Box<str>>,
    cause: Cause,
}

enum Cause {
    /// The server refused, in these words.
    Server(Box<str>),
    /// The server ended the session, in these words.
    Ended(Box<str>),
    /// The connection is gone, or never was.
    Connection(tokio_postgres::Error),
    /// The statement could not be made, or its answer not be read.
    Driver(tokio_postgres::Error),
    /// A kept statement was planned for a table that has changed since.
    StalePlan,
    /// There was no answer in time.
    Late,
    /// It was not sent, for this reason.
    NotSent(&'static str),
}

impl Failure {
    /// There was no answer in time.
    pub(super) fn late() -> Self {
        Cause::Late.into()
    }

    /// The statement was not sent.
    pub(super) fn not_sent(reason: &'static str) -> Self {
        Cause::NotSent(reason).into()
    }

    /// The same failure of a statement that was kept prepared: its plan may be out of date, which
    /// is nobody's fault, and works when it is planned anew.
    pub(super) fn of_kept(mut self) -> Self {
        if matches!(self.sqlstate.as_deref(), Some("0A000" | "26000")) {
            self.cause = Cause::StalePlan;
        }
        self
    }

    /// Whether a kept statement is out of date.
    pub(super) fn is_stale(&self) -> bool {
        matches!(self.cause, Cause::StalePlan)
    }

    /// Whether the connection is of no use any more. Its end may be noticed only later.
    pub(super) fn ends_session(&self) -> bool {
        matches!(self.cause, Cause::Ended(_) | Cause::Connection(_) | Cause::Late)
    }

    /// Whether the server has nothing against the login but cannot serve now.
    pub(super) fn is_away(&self) -> bool {
        match self.sqlstate.as_deref() {
            // Wrong password or user, no such database, no right to connect to it.
            Some(code) => !(code.starts_with("28") || matches!(code, "3D000" | "42501")),
            None => matches!(self.cause, Cause::Connection(_) | Cause::Late),
        }
    }

    /// As the failure to open a connection: whatever it is, the database cannot serve.
    pub(super) fn of_connecting(self) -> Error {
        let reason = match self.sqlstate.as_deref() {
            Some("53300") => "it has no connection left",
            Some("57P03") => "it is starting or stopping",
            _ if self.is_away() => "nobody answers",
            _ => "it refuses the connection",
        };
        Error::unavailable(reason).because(self)
    }

    fn kind(&self) -> ErrorKind {
        let Some(code) = self.sqlstate.as_deref() else { return self.kind_of_cause() };
        match code {
            "40001" | "40P01" | "55P03" => ErrorKind::Busy,
            // A statement that was pipelined behind one that failed; that one has the reason.
            "25P02" => ErrorKind::Busy,
            _ if self.is_stale() => ErrorKind::Busy,
            "57014" => unavailable("the statement took too long"),
            "25006" => unavailable("it is read-only"),
            "25P03" | "57P01" | "57P02" | "57P03" | "57P04" | "57P05" => {
                unavailable("it ended the session")
            }
            _ if code.starts_with("08") => unavailable("the connection is broken"),
            _ if code.starts_with("53") => unavailable("it is out of resources"),
            _ if code.starts_with("58") => unavailable("its machine fails"),
            _ => ErrorKind::Broken("the database refuses a statement of ours".into()),
        }
    }

    fn kind_of_cause(&self) -> ErrorKind {
        match self.cause {
            Cause::Connection(_) => unavailable("the connection is broken"),
            Cause::Late => unavailable("the statement took too long"),
            Cause::NotSent(reason) => ErrorKind::Broken(reason.into()),
            Cause::StalePlan => ErrorKind::Busy,
            Cause::Server(_) | Cause::Ended(_) | Cause::Driver(_) => {
                ErrorKind::Broken("a statement does not suit its values or its answer".into())
            }
        }
    }
}

fn unavailable(reason: &'static str) -> ErrorKind {
    ErrorKind::Unavailable(Cow::Borrowed(reason))
}

impl From<Cause> for Failure {
    fn from(cause: Cause) -> Self {
        Self { sqlstate: None, constraint: None, table: None, column: None, cause }
    }
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        match error.as_db_error() {
            Some(answer) => Self::from(answer),
            None if is_of_connection(&error) => Cause::Connection(error).into(),
            None => Cause::Driver(error).into(),
        }
    }
}

impl From<&DbError> for Failure {
    fn from(answer: &DbError) -> Self {
        let code = answer.code().code();
        // The messages of this class quote the value that they complain about.
        let message = if code.starts_with("22") { "a value is wrong" } else { answer.message() };
        let cause = match answer.parsed_severity() {
            Some(Severity::Fatal | Severity::Panic) => Cause::Ended(message.into()),
            _ => Cause::Server(message.into()),
        };
        Self {
            sqlstate: Some(code.into()),
            constraint: answer.constraint().map(Into::into),
            table: answer.table().map(Into::into),
            column: answer.column().map(Into::into),
            cause,
        }
    }
}

/// Whether the wire failed, and not what went over it.
fn is_of_connection(error: &tokio_postgres::Error) -> bool {
    let cause = error::Error::source(error).and_then(|it| it.downcast_ref::<io::Error>());
    let is_io = cause.is_some_and(|it| {
        let is_tls =
            it.get_ref().is_some_and(<dyn error::Error + Send + Sync>::is::<rustls::Error>);
        !is_tls && it.kind() != io::ErrorKind::InvalidInput
    });
    error.is_closed() || is_io
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::from(failure.kind()).because(failure)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Cause::Server(message) | Cause::Ended(message) => f.write_str(message)?,
            Cause::Connection(it) | Cause::Driver(it) => it.fmt(f)?,
            Cause::StalePlan => f.write_str("a kept statement is out of date")?,
            Cause::Late => f.write_str("there was no answer in time")?,
            Cause::NotSent(reason) => f.write_str(reason)?,
        }
        let places = [
            ("sqlstate", &self.sqlstate),
            ("constraint", &self.constraint),
            ("table", &self.table),
        ];
        let known = places.iter().filter_map(|(name, it)| it.as_deref().map(|it| (name, it)));
        known.into_iter().try_for_each(|(name, it)| write!(f, ", {name} {it}"))
    }
}

/// As for people, with the reason: what `Debug` would add is what must not be shown.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        error::Error::source(self).map_or(Ok(()), |it| write!(f, ": {it}"))
    }
}

impl error::Error for Failure {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match &self.cause {
            Cause::Connection(it) | Cause::Driver(it) => error::Error::source(it),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conflicts_of_transactions_may_be_tried_again() {
        for code in ["40001", "40P01", "55P03", "25P02"] {
            check(&failure(code), "another transaction holds what is needed");
        }
    }

    #[test]
    fn a_server_that_cannot_serve_now_is_unavailable() {
        check(&failure("57014"), "the database cannot serve: the statement took too long");
        check(&failure("25006"), "the database cannot serve: it is read-only");
        for code in ["57P01", "57P02", "57P03", "25P03"] {
            check(&failure(code), "the database cannot serve: it ended the session");
        }
        for code in ["53100", "53200", "53300", "53400"] {
            check(&failure(code), "the database cannot serve: it is out of resources");
        }
        check(&failure("08006"), "the database cannot serve: the connection is broken");
        check(&Failure::late(), "the database cannot serve: the statement took too long");
    }

    #[test]
    fn what_the_engine_should_have_caught_is_a_fault_of_ours() {
        for code in ["22003", "22P02", "22021", "23505", "23503", "42601", "0A000"] {
            check(&failure(code), "the database refuses a statement of ours");
        }
    }

    #[test]
    fn a_stale_plan_may_be_tried_again() {
        for code in ["0A000", "26000"] {
            check(&failure(code).of_kept(), "another transaction holds what is needed");
        }
        assert!(!failure("23505").of_kept().is_stale());
    }

    #[test]
    fn a_wrong_login_is_told_from_a_server_that_is_away() {
        for code in ["28P01", "28000", "3D000", "42501"] {
            assert!(!failure(code).is_away(), "{code}");
        }
        for code in ["57P03", "53300", "08004"] {
            assert!(failure(code).is_away(), "{code}");
        }
    }

    fn failure(code: &str) -> Failure {
        let cause = Cause::Server("as the server says".into());
        Failure { sqlstate: Some(code.into()), ..cause.into() }
    }

    /// Compares what `failure` means to whoever asked with `expected`.
    #[track_caller]
    fn check(failure: &Failure, expected: &str) {
        assert_eq!(Error::from(failure.kind()).to_string(), expected, "{failure}");
    }
}
