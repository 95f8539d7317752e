//! From syntax to [`ExtendInput`].

use proc_macro2::Ident;
use syn::{
    Attribute, Data, DeriveInput, Expr, Fields, LitStr, Path, Token, parenthesized,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
    token,
};

use crate::{
    extend::{Body, ExtendInput},
    faults::Faults,
    model, selection,
};

/// What stands in `#[extend(...)]`.
struct Extend {
    target: Path,
    defaults: Vec<(Ident, Expr)>,
    unique: Vec<LitStr>,
    check: Option<Path>,
    before: Option<Path>,
    after: Option<Path>,
}

/// `kind = PartnerKind::Company`.
struct Default {
    field: Ident,
    value: Expr,
}

const FORM: &str = "#[extend(Partner)]";

/// Reads a struct or an enum; of anything else only that is said.
pub(super) fn parse(item: &DeriveInput, faults: &mut Faults) -> syn::Result<ExtendInput> {
    let name = &item.ident;
    if !item.generics.params.is_empty() {
        let message = format!("`{name}` extends one model and has no generics; take them away");
        faults.add(&item.generics, message);
    }
    let Extend { target, defaults, unique, check, before, after } = attribute(name, &item.attrs)?;
    let body = match &item.data {
        Data::Struct(it) => match &it.fields {
            Fields::Named(list) => Body::Fields(
                list.named.iter().map(|it| model::parse::field(it, name, faults)).collect(),
            ),
            _ => return Err(no_extension(name)),
        },
        Data::Enum(list) => {
            Body::Choices(list.variants.iter().map(|it| selection::choice(it, faults)).collect())
        }
        Data::Union(_) => return Err(no_extension(name)),
    };
    let name = name.clone();
    Ok(ExtendInput { name, target, defaults, unique, check, before, after, body })
}

fn no_extension(name: &Ident) -> syn::Error {
    let message = format!(
        "an extension is a struct with named fields or an enum of choices; write `struct {name} \
         {{ ... }}`"
    );
    syn::Error::new_spanned(name, message)
}

fn attribute(name: &Ident, attributes: &[Attribute]) -> syn::Result<Extend> {
    let mut all = attributes.iter().filter(|it| it.path().is_ident("extend"));
    let Some(first) = all.next() else {
        let message = format!("`{name}` does not say what it extends; write `{FORM}` above it");
        return Err(syn::Error::new_spanned(name, message));
    };
    if let Some(second) = all.next() {
        let message = "an extension has one `#[extend(...)]`; write all of it into the first";
        return Err(syn::Error::new_spanned(second, message));
    }
    first.parse_args()
}

impl Parse for Extend {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.is_empty() {
            return Err(input.error(format!("the model is missing; write `{FORM}`")));
        }
        let target: Path = input.parse()?;
        let (check, before, after) = (None, None, None);
        let mut said =
            Self { target, defaults: Vec::new(), unique: Vec::new(), check, before, after };
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            said.option(input)?;
        }
        Ok(said)
    }
}

impl Extend {
    /// One option behind the model.
    fn option(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let option: Ident = input.parse()?;
        match option.to_string().as_str() {
            "default" if input.peek(token::Paren) => {
                let inner;
                parenthesized!(inner in input);
                let list = Punctuated::<Default, Token![,]>::parse_terminated(&inner)?;
                self.defaults.extend(list.into_iter().map(|it| (it.field, it.value)));
            }
            "default" => {
                let cure = "write `default(kind = PartnerKind::Company)`";
                let message = format!("`default` names fields and their values; {cure}");
                return Err(syn::Error::new_spanned(option, message));
            }
            "unique" => {
                input.parse::<Token![=]>()?;
                self.unique.push(input.parse()?);
            }
            name @ ("check" | "before" | "after") => {
                input.parse::<Token![=]>()?;
                let function = match name {
                    "check" => &mut self.check,
                    "before" => &mut self.before,
                    _ => &mut self.after,
                };
                if function.replace(input.parse()?).is_some() {
                    let message = format!("`{name}` is said twice; keep one of them");
                    return Err(syn::Error::new_spanned(option, message));
                }
            }
            other => {
                let message = format!(
                    "unknown option `{other}`; `#[extend(...)]` knows `default`, `unique`, `check`, `before`, \
                         `after`"
                );
                return Err(syn::Error::new_spanned(option, message));
            }
        }
        Ok(())
    }
}

impl Parse for Default {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let field = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok(Self { field, value: input.parse()? })
    }
}
