//! Where emitted code stands in the eyes of the compiler.

use proc_macro2::Span;

/// A place in what the author wrote, for code that they did not: errors point there, and lints
/// leave it alone.
pub(crate) fn expanded_at(written: Span) -> Span {
    Span::call_site().located_at(written)
}
