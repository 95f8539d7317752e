//! `#[derive(Selection)]`: an enum as a list of words, in the same three movements.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Data, DeriveInput, Fields, LitStr, Variant, ext::IdentExt};

use crate::{faults::Faults, names, setting::Vocabulary};

const ENUM: Vocabulary = Vocabulary {
    attribute: "selection",
    place: "the enum",
    options: &["open"],
    repeatable: &[],
    foreign: &[],
};

/// The variant of an open selection for the choices that other modules add.
const OTHER: &str = "Other";

const VARIANT: Vocabulary = Vocabulary {
    attribute: "selection",
    place: "a variant",
    options: &["value = \"svc\"", "label = \"Service\""],
    repeatable: &[],
    foreign: &[],
};

/// What the author of a selection wrote.
struct SelectionInput {
    name: Ident,
    /// The word `open`, and the variant `Other(Choice)`.
    open: Option<Ident>,
    other: Option<Variant>,
    choices: Vec<ChoiceInput>,
}

/// A variant with its `#[selection(...)]`.
pub(crate) struct ChoiceInput {
    variant: Variant,
    value: Option<LitStr>,
    label: Option<LitStr>,
}

/// The expansion of an enum, or everything that is wrong with it.
pub(crate) fn derive(item: TokenStream) -> syn::Result<TokenStream> {
    let mut faults = Faults::default();
    let selection = parse(&syn::parse2(item)?, &mut faults)?;
    check(&selection, &mut faults);
    Ok(expand(&faults.none_or_all(selection)?))
}

fn parse(item: &DeriveInput, faults: &mut Faults) -> syn::Result<SelectionInput> {
    let name = &item.ident;
    let Data::Enum(list) = &item.data else {
        let message = format!("a selection is an enum of plain variants, but `{name}` is none");
        return Err(syn::Error::new_spanned(name, message));
    };
    if !item.generics.params.is_empty() {
        let message = format!(
            "a selection is one list of words, so `{name}` has no generics; take them away"
        );
        faults.add(&item.generics, message);
    }
    let open = ENUM.read(&item.attrs, Some(&VARIANT), faults).into_iter().next();
    let open = open.map(|it| it.name);
    let is_other = |it: &&Variant| open.is_some() && it.ident == OTHER;
    let other = list.variants.iter().find(is_other).cloned();
    let words = list.variants.iter().filter(|it| !is_other(it));
    let choices = words.map(|it| choice(it, faults)).collect();
    Ok(SelectionInput { name: name.clone(), open, other, choices })
}

/// `#[selection(...)]`.
pub(crate) fn choice(variant: &Variant, faults: &mut Faults) -> ChoiceInput {
    let mut choice = ChoiceInput { variant: variant.clone(), value: None, label: None };
    for it in VARIANT.read(&variant.attrs, None, faults) {
        match it.name.to_string().as_str() {
            "value" => choice.value = it.text(faults),
            "label" => choice.label = it.text(faults),
            other => unreachable!("`{other}` is in the vocabulary of variants"),
        }
    }
    choice
}

fn check(selection: &SelectionInput, faults: &mut Faults) {
    let name = &selection.name;
    if selection.choices.is_empty() {
        faults.add(name, format!("`{name}` has nothing to choose from; add a variant"));
    }
    check_other(selection, faults);
    check_choices(&selection.choices, faults);
}

/// What other modules add to an open selection has a variant of its own.
fn check_other(selection: &SelectionInput, faults: &mut Faults) {
    let holds_one =
        |it: &Variant| matches!(&it.fields, Fields::Unnamed(it) if it.unnamed.len() == 1);
    if let Some(open) = &selection.open
        && !selection.other.as_ref().is_some_and(holds_one)
    {
        let cure = format!("write `{OTHER}(Choice)` as its last variant, with `orm::Choice`");
        faults.add(open, format!("an open selection holds what other modules add; {cure}"));
    }
}

/// Each choice by itself, and beside the others.
pub(crate) fn check_choices(choices: &[ChoiceInput], faults: &mut Faults) {
    for (at, choice) in choices.iter().enumerate() {
        let (variant, value) = (&choice.variant.ident, choice.value());
        if !matches!(choice.variant.fields, Fields::Unit) {
            let cure = format!("write `{variant}` alone");
            faults.add(&choice.variant, format!("a choice is a word and holds nothing; {cure}"));
        }
        let is_word = |it: char| it.is_ascii_alphanumeric() || it == '_' || it == '-';
        if value.is_empty() || !value.chars().all(is_word) {
            let wanted = "a choice is stored as ASCII letters, digits, `_` and `-`";
            let message = format!("{wanted}, not `{value}`; write `#[selection(value = \"...\")]`");
            faults.add(choice.named_by(), message);
        }
        if let Some(other) = choices[..at].iter().find(|it| it.value() == value) {
            let cure = "give one of them another `value`";
            let other = &other.variant.ident;
            let message = format!("`{value}` is already the value of `{other}`; {cure}");
            faults.add(choice.named_by(), message);
        }
    }
}

impl ChoiceInput {
    /// The name of its variant.
    pub(crate) fn variant(&self) -> &Ident {
        &self.variant.ident
    }

    /// Text for users at its constant.
    pub(crate) fn help(&self) -> String {
        crate::model::parse::help(&self.variant.attrs)
    }

    /// As it is stored.
    pub(crate) fn value(&self) -> String {
        let of_variant = || names::snake_case(&self.variant.ident.unraw().to_string());
        self.value.as_ref().map_or_else(of_variant, LitStr::value)
    }

    /// As users see it.
    pub(crate) fn label(&self) -> String {
        let of_variant = || names::in_words(&self.variant.ident.unraw().to_string());
        self.label.as_ref().map_or_else(of_variant, LitStr::value)
    }

    /// The token that its value comes from.
    fn named_by(&self) -> TokenStream {
        let variant = &self.variant.ident;
        self.value.as_ref().map_or_else(|| quote!(#variant), |it| quote!(#it))
    }
}

fn expand(selection: &SelectionInput) -> TokenStream {
    let name = &selection.name;
    let text = name.to_string();
    let variants: Vec<_> = selection.choices.iter().map(|it| &it.variant.ident).collect();
    let values: Vec<_> = selection.choices.iter().map(ChoiceInput::value).collect();
    let labels = selection.choices.iter().map(ChoiceInput::label);
    let is_open = selection.open.is_some();
    let other = &selection.other.as_ref().map(|it| &it.ident);
    let unknown = match other {
        Some(other) => quote! {
            o::added_choice(<Self as o::Selection>::DEF, value).map(Self::#other)
        },
        None => quote!(o::None),
    };
    let is_other = other.map(|it| quote!(Self::#it(it) => o::Choice::as_str(it),));
    let open = other.map(|_| quote!(impl o::OpenSelection for #name {}));
    quote! {
        const _: () = {
            use ::orm::derive_support as o;
            impl o::Selection for #name {
                const DEF: &'static o::SelectionDef = &o::SelectionDef {
                    name: #text,
                    choices: &[#(o::SelectionChoice { value: #values, label: #labels }),*],
                    is_open: #is_open,
                };
                fn of(value: &str) -> o::Option<Self> {
                    match value {
                        #(#values => o::Some(Self::#variants),)*
                        _ => #unknown,
                    }
                }
                fn as_str(self) -> &'static str {
                    match self {
                        #(Self::#variants => #values,)*
                        #is_other
                    }
                }
            }
            #open
            impl o::FieldType for #name {
                type Base = Self;
                type Nullable = o::Option<Self>;
                const KIND: o::Kind = o::Kind::Selection(<Self as o::Selection>::DEF);
                fn take(value: o::Value) -> o::Result<Self> {
                    o::take_choice(&value)
                }
                fn give(&self) -> o::Value {
                    o::give_choice(self)
                }
            }
            impl o::Writable for #name {}
            impl o::Plain for #name {}
            impl o::Comparable for #name {}
        };
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, ExpectFile, expect, expect_file};

    use super::*;

    #[test]
    fn a_selection_is_a_list_of_words() {
        check_output(
            quote! {
                /// What is sold.
                pub enum ProductKind {
                    /// A thing with a stock.
                    Goods,
                    #[selection(value = "svc", label = "Service")]
                    Service,
                    MadeToOrder,
                }
            },
            &expect_file!["../outputs/selection.rs"],
        );
    }

    #[test]
    fn an_open_selection_has_a_variant_for_what_others_add() {
        check_output(
            quote! {
                #[selection(open)]
                enum PartnerKind {
                    Person,
                    Other(Choice),
                }
            },
            &expect_file!["../outputs/open_selection.rs"],
        );
        check_faults(
            quote! {
                #[selection(open)]
                enum PartnerKind {
                    Person,
                    Other,
                }
            },
            &expect![
                "an open selection holds what other modules add; write `Other(Choice)` as its last variant, with `orm::Choice`"
            ],
        );
    }

    #[test]
    fn all_faults_are_said_at_once() {
        check_faults(
            quote! {
                #[selection(value = "x")]
                enum Kind<T> {
                    Goods(T),
                    #[selection(value = "goods", labl = "Service")]
                    Service,
                    #[selection(value = "a b", label = 3)]
                    Other,
                    Снято,
                }
            },
            &expect![[r#"
                a selection is one list of words, so `Kind` has no generics; take them away
                `value` is an option of a variant; write `#[selection(value = "svc")]` above it
                unknown option `labl`; did you mean `label`?
                `label` takes text in quotes; write `label = "Service"`
                a choice is a word and holds nothing; write `Goods` alone
                `goods` is already the value of `Goods`; give one of them another `value`
                a choice is stored as ASCII letters, digits, `_` and `-`, not `a b`; write `#[selection(value = "...")]`
                a choice is stored as ASCII letters, digits, `_` and `-`, not `снято`; write `#[selection(value = "...")]`"#]],
        );
    }

    #[test]
    fn a_list_of_nothing_is_refused() {
        check_faults(
            quote!(
                enum Nothing {}
            ),
            &expect!["`Nothing` has nothing to choose from; add a variant"],
        );
    }

    #[test]
    fn only_an_enum_is_a_selection() {
        check_faults(
            quote!(
                struct Kind {
                    name: String,
                }
            ),
            &expect!["a selection is an enum of plain variants, but `Kind` is none"],
        );
    }

    /// Compares the formatted expansion of `item` with the file.
    #[track_caller]
    fn check_output(item: TokenStream, expected: &ExpectFile) {
        let file = syn::parse2(derive(item).unwrap()).unwrap();
        expected.assert_eq(&prettyplease::unparse(&file));
    }

    /// Compares what is wrong with `item`, a line a fault, with `expected`.
    #[track_caller]
    fn check_faults(item: TokenStream, expected: &Expect) {
        let faults = derive(item).unwrap_err();
        let lines: Vec<String> = faults.into_iter().map(|it| it.to_string()).collect();
        expected.assert_eq(&lines.join("\n"));
    }
}
