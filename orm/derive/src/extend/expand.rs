//! From [`ExtendInput`] to tokens: the columns, the description, the shims.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Path, spanned::Spanned};

use crate::{
    extend::{Body, ExtendInput},
    model::{
        expand::{check, column, field_def, hook, unique, value},
        input::{FieldInput, sets_of},
    },
    names,
    place::expanded_at,
    selection::ChoiceInput,
};

/// The expansion of an extension that was checked.
pub(super) fn expand(extension: &ExtendInput) -> TokenStream {
    let body = match &extension.body {
        Body::Fields(fields) => of_fields(extension, fields),
        Body::Choices(choices) => of_choices(extension, choices),
    };
    quote! {
        const _: () = {
            use ::orm::derive_support as o;
            #body
        };
    }
}

fn of_fields(extension: &ExtendInput, fields: &[FieldInput]) -> TokenStream {
    let (name, model) = (&extension.name, &extension.target);
    let text = name.to_string();
    let columns = fields.iter().map(|it| column(it, &quote!(#model)));
    let values = fields.iter().map(value);
    let said = said_of(extension, fields);
    let spanned = quote_spanned!(expanded_at(model.span()) => #model);
    quote! {
        impl #name {
            #(#columns)*
        }
        static DEF: o::ExtendDef = o::ExtendDef {
            #(#said,)*
            ..o::ExtendDef::of::<#spanned>(#text, o::env!("CARGO_CRATE_NAME"))
        };
        impl o::Extension for #name {
            type Model = #model;
            fn def() -> &'static o::ExtendDef {
                &DEF
            }
            fn read(cells: &mut o::Cells<'_>) -> o::Result<Self> {
                o::Ok(Self { #(#values,)* })
            }
        }
        o::inventory::submit! { o::RegisteredExtension(<#name as o::Extension>::def) }
    }
}

/// What the author said, as fields of the description.
fn said_of(extension: &ExtendInput, fields: &[FieldInput]) -> Vec<TokenStream> {
    // What follows from other fields has a value in rows that stand, too.
    let has_value =
        |it: &FieldInput| it.default.is_some() || it.compute.is_some() || it.sql.is_some();
    let defs = fields.iter().map(|it| match has_value(it) {
        true => field_def(it, "field"),
        false => field_def(it, "added_field"),
    });
    let mut said = vec![quote!(fields: &[#(#defs),*])];
    let sets = sets_of(&extension.unique, fields);
    said.extend(unique("unique", &sets.of_all));
    said.extend(unique("unique_unless_archived", &sets.unless_archived));
    said.extend((!extension.defaults.is_empty()).then(|| {
        let defaults = extension.defaults.iter().map(|(field, value)| {
            let column = column_of(&extension.target, field);
            let value = quote_spanned! { expanded_at(value.span()) =>
                o::assigned_to(#column, #value)
            };
            quote!(o::AddedDefault { field: #column.name(), value: || #value })
        });
        quote!(defaults: &[#(#defaults),*])
    }));
    said.extend(
        extension.check.as_ref().map(|it| check("check", ("of_extended", &extension.name), it)),
    );
    let model = &extension.target;
    said.extend(extension.before.as_ref().map(|it| hook(model, "before", it)));
    said.extend(extension.after.as_ref().map(|it| hook(model, "after", it)));
    said
}

/// `Partner::KIND`.
fn column_of(model: &Path, field: &Ident) -> TokenStream {
    let constant = Ident::new(&field.to_string().to_uppercase(), expanded_at(field.span()));
    quote!(#model::#constant)
}

fn of_choices(extension: &ExtendInput, choices: &[ChoiceInput]) -> TokenStream {
    let (name, column) = (&extension.name, &extension.target);
    let text = name.to_string();
    let constants = choices.iter().map(constant);
    let variants = choices.iter().map(ChoiceInput::variant);
    let count = choices.len();
    let values = choices.iter().map(ChoiceInput::value);
    let labels = choices.iter().map(ChoiceInput::label);
    quote! {
        impl #name {
            #(#constants)*
        }
        // Its variants are names only, and nobody else makes one.
        const _: [#name; #count] = [#(#name::#variants),*];
        static DEF: o::ExtendDef = o::ExtendDef::of_choices(
            #text,
            o::env!("CARGO_CRATE_NAME"),
            #column,
            &[#(o::SelectionChoice { value: #values, label: #labels }),*],
        );
        o::inventory::submit! { o::RegisteredExtension(|| &DEF) }
    }
}

/// `pub const SUPPLIER: Choice`.
fn constant(choice: &ChoiceInput) -> TokenStream {
    let (variant, value, help) = (choice.variant(), choice.value(), choice.help());
    let doc = if help.is_empty() { format!("The choice `{value}`.") } else { help };
    let constant = names::snake_case(&variant.to_string()).to_uppercase();
    let constant = Ident::new(&constant, expanded_at(variant.span()));
    quote! {
        #[doc = #doc]
        pub const #constant: o::Choice = o::Choice(#value);
    }
}
