//! One fault a test.

use crate::{
    FieldDef, FieldType, Kind, ModelDef, SqlCheck, Value, field::FieldNames, model::ChildOf,
    schema::verify::verify,
};

const ACTIVE: FieldDef = FieldDef { default: Some(|| Value::Bool(true)), ..of::<bool>("active") };

#[test]
fn what_is_declared_well_has_no_fault() {
    static DEF: ModelDef = ModelDef {
        is_archivable: true,
        company_owned: Some("company"),
        unique_unless_archived: &[&["name"]],
        sql_checks: &[check_of("named", "char_length(name) > 2 and company_id > 0")],
        fields: &[of::<Option<String>>("name"), ACTIVE, to_firm(true)],
        ..named()
    };
    check(&DEF, "");
}

#[test]
fn records_are_put_aside_by_a_field_that_is_true_at_first() {
    let expected = "firms: `archivable` puts records aside by their field `active`: write \
                    #[field(default = true)] active: bool";
    static NONE: ModelDef = ModelDef { is_archivable: true, ..named() };
    static SILENT: ModelDef =
        ModelDef { is_archivable: true, fields: &[of::<bool>("active")], ..named() };
    static OPTIONAL: ModelDef = ModelDef {
        is_archivable: true,
        fields: &[FieldDef { nullable: true, ..ACTIVE }],
        ..named()
    };
    static TEXT: ModelDef =
        ModelDef { is_archivable: true, fields: &[of::<Option<String>>("active")], ..named() };
    for def in [&NONE, &SILENT, &OPTIONAL, &TEXT] {
        check(def, expected);
    }
}

#[test]
fn only_archivable_records_are_unique_unless_archived() {
    static DEF: ModelDef = ModelDef {
        unique_unless_archived: &[&["name", "nmae"]],
        fields: &[of::<String>("name")],
        ..named()
    };
    check(
        &DEF,
        "firms: `unique` names `nmae`, which is no field: name one of the model's\n\
         firms: `unless archived` needs records that are archived: write `archivable` above it",
    );
}

#[test]
fn what_is_unique_is_so_among_all_or_among_some() {
    static DEF: ModelDef = ModelDef {
        is_archivable: true,
        unique: &[&["name"]],
        unique_unless_archived: &[&["name"]],
        fields: &[of::<String>("name"), ACTIVE],
        ..named()
    };
    let expected =
        "firms.name: two things in the database would be called `firms_name_uq`: rename one";
    check(&DEF, expected);
}

#[test]
fn a_company_is_an_optional_reference_of_a_model_with_rights_of_its_own() {
    let expected = "firms: `company_owned` needs a company to be of: write company: \
                    Option<Many2One<Company>>";
    static NONE: ModelDef = ModelDef { company_owned: Some("company"), ..named() };
    static REQUIRED: ModelDef =
        ModelDef { company_owned: Some("company"), fields: &[to_firm(false)], ..named() };
    for def in [&NONE, &REQUIRED] {
        check(def, expected);
    }
    static PARENT: ModelDef = ModelDef::new("Parent", "parents", "shop");
    static CHILD: ModelDef = ModelDef {
        company_owned: Some("company"),
        child_of: Some(ChildOf { field: "parent", touch: false }),
        fields: &[
            to_firm(true),
            FieldDef { kind: Kind::Many2One(|| &PARENT), ..of::<i64>("parent") },
        ],
        ..named()
    };
    let faults = verify(&[&CHILD, &PARENT], None);
    assert_eq!(
        faults[0].to_string(),
        "firms: `company_owned` is for models with rights of their own: say it of `parent`"
    );
}

#[test]
fn a_check_names_columns_of_its_row() {
    static DEF: ModelDef = ModelDef {
        sql_checks: &[
            check_of("a", "nmae <> ''"),
            check_of("b", "company > 0"),
            check_of("c", "1 < 2"),
            check_of("d", "name <> '"),
            check_of("d", "name <> ''"),
        ],
        fields: &[of::<String>("name"), to_firm(true)],
        ..named()
    };
    check(
        &DEF,
        "firms.name: two things in the database would be called `firms_d_ck`: rename one\n\
         firms: the check `a` names `nmae`, which is no column: take one of the model's\n\
         firms: the check `b` names `company`, whose column is `company_id`: write that\n\
         firms: the check `c` names no column: it is about the values of a row\n\
         firms: the check `d` has a quote that does not end",
    );
}

const fn named() -> ModelDef {
    ModelDef::new("Firm", "firms", "shop")
}

const fn of<T: FieldType>(name: &'static str) -> FieldDef {
    FieldDef::of::<T>(FieldNames { name, one: name, many: name, any: name })
}

const fn to_firm(nullable: bool) -> FieldDef {
    static FIRMS: ModelDef = named();
    FieldDef {
        nullable,
        kind: Kind::Many2One(|| &FIRMS),
        key: "company_id",
        ..of::<i64>("company")
    }
}

const fn check_of(name: &'static str, expression: &'static str) -> SqlCheck {
    SqlCheck { name, expression }
}

/// Verifies one model and compares the faults, a line each.
#[track_caller]
fn check(def: &'static ModelDef, expected: &str) {
    let faults: Vec<_> = verify(&[def], None).iter().map(ToString::to_string).collect();
    assert_eq!(faults.join("\n"), expected);
}
