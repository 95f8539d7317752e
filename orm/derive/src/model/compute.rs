//! What a computed field says: a call over its inputs, or an expression of SQL.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Expr, ExprCall, ExprField, ExprPath, LitStr, Member, spanned::Spanned};

use crate::{faults::Faults, model::input::FieldInput, names, place::expanded_at};

/// Inputs of one function; `orm::derive_support` has a `function_n` for each number of them.
const INPUTS_MAX: usize = 8;

/// Adds everything that is wrong with what a field says of itself to `faults`.
pub(crate) fn check(field: &FieldInput, faults: &mut Faults) {
    if let (Some(_), Some(sql)) = (&field.compute, &field.sql) {
        faults.add(sql, "a field is worked out once: keep `compute` or `sql`".to_owned());
    }
    if let (Some(stored), None) = (&field.stored, &field.compute) {
        let cure = "write `compute = margin(price, cost)` beside it";
        faults.add(stored, format!("`stored` says where a computed field is kept; {cure}"));
    }
    if let (Some(revision), None) = (&field.revision, &field.stored) {
        let cure = "take it away";
        faults.add(&revision.written, format!("`revision` is of stored computed fields; {cure}"));
    }
    if let Some(call) = &field.compute {
        check_call(call, faults);
    }
    if let Some(sql) = &field.sql {
        check_sql(sql, faults);
    }
}

fn check_call(call: &Expr, faults: &mut Faults) {
    let Some((_, inputs)) = parts(call) else {
        let cure = "write a function and the fields that it takes: `margin(price, lines.subtotal)`";
        return faults.add(call, format!("`compute` is a call; {cure}"));
    };
    if inputs.is_empty() {
        let cure = "name the fields that it follows from, or give the field a `default`";
        faults.add(call, format!("what follows from nothing is no computed field; {cure}"));
    } else if inputs.len() > INPUTS_MAX {
        let found = inputs.len();
        let cure = "compute a part of it as a field of its own";
        faults
            .add(call, format!("a function has at most {INPUTS_MAX} inputs, not {found}; {cure}"));
    }
    for input in inputs.iter().filter(|it| path(it).is_none()) {
        let cure = "write the name of a field, or a path such as `lines.subtotal`";
        faults.add(input, format!("an input is a field; {cure}"));
    }
}

fn check_sql(sql: &LitStr, faults: &mut Faults) {
    let text = sql.value();
    let is_balanced = text.matches('{').count() == text.matches('}').count();
    let inputs = inputs_of(&text);
    if !is_balanced || inputs.iter().any(|it| !names::is_plain(it)) {
        let cure = "write `{price}` where the column of `price` is meant";
        faults.add(sql, format!("`sql` names a field that cannot be one; {cure}"));
    } else if inputs.is_empty() {
        let cure = "write `{price}` where the column of `price` is meant";
        faults.add(sql, format!("`sql` names no field; {cure}"));
    } else if text.contains(';') || text.contains("--") || text.contains('$') || text.contains('?')
    {
        let cure = "take `;`, `--`, `$` and `?` out of it";
        faults.add(sql, format!("`sql` is one expression; {cure}"));
    }
}

/// `compute: Some(...)`, if the field is computed.
pub(crate) fn expand(field: &FieldInput) -> Option<TokenStream> {
    let (inputs, sort) = match (&field.compute, &field.sql) {
        (Some(call), _) => function(field, call)?,
        (None, Some(sql)) => (inputs_of(&sql.value()), quote!(o::ComputeSort::Sql(#sql))),
        (None, None) => return None,
    };
    let reveals = field.reveals;
    Some(quote! {
        compute: o::Some(o::Compute { inputs: &[#(#inputs),*], sort: #sort, reveals: #reveals })
    })
}

fn function(field: &FieldInput, call: &Expr) -> Option<(Vec<String>, TokenStream)> {
    let (name, inputs) = parts(call)?;
    let paths: Vec<String> = inputs.iter().copied().filter_map(path).collect();
    let kind = &field.kind;
    let function = format_ident!("function_{}", inputs.len());
    let revision = field.revision.as_ref().map_or(1, |it| it.value);
    let revision = u32::try_from(revision).unwrap_or(1);
    // Of our own hygiene: the author's function may be called `inputs` too.
    let given = Ident::new("inputs", Span::mixed_site());
    // A type that no input has is a fault of the function, so it stands there.
    let span = expanded_at(name.span());
    let arguments = inputs.iter().map(|_| quote_spanned!(span => o::argument(&mut #given)?));
    let called = quote_spanned!(span => #name(#(#arguments),*));
    let inferred = inputs.iter().map(|_| quote_spanned!(span => _));
    let built = quote_spanned! { span =>
        o::#function::<#kind, #(#inferred,)* _>(#name, |#given| {
            let mut #given = #given.into_iter();
            o::Ok(o::FieldType::give(&#called))
        }, #revision)
    };
    let sort = match &field.stored {
        Some(_) => quote!(o::ComputeSort::Stored(#built)),
        None => quote!(o::ComputeSort::Read(#built)),
    };
    Some((paths, sort))
}

/// The tokens of every input, and the field of the model that it begins with.
pub(crate) fn first_names(field: &FieldInput) -> impl Iterator<Item = (TokenStream, String)> {
    let first = |it: &String| it.split('.').next().unwrap_or_default().to_owned();
    let of_call = field.compute.as_ref().and_then(parts).into_iter().flat_map(|it| it.1);
    let of_call = of_call.filter_map(|it| Some((it.to_token_stream(), path(it)?)));
    let of_sql = field.sql.iter().flat_map(|sql| {
        let names = inputs_of(&sql.value()).into_iter().filter(|it| names::is_plain(it));
        names.map(|it| (sql.to_token_stream(), it))
    });
    of_call.chain(of_sql).map(move |(at, path)| (at, first(&path)))
}

/// The function of a call and what it is given.
fn parts(call: &Expr) -> Option<(&ExprPath, Vec<&Expr>)> {
    let Expr::Call(ExprCall { func, args, .. }) = call else { return None };
    let Expr::Path(name) = &**func else { return None };
    Some((name, args.iter().collect()))
}

/// `lines.subtotal`, if it is a path of names.
fn path(input: &Expr) -> Option<String> {
    match input {
        Expr::Path(it) => it.path.get_ident().map(ToString::to_string),
        Expr::Field(ExprField { base, member: Member::Named(name), .. }) => {
            Some(format!("{}.{name}", path(base)?))
        }
        _ => None,
    }
}

/// The fields that an expression of SQL names.
fn inputs_of(sql: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in sql.split('{').skip(1) {
        let name = part.split('}').next().unwrap_or_default().to_owned();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
