//! Languages, fallbacks, and that the framework speaks both languages alike.

use std::collections::{BTreeMap, BTreeSet};

use orm::{FieldDef, FieldNames, ModelDef, Schema, SqlCheck};

use super::*;

#[test]
fn both_languages_have_the_same_messages_with_the_same_arguments() {
    assert_eq!(messages(OWN.en), messages(OWN.ru));
}

#[test]
fn a_number_chooses_the_form_of_a_word() {
    check("en", "problem-validation.detail", "1", "1 field is invalid");
    check("en", "problem-validation.detail", "2", "2 fields are invalid");
    check("ru", "problem-validation.detail", "1", "Неверно заполнено 1 поле");
    check("ru", "problem-validation.detail", "3", "Неверно заполнено 3 поля");
    check("ru", "problem-validation.detail", "5", "Неверно заполнено 5 полей");
}

#[test]
fn modules_add_their_texts() {
    let module = module::Texts {
        en: "model-lamps = Lamps\nfield-lamps-watts = Power\n    .help = At full brightness",
        ru: "model-lamps = Лампы",
    };
    let texts = Texts::of(&[module]).unwrap();
    assert_eq!(texts.model_label("ru", "lamps"), "Лампы");
    assert_eq!(texts.field_label("ru", "lamps", "watts"), "Power");
    assert_eq!(texts.field_help("en", "lamps", "watts").unwrap(), "At full brightness");
    assert_eq!(texts.field_label("en", "lamps", "list_price"), "List price");
    assert_eq!(texts.field_label("en", "lamps", "category_id"), "Category");
    assert_eq!(texts.choice_label("en", ("lamps", "kind"), "desk_lamp"), "Desk lamp");
}

#[test]
fn what_is_no_fluent_and_what_clashes_is_named() {
    let module = module::Texts { en: "required = again", ru: "= nothing" };
    let faults = Texts::of(&[module]).unwrap_err();
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(faults.iter().any(|it| it.contains("required")), "{faults:?}");
}

#[test]
fn a_label_of_nothing_is_named_with_what_there_is() {
    static LAMP: ModelDef = ModelDef {
        fields: &[FieldDef { key: "shop_id", ..FieldDef::of::<i32>(NAMES) }],
        sql_checks: &[SqlCheck { name: "bright", expression: "shop_id > 5" }],
        ..ModelDef::new("Lamp", "lamps", "shop")
    };
    const NAMES: FieldNames =
        FieldNames { name: "watts", one: "watts", many: "watts", any: "watts" };
    let schema = Schema::of(&[&LAMP], None).unwrap();
    let module = module::Texts {
        en: "model-lamp = Lamp\nfield-lamps-wats = Power\nfield-watts = Power\n# field-x-y = z\n\
             field-lamps-version = Version\ncheck-lamps-brigth = too dark\nproblem-dark = Dark",
        ru: "field-lamps-wats = Ватты\nfield-lamps-shop_id = Магазин\n\
             choice-lamps-watts-many = Много\ncheck-lamps-bright = темно",
    };
    assert_eq!(
        labels::of_nothing(&schema, &[module]).join("\n"),
        "text `check-lamps-brigth`: `lamps` has no check `brigth`; it has bright\n\
         text `choice-lamps-watts-many`: `watts` is no selection; write `field-` for its own label\n\
         text `field-lamps-shop_id`: a label is of the field, not of its key; write `watts`\n\
         text `field-lamps-wats`: `lamps` has no field `wats`; it has id, version, watts, \
         created_at, created_by, updated_at, updated_by\n\
         text `model-lamp`: there is no model `lamp`; there are lamps",
    );
}

#[test]
fn a_language_is_chosen_by_weight_then_by_order() {
    check_language(None, "en");
    check_language(Some("ru"), "ru");
    check_language(Some("ru-RU,ru;q=0.9,en-US;q=0.8"), "ru");
    check_language(Some("en;q=0.5, ru;q=0.8"), "ru");
    check_language(Some("de, ru;q=0.1"), "ru");
    check_language(Some("ru;q=0, en;q=0.1"), "en");
    check_language(Some("fr, *;q=0.5"), "en");
    check_language(Some(";;;,,"), "en");
}

#[track_caller]
fn check(language: &str, id: &str, count: &str, expected: &str) {
    let texts = Texts::of(&[]).unwrap();
    assert_eq!(texts.text(language, id, &[("count", count)]).as_deref(), Some(expected));
}

#[track_caller]
fn check_language(accepted: Option<&str>, expected: &str) {
    assert_eq!(Texts::of(&[]).unwrap().language(accepted), expected, "{accepted:?}");
}

/// Every message and attribute with the arguments that its text names.
fn messages(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (mut message, mut at) = (String::new(), String::new());
    for line in source.lines().filter(|it| !it.starts_with('#')) {
        if let Some((id, _)) =
            line.split_once('=').filter(|_| line.starts_with(char::is_alphabetic))
        {
            message = id.trim().to_owned();
            at = message.clone();
        } else if let Some(attribute) = line.trim().strip_prefix('.') {
            at = format!("{message}.{}", attribute.split('=').next().unwrap().trim());
        }
        let arguments = all.entry(at.clone()).or_default();
        for argument in line.split('$').skip(1) {
            let is_name = |it: char| it.is_ascii_alphanumeric() || it == '_';
            arguments.insert(argument.chars().take_while(|it| is_name(*it)).collect());
        }
    }
    all
}
