//! One fault a test.

mod kinds;

use rust_decimal::Decimal;

use crate::{
    FieldDef, FieldType, Kind, ModelDef, OnDelete, SelectionDef, Value, field::FieldNames,
    model::ChildOf, schema::verify::verify,
};

#[test]
fn a_sound_schema_has_no_faults() {
    check(&[&PARTNERS, &TAGS], "");
}

#[test]
fn every_fault_is_found_at_once() {
    static DEF: ModelDef = ModelDef {
        fields: &[decimal("price"), FieldDef { search: true, ..of::<bool>("active") }],
        display: Some("title"),
        ..named("Product", "products")
    };
    check(
        &[&DEF],
        "products.price: a decimal needs its places: write #[field(scale = 2)]\n\
         products.active: only texts are searched: take `search` away\n\
         products: `display` names `title`, which is no field: name one of the model's",
    );
}

#[test]
fn two_models_with_one_table_are_both_named() {
    static OTHER: ModelDef = ModelDef { krate: "people", ..named("Person", "partners") };
    check(
        &[&PARTNERS, &OTHER, &TAGS],
        "partners: both shop::Partner and people::Person have this table: rename one",
    );
}

#[test]
fn one_rust_name_in_one_crate_is_for_one_model() {
    static OTHER: ModelDef = named("Tag", "labels");
    let expected = "labels: another model is called shop::Tag too: rename one";
    check(&[&PARTNERS, &TAGS, &OTHER], expected);
}

#[test]
fn one_rust_name_in_two_crates_is_for_two_models() {
    static OTHER: ModelDef = ModelDef { krate: "people", ..named("Tag", "labels") };
    check(&[&PARTNERS, &TAGS, &OTHER], "");
}

#[test]
fn a_table_has_a_plain_name() {
    static CAPITAL: ModelDef = named("A", "Products");
    static DOUBLED: ModelDef = named("B", "products__tags");
    static OPEN: ModelDef = named("C", "products_");
    let what = "no name for a table: take small letters, digits and single underscores";
    for (def, table) in [(&CAPITAL, "Products"), (&DOUBLED, "products__tags"), (&OPEN, "products_")]
    {
        check(&[def], &format!("{table}: {what}"));
    }
}

#[test]
fn the_tables_of_the_framework_are_taken() {
    static DEF: ModelDef = named("Seed", "seeds");
    check(&[&DEF], "seeds: the framework has a table of this name: take another");
}

#[test]
fn a_name_that_postgresql_would_cut_is_refused() {
    static DEF: ModelDef = ModelDef {
        fields: &[FieldDef { unique: true, ..of::<String>("the_number_on_the_back_of_it") }],
        ..named("Card", "cards_of_those_who_come_more_than_once")
    };
    check(
        &[&DEF],
        "cards_of_those_who_come_more_than_once.the_number_on_the_back_of_it: \
         `cards_of_those_who_come_more_than_once_the_number_on_the_back_of_it_uq` would be 70 \
         bytes long, and PostgreSQL takes 63: shorten the name of the table or of the field",
    );
}

#[test]
fn two_constraints_do_not_share_a_name() {
    static DEF: ModelDef = ModelDef {
        fields: &[of::<i64>("a"), of::<i64>("b_c"), of::<i64>("a_b"), of::<i64>("c")],
        unique: &[&["a", "b_c"], &["a_b", "c"]],
        ..named("Pair", "pairs")
    };
    check(
        &[&DEF],
        "pairs: two things in the database would be called `pairs_a_b_c_uq`: rename one",
    );
}

#[test]
fn a_field_has_a_plain_name_that_is_free() {
    let check_name = |def, what: &str| check(&[def], &format!("tags.{what}"));
    static PLAIN: ModelDef = ModelDef { fields: &[of::<i64>("Größe")], ..named("Tag", "tags") };
    check_name(&PLAIN, "Größe: no name for a field: take small letters, digits and underscores");
    static FRAMEWORK: ModelDef =
        ModelDef { fields: &[of::<i64>("version")], ..named("Tag", "tags") };
    check_name(&FRAMEWORK, "version: the framework has a field of this name: take another");
    static SYSTEM: ModelDef = ModelDef { fields: &[of::<i64>("ctid")], ..named("Tag", "tags") };
    check_name(&SYSTEM, "ctid: PostgreSQL has a column of this name in every table: take another");
    static WORD: ModelDef = ModelDef { fields: &[of::<bool>("not")], ..named("Tag", "tags") };
    check_name(&WORD, "not: a word of the filter language: take another");
}

#[test]
fn what_says_that_a_list_was_cut_is_no_field() {
    static DEF: ModelDef = ModelDef {
        fields: &[to_tags("tags", None), of::<bool>("tags_page"), of::<bool>("name_page")],
        ..named("Lead", "leads")
    };
    let expected = "leads.tags_page: answers say under this name whether `tags` is cut: rename one";
    check(&[&DEF, &PARTNERS, &TAGS], expected);
}

#[test]
fn a_key_is_not_the_name_of_another_field() {
    static AFTER: ModelDef = ModelDef {
        fields: &[to_partner("partner", "partner_id"), of::<i64>("partner_id")],
        ..named("Lead", "leads")
    };
    let expected = "leads.partner_id: its key `partner_id` is that of `partner`: rename one";
    check(&[&AFTER, &PARTNERS, &TAGS], expected);
    static BEFORE: ModelDef = ModelDef {
        fields: &[of::<i64>("partner_id"), to_partner("partner", "partner_id")],
        ..named("Lead", "leads")
    };
    let expected = "leads.partner: its key `partner_id` is that of `partner_id`: rename one";
    check(&[&BEFORE, &PARTNERS, &TAGS], expected);
    static TWICE: ModelDef =
        ModelDef { fields: &[of::<i64>("a"), of::<i64>("a")], ..named("Tag", "tags") };
    check(&[&TWICE], "tags.a: another field has this name: rename one");
}

#[test]
fn a_relation_leads_to_a_listed_model() {
    static DEF: ModelDef =
        ModelDef { fields: &[to_partner("partner", "partner_id")], ..named("Lead", "leads") };
    check(
        &[&DEF],
        "leads.partner: leads to Partner, whose module is not listed: add `.module(shop::MODULE)`",
    );
}

#[test]
fn a_collection_names_the_reference_that_leads_back() {
    static SILENT: ModelDef = ModelDef {
        fields: &[FieldDef { kind: Kind::One2Many(|| &PARTNERS), ..of::<i64>("partners") }],
        ..named("Region", "regions")
    };
    check_with_partners(
        &SILENT,
        "regions.partners: a collection needs a Many2One<Region> of Partner: name it with \
         #[field(inverse = \"…\")]",
    );
    static WRONG: ModelDef = ModelDef {
        fields: &[FieldDef {
            kind: Kind::One2Many(|| &PARTNERS),
            inverse: Some("region"),
            ..of::<i64>("partners")
        }],
        ..named("Region", "regions")
    };
    check_with_partners(
        &WRONG,
        "regions.partners: `inverse` is `region`, which Partner has not: name a \
         Many2One<Region> of Partner",
    );
    static KEY: ModelDef = ModelDef {
        fields: &[FieldDef {
            kind: Kind::One2Many(|| &PARTNERS),
            inverse: Some("parent_id"),
            ..of::<i64>("partners")
        }],
        ..named("Region", "regions")
    };
    check_with_partners(
        &KEY,
        "regions.partners: `inverse` is `parent_id`, which Partner has not: a field is named \
         without its key, write `parent`",
    );
    static ELSEWHERE: ModelDef = ModelDef {
        fields: &[FieldDef {
            kind: Kind::One2Many(|| &PARTNERS),
            inverse: Some("parent"),
            ..of::<i64>("partners")
        }],
        ..named("Region", "regions")
    };
    check_with_partners(
        &ELSEWHERE,
        "regions.partners: `inverse` is `parent`, which does not lead here: name a \
         Many2One<Region> of Partner",
    );
}

#[test]
fn a_link_is_declared_on_one_side_and_mirrored_on_the_other() {
    static LONELY: ModelDef =
        ModelDef { fields: &[to_tags("tags", Some("nothing"))], ..named("Lead", "leads") };
    check_with_partners(
        &LONELY,
        "leads.tags: `inverse` is `nothing`, which Tag has not: name a Many2Many<Lead> of Tag",
    );
    static ELSEWHERE: ModelDef =
        ModelDef { fields: &[to_tags("tags", Some("partners"))], ..named("Lead", "leads") };
    check_with_partners(
        &ELSEWHERE,
        "leads.tags: `inverse` is `partners`, which does not lead here: name a Many2Many<Lead> \
         of Tag",
    );
    static MIRRORED: ModelDef = ModelDef {
        fields: &[FieldDef {
            kind: Kind::Many2Many(|| &MIRRORED),
            inverse: Some("friends"),
            ..of::<i64>("friends")
        }],
        ..named("Person", "people")
    };
    check(
        &[&MIRRORED],
        "people.friends: a link has its table on the side without `inverse`: take it away on one \
         side",
    );
}

#[test]
fn only_collections_have_an_inverse() {
    static DEF: ModelDef = ModelDef {
        fields: &[FieldDef { inverse: Some("a"), ..of::<i64>("b") }],
        ..named("Lead", "leads")
    };
    check(&[&DEF], "leads.b: only collections have an `inverse`: take it away");
}

#[test]
fn what_a_model_names_are_fields_with_columns() {
    static DEF: ModelDef = ModelDef {
        display: Some("tags"),
        order: "-tag_ids, notes, notes, ",
        scope_index: &["owner"],
        unique: &[&["name", "name", "settings"], &[]],
        fields: &[
            to_tags("tags", None),
            of::<String>("notes"),
            of::<String>("name"),
            FieldDef { kind: Kind::Json, ..of::<String>("settings") },
        ],
        ..named("Lead", "leads")
    };
    check_with_partners(
        &DEF,
        "leads: `display` names `tags`, which has no column: name a field that has one\n\
         leads: `order` names `tag_ids`, which has no column: name a field that has one\n\
         leads: `order` names `notes` twice\n\
         leads: a key of `order` is empty: without an order, write `id`\n\
         leads: `unique` names `name` twice in one set\n\
         leads: `unique` names `settings`, which cannot be unique\n\
         leads: a set of `unique` is empty: name its fields\n\
         leads: `scope_index` names `owner`, which is no field: name one of the model's",
    );
}

#[test]
fn a_secret_names_no_record_and_sorts_none() {
    static DEF: ModelDef = ModelDef {
        display: Some("password"),
        order: "password",
        fields: &[FieldDef { kind: Kind::Secret, ..of::<String>("password") }],
        ..named("User", "users")
    };
    check(
        &[&DEF],
        "users: `display` names `password`, which is a secret\n\
         users: `order` names `password`, which cannot be sorted by",
    );
}

#[test]
fn a_child_has_a_parent_by_a_required_reference() {
    static UNKNOWN: ModelDef = ModelDef { child_of: child_of("sale"), ..named("Line", "lines") };
    check(&[&UNKNOWN], "lines: `child_of` names `sale`, which is no field: name one");
    static NO_REFERENCE: ModelDef = ModelDef {
        child_of: child_of("sale"),
        fields: &[of::<i64>("sale")],
        ..named("Line", "lines")
    };
    check(
        &[&NO_REFERENCE],
        "lines: `child_of` names `sale`, which is no reference: make it a Many2One",
    );
    static OPTIONAL: ModelDef = ModelDef {
        child_of: child_of("partner"),
        fields: &[FieldDef { nullable: true, ..to_partner("partner", "partner_id") }],
        ..named("Line", "lines")
    };
    check_with_partners(
        &OPTIONAL,
        "lines: `child_of` names `partner`, which is optional, and every child has a parent: \
         take `Option` away",
    );
}

#[test]
fn parents_in_a_circle_are_one_fault() {
    static EGGS: ModelDef = ModelDef {
        child_of: child_of("hen"),
        fields: &[FieldDef { kind: Kind::Many2One(|| &HENS), key: "hen_id", ..of::<i64>("hen") }],
        ..named("Egg", "eggs")
    };
    static HENS: ModelDef = ModelDef {
        child_of: child_of("egg"),
        fields: &[FieldDef { kind: Kind::Many2One(|| &EGGS), key: "egg_id", ..of::<i64>("egg") }],
        ..named("Hen", "hens")
    };
    check(
        &[&EGGS, &HENS],
        "eggs: `child_of` leads in a circle, eggs → hens → eggs: take one of them away",
    );
}

#[test]
fn a_required_reference_cannot_be_cleared() {
    static DEF: ModelDef = ModelDef {
        fields: &[FieldDef { on_delete: OnDelete::SetNull, ..to_partner("partner", "partner_id") }],
        ..named("Lead", "leads")
    };
    check_with_partners(
        &DEF,
        "leads.partner: a required reference cannot be cleared: make it optional, or take \
         another `on_delete`",
    );
}

#[test]
fn only_references_have_on_delete() {
    check_field!(
        FieldDef { on_delete: OnDelete::Cascade, ..of::<i64>("a") },
        "only references have `on_delete`: take it away"
    );
}

#[test]
fn only_decimals_have_places() {
    check_field!(
        FieldDef { scale: Some(2), ..of::<i64>("a") },
        "only decimals have places: take `scale` away"
    );
    check_field!(FieldDef { scale: Some(29), ..decimal("a") }, "a decimal has 28 places at most");
}

#[test]
fn a_limit_is_of_numbers_and_of_lengths() {
    check_field!(
        FieldDef { min: Some(1), ..of::<String>("a") },
        "only numbers have a smallest value: take `min` away"
    );
    check_field!(
        FieldDef { max: Some(1), ..of::<bool>("a") },
        "only numbers and texts have a largest value: take `max` away"
    );
    check_field!(
        FieldDef { max: Some(0), ..of::<String>("a") },
        "`max` is a number of characters: it must be more than 0"
    );
    check_field!(
        FieldDef { min: Some(2), max: Some(1), ..of::<i64>("a") },
        "`min` is 2 and `max` is 1: no value is between them"
    );
    check_field!(
        FieldDef { min: Some(-32_768), max: Some(32_768), ..of::<i16>("a") },
        "32768 is beyond 16 bits: take another limit, or a larger type"
    );
}

#[test]
fn a_default_is_a_value_of_its_field() {
    check_field!(
        FieldDef { max: Some(3), default: Some(long_text), ..of::<String>("a") },
        "its own default is refused: too_long, max 3"
    );
    check_field!(
        FieldDef { default: Some(|| Value::Null), ..of::<String>("a") },
        "its default is absent, but it is required: give a value, or make it optional"
    );
    static COLLECTION: ModelDef = ModelDef {
        fields: &[FieldDef { default: Some(long_text), ..to_tags("tags", None) }],
        ..named("Lead", "leads")
    };
    check_with_partners(&COLLECTION, "leads.tags: a collection starts empty: take `default` away");
}

fn long_text() -> Value {
    Value::Text("four".to_owned())
}

#[test]
fn a_field_is_used_for_what_its_kind_can_do() {
    check_field!(
        FieldDef { kind: Kind::Json, unique: true, ..of::<String>("a") },
        "neither collections nor json can be unique: take `unique` away"
    );
    check_field!(
        FieldDef { kind: Kind::Json, index: true, ..of::<String>("a") },
        "neither collections nor json can be indexed: take `index` away"
    );
    check_field!(
        FieldDef { kind: Kind::Secret, heavy: true, ..of::<String>("a") },
        "neither collections nor secrets are in lists by themselves: take `heavy` away"
    );
    check_field!(
        FieldDef { filled: true, ..of::<Option<String>>("a") },
        "only what a new record must have is filled in: take `filled` away"
    );
    check_field!(
        FieldDef { seal: Some(|it| Box::pin(async { Ok(it) })), ..of::<String>("a") },
        "only secrets are sealed: make it a Secret<String>"
    );
    check_field!(
        FieldDef { kind: Kind::Selection(&NO_CHOICE), ..of::<String>("a") },
        "a selection needs at least one choice"
    );
}

static NO_CHOICE: SelectionDef = SelectionDef { name: "NoChoice", choices: &[], is_open: false };

#[test]
fn those_who_ask_have_a_model() {
    let faults = verify(&[&TAGS, &PARTNERS], Some("users"));
    let texts: Vec<_> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        ["users: said to be the model of those who ask, but no listed model has this table"]
    );
}

static PARTNERS: ModelDef = ModelDef {
    display: Some("name"),
    order: "name,-id",
    unique: &[&["name", "parent"]],
    scope_index: &["parent"],
    fields: &[
        FieldDef { max: Some(200), search: true, ..of::<String>("name") },
        FieldDef {
            nullable: true,
            on_delete: OnDelete::SetNull,
            ..to_partner("parent", "parent_id")
        },
        to_tags("tags", None),
        FieldDef {
            kind: Kind::One2Many(|| &PARTNERS),
            key: "child_ids",
            inverse: Some("parent"),
            ..of::<i64>("children")
        },
    ],
    ..named("Partner", "partners")
};

static TAGS: ModelDef = ModelDef {
    fields: &[
        FieldDef { default: Some(long_text), ..of::<String>("name") },
        FieldDef {
            kind: Kind::Many2Many(|| &PARTNERS),
            key: "partner_ids",
            inverse: Some("tags"),
            ..of::<i64>("partners")
        },
    ],
    ..named("Tag", "tags")
};

const fn named(name: &'static str, table: &'static str) -> ModelDef {
    ModelDef::new(name, table, "shop")
}

const fn of<T: FieldType>(name: &'static str) -> FieldDef {
    FieldDef::of::<T>(FieldNames { name, one: name, many: name, any: name })
}

const fn decimal(name: &'static str) -> FieldDef {
    of::<Decimal>(name)
}

const fn to_partner(name: &'static str, key: &'static str) -> FieldDef {
    FieldDef { kind: Kind::Many2One(|| &PARTNERS), key, ..of::<i64>(name) }
}

const fn to_tags(name: &'static str, inverse: Option<&'static str>) -> FieldDef {
    FieldDef { kind: Kind::Many2Many(|| &TAGS), key: "tag_ids", inverse, ..of::<i64>(name) }
}

const fn child_of(field: &'static str) -> Option<ChildOf> {
    Some(ChildOf { field, touch: false })
}

/// Verifies a model with this field only.
macro_rules! check_field {
    ($field:expr, $expected:expr) => {{
        static DEF: ModelDef = ModelDef { fields: &[$field], ..named("Tag", "tags") };
        check(&[&DEF], concat!("tags.a: ", $expected));
    }};
}
use check_field;

#[track_caller]
fn check_with_partners(def: &'static ModelDef, expected: &str) {
    check(&[def, &PARTNERS, &TAGS], expected);
}

/// Verifies models and compares the faults, a line each.
#[track_caller]
fn check(defs: &[&'static ModelDef], expected: &str) {
    let faults: Vec<_> = verify(defs, None).iter().map(ToString::to_string).collect();
    assert_eq!(faults.join("\n"), expected);
}
