//! What can go wrong with a request, as the framework and its modules say it.
//!
//! No module names a status: `http/problem.rs` is the one place that turns an error into an
//! answer, in the language of whoever asked.

use std::{borrow::Cow, fmt, time::Duration};

use orm::Violation;

/// The error of the framework and of every module.
pub struct Error(Box<ErrorKind>);

/// What the framework's functions give.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Every way in which a request ends badly.
#[derive(Debug)]
pub enum ErrorKind {
    /// The data layer refused or failed.
    Data(orm::Error),
    /// Nobody is signed in, or not any more.
    Unauthenticated(Unauthenticated),
    /// A cookie without the origin it needs.
    Csrf,
    /// A page of somebody else wants to open a socket.
    ForeignOrigin,
    /// No such route, or nothing there for the asker.
    NotFound,
    /// The route has other methods.
    MethodNotAllowed {
        /// Their names.
        allow: Vec<&'static str>,
    },
    /// The client accepts no JSON.
    NotAcceptable,
    /// The body is larger than the limit.
    TooLarge {
        /// In bytes.
        limit: u64,
    },
    /// The body is no JSON.
    UnsupportedMediaType,
    /// The route is a WebSocket, and the request asks for none.
    UpgradeRequired,
    /// Too many failures.
    RateLimited {
        /// When it may work.
        retry_after: Duration,
    },
}

/// Why a request counts as nobody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unauthenticated {
    /// No token, or one that is not ours, or a session that has ended.
    NoSession,
    /// A token of ours that has run out.
    TokenExpired,
    /// A wrong login or a wrong password; never said which.
    BadCredentials,
}

impl Error {
    /// Nobody is signed in.
    pub fn unauthenticated(why: Unauthenticated) -> Self {
        ErrorKind::Unauthenticated(why).into()
    }

    /// No such route or thing.
    pub fn not_found() -> Self {
        ErrorKind::NotFound.into()
    }

    /// Faults in a body, all of them.
    pub fn invalid(violations: Vec<Violation>) -> Self {
        orm::Error::invalid(violations).into()
    }

    /// A parameter of a route that is not as it should be; `code` as `docs/API.md` lists them.
    pub fn bad_parameter(violation: Violation) -> Self {
        orm::Error::bad_query(violation).into()
    }

    /// No right to do this at all.
    pub fn denied() -> Self {
        orm::Error::denied().into()
    }

    /// Something the service needs is away; later it may work.
    pub fn unavailable(reason: impl Into<Cow<'static, str>>) -> Self {
        orm::Error::unavailable(reason).into()
    }

    /// A fault of ours; `what` is for the log.
    pub fn broken(what: impl Into<Cow<'static, str>>) -> Self {
        orm::Error::broken(what).into()
    }

    /// What it is.
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// Whether the record or route does not exist for the asker.
    pub fn is_missing(&self) -> bool {
        match &*self.0 {
            ErrorKind::NotFound => true,
            ErrorKind::Data(it) => it.is_missing(),
            _ => false,
        }
    }

    /// Whether the asker may not do it.
    pub fn is_denied(&self) -> bool {
        matches!(&*self.0, ErrorKind::Data(it) if it.is_denied())
    }

    /// Whether nobody is signed in, or nobody any more.
    pub fn is_unauthenticated(&self) -> bool {
        matches!(&*self.0, ErrorKind::Unauthenticated(_))
    }

    /// Whether something the service needs is away.
    pub fn is_unavailable(&self) -> bool {
        matches!(&*self.0, ErrorKind::Data(it) if it.is_unavailable())
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }
}

impl From<orm::Error> for Error {
    fn from(error: orm::Error) -> Self {
        ErrorKind::Data(error).into()
    }
}

impl From<Error> for orm::Error {
    fn from(error: Error) -> Self {
        match *error.0 {
            ErrorKind::Data(it) => it,
            other => Self::broken(format!("refused inside a transaction: {other:?}")),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            ErrorKind::Data(it) => it.fmt(f),
            ErrorKind::Unauthenticated(why) => write!(f, "nobody is signed in: {why:?}"),
            ErrorKind::Csrf => f.write_str("the cookie came from another origin"),
            ErrorKind::ForeignOrigin => f.write_str("the page is of another origin"),
            ErrorKind::NotFound => f.write_str("there is nothing here"),
            ErrorKind::MethodNotAllowed { allow } => write!(f, "allowed is {}", allow.join(", ")),
            ErrorKind::NotAcceptable => f.write_str("the client accepts no JSON"),
            ErrorKind::TooLarge { limit } => write!(f, "the body is over {limit} bytes"),
            ErrorKind::UnsupportedMediaType => f.write_str("the body is no JSON"),
            ErrorKind::UpgradeRequired => f.write_str("here is a WebSocket and nothing else"),
            ErrorKind::RateLimited { retry_after } => write!(f, "again in {retry_after:?}"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.0 {
            ErrorKind::Data(it) => it.source(),
            _ => None,
        }
    }
}
