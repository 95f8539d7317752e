//! What a field says about its values: places, limits, default, and what it can be used for.

use crate::{
    FieldDef, Kind, LeafFault, ModelDef, OnDelete,
    schema::verify::{Faults, is_comparable},
};

/// A decimal has as many digits, before and behind the point together.
const DECIMAL_DIGITS: u32 = 28;

pub(super) fn verify(def: &ModelDef, field: &FieldDef, faults: &mut Faults) {
    let checks =
        [scale, smallest, largest, range, default, filled, use_of, sealing, on_delete, keeps];
    for what in checks.into_iter().filter_map(|it| it(field)) {
        faults.of_field(def, field, what);
    }
}

fn scale(field: &FieldDef) -> Option<String> {
    let what = match (field.kind, field.scale) {
        (Kind::Decimal, None) => "a decimal needs its places: write #[field(scale = 2)]",
        (Kind::Decimal, Some(it)) if it > DECIMAL_DIGITS => "a decimal has 28 places at most",
        (Kind::Decimal, Some(_)) | (_, None) => return None,
        (_, Some(_)) => "only decimals have places: take `scale` away",
    };
    Some(what.to_owned())
}

fn is_number(field: &FieldDef) -> bool {
    matches!(field.kind, Kind::Int2 | Kind::Int4 | Kind::Int8 | Kind::Float | Kind::Decimal)
}

fn smallest(field: &FieldDef) -> Option<String> {
    field.min?;
    (!is_number(field)).then(|| "only numbers have a smallest value: take `min` away".to_owned())
}

fn largest(field: &FieldDef) -> Option<String> {
    let max = field.max?;
    let what = match field.kind {
        Kind::Text | Kind::Translated if max <= 0 => {
            "`max` is a number of characters: it must be more than 0"
        }
        Kind::Text | Kind::Translated => return None,
        _ if is_number(field) => return None,
        _ => "only numbers and texts have a largest value: take `max` away",
    };
    Some(what.to_owned())
}

fn range(field: &FieldDef) -> Option<String> {
    if let (Some(min), Some(max)) = (field.min, field.max)
        && min > max
    {
        return Some(format!("`min` is {min} and `max` is {max}: no value is between them"));
    }
    let bits = match field.kind {
        Kind::Int2 => 16,
        Kind::Int4 => 32,
        _ => return None,
    };
    let largest = (1_i64 << (bits - 1)) - 1;
    let is_beyond = |it: &i64| *it > largest || *it < -largest - 1;
    let limit = [field.min, field.max].into_iter().flatten().find(is_beyond)?;
    Some(format!("{limit} is beyond {bits} bits: take another limit, or a larger type"))
}

fn default(field: &FieldDef) -> Option<String> {
    let default = field.default?;
    if field.kind.is_to_many() {
        return Some("a collection starts empty: take `default` away".to_owned());
    }
    let value = default();
    if value.is_null() {
        let what = "its default is absent, but it is required: give a value, or make it optional";
        return (!field.nullable).then(|| what.to_owned());
    }
    let LeafFault { code, params } = (field.kind.rules().check)(field, &value).err()?;
    let params: Vec<_> = params.iter().map(|(name, it)| format!(", {name} {it}")).collect();
    Some(format!("its own default is refused: {code}{}", params.concat()))
}

fn filled(field: &FieldDef) -> Option<String> {
    let is_required = field.has_column() && !field.nullable && !field.is_computed;
    let what = "only what a new record must have is filled in: take `filled` away";
    (field.filled && !is_required).then(|| what.to_owned())
}

/// Searching, uniqueness, indexes and lists, where the kind has none.
fn use_of(field: &FieldDef) -> Option<String> {
    let is_text = matches!(field.kind, Kind::Text | Kind::Translated);
    let what = match field.kind {
        Kind::Selection(it) if it.choices.is_empty() => "a selection needs at least one choice",
        _ if field.search && !is_text => "only texts are searched: take `search` away",
        Kind::Translated if field.unique || field.index => {
            "each reader sees another text of a translated field: take `unique` and `index` away, \
             or keep what identifies the record in a field of its own"
        }
        _ if field.unique && !is_comparable(field) => {
            "neither collections nor json can be unique: take `unique` away"
        }
        _ if field.index && !is_comparable(field) => {
            "neither collections nor json can be indexed: take `index` away"
        }
        _ if field.heavy && (field.is_secret() || !field.has_column()) => {
            "neither collections nor secrets are in lists by themselves: take `heavy` away"
        }
        _ => return None,
    };
    Some(what.to_owned())
}

fn sealing(field: &FieldDef) -> Option<String> {
    field.seal?;
    (!field.is_secret()).then(|| "only secrets are sealed: make it a Secret<String>".to_owned())
}

fn on_delete(field: &FieldDef) -> Option<String> {
    let what = match (field.kind.reference().is_some(), field.on_delete) {
        (_, OnDelete::Restrict) | (true, OnDelete::Cascade) => return None,
        (true, OnDelete::SetNull) if field.nullable => return None,
        (true, OnDelete::SetNull) => {
            "a required reference cannot be cleared: make it optional, or take another `on_delete`"
        }
        _ => "only references have `on_delete`: take it away",
    };
    Some(what.to_owned())
}

fn keeps(field: &FieldDef) -> Option<String> {
    let can_keep = matches!(field.kind, Kind::Many2Many(_)) && field.inverse.is_none();
    let what = "only a many2many that names no `inverse` keeps its records: take `keeps` away";
    (field.keeps && !can_keep).then(|| what.to_owned())
}
