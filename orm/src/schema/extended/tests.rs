//! One fault a test, and the order of what is added.

use crate::{
    AddedChoices, AddedDefault, ExtendDef, FieldDef, FieldType, Kind, Model, ModelDef, Schema,
    SelectionChoice, SelectionDef, Value, field::FieldNames,
};

macro_rules! words {
    ($($word:literal),*) => {
        &[$(SelectionChoice { value: $word, label: $word }),*]
    };
}

#[test]
fn fields_stand_behind_the_models_own_in_the_order_of_crates() {
    static TAX: ExtendDef = ExtendDef { fields: &[optional("inn")], ..named("Tax", "taxes") };
    static DEBT: ExtendDef = ExtendDef { fields: &[optional("debt")], ..named("Debt", "debts") };
    for extensions in [[&TAX, &DEBT], [&DEBT, &TAX]] {
        let schema = Schema::extended(&[&PARTNERS], &extensions, None).unwrap();
        let model = &schema.models()[0];
        let own = model.fields().iter().filter(|it| !it.is_framework);
        let own: Vec<_> = own.map(|it| (it.def.name, it.krate)).collect();
        let expected = [
            ("name", "shop"),
            ("kind", "shop"),
            ("size", "shop"),
            ("debt", "debts"),
            ("inn", "taxes"),
        ];
        assert_eq!(own, expected);
        assert_eq!((model.extension(&DEBT), model.extension(&TAX)), (Some(5..6), Some(6..7)));
    }
}

#[test]
fn a_schema_without_the_extension_does_not_know_it() {
    static TAX: ExtendDef = ExtendDef { fields: &[optional("inn")], ..named("Tax", "taxes") };
    let schema = Schema::of(&[&PARTNERS], None).unwrap();
    assert_eq!(schema.models()[0].extension(&TAX), None);
    assert!(schema.models()[0].field("inn").is_none());
}

#[test]
fn a_field_that_the_model_has_is_refused() {
    static TAX: ExtendDef = ExtendDef { fields: &[optional("name")], ..named("Tax", "taxes") };
    let expected = "partners.name: both shop::Partner and taxes::Tax declare it: rename one";
    check(&[&TAX], expected);
}

#[test]
fn a_field_that_two_extensions_add_is_refused() {
    static TAX: ExtendDef = ExtendDef { fields: &[optional("inn")], ..named("Tax", "taxes") };
    static BANK: ExtendDef = ExtendDef { fields: &[optional("inn")], ..named("Bank", "banks") };
    check(&[&TAX, &BANK], "partners.inn: both banks::Bank and taxes::Tax declare it: rename one");
}

#[test]
fn a_key_that_is_taken_is_refused() {
    static TAX: ExtendDef = ExtendDef {
        fields: &[optional("bank_id"), FieldDef { key: "bank_id", ..optional("bank") }],
        ..named("Tax", "taxes")
    };
    check(
        &[&TAX],
        "partners.bank: taxes::Tax declares it, and taxes::Tax has `bank_id` with the key \
         `bank_id`: rename one",
    );
}

#[test]
fn a_field_is_optional_or_has_a_default() {
    static BARE: ExtendDef = ExtendDef {
        fields: &[
            of::<i64>("rank"),
            FieldDef { default: Some(|| Value::Int(1)), ..of::<i64>("place") },
        ],
        ..named("Tax", "taxes")
    };
    check(
        &[&BARE],
        "partners.rank: taxes::Tax adds it as required, and rows that stand have no value for \
         it: make it optional, or give it a default",
    );
}

#[test]
fn a_field_that_is_added_is_verified_as_any_other() {
    static TAX: ExtendDef = ExtendDef {
        fields: &[FieldDef { scale: Some(2), ..optional("inn") }],
        ..named("Tax", "taxes")
    };
    check(&[&TAX], "partners.inn: only decimals have places: take `scale` away");
}

#[test]
fn the_model_is_listed() {
    static TAX: ExtendDef = ExtendDef { model: || &STRANGER, ..named("Tax", "taxes") };
    static STRANGER: ModelDef = ModelDef::new("Stranger", "strangers", "elsewhere");
    let expected = "strangers: taxes::Tax extends Stranger, whose module is not listed: list it, or take the extension away";
    check(&[&TAX], expected);
}

#[test]
fn a_choice_is_added_once() {
    static BUY: ExtendDef =
        ExtendDef { choices: choices("kind", words!("firm")), ..named("Buy", "buying") };
    check(
        &[&BUY],
        "partners.kind: the choice `firm` is of both shop::Partner and buying::Buy: give one \
         another `value`",
    );
    static MOVE: ExtendDef =
        ExtendDef { choices: choices("kind", words!("carrier")), ..named("Move", "moving") };
    static SHIP: ExtendDef =
        ExtendDef { choices: choices("kind", words!("ship", "carrier")), ..named("Ship", "ships") };
    check(
        &[&SHIP, &MOVE],
        "partners.kind: the choice `carrier` is of both moving::Move and ships::Ship: give one \
         another `value`",
    );
}

#[test]
fn only_an_open_selection_gets_choices() {
    static SIZE: ExtendDef =
        ExtendDef { choices: choices("size", words!("huge")), ..named("Size", "sizes") };
    let open = "which is closed: write `#[selection(open)]` above it";
    check(&[&SIZE], &format!("partners.size: sizes::Size adds choices to Size, {open}"));
    static NAME: ExtendDef =
        ExtendDef { choices: choices("name", words!("huge")), ..named("Size", "sizes") };
    check(&[&NAME], "partners.name: sizes::Size adds choices to it, and it is no selection");
    static NONE: ExtendDef =
        ExtendDef { choices: choices("nmae", words!("huge")), ..named("Size", "sizes") };
    check(&[&NONE], "partners.nmae: sizes::Size adds choices to it, and it is no field");
}

#[test]
fn a_default_stands_once() {
    static ONE: ExtendDef = ExtendDef { defaults: &[kind("firm")], ..named("One", "ones") };
    static TWO: ExtendDef = ExtendDef { defaults: &[kind("person")], ..named("Two", "twos") };
    check(
        &[&ONE, &TWO],
        "partners.kind: both ones::One and twos::Two give it a default: take one away",
    );
    static SIZE: ExtendDef = ExtendDef {
        defaults: &[AddedDefault { field: "size", value: || Value::Null }],
        ..named("Size", "sizes")
    };
    check(
        &[&SIZE],
        "partners.size: both shop::Partner and sizes::Size give it a default: take one away",
    );
}

#[test]
fn a_default_is_a_value_of_its_field() {
    static ONE: ExtendDef = ExtendDef { defaults: &[kind("ghost")], ..named("One", "ones") };
    let expected = "partners.kind: its own default is refused: choice, choices person, firm";
    check(&[&ONE], expected);
    static LATE: ExtendDef =
        ExtendDef { choices: choices("kind", words!("ghost")), ..named("Late", "zoo") };
    let with_choice = Schema::extended(&[&PARTNERS], &[&ONE, &LATE], None);
    assert!(with_choice.is_ok(), "{:?}", with_choice.err());
}

#[test]
fn the_other_side_of_a_relation_may_be_added() {
    static LEADS: ModelDef = ModelDef {
        fields: &[FieldDef {
            nullable: true,
            kind: Kind::Many2One(|| &PARTNERS),
            key: "partner_id",
            ..of::<i64>("partner")
        }],
        ..ModelDef::new("Lead", "leads", "crm")
    };
    static CRM: ExtendDef = ExtendDef {
        fields: &[FieldDef {
            kind: Kind::One2Many(|| &LEADS),
            key: "lead_ids",
            inverse: Some("partner"),
            ..of::<i64>("leads")
        }],
        ..named("Crm", "crm")
    };
    let schema = Schema::extended(&[&PARTNERS, &LEADS], &[&CRM], None).unwrap();
    let field = schema.by_table("partners").unwrap().field("leads").unwrap();
    assert_eq!(schema.target(field).def.table, "leads");
    assert_eq!(field.storage, crate::schema::Storage::Inverse { key: "partner_id" });
}

static PARTNERS: ModelDef = ModelDef {
    fields: &[
        of::<String>("name"),
        FieldDef { kind: Kind::Selection(&KIND), ..of::<String>("kind") },
        FieldDef {
            kind: Kind::Selection(&SIZE),
            default: Some(|| Value::Text("big".to_owned())),
            ..of::<String>("size")
        },
    ],
    ..ModelDef::new("Partner", "partners", "shop")
};

static KIND: SelectionDef = SelectionDef {
    name: "PartnerKind",
    choices: &[
        SelectionChoice { value: "person", label: "Person" },
        SelectionChoice { value: "firm", label: "Firm" },
    ],
    is_open: true,
};

static SIZE: SelectionDef = SelectionDef {
    name: "Size",
    choices: &[SelectionChoice { value: "big", label: "Big" }],
    is_open: false,
};

/// Stands for the model in the types of extensions; its description is [`PARTNERS`].
struct Partner;

impl Model for Partner {
    fn def() -> &'static ModelDef {
        &PARTNERS
    }

    fn read(_: &mut crate::Cells<'_>) -> crate::Result<Self> {
        Ok(Self)
    }
}

const fn named(name: &'static str, krate: &'static str) -> ExtendDef {
    ExtendDef::of::<Partner>(name, krate)
}

const fn of<T: FieldType>(name: &'static str) -> FieldDef {
    FieldDef::of::<T>(FieldNames { name, one: name, many: name, any: name })
}

const fn optional(name: &'static str) -> FieldDef {
    of::<Option<String>>(name)
}

const fn kind(word: &'static str) -> AddedDefault {
    let value: fn() -> Value = match word.as_bytes() {
        b"firm" => || Value::Text("firm".to_owned()),
        b"person" => || Value::Text("person".to_owned()),
        _ => || Value::Text("ghost".to_owned()),
    };
    AddedDefault { field: "kind", value }
}

const fn choices(field: &'static str, choices: &'static [SelectionChoice]) -> Option<AddedChoices> {
    Some(AddedChoices { field, selection: &KIND, choices })
}

/// Extends [`PARTNERS`] and compares the faults, a line each.
#[track_caller]
fn check(extensions: &[&'static ExtendDef], expected: &str) {
    let faults = Schema::extended(&[&PARTNERS], extensions, None).unwrap_err().0;
    let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(faults.join("\n"), expected);
}
