//! `#[derive(Extend)]`: what a module adds to a model of another, as a static description.

mod expand;
mod parse;

use proc_macro2::{Ident, TokenStream};
use syn::{Expr, LitStr, Path};

use crate::{
    faults::Faults,
    model::{check, input::FieldInput},
    names,
    selection::{self, ChoiceInput},
};

/// What the author of an extension wrote.
pub(crate) struct ExtendInput {
    name: Ident,
    /// The model, or the column whose choices there are more of.
    target: Path,
    defaults: Vec<(Ident, Expr)>,
    unique: Vec<LitStr>,
    check: Option<Path>,
    before: Option<Path>,
    after: Option<Path>,
    body: Body,
}

/// What is added.
enum Body {
    Fields(Vec<FieldInput>),
    Choices(Vec<ChoiceInput>),
}

/// The expansion of an extension, or everything that is wrong with it.
pub(crate) fn derive(item: TokenStream) -> syn::Result<TokenStream> {
    let mut faults = Faults::default();
    let extension = parse::parse(&syn::parse2(item)?, &mut faults)?;
    check(&extension, &mut faults);
    Ok(expand::expand(&faults.none_or_all(extension)?))
}

/// What can be told without the model: names, limits, roles.
fn check(extension: &ExtendInput, faults: &mut Faults) {
    match &extension.body {
        Body::Fields(fields) => check::check_each(fields, faults),
        Body::Choices(choices) => {
            if choices.is_empty() {
                faults.add(&extension.name, "there is no choice to add; write a variant");
            }
            if let Some((name, _)) = extension.defaults.first() {
                faults.add(name, "an enum adds choices only; give defaults beside a struct");
            }
            let functions = [&extension.check, &extension.before, &extension.after];
            if let Some(function) = functions.into_iter().flatten().next() {
                faults.add(function, "an enum adds choices only; name functions beside a struct");
            }
            selection::check_choices(choices, faults);
        }
    }
    for (at, (name, _)) in extension.defaults.iter().enumerate() {
        if extension.defaults[..at].iter().any(|it| it.0 == *name) {
            faults.add(name, format!("`{name}` has a default twice; keep one of them"));
        } else if !names::is_plain(&name.to_string()) {
            faults.add(name, "a default is for a field; write its declared name");
        }
    }
}

#[cfg(test)]
mod tests;
