//! What one2one, references to any record and texts in several languages can be used for.

use crate::{
    AnyRecord, FieldDef, Kind, ModelDef, Translated,
    schema::verify::tests::{check, check_field, named, of},
};

#[test]
fn the_other_side_of_a_collection_may_be_a_one2one() {
    static DEF: ModelDef = ModelDef {
        fields: &[
            FieldDef { kind: Kind::One2One(|| &DEF), nullable: true, ..of::<i64>("twin") },
            FieldDef { kind: Kind::One2Many(|| &DEF), inverse: Some("twin"), ..of::<i64>("twins") },
        ],
        ..named("Person", "people")
    };
    check(&[&DEF], "");
}

#[test]
fn targets_are_models_that_are_listed() {
    check_field!(
        FieldDef { targets: &["tags", "partners", "tags"], ..of::<AnyRecord>("a") },
        "`targets` names `partners`: name the table of a model whose module is listed\n\
         tags.a: `targets` names `tags` twice"
    );
    check_field!(
        FieldDef { targets: &["tags"], ..of::<String>("a") },
        "only an AnyRecord has `targets`: take them away"
    );
}

#[test]
fn a_translated_text_is_in_no_index() {
    check_field!(
        FieldDef { unique: true, max: Some(9), search: true, ..of::<Translated>("a") },
        "each reader sees another text of a translated field: take `unique` and `index` away, or \
         keep what identifies the record in a field of its own"
    );
    static NAMED: ModelDef = ModelDef {
        order: "name",
        display: Some("name"),
        scope_index: &["name"],
        unique: &[&["name"]],
        fields: &[of::<Translated>("name")],
        ..named("Tag", "tags")
    };
    check(
        &[&NAMED],
        "tags: `unique` names `name`, which cannot be unique\n\
         tags: `scope_index` names `name`, which cannot be indexed",
    );
}
