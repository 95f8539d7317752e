//! What rules may name of the asker: `@me`, their companies, their roles.

/// The macros that stand for one id.
pub(crate) const SCALARS: [(&str, MacroOf); 2] =
    [("me", MacroOf::Asker), ("my_company", MacroOf::Collection("companies"))];

/// The macros that stand for several; each stands alone beside `in` or `nin`.
pub(crate) const LISTS: [(&str, MacroOf); 2] = [
    ("my_companies", MacroOf::Collection("companies")),
    ("my_roles", MacroOf::Collection("roles")),
];

/// What the ids of a macro are ids of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MacroOf {
    /// Whoever asks.
    Asker,
    /// Records of the model with this table.
    Collection(&'static str),
}

/// What a macro of these is of, if it is one of them.
pub(crate) fn find(macros: &[(&str, MacroOf)], name: &str) -> Option<MacroOf> {
    macros.iter().find(|it| it.0 == name).map(|it| it.1)
}
