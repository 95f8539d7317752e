//! Records that the running operation has made itself: nobody else has seen them, so that what it
//! wrote of them is what they hold, and the lines that it wrote are all that they have.
//!
//! **Invariant:** nothing is at hand once anything else was written in the same transaction, by a
//! hook or by a statement of one's own: then the database is asked.

use std::collections::HashMap;

use crate::{
    Result, Schema, Value, Verb,
    engine::{change_set::RawSet, snapshot::Snapshot},
    schema::{FieldId, ModelId, SchemaModel, Storage},
};

/// The records that were made, as they were written last.
#[derive(Default)]
pub(super) struct AtHand<'a> {
    made: HashMap<(ModelId, i64), &'a Snapshot>,
}

impl<'a> AtHand<'a> {
    /// The new records of these sets.
    pub(super) fn of(sets: impl Iterator<Item = &'a RawSet>) -> Self {
        let mut made = HashMap::new();
        for set in sets.filter(|it| it.verb == Verb::Create) {
            let rows = set.rows.iter().filter_map(|it| Some((it.id?, it.new.as_ref()?)));
            made.extend(rows.map(|(id, new)| ((set.model, id), new)));
        }
        Self { made }
    }

    /// A record, if it was made here.
    pub(super) fn record(&self, model: ModelId, id: i64) -> Option<&'a Snapshot> {
        self.made.get(&(model, id)).copied()
    }

    /// What fields of the records behind `hops` hold, a row for each in the order of their keys:
    /// the lines of a record that was made here, and nothing of what needs a longer way.
    pub(super) fn behind(
        &self,
        schema: &Schema,
        (root, id): (&SchemaModel, i64),
        hops: &[FieldId],
        leaves: &[FieldId],
    ) -> Result<Option<Vec<Vec<Value>>>> {
        let ([hop], Some(_)) = (hops, self.record(root.id, id)) else { return Ok(None) };
        let (field, target) = (root.at(*hop), schema.target(root.at(*hop)));
        let Storage::Inverse { key } = &field.storage else { return Ok(None) };
        let Some(reference) = target.by_key(key) else { return Ok(None) };
        let mut lines = Vec::new();
        for ((_, line), row) in self.made.iter().filter(|(it, _)| it.0 == target.id) {
            if row.value(target, reference.id)?.as_int() == Some(id) {
                lines.push((*line, *row));
            }
        }
        lines.sort_unstable_by_key(|it| it.0);
        let values = |row: &Snapshot| leaves.iter().map(|it| row.value(target, *it)).collect();
        lines.into_iter().map(|it| values(it.1)).collect::<Result<_>>().map(Some)
    }
}
