//! What becomes of the links of a many2many field, from Rust or from a body.

use crate::{Purpose, Violation, field::many2one, filter::child, json::Node, schema::SchemaField};

/// Ids in one list of a body at the most.
pub const LINKS_MAX: usize = 1_000;

/// What becomes of the links of a many2many field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkChange {
    /// Some come and some go; what is in both lists is linked afterwards.
    Edit {
        /// The ids that are linked.
        add: Vec<i64>,
        /// The ids that are linked no more.
        remove: Vec<i64>,
    },
    /// These and no others, as far as whoever asks can see.
    Set(Vec<i64>),
}

impl LinkChange {
    /// Both, one after the other.
    pub(crate) fn followed_by(self, next: Self) -> Self {
        let Self::Edit { add: new, remove: gone } = next else { return next };
        let stays = |it: &i64| !gone.contains(it);
        match self {
            Self::Set(ids) => {
                Self::Set(ids.into_iter().filter(stays).chain(new.iter().copied()).collect())
            }
            Self::Edit { add, remove } => Self::Edit {
                add: add.into_iter().filter(stays).chain(new.iter().copied()).collect(),
                remove: remove.into_iter().filter(|it| !new.contains(it)).chain(gone).collect(),
            },
        }
    }

    /// The ids that must be there to be linked, and the name of their list.
    pub(crate) fn wanted(&self) -> (&'static str, &[i64]) {
        match self {
            Self::Edit { add, .. } => ("add", add),
            Self::Set(ids) => ("set", ids),
        }
    }

    /// Reads `{"add": [1], "remove": [2]}` or `{"set": [1, 2]}`, with every fault at once.
    pub(crate) fn parse(
        field: &SchemaField,
        node: &Node<'_>,
        purpose: Purpose,
        pointer: &str,
    ) -> Result<Self, Vec<Violation>> {
        let Node::Object(object) = node else {
            let fault = node.as_leaf().unlike("object");
            return Err(vec![Violation {
                params: fault.params,
                ..Violation::at_pointer(pointer, fault.code)
            }]);
        };
        let mut faults = Vec::new();
        let (mut add, mut remove, mut set) = (None, None, None);
        for (key, node) in &object.entries {
            let pointer = child(pointer, key);
            let list = match &**key {
                "add" => &mut add,
                // A new record has nothing to take away.
                "remove" if purpose == Purpose::Update => &mut remove,
                "set" => &mut set,
                _ => {
                    faults.push(Violation::at_pointer(pointer, "unknown_field"));
                    continue;
                }
            };
            *list = Some(ids(field, node, &pointer, &mut faults));
        }
        if set.is_some() && (add.is_some() || remove.is_some()) {
            faults.push(Violation::at_pointer(pointer, "invalid"));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(match set {
            Some(ids) => Self::Set(ids),
            None => Self::Edit { add: add.unwrap_or_default(), remove: remove.unwrap_or_default() },
        })
    }
}

/// The ids in a list; what is wrong with it goes to `faults`.
fn ids(
    field: &SchemaField,
    node: &Node<'_>,
    pointer: &str,
    faults: &mut Vec<Violation>,
) -> Vec<i64> {
    let Node::Array(items, _) = node else {
        let fault = node.as_leaf().unlike("array");
        let params = fault.params;
        faults.push(Violation { params, ..Violation::at_pointer(pointer, fault.code) });
        return Vec::new();
    };
    if items.len() > LINKS_MAX {
        faults.push(Violation::at_pointer(pointer, "too_many").with("max", LINKS_MAX));
        return Vec::new();
    }
    let mut ids = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        match (many2one::RULES.parse)(field.def, &item.as_leaf()) {
            Ok(id) => ids.extend(id.as_int()),
            Err(fault) => faults.push(Violation {
                params: fault.params,
                ..Violation::at_pointer(format!("{pointer}/{at}"), fault.code)
            }),
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_changes_the_later_one_counts() {
        let set = |ids: &[i64]| LinkChange::Set(ids.to_vec());
        check(edit(&[1, 2], &[3]), edit(&[3], &[1]), &edit(&[2, 3], &[1]));
        check(edit(&[1], &[2]), set(&[5]), &set(&[5]));
        check(set(&[1, 2]), edit(&[3], &[1]), &set(&[2, 3]));
    }

    fn edit(add: &[i64], remove: &[i64]) -> LinkChange {
        LinkChange::Edit { add: add.to_vec(), remove: remove.to_vec() }
    }

    #[track_caller]
    fn check(one: LinkChange, next: LinkChange, expected: &LinkChange) {
        assert_eq!(one.followed_by(next), *expected);
    }
}
