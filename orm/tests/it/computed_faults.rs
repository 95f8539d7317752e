//! What an author can get wrong in a computed field is found at start, with its cure.

#![expect(dead_code, reason = "only the descriptions of the models are read")]

use orm::{Computed, Decimal, Many, Many2One, Model, ModelDef, One2Many, Schema};

#[derive(Debug, Model)]
#[model(table = "carts")]
struct Cart {
    says_nothing: Computed<i32>,
}

#[derive(Debug, Model)]
#[model(table = "items")]
struct Item {
    name: String,
    #[field(compute = length(name), stored, write = "shop.user")]
    has_a_writer: Computed<i32>,
    #[field(compute = length(name), unique)]
    unique_at_read: Computed<i32>,
    #[field(sql = "length({name})", index)]
    indexed_without_column: Computed<i32>,
    #[field(sql = "length({name})")]
    not_said_to_be_computed: i32,
}

/// Each waits for the other.
#[derive(Debug, Model)]
#[model(table = "hens")]
struct Hen {
    #[field(inverse = "hen")]
    eggs: One2Many<Egg>,
    #[field(compute = sum(eggs.weight), stored)]
    weight: Computed<i32>,
}

#[derive(Debug, Model)]
#[model(table = "eggs")]
struct Egg {
    hen: Many2One<Hen>,
    #[field(compute = share(hen.weight), stored)]
    weight: Computed<i32>,
}

#[test]
fn a_declaration_that_contradicts_itself() {
    check(
        &[Cart::def(), Item::def()],
        &[
            "carts.says_nothing: is `Computed` and nobody says how: write #[field(compute = ",
            "items.has_a_writer: is computed, nobody writes it: take `write` away",
            "items.unique_at_read: is worked out at read: take `unique`, `index` and `search` away",
            "items.indexed_without_column: has no column: take `unique` and `index` away",
            "items.not_said_to_be_computed: is computed: write `Computed<…>` around its type",
        ],
    );
}

#[derive(Debug, Model)]
#[model(table = "baskets")]
struct Basket {
    name: Option<String>,
    #[field(inverse = "basket")]
    things: One2Many<Thing>,
    #[field(compute = length(name), stored)]
    takes_what_may_be_absent: Computed<i32>,
    #[field(compute = length(things.name), stored)]
    takes_one_of_many: Computed<i32>,
    #[field(compute = lengths(name), stored)]
    takes_many_of_one: Computed<i32>,
    #[field(compute = total(things.price), stored)]
    takes_another_kind: Computed<i32>,
    #[field(compute = lengths(things.title), stored)]
    names_no_field: Computed<i32>,
    #[field(compute = length(name.length), stored)]
    goes_on_behind_a_text: Computed<i32>,
    #[field(compute = length(things), stored)]
    ends_at_a_relation: Computed<i32>,
    #[field(compute = lengths(things.name))]
    reads_elsewhere: Computed<i32>,
    #[field(sql = "length({things})")]
    names_no_column: Computed<i32>,
}

#[derive(Debug, Model)]
#[model(table = "things")]
struct Thing {
    basket: Many2One<Basket>,
    name: String,
    #[field(scale = 2)]
    price: Decimal,
}

#[test]
fn inputs_that_are_not_there_or_of_another_type() {
    check(
        &[Basket::def(), Thing::def()],
        &[
            "baskets.takes_what_may_be_absent: its input `name` gives maybe nothing: take an `Option`",
            "baskets.takes_one_of_many: its input `things.name` gives any number of values: take `Many<…>`",
            "baskets.takes_many_of_one: its input `name` gives one value: take it without `Many`",
            "baskets.takes_another_kind: its input `things.price` is decimal, and its function takes integer",
            "baskets.names_no_field: its input `things.title` names no field: ",
            "baskets.goes_on_behind_a_text: its input `name.length` goes on behind a field that is no relation: ",
            "baskets.ends_at_a_relation: its input `things` ends at what the table has no column for: ",
            "baskets.reads_elsewhere: its input `things.name` is not of this record: write `stored`",
            "baskets.names_no_column: its input `things` ends at what the table has no column for: ",
        ],
    );
}

#[test]
fn what_follows_from_itself() {
    check(
        &[Hen::def(), Egg::def()],
        &["eggs.weight: follows from itself: eggs.weight → hens.weight → eggs.weight; take one of"],
    );
}

/// Every fault begins as is expected in its place, and there are no others.
#[track_caller]
fn check(defs: &[&'static ModelDef], expected: &[&str]) {
    let faults = Schema::of(defs, None).err().map(|it| it.0).unwrap_or_default();
    let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(faults.len(), expected.len(), "{faults:#?}");
    for (fault, expected) in faults.iter().zip(expected) {
        assert!(fault.starts_with(expected), "{fault}\nshould begin: {expected}");
    }
}

fn length(text: String) -> i32 {
    i32::try_from(text.into_bytes().len()).unwrap_or(i32::MAX)
}

fn lengths(texts: Many<String>) -> i32 {
    texts.into_iter().map(length).sum()
}

fn total(numbers: Many<i32>) -> i32 {
    numbers.into_iter().sum()
}

fn sum(numbers: Many<i32>) -> i32 {
    total(numbers)
}

fn share(weight: i32) -> i32 {
    weight / 2
}
