//! The fields that every table has and nobody writes.

use crate::{FieldDef, Kind, field::FieldNames};

/// The framework's fields around the author's: key and version first, who and when last.
pub(crate) fn around(own: &'static [FieldDef]) -> impl Iterator<Item = (&'static FieldDef, bool)> {
    let (head, tail) = FRAMEWORK.split_at(2);
    let kept = |it| (it, true);
    head.iter().map(kept).chain(own.iter().map(|it| (it, false))).chain(tail.iter().map(kept))
}

/// The names that no author may use.
pub(crate) fn is_reserved(name: &str) -> bool {
    FRAMEWORK.iter().any(|it| it.name == name || it.key == name)
}

static FRAMEWORK: [FieldDef; 6] = [
    of::<i64>("id", "id", "The key of the record."),
    of::<i64>("version", "version", "Rises by one with each change of the record."),
    of::<chrono::DateTime<chrono::Utc>>("created_at", "created_at", "When it was made."),
    who("created_by", "created_by_id", "Who made it."),
    of::<chrono::DateTime<chrono::Utc>>("updated_at", "updated_at", "When it was last changed."),
    who("updated_by", "updated_by_id", "Who last changed it."),
];

const fn of<T: crate::FieldType>(
    name: &'static str,
    key: &'static str,
    help: &'static str,
) -> FieldDef {
    let mut def = FieldDef::of::<T>(FieldNames { name, one: key, many: key, any: key });
    def.help = help;
    def
}

/// A reference to whoever asked; cleared when they are gone.
const fn who(name: &'static str, key: &'static str, help: &'static str) -> FieldDef {
    let mut def = of::<i64>(name, key, help);
    def.key = key;
    def.kind = Kind::Asker;
    def.nullable = true;
    def.on_delete = crate::OnDelete::SetNull;
    def
}
