//! The DDL statements, as text.

use crate::{
    OnDelete,
    migrate::layout::{Constraint, Direction, Filled, Index, IndexKey, Rule, Table, TableColumn},
};

/// A name, in quotes, so that words of SQL can be names.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text constant.
pub(crate) fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// Makes a table with its columns and those constraints that look at no other table.
pub(crate) fn create_table(table: &Table) -> String {
    let columns = table.columns.iter().map(column);
    let key = format!("primary key ({})", list(&table.primary_key));
    let is_own = |it: &&Constraint| !matches!(it.rule, Rule::Reference { .. });
    let constraints = table.constraints.iter().filter(is_own).map(constraint);
    let parts: Vec<_> = columns.chain([key]).chain(constraints).collect();
    let create = format!("create table {} (\n  {}\n)", quoted(&table.name), parts.join(",\n  "));
    let remarks = table.constraints.iter().filter_map(|it| remark(&table.name, it));
    [create].into_iter().chain(remarks).collect::<Vec<_>>().join(";\n")
}

/// What stands at the beginning of the remark beside a constraint of ours.
pub(crate) const REMARK: &str = "artel: ";

/// Keeps an author's expression beside its constraint.
fn remark(table: &str, it: &Constraint) -> Option<String> {
    let Rule::Written(expression) = &it.rule else { return None };
    let (name, table) = (quoted(&it.name), quoted(table));
    let remark = text(&format!("{REMARK}{expression}"));
    Some(format!("comment on constraint {name} on {table} is {remark}"))
}

/// Makes an index.
pub(crate) fn create_index(table: &str, index: &Index) -> String {
    let keys: Vec<_> = index.keys.iter().map(index_key).collect();
    let (name, table, keys) = (quoted(&index.name), quoted(table), keys.join(", "));
    match &index.unique_while {
        None => format!("create index {name} on {table} ({keys})"),
        Some(column) => {
            let column = quoted(column);
            format!("create unique index {name} on {table} ({keys}) where {column}")
        }
    }
}

/// Takes an index away.
pub(crate) fn drop_index(name: &str) -> String {
    format!("drop index {}", quoted(name))
}

/// Adds a constraint to a table without rows.
pub(crate) fn add_constraint(table: &str, it: &Constraint) -> String {
    format!("alter table {} add {}", quoted(table), constraint(it))
}

/// Adds a constraint to a table that may have rows: new rows are held to it at once, those that
/// stand are looked at afterwards, under a lock that lets others write.
pub(crate) fn add_constraint_to_rows(table: &str, it: &Constraint) -> String {
    let add = add_constraint(table, it);
    match it.rule {
        Rule::Unique | Rule::Foreign => add,
        Rule::Check(_) | Rule::Written(_) | Rule::Reference { .. } => {
            let validate = format!("validate constraint {}", quoted(&it.name));
            let done = format!("{add} not valid;\nalter table {} {validate}", quoted(table));
            [done].into_iter().chain(remark(table, it)).collect::<Vec<_>>().join(";\n")
        }
    }
}

/// Takes a constraint away.
pub(crate) fn drop_constraint(table: &str, name: &str) -> String {
    format!("alter table {} drop constraint {}", quoted(table), quoted(name))
}

/// Adds a column; `fill` is the value that rows which stand get, as a constant.
pub(crate) fn add_column(table: &str, it: &TableColumn, fill: Option<&str>) -> String {
    let table = quoted(table);
    let add = format!("alter table {table} add column {}", column(it));
    match fill {
        None => add,
        // A constant default is kept beside the table: no row is written again.
        Some(fill) => format!(
            "{add} default {fill};\nalter table {table} alter column {} drop default",
            quoted(&it.name)
        ),
    }
}

/// Lets a column be absent.
pub(crate) fn drop_not_null(table: &str, column: &str) -> String {
    format!("alter table {} alter column {} drop not null", quoted(table), quoted(column))
}

/// Lets a column be absent no more; `fill` is what absent values become, as a constant.
pub(crate) fn set_not_null(table: &str, column: &str, fill: Option<&str>) -> String {
    let (table, column) = (quoted(table), quoted(column));
    let set = format!("alter table {table} alter column {column} set not null");
    match fill {
        None => set,
        Some(fill) => {
            format!("update {table} set {column} = {fill} where {column} is null;\n{set}")
        }
    }
}

fn column(it: &TableColumn) -> String {
    let not_null = if it.is_nullable { "" } else { " not null" };
    let filled = match it.filled {
        Filled::ByEngine(_) => String::new(),
        Filled::ByDatabase(clause) => format!(" {clause}"),
    };
    format!("{} {}{not_null}{filled}", quoted(&it.name), it.column_type)
}

fn constraint(it: &Constraint) -> String {
    let rule = match &it.rule {
        Rule::Unique | Rule::Foreign => format!("unique ({})", list(&it.columns)),
        Rule::Check(expression) | Rule::Written(expression) => format!("check ({expression})"),
        Rule::Reference { target, on_delete } => {
            let on_delete = match on_delete {
                OnDelete::Restrict => "restrict",
                OnDelete::Cascade => "cascade",
                OnDelete::SetNull => "set null",
            };
            let (columns, target) = (list(&it.columns), quoted(target));
            format!("foreign key ({columns}) references {target} (\"id\") on delete {on_delete}")
        }
    };
    format!("constraint {} {rule}", quoted(&it.name))
}

fn index_key(it: &IndexKey) -> String {
    let direction = match it.direction {
        Direction::Ascending | Direction::Foreign => "",
        Direction::Descending => " desc",
        Direction::DescendingNullsLast => " desc nulls last",
    };
    format!("{}{direction}", quoted(&it.column))
}

fn list(names: &[String]) -> String {
    names.iter().map(|it| quoted(it)).collect::<Vec<_>>().join(", ")
}
