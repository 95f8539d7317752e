//! The indexes of a model: behind references, for its order, for its rules.
//!
//! **Invariant:** the name of an index says its keys, so two indexes of one table never differ
//! under one name; the `id` behind all others is not named.

use crate::{
    FieldDef, Kind,
    migrate::{
        layout::{Constraint, Direction, Index, IndexKey, Rule, name_of},
        wanted::Draft,
    },
};

/// All indexes of a model, without those that another one makes superfluous.
pub(crate) fn indexes_of(draft: &Draft, constraints: &[Constraint]) -> Vec<Index> {
    let table = draft.model.table;
    let mut all = Vec::new();
    for field in draft.fields.iter().filter(|it| it.has_column()) {
        if field.index {
            all.push(indexed(table, vec![ascending(field.key), ascending("id")]));
        }
        if field.index && field.nullable {
            let falling = |column| key(column, Direction::DescendingNullsLast);
            all.push(indexed(table, vec![falling(field.key), key("id", Direction::Descending)]));
        }
        if draft.leads_to(field).is_some() || matches!(field.kind, Kind::AnyRecord) {
            all.push(indexed(table, vec![ascending(field.key)]));
        }
    }
    if !is_order_translated(draft) {
        all.push(indexed(table, order_behind(draft, None)));
    }
    // Lists leave out what is archived, in their order.
    let active = draft.field("active").filter(|_| draft.model.is_archivable);
    let active = active.filter(|_| !is_order_translated(draft));
    all.extend(active.map(|it| indexed(table, order_behind(draft, Some(it)))));
    for scope in draft.model.scope_index.iter().filter_map(|it| draft.field(it)) {
        match is_order_translated(draft) {
            true => all.push(indexed(table, vec![ascending(scope.key), ascending("id")])),
            false => all.push(indexed(table, order_behind(draft, Some(scope)))),
        }
        let orders = draft.fields.iter().filter(|it| it.index && it.key != scope.key);
        all.extend(orders.flat_map(|it| scoped(table, scope, it)));
    }
    without_superfluous(all, constraints)
}

/// What keeps apart the records that are not archived.
pub(crate) fn unique_unless_archived(draft: &Draft) -> impl Iterator<Item = Index> {
    let table = draft.model.table;
    let sets = draft.model.unique_unless_archived.iter();
    sets.map(move |set| {
        let fields = set.iter().filter_map(|it| draft.field(it));
        let keys: Vec<IndexKey> = fields.map(|it| ascending(it.key)).collect();
        let words: Vec<_> = keys.iter().map(|it| &it.column).collect();
        let unique_while = Some("active".to_owned());
        Index { name: name_of(table, &words, "uq"), keys, unique_while }
    })
}

/// An index over columns as they are.
pub(crate) fn plain(table: &str, columns: &[&str]) -> Index {
    let keys = columns.iter().map(|it| ascending(it)).collect();
    Index { name: name_of(table, columns, "ix"), keys, unique_while: None }
}

fn key(column: &str, direction: Direction) -> IndexKey {
    IndexKey { column: column.to_owned(), direction }
}

fn ascending(column: &str) -> IndexKey {
    key(column, Direction::Ascending)
}

/// The indexes of an order by one field, behind a column that is compared with one value.
fn scoped(table: &str, scope: &FieldDef, field: &FieldDef) -> Vec<Index> {
    let behind = |direction| {
        let id = if direction == Direction::Ascending { direction } else { Direction::Descending };
        indexed(table, vec![ascending(scope.key), key(field.key, direction), key("id", id)])
    };
    let falling = field.nullable.then(|| behind(Direction::DescendingNullsLast));
    falling.into_iter().chain([behind(Direction::Ascending)]).collect()
}

/// An index over these keys, named after them.
fn indexed(table: &str, keys: Vec<IndexKey>) -> Index {
    let word = |it: &IndexKey| match it.direction {
        Direction::Ascending => it.column.clone(),
        _ => format!("{}_desc", it.column),
    };
    let named = &keys[..keys.len() - usize::from(has_tie_break(&keys))];
    let words: Vec<_> = named.iter().map(word).collect();
    Index { name: name_of(table, &words, "ix"), keys, unique_while: None }
}

/// Whether the last key is `id` in the direction of the one before it.
fn has_tie_break(keys: &[IndexKey]) -> bool {
    let falls = |it: &IndexKey| it.direction != Direction::Ascending;
    matches!(keys, [.., before, last] if last.column == "id" && falls(before) == falls(last))
}

/// Whether the order of the model is another one for each language, and so of no index.
fn is_order_translated(draft: &Draft) -> bool {
    let keys = draft.model.order.split(',').map(|it| it.trim().trim_start_matches('-'));
    keys.filter_map(|it| draft.field(it)).any(FieldDef::is_translated)
}

/// The keys of the model's order, `id` last, behind a column that is compared with one value.
fn order_behind(draft: &Draft, scope: Option<&FieldDef>) -> Vec<IndexKey> {
    let mut order: Vec<(&FieldDef, bool)> = Vec::new();
    for part in draft.model.order.split(',') {
        let (name, is_descending) = match part.trim().strip_prefix('-') {
            Some(name) => (name, true),
            None => (part.trim(), false),
        };
        let is_new = |it: &&FieldDef| {
            scope.is_none_or(|scope| scope.key != it.key)
                && order.iter().all(|(o, _)| o.key != it.key)
        };
        order.extend(draft.field(name).filter(is_new).map(|it| (it, is_descending)));
    }
    if order.iter().all(|(it, _)| it.key != "id") {
        let is_descending = order.last().is_some_and(|it| it.1);
        order.extend(draft.field("id").map(|it| (it, is_descending)));
    }
    scope.map(|it| ascending(it.key)).into_iter().chain(directed(&order)).collect()
}

/// An order that falls throughout is that of the rising index read backwards, but for absent
/// values, which come last both ways.
fn directed(order: &[(&FieldDef, bool)]) -> Vec<IndexKey> {
    let is_mirrored = order.iter().all(|(it, is_descending)| *is_descending && !it.nullable);
    let direction = |(it, is_descending): &(&FieldDef, bool)| match (is_descending, it.nullable) {
        (true, false) if is_mirrored => Direction::Ascending,
        (true, false) => Direction::Descending,
        (true, true) => Direction::DescendingNullsLast,
        (false, _) => Direction::Ascending,
    };
    order.iter().map(|it| key(it.0.key, direction(it))).collect()
}

/// Leaves out each index that is the beginning of another, of a unique constraint or of the
/// primary key.
fn without_superfluous(all: Vec<Index>, constraints: &[Constraint]) -> Vec<Index> {
    let unique = constraints.iter().filter(|it| it.rule == Rule::Unique);
    let mut ready: Vec<Vec<IndexKey>> =
        unique.map(|it| it.columns.iter().map(|it| ascending(it)).collect()).collect();
    ready.push(vec![ascending("id")]);
    let mut needed: Vec<Index> = Vec::new();
    for index in all {
        let is_ready = ready.iter().any(|it| it.starts_with(&index.keys));
        if is_ready || needed.iter().any(|it| it.keys.starts_with(&index.keys)) {
            continue;
        }
        needed.retain(|it| !index.keys.starts_with(&it.keys));
        needed.push(index);
    }
    needed
}
