//! Documents of hand-made models: one of every kind of field, one that only reads, one hidden.

use expect_test::{Expect, expect};
use orm::{
    Decimal, FieldDef, FieldNames, FieldType, Kind, ModelDef, RouteSet, SelectionChoice,
    SelectionDef, Uuid,
    chrono::{DateTime, NaiveDate, NaiveTime, Utc},
};
use poem_openapi::{Object, OpenApi, payload::Json};

use crate::{
    Error,
    http::{Api, api},
};

use super::*;

static COLOR: SelectionDef = SelectionDef {
    name: "Color",
    choices: &[
        SelectionChoice { value: "red", label: "Red" },
        SelectionChoice { value: "blue", label: "Blue" },
    ],
};

/// Every kind once.
fn thing() -> &'static ModelDef {
    static FIELDS: [FieldDef; 19] = [
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
    ];
    static DEF: ModelDef =
        ModelDef { help: "Something.", fields: &FIELDS, ..ModelDef::new("Thing", "things", "shop") };
    &DEF
}

/// Only read.
fn crate_box() -> &'static ModelDef {
    static FIELDS: [FieldDef; 2] =
        [of::<String>("name"), FieldDef { inverse: Some("box"), ..kind("things", "thing_ids", Kind::One2Many(thing)) }];
    static DEF: ModelDef = ModelDef {
        fields: &FIELDS,
        routes: RouteSet::Reading,
        ..ModelDef::new("CrateBox", "boxes", "shop")
    };
    &DEF
}

/// Without routes, seen only through others.
fn mark() -> &'static ModelDef {
    static FIELDS: [FieldDef; 1] = [of::<String>("limit")];
    static DEF: ModelDef = ModelDef {
        fields: &FIELDS,
        routes: RouteSet::None,
        ..ModelDef::new("Mark", "marks", "shop")
    };
    &DEF
}

const fn of<T: FieldType>(name: &'static str) -> FieldDef {
    FieldDef::of::<T>(FieldNames { name, one: name, many: name })
}

const fn kind(name: &'static str, key: &'static str, kind: Kind) -> FieldDef {
    FieldDef { kind, key, ..of::<bool>(name) }
}

#[test]
fn dump() {
    let document = document_of(&[thing(), crate_box(), mark()], vec![]).unwrap();
    std::fs::write("/tmp/oa/doc.json", serde_json::to_string_pretty(&document).unwrap()).unwrap();
}

fn document_of(defs: &[&'static ModelDef], apis: Vec<Api>) -> Result<Value> {
    let schema = Arc::new(Schema::of(defs, None).unwrap());
    let texts = Texts::of(&[]).unwrap();
    let (custom, _) = api::service(&schema, apis)?;
    written(&schema, &texts, &custom)
}
