//! From syntax to [`ModelInput`]: one function for each attribute.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Data, DeriveInput, Expr, ExprLit, Field, Fields, Lit, Meta};

use crate::{
    faults::Faults,
    model::{
        foreign,
        input::{FieldInput, ModelInput},
    },
    setting::Vocabulary,
};

pub(crate) const MODEL: Vocabulary = Vocabulary {
    attribute: "model",
    place: "the model",
    options: &[
        "table = \"products\"",
        "display = \"name\"",
        "order = \"name\"",
        "unique = \"company, number\"",
        "scope_index = \"owner\"",
        "check_sql = \"dates: starts_on <= ends_on\"",
        "archivable",
        "company_owned",
        "child_of = \"sale\"",
        "touch",
        "private",
        "routes = \"reading\"",
        "signal = \"rights\"",
        "options = \"open\"",
        "check = whole",
        "check_change = step",
        "onchange = fill_in",
        "before = guard",
        "after = note",
        "after_commit = tell",
        "history = \"365 days\"",
    ],
    repeatable: &["unique", "scope_index", "check_sql"],
    foreign: foreign::OF_MODELS,
};

pub(crate) const FIELD: Vocabulary = Vocabulary {
    attribute: "field",
    place: "a field",
    options: &[
        "max = 200",
        "min = 0",
        "scale = 2",
        "default = true",
        "filled",
        "unique [= \"unless archived\"]",
        "index",
        "search",
        "heavy",
        "read_only",
        "label = \"Price\"",
        "on_delete = \"restrict\"",
        "inverse = \"product\"",
        "targets = \"products, partners\"",
        "keeps",
        "read = \"products.manager\"",
        "write = \"products.manager\"",
        "seal = hash",
        "compute = margin(price, cost)",
        "stored",
        "revision = 2",
        "sql = \"{price} * 2\"",
        "reveals",
        "ids = \"tag_ids\"",
    ],
    repeatable: &[],
    foreign: foreign::OF_FIELDS,
};

/// Reads a struct; of anything else only that is said.
pub(crate) fn parse(item: &DeriveInput, faults: &mut Faults) -> syn::Result<ModelInput> {
    let fields = named_fields(item)?;
    if !item.generics.params.is_empty() {
        faults.add(&item.generics, generics_fault(item));
    }
    let mut model = model(item, faults);
    model.fields = fields.map(|it| field(it, &item.ident, faults)).collect();
    Ok(model)
}

/// A lifetime comes from a field that borrows, and a type from a table for several things.
fn generics_fault(item: &DeriveInput) -> String {
    let name = &item.ident;
    match item.generics.lifetimes().next() {
        Some(_) => {
            "a record owns its values; write `String` for `&str`, and no lifetime".to_owned()
        }
        None => format!(
            "a model is one table, so `{name}` has no generics; write a struct for each table"
        ),
    }
}

fn named_fields(item: &DeriveInput) -> syn::Result<impl Iterator<Item = &Field>> {
    let name = &item.ident;
    let found = match &item.data {
        Data::Struct(it) => match &it.fields {
            Fields::Named(fields) => return Ok(fields.named.iter()),
            Fields::Unnamed(_) => {
                format!("but those of `{name}` have no names: write `struct {name} {{ ... }}`")
            }
            Fields::Unit => format!("but `{name}` has no fields: write `struct {name} {{ ... }}`"),
        },
        Data::Enum(_) => {
            format!("but `{name}` is an enum: for a list of choices, write `#[derive(Selection)]`")
        }
        Data::Union(_) => format!("but `{name}` is a union"),
    };
    Err(syn::Error::new_spanned(name, format!("a model is a struct with named fields, {found}")))
}

/// `#[model(...)]`.
fn model(item: &DeriveInput, faults: &mut Faults) -> ModelInput {
    let mut model = ModelInput {
        name: item.ident.clone(),
        help: help(&item.attrs),
        has_table: false,
        table: None,
        display: None,
        order: None,
        unique: Vec::new(),
        scope_index: Vec::new(),
        child_of: None,
        touch: None,
        archivable: None,
        company_owned: None,
        check_sql: Vec::new(),
        is_private: false,
        routes: None,
        signal: None,
        options: None,
        check: None,
        check_change: None,
        onchange: None,
        before: None,
        after: None,
        after_commit: None,
        history: None,
        fields: Vec::new(),
    };
    // Said of what cannot be read, it would be one fault too many.
    model.has_table = !MODEL.is_readable(&item.attrs);
    for it in MODEL.read(&item.attrs, Some(&FIELD), faults) {
        match it.name.to_string().as_str() {
            "table" => {
                model.has_table = true;
                model.table = it.text(faults);
            }
            "display" => model.display = it.text(faults),
            "order" => model.order = it.text(faults),
            "unique" => model.unique.extend(it.text(faults)),
            "scope_index" => model.scope_index.extend(it.text(faults)),
            "check_sql" => model.check_sql.extend(it.text(faults)),
            "archivable" => model.archivable = Some(it.name),
            "company_owned" => model.company_owned = Some(it.name),
            "child_of" => model.child_of = it.text(faults),
            "touch" => model.touch = Some(it.name),
            "private" => model.is_private = true,
            "routes" => model.routes = it.text(faults),
            "signal" => model.signal = it.text(faults),
            "options" => model.options = it.text(faults),
            "check" => model.check = it.path(faults),
            "check_change" => model.check_change = it.path(faults),
            "onchange" => model.onchange = it.path(faults),
            "before" => model.before = it.path(faults),
            "after" => model.after = it.path(faults),
            "after_commit" => model.after_commit = it.path(faults),
            "history" => model.history = it.text(faults),
            other => unreachable!("`{other}` is in the vocabulary of models"),
        }
    }
    model
}

/// `#[field(...)]`.
pub(crate) fn field(field: &Field, model: &Ident, faults: &mut Faults) -> FieldInput {
    let mut input = FieldInput {
        name: field.ident.clone().expect("asked of named fields only"),
        kind: without_self(field.ty.to_token_stream(), model),
        help: help(&field.attrs),
        label: None,
        min: None,
        max: None,
        scale: None,
        default: None,
        filled: None,
        unique: false,
        unless_archived: None,
        index: false,
        search: false,
        heavy: false,
        read_only: false,
        on_delete: None,
        inverse: None,
        targets: None,
        keeps: false,
        read: None,
        write: None,
        seal: None,
        compute: None,
        stored: None,
        revision: None,
        sql: None,
        reveals: false,
        ids: None,
    };
    for it in FIELD.read(&field.attrs, Some(&MODEL), faults) {
        match it.name.to_string().as_str() {
            "max" => input.max = it.whole(faults),
            "min" => input.min = it.whole(faults),
            "scale" => input.scale = it.whole(faults),
            "default" => input.default = it.expression(),
            "filled" => input.filled = Some(it.name),
            "unique" if it.has_value() => input.unless_archived = it.text(faults),
            "unique" => input.unique = true,
            "index" => input.index = true,
            "search" => input.search = true,
            "heavy" => input.heavy = true,
            "read_only" => input.read_only = true,
            "label" => input.label = it.text(faults),
            "on_delete" => input.on_delete = it.text(faults),
            "inverse" => input.inverse = it.text(faults),
            "targets" => input.targets = it.text(faults),
            "keeps" => input.keeps = true,
            "read" => input.read = it.text(faults),
            "write" => input.write = it.text(faults),
            "seal" => input.seal = it.path(faults),
            "compute" => input.compute = it.expression(),
            "stored" => input.stored = Some(it.name),
            "revision" => input.revision = it.whole(faults),
            "sql" => input.sql = it.text(faults),
            "reveals" => input.reveals = true,
            "ids" => input.ids = it.text(faults),
            other => unreachable!("`{other}` is in the vocabulary of fields"),
        }
    }
    input
}

/// The text of `///`: lines of a paragraph are one line, an empty line parts paragraphs.
pub(crate) fn help(attributes: &[Attribute]) -> String {
    let lines: Vec<String> = attributes.iter().filter_map(doc).collect();
    let text = lines.join("\n");
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let paragraphs = lines.split(|it| it.is_empty()).filter(|it| !it.is_empty());
    paragraphs.map(|it| it.join(" ")).collect::<Vec<_>>().join("\n\n")
}

fn doc(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(meta) = &attribute.meta else { return None };
    match &meta.value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if meta.path.is_ident("doc") => {
            Some(text.value())
        }
        _ => None,
    }
}

/// The type of a field as it is written outside of the struct, where `Self` means nothing.
fn without_self(kind: TokenStream, model: &Ident) -> TokenStream {
    let replace = |token| match token {
        TokenTree::Ident(it) if it == "Self" => {
            TokenTree::Ident(Ident::new(&model.to_string(), it.span()))
        }
        TokenTree::Group(it) => {
            let mut group = Group::new(it.delimiter(), without_self(it.stream(), model));
            group.set_span(it.span());
            TokenTree::Group(group)
        }
        it => it,
    };
    kind.into_iter().map(replace).collect()
}
