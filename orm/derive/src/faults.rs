//! Everything that is wrong with one item, gathered so that it is reported at once.

use std::fmt::Display;

use quote::ToTokens;

/// The faults of one item, each on its token.
#[derive(Default)]
pub(crate) struct Faults(Option<syn::Error>);

impl Faults {
    /// One more fault, on the tokens that are wrong.
    pub(crate) fn add(&mut self, at: impl ToTokens, message: impl Display) {
        self.extend(syn::Error::new_spanned(at, message));
    }

    /// The faults of a parser.
    pub(crate) fn extend(&mut self, faults: syn::Error) {
        match &mut self.0 {
            Some(all) => all.combine(faults),
            None => self.0 = Some(faults),
        }
    }

    /// What was made, if nothing is wrong with it.
    pub(crate) fn none_or_all<T>(self, made: T) -> syn::Result<T> {
        self.0.map_or(Ok(made), Err)
    }
}
