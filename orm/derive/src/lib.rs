//! Static descriptions out of structs and enums: `#[derive(Model)]` and `#[derive(Selection)]`.
//!
//! A derive parses what the author wrote, checks it as far as one item alone can be checked, and
//! emits data with thin shims around it. Whatever can be a function of that data is not here.
//!
//! **Invariant:** the output names only `::orm::derive_support`, and no decision is taken from how
//! a type is spelled: what a field is, its type says for itself when the output is compiled.

mod extend;
mod model;
mod selection;

mod faults;
mod names;
mod place;
mod setting;

use proc_macro::TokenStream;

/// Makes a struct with named fields a model: a table, and all that follows from it.
///
/// The fields are the columns and relations that the author wants; the framework adds `id`,
/// `version`, `created_at`, `created_by`, `updated_at` and `updated_by` to the table. `Option`
/// says that a field may be absent; `///` is the help text of forms and of the API. Each field
/// becomes a constant in capitals: `Product::PRICE`.
///
/// `#[model(...)]`, above the struct:
///
/// | option | meaning |
/// |---|---|
/// | `table = "products"` | the table and the collection; required |
/// | `display = "name"` | the field that stands for a record where one line is shown |
/// | `order = "-date, name"` | how lists are sorted that do not say |
/// | `unique = "company, number"` | fields that no two records share; repeatable |
/// | `unique = "number unless archived"` | the same among records that are not archived |
/// | `check_sql = "dates: starts_on <= ends_on"` | a name, and a condition in SQL that the database holds each row to; repeatable |
/// | `archivable` | records are put aside by their field `active`, which lists preset |
/// | `company_owned` | records with a `company` are for users of that company only, and new ones are of the asker's own |
/// | `scope_index = "owner"` | a field of rules that lists are read by, in the order of the model or by an `index`ed field; repeatable |
/// | `child_of = "sale"` | the reference to the record whose rights these records follow |
/// | `touch` | a change of a child raises its parent's version |
/// | `private` | rules hold for administrators too |
/// | `routes = "all"` | the generated routes: `all`, `reading`, `changing` (with `PATCH`) or `none` |
/// | `signal = "rights"` | a counter that rises with every change of these records |
/// | `check = whole` | a `fn(&Self, &mut Invalid)` that a record must pass as it was written |
/// | `check_change = step` | a `fn(&Changed<'_, Self>, &mut Invalid)`, the same beside what the record was |
/// | `onchange = fill_in` | an `async fn(&Session, &mut ChangeSet<Self>) -> Result<()>` that says what follows from a form; nothing is saved |
/// | `before = guard` | an `async fn(&Session, &mut ChangeSet<Self>) -> Result<()>`, inside the transaction, before the write; it may set fields |
/// | `after = note` | an `async fn(&Session, &ChangeSet<Self>) -> Result<()>`, the same behind the write |
/// | `after_commit = tell` | an `async fn(&Session, &ChangeSet<Self>) -> Result<()>`, once what was written stands, outside of any transaction; at most once, and its failure is logged alone |
/// | `history = "365 days"` | who changed what and when is remembered so long (or `forever`), and read at `/{id}/history` |
/// | `options = "open"` | words beside the fields of a body, `true` or `false`, for those functions |
///
/// `#[field(...)]`, above a field:
///
/// | option | meaning |
/// |---|---|
/// | `max = 200`, `min = 0` | the largest number or longest text, the smallest number |
/// | `scale = 2` | decimal places |
/// | `default = true` | an expression of the field's type, for records that do not say |
/// | `filled` | a new record may leave it out: `before` sets it, though it is required |
/// | `unique`, `index` | no two records share it; it is often searched or sorted by |
/// | `unique = "unless archived"` | no two records share it which are not archived |
/// | `search` | the parameter `q` looks into it |
/// | `heavy` | left out of lists that do not name it |
/// | `read_only` | set by code alone, maybe without the version: no body may name it |
/// | `label = "Price, net"` | its name for users; without it, the name in words |
/// | `on_delete = "restrict"` | when the target goes: `restrict`, `cascade` or `set_null` |
/// | `inverse = "product"` | the field on the other side of a relation |
/// | `targets = "products, partners"` | the models that an `AnyRecord` may lead to; without it, every model |
/// | `read = "a.b, a.c"`, `write = "a.b"` | the roles that may |
/// | `keeps` | what a many2many links to is not deleted while it is linked |
/// | `seal = hash` | an `async fn(String) -> Result<String>` that makes what is stored |
/// | `compute = margin(price, cost)` | a function of fields and paths that gives a `Computed<…>`; with `stored` a column holds it, else it is worked out at read |
/// | `revision = 2` | raised when a stored function gives other values: they are worked out anew |
/// | `sql = "{price} * 2"` | the same as an expression of PostgreSQL over columns of the table |
/// | `reveals` | a computed field that is open to those who may not read its inputs |
/// | `ids = "implies_ids"` | the ids of a to-many field, where `tags` → `tag_ids` guesses wrong |
#[proc_macro_derive(Model, attributes(model, field))]
pub fn derive_model(item: TokenStream) -> TokenStream {
    answer(model::derive(item.into()))
}

/// Makes an enum of plain variants a selection: one of a closed list of choices, stored as text.
///
/// A variant is stored as its name in snake case and shown as its name in words;
/// `#[selection(value = "svc", label = "Service")]` above it says otherwise. The enum is also
/// `Copy`.
///
/// `#[selection(open)]` above the enum lets other modules add choices; its variant
/// `Other(Choice)` is for them.
#[proc_macro_derive(Selection, attributes(selection))]
pub fn derive_selection(item: TokenStream) -> TokenStream {
    answer(selection::derive(item.into()))
}

/// Adds to a model of a module that this one depends on.
///
/// Above a struct, `#[extend(Partner)]` adds its fields to the records of `Partner`: they are
/// columns of the same table and fields of the same API, with the options of `#[field(...)]`. Each
/// is an `Option` or has a `default`, and becomes a constant in capitals: `PartnerTax::INN` is a
/// column of `Partner`. `partner.ext::<PartnerTax>()` gives the struct.
///
/// | option | meaning |
/// |---|---|
/// | `default(kind = PartnerKind::Company)` | what a field of the model starts with that has no default |
/// | `unique = "inn, kpp"`, `unique = "inn unless archived"` | fields that no two records share; repeatable |
/// | `check = judge` | a `fn(&Partner, &PartnerTax, &mut Invalid)` that says what is wrong with a record |
/// | `before = prepare`, `after = settle` | as those of a model, asked after them |
///
/// Above an enum, `#[extend(Partner::KIND)]` adds its variants to the choices of a field whose
/// selection is open. Each becomes a `Choice` in capitals: `PartnerKind::Other(SupplyKind::CARRIER)`.
#[proc_macro_derive(Extend, attributes(extend, field, selection))]
pub fn derive_extend(item: TokenStream) -> TokenStream {
    answer(extend::derive(item.into()))
}

/// The expansion, or every fault as an error of the compiler on its token.
fn answer(expansion: syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    expansion.unwrap_or_else(syn::Error::into_compile_error).into()
}
