//! What `#[derive(Extend)]` emits, as files to review, and what it refuses, as sentences.

use expect_test::{Expect, ExpectFile, expect, expect_file};
use quote::quote;

use super::*;

#[test]
fn fields_are_data_and_two_shims() {
    check_output(
        quote! {
            /// What tax offices want to know.
            #[extend(Partner, default(kind = PartnerKind::Company), unique = "inn, kpp", check = judge, before = hooks::prepare)]
            pub struct PartnerTax {
                /// The number that they gave.
                #[field(max = 12, unique = "unless archived")]
                pub inn: Option<String>,
                pub kpp: Option<String>,
                #[field(default = 5, read = "taxes.clerk")]
                pub rating: i16,
                pub office: Option<Many2One<Office>>,
            }
        },
        &expect_file!["../../outputs/extension.rs"],
    );
}

#[test]
fn choices_are_words_of_a_column() {
    check_output(
        quote! {
            #[extend(partners::Partner::KIND)]
            pub enum SupplyKind {
                /// Sells to us.
                Supplier,
                #[selection(value = "lorry", label = "Carrier, hired")]
                HiredCarrier,
            }
        },
        &expect_file!["../../outputs/extension_of_choices.rs"],
    );
}

#[test]
fn all_faults_are_said_at_once() {
    check_faults(
        quote! {
            #[extend(Partner, default(kind = 1, kind = 2))]
            struct PartnerTax<T> {
                #[field(uniqe, unique = "archived", read = "boss")]
                version: T,
            }
        },
        &expect![[r#"
            `PartnerTax` extends one model and has no generics; take them away
            unknown option `uniqe`; did you mean `unique`?
            every model has a field `version` of its own; leave it out, or give it another name
            `unique` is alone or `unless archived`, not `archived`
            `read` names no role: `boss`; write `module.what`, several with commas between them
            `kind` has a default twice; keep one of them"#]],
    );
    check_faults(
        quote! {
            #[extend(Partner::KIND, default(kind = 1))]
            enum Kinds {}
        },
        &expect![[r#"
            there is no choice to add; write a variant
            an enum adds choices only; give defaults beside a struct"#]],
    );
}

#[test]
fn what_cannot_be_read_says_how_it_is_written() {
    check_faults(
        quote!(
            struct PartnerTax {}
        ),
        &expect!["`PartnerTax` does not say what it extends; write `#[extend(Partner)]` above it"],
    );
    check_faults(
        quote!(
            #[extend()]
            struct PartnerTax {}
        ),
        &expect!["unexpected end of input, the model is missing; write `#[extend(Partner)]`"],
    );
    check_faults(
        quote!(
            #[extend(Partner, default = 3)]
            struct PartnerTax {}
        ),
        &expect![
            "`default` names fields and their values; write `default(kind = PartnerKind::Company)`"
        ],
    );
    check_faults(
        quote!(
            #[extend(Partner, table = "x")]
            struct PartnerTax {}
        ),
        &expect![
            "unknown option `table`; `#[extend(...)]` knows `default`, `unique`, `check`, `before`, `after`"
        ],
    );
    check_faults(
        quote!(
            #[extend(Partner)]
            #[extend(Lead)]
            struct PartnerTax {}
        ),
        &expect!["an extension has one `#[extend(...)]`; write all of it into the first"],
    );
    check_faults(
        quote!(
            #[extend(Partner)]
            struct PartnerTax(i64);
        ),
        &expect![
            "an extension is a struct with named fields or an enum of choices; write `struct PartnerTax { ... }`"
        ],
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
