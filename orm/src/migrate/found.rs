//! The tables that a database has, read from its catalogue.
//!
//! Reads all tables of the current schema: which of them are ours is not known here.

use crate::{
    OnDelete, Result,
    migrate::{
        layout::{Constraint, Direction, Filled, Index, IndexKey, Rule, Table, TableColumn},
        statement::REMARK,
    },
    pg::{Lane, Row, Statement, Transaction},
};

/// Everything that stands in the current schema.
pub(crate) async fn tables(tx: &Transaction) -> Result<Vec<Table>> {
    let mut tables: Vec<Table> = Vec::new();
    for row in rows(tx, COLUMNS).await? {
        let (name, column) = (row.text(0)?, column(&row)?);
        match tables.last_mut() {
            Some(last) if last.name == name => last.columns.push(column),
            _ => tables.push(bare(name, column)),
        }
    }
    for row in rows(tx, CONSTRAINTS).await? {
        let constraint = constraint(&row)?;
        if let Some(table) = named(&mut tables, &row.text(0)?) {
            table.constraints.push(constraint);
        }
    }
    for row in rows(tx, INDEXES).await? {
        let unique_while = Some(row.text(3)?).filter(|it| !it.is_empty());
        let index = Index { name: row.text(1)?, keys: keys(&row.text(2)?), unique_while };
        if let Some(table) = named(&mut tables, &row.text(0)?) {
            table.indexes.push(index);
        }
    }
    for row in rows(tx, TRIGGERS).await? {
        if let Some(table) = named(&mut tables, &row.text(0)?) {
            table.triggers.push(row.text(1)?);
        }
    }
    Ok(tables)
}

/// The answer to a question that has one `bool`.
pub(crate) async fn is_so(tx: &Transaction, question: &str) -> Result<bool> {
    rows(tx, question).await?.first().map_or(Ok(false), |it| it.bool(0))
}

/// The answer to a question that has two texts.
pub(crate) async fn pair(tx: &Transaction, question: &str) -> Result<Option<(String, String)>> {
    rows(tx, question).await?.first().map(|it| Ok((it.text(0)?, it.text(1)?))).transpose()
}

async fn rows(tx: &Transaction, sql: &str) -> Result<Vec<Row>> {
    let statement = Statement { sql, lane: Lane::Fresh, params: &[], types: &[] };
    Ok(tx.fetch(&statement).await?)
}

const COLUMNS: &str = "
    select t.relname::text, c.attname::text, format_type(c.atttypid, c.atttypmod),
           c.attnotnull, c.atthasdef or c.attidentity <> ''
    from pg_class t
    join pg_attribute c on c.attrelid = t.oid and c.attnum > 0 and not c.attisdropped
    where t.relnamespace = current_schema()::regnamespace and t.relkind in ('r', 'p')
    order by t.relname, c.attnum";

/// A constraint that is not yet validated is none that we would make.
const CONSTRAINTS: &str = "
    select t.relname::text, k.conname::text,
           case when k.convalidated then k.contype::text else '' end,
           (select coalesce(string_agg(a.attname::text, ',' order by n.at), '')
            from unnest(k.conkey) with ordinality as n (number, at)
            join pg_attribute a on a.attrelid = t.oid and a.attnum = n.number),
           coalesce(r.relname::text, ''), k.confdeltype::text,
           coalesce(pg_get_expr(k.conbin, k.conrelid, true), ''),
           coalesce(obj_description(k.oid, 'pg_constraint'), '')
    from pg_constraint k
    join pg_class t on t.oid = k.conrelid
    left join pg_class r on r.oid = k.confrelid
    where t.relnamespace = current_schema()::regnamespace and k.contype in ('c', 'f', 'u')
    order by k.conname";

/// An index that is partial and not unique, over expressions, not valid or no tree has no keys
/// here; unique ones of all rows are constraints.
const INDEXES: &str = "
    select t.relname::text, i.relname::text,
           coalesce((select string_agg(a.attname || ':' || x.indoption[n], ',' order by n)
                     from generate_series(0, x.indnkeyatts - 1) n
                     join pg_attribute a on a.attrelid = t.oid and a.attnum = x.indkey[n]
                     where (x.indpred is null or x.indisunique) and x.indexprs is null and x.indisvalid
                       and m.amname = 'btree'), ''),
           coalesce(case when x.indisunique then pg_get_expr(x.indpred, x.indrelid, true) end, '')
    from pg_index x
    join pg_class i on i.oid = x.indexrelid
    join pg_class t on t.oid = x.indrelid
    join pg_am m on m.oid = i.relam
    where t.relnamespace = current_schema()::regnamespace and (not x.indisunique or x.indpred is not null)
    order by i.relname";

const TRIGGERS: &str = "
    select t.relname::text, g.tgname::text
    from pg_trigger g
    join pg_class t on t.oid = g.tgrelid
    where t.relnamespace = current_schema()::regnamespace and not g.tgisinternal
    order by g.tgname";

fn bare(name: String, column: TableColumn) -> Table {
    let columns = vec![column];
    Table {
        name,
        columns,
        primary_key: vec![],
        constraints: vec![],
        indexes: vec![],
        triggers: vec![],
    }
}

fn named<'a>(tables: &'a mut [Table], name: &str) -> Option<&'a mut Table> {
    tables.iter_mut().find(|it| it.name == name)
}

fn column(row: &Row) -> Result<TableColumn> {
    let filled = if row.bool(4)? { Filled::ByDatabase("") } else { Filled::ByEngine(None) };
    Ok(TableColumn {
        name: row.text(1)?,
        column_type: short_type(row.text(2)?),
        is_nullable: !row.bool(3)?,
        filled,
    })
}

/// PostgreSQL's long names of types, as DDL of ours writes them.
fn short_type(long: String) -> String {
    match long.as_str() {
        "timestamp with time zone" => "timestamptz".to_owned(),
        "time without time zone" => "time".to_owned(),
        _ => long,
    }
}

fn constraint(row: &Row) -> Result<Constraint> {
    let columns = row.text(3)?.split(',').map(str::to_owned).collect();
    let rule = match (row.text(2)?.as_str(), row.text(5)?.as_str()) {
        ("u", _) => Rule::Unique,
        ("c", _) => match row.text(7)?.strip_prefix(REMARK) {
            Some(written) => Rule::Written(written.to_owned()),
            None => Rule::Check(row.text(6)?),
        },
        ("f", "r") => reference(row, OnDelete::Restrict)?,
        ("f", "c") => reference(row, OnDelete::Cascade)?,
        ("f", "n") => reference(row, OnDelete::SetNull)?,
        _ => Rule::Foreign,
    };
    Ok(Constraint { name: row.text(1)?, columns, rule })
}

fn reference(row: &Row, on_delete: OnDelete) -> Result<Rule> {
    Ok(Rule::Reference { target: row.text(4)?, on_delete })
}

/// `name:0,id:0`: columns with the bits of their order, 1 for falling, 2 for absent ones first.
fn keys(text: &str) -> Vec<IndexKey> {
    let parts = text.split(',').filter_map(|it| it.split_once(':'));
    let direction = |bits| match bits {
        "0" => Direction::Ascending,
        "1" => Direction::DescendingNullsLast,
        "3" => Direction::Descending,
        _ => Direction::Foreign,
    };
    parts
        .map(|(column, bits)| IndexKey { column: column.to_owned(), direction: direction(bits) })
        .collect()
}
