//! What `#[derive(Model)]` emits, as files to review, and what it refuses, as sentences.

use expect_test::{Expect, ExpectFile, expect, expect_file};
use quote::quote;

use super::*;

/// The most lines that a model of ten fields may cost.
const LINES_MAX: usize = 120;

#[test]
fn a_plain_product_is_data_and_two_shims() {
    let lines = check_output(
        quote! {
            /// A thing or a service the company sells.
            #[model(table = "products", display = "name", order = "name")]
            pub struct Product {
                /// As it stands on orders and price lists.
                #[field(max = 200, search)]
                pub name: String,
                #[field(max = 40, unique)]
                pub sku: Option<String>,
                pub kind: ProductKind,
                #[field(min = 0, scale = 2)]
                pub price: Decimal,
                /// What one unit costs us.
                #[field(scale = 2, read = "products.manager", write = "products.manager")]
                pub cost: Option<Decimal>,
                pub unit: Many2One<Unit>,
                #[field(on_delete = "restrict", index)]
                pub category: Option<Many2One<Category>>,
                pub tags: Many2Many<Tag>,
                #[field(inverse = "product")]
                pub prices: One2Many<PriceRule>,
                #[field(default = true)]
                pub active: bool,
            }
        },
        &expect_file!["../../outputs/product.rs"],
    );
    assert!(lines < LINES_MAX, "ten fields cost {lines} lines, more than {LINES_MAX}");
}

#[test]
fn every_option_is_one_entry_of_the_description() {
    check_output(
        quote! {
            /// One line of an order:
            /// what, and how much of it.
            ///
            /// Lines belong to their order.
            #[model(table = "order_lines", display = "title", order = "-position, order_id")]
            #[model(unique = "order, position", unique = "title, code", scope_index = "owner")]
            #[model(child_of = "order", touch, private, routes = "reading")]
            #[model(signal = "orders", options = "force", before = guard, after = rules::check)]
            #[model(unique = "title, owner unless archived", archivable, company_owned)]
            #[model(check_sql = "places: position > 0", check_sql = "code : title <> ''")]
            #[model(after_commit = tell, history = "30 days")]
            struct OrderLine {
                #[field(on_delete = "cascade")]
                order: Many2One<Order>,
                #[field(min = -5, max = 5, default = 0, index, label = "Place")]
                position: i16,
                #[field(default = true)]
                active: bool,
                company: Option<Many2One<Company>>,
                #[field(unique = "unless archived")]
                number: Option<String>,
                #[field(unique, search, heavy)]
                title: Option<String>,
                #[field(seal = hashing::seal)]
                code: Secret,
                #[field(on_delete = "set_null", read = "sales.user, sales.manager")]
                owner: Option<Many2One<User>>,
                #[field(ids = "implies_ids", inverse = "implied_by")]
                implies: Many2Many<Self>,
                #[field(keeps)]
                roles: Many2Many<Role>,
                #[field(targets = "products, partners")]
                subject: Option<AnyRecord>,
            }
        },
        &expect_file!["../../outputs/every_option.rs"],
    );
}

#[test]
fn all_faults_are_said_at_once() {
    check_faults(
        quote! {
            #[model(display = "nme", order = "-date,, name, name", routes = "some", touch, colour)]
            #[model(history = "1 year")]
            struct Product<T> {
                #[field(uniqe, max = 1, max = 2, min = "0", scale = 40, default, search = true)]
                name: String,
                #[field(min = 3, max = 2, table = "x", on_delete = "nothing", read = "boss")]
                r#type: T,
                #[field(inverse = "a b", ids = "name", seal = 3)]
                Version: i64,
                version: i64,
            }
        },
        &expect![[r#"
            a model is one table, so `Product` has no generics; write a struct for each table
            unknown option `colour`; `#[model(...)]` knows `table`, `display`, `order`, `unique`, `scope_index`, `check_sql`, `archivable`, `company_owned`, `child_of`, `touch`, `private`, `routes`, `signal`, `options`, `check`, `check_change`, `onchange`, `before`, `after`, `after_commit`, `history`
            unknown option `uniqe`; did you mean `unique`?
            `max` is said twice; keep one of them
            `default` needs a value; write `default = true`
            `search` takes no value; write `search`
            `min` takes a whole number; write `min = 0`
            `table` is an option of the model; write `#[model(table = "products")]` above it
            `seal` takes the name of a function; write `seal = hash`
            the model `Product` has no table; write `#[model(table = "products")]` above it
            `display` names `nme`, which is no field; did you mean `name`?
            `order` names `date`, which is no field; add the field, or name one that is there
            `order` has a name missing; write names with one comma between them
            `order` names `name` twice; once is enough
            `touch` raises the version of a parent; write `child_of = "..."` beside it
            `routes` is one of `all`, `changing`, `reading`, `none`, not `some`
            `history` says how long changes are remembered, as `365 days` or `forever`, not `1 year`; write `365 days`
            no decimal has 40 decimal places; write one from 0 to 28
            `type` is a keyword of Rust; give the field another name, as `kind` for `type`
            `max` is 2 and `min` is 3; swap them
            `on_delete` is one of `restrict`, `cascade`, `set_null`, not `nothing`
            `read` names no role: `boss`; write `module.what`, several with commas between them
            a field's name is small letters, digits and `_`, and begins with a letter; write `version`
            `inverse` is no name of a field; write the name of one field of the other model
            `name` is a field of its own; give the ids another name
            every model has a field `version` of its own; leave it out, or give it another name"#]],
    );
}

#[test]
fn a_line_of_the_model_needs_its_fields() {
    check_faults(
        quote! {
            #[model(table = "notes", archivable, company_owned, unique = "nme unless archived")]
            #[model(check_sql = "starts_on <= ends_on", check_sql = "Dates: a < b")]
            struct Note {
                name: String,
            }
        },
        &expect![[r#"
            `unique` names `nme`, which is no field; did you mean `name`?
            records are put aside by their field `active`; write `#[field(default = true)] active: bool`
            records belong to their `company`; write `company: Option<Many2One<Company>>`
            a check has a name and an expression of SQL; write `check_sql = "dates: starts_on <= ends_on"`
            a check has a name and an expression of SQL; write `check_sql = "dates: starts_on <= ends_on"`"#]],
    );
    check_faults(
        quote! {
            #[model(table = "notes", unique = "name, sku unless archived")]
            struct Note {
                #[field(unique = "unless archived")]
                name: String,
                #[field(unique = 3)]
                sku: String,
            }
        },
        &expect![[r#"
            `unique` takes text in quotes or nothing; write `unique` or `unique = "unless archived"`
            `unless archived` needs records that are archived; write `archivable` above the model
            `unless archived` needs records that are archived; write `archivable` above the model"#]],
    );
}

#[test]
fn a_table_has_a_name_that_its_derivatives_leave_room_for() {
    let wanted = "a table's name is small letters, digits and `_`, and begins with a letter";
    for table in ["Categories", "_categories", "2nd", "all categories", ""] {
        check_fault(table_named(table), &format!("{wanted}; write `categories`"));
    }
    check_fault(
        table_named("price__rules"),
        "`__` stands in the names of link tables only; write `price_rules`",
    );
    check_fault(
        table_named("categories_of_the_things_that_the_company_sells"),
        "a table's name has at most 40 characters, this one has 47; shorten it",
    );
    check_fault(
        quote!(
            struct Category {}
        ),
        "the model `Category` has no table; write `#[model(table = \"categories\")]` above it",
    );
}

#[test]
fn only_a_struct_with_named_fields_is_a_model() {
    check_shape(
        quote!(
            enum Kind {
                Goods,
            }
        ),
        "`Kind` is an enum: for a list of choices, write `#[derive(Selection)]`",
    );
    check_shape(
        quote!(
            struct Price(i64);
        ),
        "those of `Price` have no names: write `struct Price { ... }`",
    );
    check_shape(
        quote!(
            struct Nothing;
        ),
        "`Nothing` has no fields: write `struct Nothing { ... }`",
    );
    check_shape(quote!(union Bits { one: u8 }), "`Bits` is a union");
}

fn table_named(table: &str) -> TokenStream {
    quote! {
        #[model(table = #table)]
        struct Category {}
    }
}

/// Compares the formatted expansion of `item` with the file, and gives its number of lines.
#[track_caller]
fn check_output(item: TokenStream, expected: &ExpectFile) -> usize {
    let file = syn::parse2(derive(item).unwrap()).unwrap();
    let output = prettyplease::unparse(&file);
    expected.assert_eq(&output);
    output.lines().count()
}

/// Compares what is wrong with `item`, a line a fault, with `expected`.
#[track_caller]
fn check_faults(item: TokenStream, expected: &Expect) {
    let faults = derive(item).unwrap_err();
    let lines: Vec<String> = faults.into_iter().map(|it| it.to_string()).collect();
    expected.assert_eq(&lines.join("\n"));
}

/// Compares the one thing that is wrong with `item` with `expected`.
#[track_caller]
fn check_fault(item: TokenStream, expected: &str) {
    let faults: Vec<String> =
        derive(item).unwrap_err().into_iter().map(|it| it.to_string()).collect();
    assert_eq!(faults, [expected]);
}

/// Compares the reason why `item` has not the shape of a model with `found`.
#[track_caller]
fn check_shape(item: TokenStream, found: &str) {
    check_fault(item, &format!("a model is a struct with named fields, but {found}"));
}
