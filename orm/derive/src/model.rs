//! `#[derive(Model)]`: what the author wrote, checked, as a static description and its shims.

pub(crate) mod check;
mod compute;
pub(crate) mod expand;
mod foreign;
pub(crate) mod input;
pub(crate) mod parse;

use proc_macro2::TokenStream;

use crate::faults::Faults;

/// The expansion of a struct, or everything that is wrong with it.
pub(crate) fn derive(item: TokenStream) -> syn::Result<TokenStream> {
    let mut faults = Faults::default();
    let model = parse::parse(&syn::parse2(item)?, &mut faults)?;
    check::check(&model, &mut faults);
    Ok(expand::expand(&faults.none_or_all(model)?))
}

#[cfg(test)]
mod tests;
