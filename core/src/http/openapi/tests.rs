//! Documents of hand-made models: one of every kind of field, one that only reads, one hidden.

use orm::{
    Decimal, FieldDef, FieldNames, FieldType, Kind, ModelDef, RouteSet, SelectionChoice,
    SelectionDef, Uuid,
    chrono::{DateTime, NaiveDate, NaiveTime, Utc},
};

use super::*;

static COLOR: SelectionDef = SelectionDef {
    name: "Color",
    choices: &[
        SelectionChoice { value: "red", label: "Red" },
        SelectionChoice { value: "blue", label: "Blue" },
    ],
    is_open: false,
};

/// Every kind once.
fn thing() -> &'static ModelDef {
    static FIELDS: [FieldDef; 22] = [
        FieldDef { max: Some(200), search: true, help: "As labels say.", ..of::<String>("name") },
        FieldDef { nullable: true, ..of::<String>("notes") },
        FieldDef { min: Some(1), ..of::<i16>("rank") },
        FieldDef { default: Some(|| orm::Value::Int(7)), ..of::<i32>("count_of_days") },
        of::<i64>("serial"),
        of::<f64>("weight"),
        FieldDef { scale: Some(2), min: Some(0), ..of::<Decimal>("price") },
        FieldDef { scale: Some(0), nullable: true, ..of::<Decimal>("pieces") },
        FieldDef { default: Some(|| orm::Value::Bool(true)), ..of::<bool>("active") },
        of::<NaiveDate>("day"),
        of::<NaiveTime>("clock"),
        FieldDef { nullable: true, ..of::<DateTime<Utc>>("moment") },
        of::<Uuid>("token"),
        of::<orm::Json>("extra"),
        FieldDef { heavy: true, ..of::<Vec<u8>>("picture") },
        FieldDef { nullable: true, ..kind("color", "color", Kind::Selection(&COLOR)) },
        of::<orm::Secret>("password"),
        FieldDef { nullable: true, ..kind("box", "box_id", Kind::Many2One(crate_box)) },
        kind("marks", "mark_ids", Kind::Many2Many(mark)),
        FieldDef { max: Some(80), nullable: true, ..of::<orm::Translated>("caption") },
        FieldDef { nullable: true, ..kind("lid", "lid_id", Kind::One2One(crate_box)) },
        FieldDef {
            nullable: true,
            targets: &["boxes", "marks"],
            ..kind("subject", "subject_ref", Kind::AnyRecord)
        },
    ];
    static DEF: ModelDef = ModelDef {
        help: "Something.",
        fields: &FIELDS,
        options: &["force"],
        ..ModelDef::new("Thing", "things", "shop")
    };
    &DEF
}

/// Only read.
fn crate_box() -> &'static ModelDef {
    static FIELDS: [FieldDef; 3] = [
        of::<String>("name"),
        of::<i32>("limit"),
        FieldDef { inverse: Some("box"), ..kind("things", "thing_ids", Kind::One2Many(thing)) },
    ];
    static DEF: ModelDef = ModelDef {
        fields: &FIELDS,
        routes: RouteSet::Reading,
        ..ModelDef::new("CrateBox", "boxes", "shop")
    };
    &DEF
}

/// Without routes, seen only through others.
fn mark() -> &'static ModelDef {
    static FIELDS: [FieldDef; 1] = [of::<String>("name")];
    static DEF: ModelDef = ModelDef {
        fields: &FIELDS,
        routes: RouteSet::None,
        ..ModelDef::new("Mark", "marks", "shop")
    };
    &DEF
}

const fn of<T: FieldType>(name: &'static str) -> FieldDef {
    FieldDef::of::<T>(FieldNames { name, one: name, many: name, any: name })
}

const fn kind(name: &'static str, key: &'static str, kind: Kind) -> FieldDef {
    FieldDef { kind, key, ..of::<bool>(name) }
}

#[test]
fn a_model_has_the_operations_of_its_routes() {
    let document = document_of(&[thing(), crate_box(), mark()]).unwrap();
    let mut names: Vec<_> = operations(&document).map(|it| it["operationId"].clone()).collect();
    names.sort_by_key(ToString::to_string);
    assert_eq!(
        Value::Array(names),
        json!([
            "create_thing",
            "defaults_of_things",
            "delete_thing",
            "delete_things_where",
            "describe_boxes",
            "describe_things",
            "explain_access_to_crate_box",
            "explain_access_to_thing",
            "find_crate_box",
            "find_thing",
            "list_boxes",
            "list_models",
            "list_things",
            "onchange_of_things",
            "search_boxes",
            "search_things",
            "update_thing",
            "update_things_where",
        ])
    );
}

#[test]
fn an_answer_has_the_exact_shape_of_each_kind() {
    check("Thing", "name", &json!({ "type": "string", "maxLength": 200 }));
    check(
        "Thing",
        "rank",
        &json!({ "type": "integer", "format": "int16", "minimum": 1, "maximum": 32767 }),
    );
    check(
        "Thing",
        "price",
        &json!({ "type": "string", "pattern": r"^-?(0|[1-9][0-9]{0,25})\.[0-9]{2}$" }),
    );
    check(
        "Thing",
        "pieces",
        &json!({ "type": ["string", "null"], "pattern": "^-?(0|[1-9][0-9]{0,27})$" }),
    );
    check("Thing", "day", &json!({ "type": "string", "format": "date" }));
    check("Thing", "moment", &json!({ "type": ["string", "null"], "format": "date-time" }));
    check("Thing", "token", &json!({ "type": "string", "format": "uuid" }));
    check("Thing", "picture", &json!({ "type": "string", "contentEncoding": "base64" }));
    check("Thing", "color", &json!({ "type": ["string", "null"], "enum": ["red", "blue", null] }));
    check(
        "Thing",
        "id",
        &json!({
            "type": "integer", "format": "int64", "minimum": 1, "maximum": i64::MAX,
            "readOnly": true,
        }),
    );
    check(
        "Thing",
        "box_id",
        &json!({
            "type": ["integer", "null"], "format": "int64", "minimum": 1, "maximum": i64::MAX,
        }),
    );
    check(
        "Thing",
        "lid_id",
        &json!({
            "type": ["integer", "null"], "format": "int64", "minimum": 1, "maximum": i64::MAX,
        }),
    );
    check("Thing", "caption", &json!({ "type": ["string", "null"], "maxLength": 80 }));
    check(
        "Thing",
        "subject_ref",
        &json!({
            "type": ["string", "null"], "pattern": "^[a-z][a-z0-9_]{0,62}/[1-9][0-9]{0,17}$",
        }),
    );
}

#[test]
fn a_reference_to_any_record_takes_its_targets_and_is_asked_by_a_beginning() {
    let pattern = "^(boxes|marks)/[1-9][0-9]{0,17}$";
    let taken = json!({ "type": ["string", "null"], "pattern": pattern });
    check("ThingCreate", "subject_ref", &taken);
    check("ThingUpdate", "subject_ref", &taken);
    check(
        "ThingFilter",
        "subject_ref",
        &json!({ "$ref": "#/components/schemas/ConditionAnyRecord" }),
    );
    check("ThingFilter", "caption", &json!({ "$ref": "#/components/schemas/ConditionText" }));
    check("ThingFilter", "lid_id", &json!({ "$ref": "#/components/schemas/ConditionReference" }));
    let document = document_of(&[thing(), crate_box(), mark()]).unwrap();
    let operators = &document["components"]["schemas"]["ConditionAnyRecord"]["anyOf"][1];
    let starts = &operators["properties"]["starts"];
    assert_eq!(*starts, json!({ "type": "string", "pattern": r"^[^\u0000]*$" }));
    assert!(operators["properties"].get("contains").is_none());
}

#[test]
fn a_body_takes_what_is_read_exactly() {
    check(
        "ThingCreate",
        "price",
        &json!({
            "type": ["string", "number"], "minimum": 0,
            "pattern": r"^-?(0|[1-9][0-9]{0,25})(\.[0-9]{1,2})?$",
        }),
    );
    check("ThingCreate", "active", &json!({ "type": "boolean", "default": true }));
    check("ThingUpdate", "active", &json!({ "type": "boolean" }));
    check("ThingDefaults", "active", &json!({ "type": "boolean" }));
    check(
        "ThingUpdate",
        "notes",
        &json!({ "type": ["string", "null"], "pattern": r"^[^\u0000]*$" }),
    );
    check("ThingUpdate", "version", &Value::Null);
    let word = json!({ "type": "boolean" });
    for (schema, expected) in
        [("ThingCreate", &word), ("ThingUpdate", &word), ("Thing", &Value::Null)]
    {
        check(schema, "force", expected);
    }
}

#[test]
fn links_are_ids_in_answers_and_changes_in_bodies() {
    let id = json!({ "type": "integer", "format": "int64", "minimum": 1, "maximum": i64::MAX });
    let ids = json!({ "type": "array", "items": id, "uniqueItems": true });
    check("Thing", "mark_ids", &ids);
    check("CrateBox", "thing_ids", &ids);
    check("ThingUpdate", "mark_ids", &json!({ "$ref": "#/components/schemas/Links" }));
    check("ThingCreate", "mark_ids", &json!({ "$ref": "#/components/schemas/NewLinks" }));
    check("ThingDefaults", "mark_ids", &Value::Null);
    let document = document_of(&[thing(), crate_box(), mark()]).unwrap();
    let schemas = &document["components"]["schemas"];
    let names = |schema: &str, at: usize| {
        let properties = schemas[schema]["anyOf"][at]["properties"].as_object().unwrap();
        properties.keys().cloned().collect::<Vec<_>>().join(" ")
    };
    assert_eq!([names("Links", 0), names("Links", 1)], ["add remove", "set"]);
    assert_eq!([names("NewLinks", 0), names("NewLinks", 1)], ["add", "set"]);
    let named = schemas["ThingField"]["enum"].as_array().unwrap();
    assert!(named.contains(&json!("mark_ids")), "{named:?}");
}

#[test]
fn a_secret_only_goes_in() {
    let secret = json!({
        "type": "string", "maxLength": 1024, "pattern": r"^[^\u0000]*$", "writeOnly": true,
    });
    check("ThingCreate", "password", &secret);
    check("ThingUpdate", "password", &secret);
    for closed in ["Thing", "ThingDefaults", "ThingFilter"] {
        check(closed, "password", &Value::Null);
    }
}

#[test]
fn a_new_record_must_say_what_has_no_default() {
    let document = document_of(&[thing(), crate_box(), mark()]).unwrap();
    let schemas = &document["components"]["schemas"];
    assert_eq!(
        schemas["ThingCreate"]["required"],
        json!([
            "name", "rank", "serial", "weight", "price", "day", "clock", "token", "extra",
            "picture", "password",
        ])
    );
    assert_eq!(schemas["ThingUpdate"]["required"], Value::Null);
    assert_eq!(schemas["Thing"]["required"], Value::Null);
}

#[test]
fn a_filter_reaches_through_relations() {
    let of_marks = json!({ "$ref": "#/components/schemas/MarkFilter" });
    check("ThingFilter", "not", &json!({ "$ref": "#/components/schemas/ThingFilter" }));
    check("ThingFilter", "price", &json!({ "$ref": "#/components/schemas/ConditionDecimal" }));
    check("ThingFilter", "extra", &json!({ "$ref": "#/components/schemas/ConditionPresence" }));
    check(
        "ThingFilter",
        "box",
        &json!({
            "anyOf": [
                { "$ref": "#/components/schemas/CrateBoxFilter" },
                { "$ref": "#/components/schemas/ConditionPresence" },
            ],
        }),
    );
    check(
        "ThingFilter",
        "marks",
        &json!({
            "type": "object", "additionalProperties": false, "minProperties": 1,
            "properties": {
                "some": of_marks, "every": of_marks, "none": of_marks,
                "null": { "type": "boolean" },
            },
        }),
    );
}

#[test]
fn a_list_takes_a_parameter_for_each_column_and_relation() {
    let document = document_of(&[thing(), crate_box(), mark()]).unwrap();
    let parameters = &document["paths"]["/api/v1/boxes"]["get"]["parameters"];
    let names = parameters.as_array().unwrap().iter().map(|it| {
        let shared = it["$ref"].as_str().and_then(|it| it.rsplit('/').next());
        shared.or_else(|| it["name"].as_str()).unwrap().to_owned()
    });
    // A column called `limit` has no parameter: the list takes that name for itself.
    assert_eq!(
        names.collect::<Vec<_>>().join(" "),
        "Limit Offset Count fields expand sort id version name created_at created_by_id updated_at \
         updated_by_id things"
    );
}

#[test]
fn what_stands_behind_relations_is_named_and_answered() {
    let marks = json!({ "type": "array", "items": { "$ref": "#/components/schemas/Mark" } });
    check("Thing", "marks", &marks);
    check("Thing", "marks_page", &json!({ "$ref": "#/components/schemas/Cut" }));
    let of_box = json!({
        "anyOf": [{ "$ref": "#/components/schemas/CrateBox" }, { "type": "null" }],
    });
    check("Thing", "box", &of_box);
    check("ThingSearch", "expand", &json!({ "$ref": "#/components/schemas/ThingExpand" }));
    check("ThingExpand", "marks", &json!({ "$ref": "#/components/schemas/MarkRelatedMany" }));
    check("ThingExpand", "box", &json!({ "$ref": "#/components/schemas/CrateBoxRelated" }));
    check("CrateBoxRelated", "limit", &Value::Null);
    for closed in ["ThingCreate", "ThingUpdate", "ThingDefaults"] {
        check(closed, "box", &Value::Null);
    }
}

#[test]
fn two_models_of_one_name_are_refused_with_both() {
    static OTHER: ModelDef = ModelDef::new("Mark", "other_marks", "school");
    let error = document_of(&[mark(), &OTHER]).unwrap_err().to_string();
    let expected = "`MarkFilter` among the schemas is both of the model shop::Mark and of the \
        model school::Mark; rename one";
    assert!(error.contains(expected), "{error}");
}

#[test]
fn a_module_s_route_refers_to_the_generated_schema() {
    let document = with_custom(&json!({
        "paths": { "/api/v1/things/{id}/archive": { "post": {
            "responses": { "200": { "description": "", "content": {
                "application/json; charset=utf-8": {
                    "schema": { "$ref": "#/components/schemas/Thing" },
                },
            } } },
        } } },
        "components": { "schemas": {
            "Thing": { "type": "object", "title": "stands for a generated schema" },
        } },
    }));
    let document = document.unwrap();
    assert_eq!(document["components"]["schemas"]["Thing"]["properties"]["id"]["format"], "int64");
    let operation = &document["paths"]["/api/v1/things/{id}/archive"]["post"];
    assert_eq!(operation["operationId"], "post_things_id_archive");
    assert_eq!(operation["tags"], json!(["things"]));
    let content = &operation["responses"]["200"]["content"];
    assert_eq!(content["application/json"]["schema"]["$ref"], "#/components/schemas/Thing");
}

#[test]
fn a_module_s_type_of_a_taken_name_is_refused() {
    let error = with_custom(&json!({
        "paths": {},
        "components": { "schemas": { "ThingPage": { "type": "object" } } },
    }));
    assert_eq!(
        error.unwrap_err().to_string(),
        "the API cannot be described: `ThingPage` among the schemas is both of the model \
         shop::Thing and of a type of a module's routes; rename one"
    );
}

#[test]
fn one_path_has_one_name_for_its_parameter() {
    let error = with_custom(&json!({
        "paths": { "/api/v1/things/{thing}": { "put": { "responses": {} } } },
    }));
    assert_eq!(
        error.unwrap_err().to_string(),
        "the API cannot be described: /api/v1/things/{thing} and /api/v1/things/{id} are one \
         path; give its parameters the same names in both"
    );
}

/// What a property of a schema says, but for its words.
#[track_caller]
fn check(schema: &str, property: &str, expected: &Value) {
    let document = document_of(&[thing(), crate_box(), mark()]).unwrap();
    let mut found = document["components"]["schemas"][schema]["properties"][property].clone();
    if let Some(found) = found.as_object_mut() {
        found.remove("title");
        found.remove("description");
    }
    assert_eq!(found, *expected, "{schema}.{property}");
}

fn operations(document: &Value) -> impl Iterator<Item = &Value> {
    let paths = document["paths"].as_object().unwrap();
    paths.values().flat_map(|it| it.as_object().unwrap().values())
}

fn document_of(defs: &[&'static ModelDef]) -> Result<Value> {
    let schema = Schema::of(defs, None).unwrap();
    written(&schema, &Texts::of(&[]).unwrap(), "{}", &[])
}

fn with_custom(custom: &Value) -> Result<Value> {
    let schema = Schema::of(&[thing(), crate_box(), mark()], None).unwrap();
    written(&schema, &Texts::of(&[]).unwrap(), &custom.to_string(), &[])
}
