//! What a cluster that does not come up says to a person.

use std::{error, fmt, io, path::Path};

/// Why there is no server: one line or several, the last of them the cure where there is one.
pub struct ClusterError {
    text: String,
}

pub(crate) type Result<T> = std::result::Result<T, ClusterError>;

impl ClusterError {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }

    /// `doing` is what could not be done, as in `cannot open`.
    pub(crate) fn io(doing: &str, path: &Path, error: &io::Error) -> Self {
        let path = path.display();
        Self::new(match error.kind() {
            io::ErrorKind::PermissionDenied => format!(
                "{doing} {path}: {error}\n\
                 if the cluster is another user's, run as that user or choose another directory"
            ),
            io::ErrorKind::Unsupported => format!(
                "{doing} {path}: {error}\n\
                 the file system has no such thing, choose a directory on a local disk"
            ),
            _ => format!("{doing} {path}: {error}"),
        })
    }
}

impl fmt::Display for ClusterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for ClusterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ClusterError").field(&self.text).finish()
    }
}

impl error::Error for ClusterError {}
