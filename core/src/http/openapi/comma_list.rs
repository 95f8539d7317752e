//! Values in one text of a query string, with commas between: what `in`, `nin` and `between` take
//! there.
//!
//! **Invariant:** what a pattern refuses, the route refuses too, but for numbers near the ends of
//! their range.

use orm::{FieldDef, Kind, Op};
use serde_json::{Value, json};

use crate::http::openapi::value_schema::{ANY_COLLECTION, ANY_ID};

const DAY: &str = "[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";
const CLOCK: &str = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?";
const ZONE: &str = "(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])";

/// The text that the operator takes: values that match `stand_in` are taken too, and so is
/// `whole`, where it stands alone.
pub(super) fn of(op: Op, def: &FieldDef, (stand_in, whole): (Option<&str>, Option<&str>)) -> Value {
    let mut item = item(def.kind);
    if let Some(stand_in) = stand_in {
        item = format!("({item}|{stand_in})");
    }
    if op == Op::Between {
        return json!({
            "type": "string",
            "pattern": format!("^{item},{item}$"),
            "description": "The smallest and the largest, with a comma between.",
        });
    }
    let whole = whole.map(|it| format!("|{it}")).unwrap_or_default();
    json!({
        "type": "string",
        "pattern": format!("^(({item}(,{item})*)?{whole})$"),
        "description": "Values with commas between.",
    })
}

/// One value.
fn item(kind: Kind) -> String {
    match kind {
        Kind::Int2 => "(-?([1-9][0-9]{0,3}|[12][0-9]{4})|0)".to_owned(),
        Kind::Int4 => "(-?([1-9][0-9]{0,8}|1[0-9]{9})|0)".to_owned(),
        Kind::Int8 => "(-?[1-9][0-9]{0,17}|0)".to_owned(),
        Kind::Many2One(_) | Kind::One2One(_) | Kind::Asker => "[1-9][0-9]{0,17}".to_owned(),
        Kind::Float => r"-?(0|[1-9][0-9]*)(\.[0-9]+)?".to_owned(),
        Kind::Decimal => r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,10})?".to_owned(),
        Kind::Bool => "(true|false)".to_owned(),
        Kind::Date => DAY.to_owned(),
        Kind::Time => CLOCK.to_owned(),
        Kind::DateTime => format!("{DAY}T{CLOCK}{ZONE}"),
        Kind::Uuid => "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}".to_owned(),
        Kind::Selection(it) => {
            let values: Vec<_> = it.choices.iter().map(|it| it.value).collect();
            format!("({})", values.join("|"))
        }
        Kind::AnyRecord => format!("{ANY_COLLECTION}{ANY_ID}"),
        Kind::Text
        | Kind::Translated
        | Kind::Secret
        | Kind::Json
        | Kind::Bytes
        | Kind::One2Many(_)
        | Kind::Many2Many(_) => r"[^,\u0000]*".to_owned(),
    }
}
