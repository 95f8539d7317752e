//! From [`ModelInput`] to tokens: the columns, the description, the shims.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{LitStr, Path, spanned::Spanned};

use crate::{
    model::{
        compute,
        input::{FieldInput, ModelInput, Retention, listed, named_check, retention, sets_of},
    },
    names,
    place::expanded_at,
    setting::Whole,
};

/// The expansion of a model that was checked.
pub(crate) fn expand(model: &ModelInput) -> TokenStream {
    let name = &model.name;
    let columns = model.fields.iter().map(|it| column(it, &quote!(Self)));
    let def = model_def(model);
    let values = model.fields.iter().map(value);
    quote! {
        const _: () = {
            use ::orm::derive_support as o;
            impl #name {
                #(#columns)*
            }
            static DEF: o::ModelDef = #def;
            impl o::Model for #name {
                fn def() -> &'static o::ModelDef {
                    &DEF
                }
                fn read(cells: &mut o::Cells<'_>) -> o::Result<Self> {
                    o::Ok(Self { #(#values,)* })
                }
            }
            o::inventory::submit! { o::Registered(<#name as o::Model>::def) }
        };
    }
}

/// `pub const PRICE: Column<Self, Decimal>`, of records of `owner`.
pub(crate) fn column(field: &FieldInput, owner: &TokenStream) -> TokenStream {
    let FieldInput { kind, help, .. } = field;
    let name = field.name.to_string();
    let doc = if help.is_empty() { format!("The field `{name}`.") } else { help.clone() };
    let constant = Ident::new(&name.to_uppercase(), expanded_at(field.name.span()));
    quote! {
        #[doc = #doc]
        pub const #constant: o::Column<#owner, #kind> = o::Column::new(#name);
    }
}

/// `name: cells.take()?`; a fault of the type points at the type.
pub(crate) fn value(field: &FieldInput) -> TokenStream {
    let name = &field.name;
    let value = quote_spanned!(expanded_at(field.kind.span()) => cells.take()?);
    quote!(#name: #value)
}

/// The description of the model: what its author said, and nothing for what they did not.
fn model_def(model: &ModelInput) -> TokenStream {
    let mut said = Vec::new();
    said.extend(text("help", &model.help));
    said.extend(model.display.as_ref().map(|it| quote!(display: o::Some(#it))));
    said.extend(model.order.as_ref().map(|it| {
        let order = listed(it).join(",");
        quote!(order: #order)
    }));
    let fields = model.fields.iter().map(|it| field_def(it, "field"));
    said.push(quote!(fields: &[#(#fields),*]));
    let sets = sets_of(&model.unique, &model.fields);
    said.extend(unique("unique", &sets.of_all));
    said.extend(unique("unique_unless_archived", &sets.unless_archived));
    said.extend(sql_checks(model));
    said.extend(model.archivable.is_some().then(|| quote!(is_archivable: true)));
    let company = model.company_owned.as_ref();
    said.extend(company.map(|_| quote!(company_owned: o::Some("company"))));
    said.extend((!model.scope_index.is_empty()).then(|| {
        let fields = &model.scope_index;
        quote!(scope_index: &[#(#fields),*])
    }));
    said.extend(model.child_of.as_ref().map(|field| {
        let touch = model.touch.is_some();
        quote!(child_of: o::Some(o::ChildOf { field: #field, touch: #touch }))
    }));
    said.extend(model.is_private.then(|| quote!(is_private: true)));
    said.extend(model.routes.as_ref().map(|it| {
        let routes = variant(it);
        quote!(routes: o::RouteSet::#routes)
    }));
    said.extend(model.signal.as_ref().map(|it| quote!(signal: o::Some(#it))));
    said.extend(model.options.as_ref().map(|it| {
        let options = names_in(it);
        quote!(options: #options)
    }));
    let of = &model.name;
    said.extend(model.check.as_ref().map(|it| check("check", ("of_record", of), it)));
    said.extend(model.check_change.as_ref().map(|it| check("check_change", ("of_change", of), it)));
    said.extend(model.onchange.as_ref().map(|it| hook(&model.name, "onchange", it)));
    said.extend(model.before.as_ref().map(|it| hook(&model.name, "before", it)));
    said.extend(model.after.as_ref().map(|it| hook(&model.name, "after", it)));
    said.extend(model.after_commit.as_ref().map(|it| hook(&model.name, "after_commit", it)));
    said.extend(model.history.as_ref().and_then(retention).map(|it| {
        let kept = match it {
            Retention::Forever => quote!(Forever),
            Retention::Days(days) => quote!(Days(#days)),
        };
        quote!(history: o::Some(o::Retention::#kept))
    }));
    let (name, table) = (model.name.to_string(), &model.table);
    let new = quote!(o::ModelDef::new(#name, #table, o::env!("CARGO_CRATE_NAME")));
    quote!(o::ModelDef { #(#said,)* ..#new })
}

/// `unique: &[&["company", "number"]]`, unless there is none.
pub(crate) fn unique(name: &str, sets: &[Vec<String>]) -> Option<TokenStream> {
    let name = format_ident!("{name}");
    let listed = sets.iter().map(|it| quote!(&[#(#it),*]));
    (!sets.is_empty()).then(|| quote!(#name: &[#(#listed),*]))
}

/// `sql_checks: &[...]`, unless there is none.
fn sql_checks(model: &ModelInput) -> Option<TokenStream> {
    let checks = model.check_sql.iter().filter_map(named_check);
    let checks = checks
        .map(|(name, expression)| quote!(o::SqlCheck { name: #name, expression: #expression }));
    (!model.check_sql.is_empty()).then(|| quote!(sql_checks: &[#(#checks),*]))
}

/// `before: Some(...)`: the author's function behind a pointer.
pub(crate) fn hook(model: &impl ToTokens, name: &str, function: &Path) -> TokenStream {
    let can_change = name != "after";
    let name = format_ident!("{name}");
    // Of our own hygiene: the author's function may be called `set` too.
    let [session, raw, set] =
        ["session", "raw", "set"].map(|it| Ident::new(it, Span::mixed_site()));
    let (binding, given) = match can_change {
        true => (quote!(let mut #set), quote!(&mut #set)),
        false => (quote!(let #set), quote!(&#set)),
    };
    let span = expanded_at(function.span());
    let called = quote_spanned!(span => #function(#session, #given).await);
    quote! {
        #name: o::Some(|#session, #raw| o::boxed(async move {
            #binding = o::ChangeSet::<#model>::of(#raw);
            o::said(#called)?;
            o::Ok(#set.into_raw())
        }))
    }
}

/// `check: Some(...)`: the author's function behind a pointer.
pub(crate) fn check(name: &str, (shim, of): (&str, &Ident), function: &Path) -> TokenStream {
    let (name, shim) = (format_ident!("{name}"), format_ident!("{shim}"));
    let [model, row, invalid] =
        ["model", "row", "invalid"].map(|it| Ident::new(it, Span::mixed_site()));
    let span = expanded_at(function.span());
    let called = quote_spanned!(span => o::#shim::<#of>(#function, #model, #row, #invalid));
    quote!(#name: o::Some(|#model, #row, #invalid| #called))
}

/// The description of a field; `new` is the function that makes one with nothing said about it.
pub(crate) fn field_def(field: &FieldInput, new: &str) -> TokenStream {
    let said = said_of(field);
    let new = format_ident!("{new}");
    let FieldInput { kind, .. } = field;
    let name = field.name.to_string();
    let one = format!("{name}_id");
    let any = format!("{name}_ref");
    let many = match &field.ids {
        Some(ids) => ids.value(),
        None => format!("{}_ids", names::singular(&name)),
    };
    let new = quote_spanned! { expanded_at(field.kind.span()) =>
        o::#new::<#kind>(#name, #one, #many, #any)
    };
    if said.is_empty() { new } else { quote!(o::FieldDef { #(#said,)* ..#new }) }
}

/// What the author said of the field, as fields of its description.
fn said_of(field: &FieldInput) -> Vec<TokenStream> {
    let FieldInput { kind, .. } = field;
    let mut said = Vec::new();
    said.extend(text("help", &field.help));
    said.extend(field.label.as_ref().map(|it| quote!(label: o::Some(#it))));
    said.extend(field.min.as_ref().map(|it| whole("min", it)));
    said.extend(field.max.as_ref().map(|it| whole("max", it)));
    said.extend(field.scale.as_ref().map(|it| whole("scale", it)));
    said.extend(field.default.as_ref().map(|it| {
        let value = quote_spanned!(expanded_at(it.span()) => o::assigned::<#kind>(#it));
        quote!(default: o::Some(|| #value))
    }));
    said.extend(flag("filled", field.filled.is_some()));
    said.extend(flag("unique", field.unique));
    said.extend(flag("index", field.index));
    said.extend(flag("search", field.search));
    said.extend(flag("heavy", field.heavy));
    said.extend(flag("read_only", field.read_only));
    said.extend(field.on_delete.as_ref().map(|it| {
        let action = variant(it);
        quote!(on_delete: o::OnDelete::#action)
    }));
    said.extend(field.inverse.as_ref().map(|it| quote!(inverse: o::Some(#it))));
    said.extend(field.targets.as_ref().map(|it| {
        let tables = names_in(it);
        quote!(targets: #tables)
    }));
    said.extend(flag("keeps", field.keeps));
    said.extend(field.read.as_ref().map(|it| {
        let roles = names_in(it);
        quote!(read: #roles)
    }));
    said.extend(field.write.as_ref().map(|it| {
        let roles = names_in(it);
        quote!(write: #roles)
    }));
    said.extend(field.seal.as_ref().map(|it| {
        // Of our own hygiene: the author's function may be called `text` too.
        let text = Ident::new("text", Span::mixed_site());
        let sealed = quote_spanned!(expanded_at(it.span()) => o::sealed(#it(#text)));
        quote!(seal: o::Some(|#text| #sealed))
    }));
    said.extend(compute::expand(field));
    said
}

/// `help: "..."`, unless there is none.
fn text(name: &str, text: &str) -> Option<TokenStream> {
    let name = format_ident!("{name}");
    (!text.is_empty()).then(|| quote!(#name: #text))
}

/// `max: Some(200)`.
fn whole(name: &str, whole: &Whole) -> TokenStream {
    let name = format_ident!("{name}");
    let value = Literal::i64_unsuffixed(whole.value);
    quote!(#name: o::Some(#value))
}

/// `unique: true`, unless it is not.
fn flag(name: &str, is_said: bool) -> Option<TokenStream> {
    let name = format_ident!("{name}");
    is_said.then(|| quote!(#name: true))
}

/// `&["company", "number"]`.
fn names_in(text: &LitStr) -> TokenStream {
    let names = listed(text);
    quote!(&[#(#names),*])
}

/// `"set_null"` → `SetNull`.
fn variant(text: &LitStr) -> Ident {
    format_ident!("{}", names::pascal_case(&text.value()))
}
