//! A set of fields of one model.

use crate::schema::FieldId;

/// A set of fields of one model, one bit each.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct FieldSet(Vec<u64>);

impl FieldSet {
    /// Adds a field.
    pub fn insert(&mut self, field: FieldId) {
        let word = field.index() / 64;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (field.index() % 64);
    }

    /// Whether the field is in it.
    pub fn contains(&self, field: FieldId) -> bool {
        self.0.get(field.index() / 64).is_some_and(|it| it & (1 << (field.index() % 64)) != 0)
    }
}

impl FromIterator<FieldId> for FieldSet {
    fn from_iter<I: IntoIterator<Item = FieldId>>(fields: I) -> Self {
        let mut set = Self::default();
        fields.into_iter().for_each(|it| set.insert(it));
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_what_was_put_in_and_nothing_else() {
        let set: FieldSet = [FieldId(0), FieldId(63), FieldId(64)].into_iter().collect();
        let held: Vec<u16> = (0..200).filter(|it| set.contains(FieldId(*it))).collect();
        assert_eq!(held, [0, 63, 64]);
    }
}
