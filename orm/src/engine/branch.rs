//! The records behind one relation of many records, in groups: what each of those has there.

use std::collections::HashMap;

use crate::{
    Error, Result,
    engine::rows::Rows,
    json,
    pg::Row,
    schema::{FieldId, SchemaField},
};

/// The records behind one relation of the rows of a level.
pub(crate) struct Branch {
    pub(crate) stem: Stem,
    pub(crate) rows: Rows,
}

/// Where a branch grows out of its level: which of its rows each row there has.
pub(crate) struct Stem {
    pub(crate) field: FieldId,
    /// Declared name of the relation.
    pub(crate) name: &'static str,
    /// Whether it leads to one record at the most.
    pub(crate) is_one: bool,
    /// Together all rows of the branch, in their order; the first is empty.
    pub(crate) groups: Vec<Group>,
    /// For each row of the level, its group.
    of_row: Vec<u32>,
}

/// Rows of a branch that stand one after the other.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Group {
    start: u32,
    end: u32,
    /// Whether there are more behind the relation than were wanted.
    pub(crate) has_more: bool,
}

impl Stem {
    /// Puts rows into the groups of their last column; of each group, `each` at the most are kept.
    /// `keys` says which group a row of the level has.
    pub(crate) fn of(
        field: &SchemaField,
        (rows, each): (Vec<Row>, Option<i64>),
        keys: &[Option<i64>],
    ) -> Result<(Self, Vec<Row>)> {
        let each = each.map_or(Ok(usize::MAX), usize::try_from);
        let each = each.map_err(|_| Error::broken("a limit below zero"))?;
        let mut kept: Vec<Row> = Vec::with_capacity(rows.len());
        let mut groups = vec![Group::default()];
        let mut by_key: HashMap<i64, u32> = HashMap::new();
        let mut last = None;
        for row in rows {
            let key = row.int(row.len() - 1)?;
            if last != Some(key) {
                let start = small(kept.len())?;
                if by_key.insert(key, small(groups.len())?).is_some() {
                    return Err(Error::broken("rows of one record came apart"));
                }
                groups.push(Group { start, end: start, has_more: false });
                last = Some(key);
            }
            let group = groups.last_mut().expect("the first is always there");
            if group.len() < each {
                kept.push(row);
                group.end += 1;
            } else {
                group.has_more = true;
            }
        }
        let group_of = |key: &Option<i64>| key.and_then(|it| by_key.get(&it)).copied().unwrap_or(0);
        let of_row = keys.iter().map(group_of).collect();
        let is_one = field.def.kind.is_to_one();
        Ok((Self { field: field.id, name: field.def.name, is_one, groups, of_row }, kept))
    }

    /// The group of a row of the level, by position.
    pub(crate) fn group(&self, row: usize) -> usize {
        self.of_row[row] as usize
    }

    /// How often each row of the branch is written, when the rows of the level are written so
    /// often.
    pub(crate) fn times(&self, of_level: &[u64]) -> Vec<u64> {
        let mut of_groups = vec![0_u64; self.groups.len()];
        for (group, times) in self.of_row.iter().zip(of_level) {
            of_groups[*group as usize] += times;
        }
        let of_rows = self.groups.iter().zip(&of_groups);
        of_rows.flat_map(|(group, times)| std::iter::repeat_n(*times, group.len())).collect()
    }
}

impl Group {
    /// The number of its rows.
    pub(crate) fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    fn rows(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl Branch {
    /// What a row of the level has here, as entries of its object: `"tags":[…]`.
    pub(crate) fn write(&self, row: usize, out: &mut Vec<u8>) {
        let group = self.stem.groups[self.stem.group(row)];
        write_entry(out, (self.stem.name, self.stem.is_one), group.has_more, |out| {
            self.rows.write_some(group.rows(), out);
        });
    }
}

/// The entries of a relation whose records, with commas between them, `write` writes.
pub(crate) fn write_entry(
    out: &mut Vec<u8>,
    (name, is_one): (&str, bool),
    has_more: bool,
    write: impl FnOnce(&mut Vec<u8>),
) {
    json::key(out, name);
    if is_one {
        let start = out.len();
        write(out);
        if out.len() == start {
            out.extend_from_slice(b"null");
        }
        return;
    }
    out.push(b'[');
    write(out);
    out.push(b']');
    if has_more {
        out.extend_from_slice(b",\"");
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"_page\":{\"has_more\":true}");
    }
}

fn small(number: usize) -> Result<u32> {
    u32::try_from(number).map_err(|_| Error::broken("more rows than an answer can hold"))
}
