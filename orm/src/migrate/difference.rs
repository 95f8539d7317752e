//! What must be done to a database so that it has the tables that a schema wants.
//!
//! Looks at both sides as data; asks the database nothing. What only the rows can tell is left
//! as a question beside the step that depends on it.
//!
//! **Invariant:** no step loses what is in a row. Tables, and columns that may be absent, are
//! left alone when nobody wants them.

use crate::{
    field::translated,
    migrate::{
        Step,
        layout::{Constraint, Filled, Index, Rule, Table, TableColumn, name_of},
        literal::literal,
        statement,
        wanted::create_trigger,
    },
};

/// What is missing, and what stands in the way.
#[derive(Debug, Default)]
pub(crate) struct Difference {
    /// In the order in which they can be done.
    pub(crate) steps: Vec<DraftStep>,
    /// What an older or newer program has made of our tables; each with its cure.
    pub(crate) conflicts: Vec<String>,
}

/// A step that may depend on the rows.
#[derive(Debug)]
pub(crate) struct DraftStep {
    pub(crate) step: Step,
    /// A statement that says in one `bool` whether the step's obstacle stands.
    pub(crate) question: Option<String>,
}

/// The way from what was found to what is wanted.
pub(crate) fn difference(wanted: &[Table], found: &[Table]) -> Difference {
    let mut phases = Phases::default();
    for table in wanted {
        match found.iter().find(|it| it.name == table.name) {
            None => phases.create(table),
            Some(stands) => phases.compare(table, stands),
        }
    }
    let Phases { tables, columns, rules, indexes, references, triggers, conflicts } = phases;
    let steps =
        [tables, columns, rules, indexes, references, triggers].into_iter().flatten().collect();
    Difference { steps, conflicts }
}

/// Steps by what they need to stand: columns before their constraints, tables before what points
/// at them.
#[derive(Default)]
struct Phases {
    tables: Vec<DraftStep>,
    columns: Vec<DraftStep>,
    rules: Vec<DraftStep>,
    indexes: Vec<DraftStep>,
    references: Vec<DraftStep>,
    triggers: Vec<DraftStep>,
    conflicts: Vec<String>,
}

impl Phases {
    fn create(&mut self, table: &Table) {
        let name = &table.name;
        self.tables.push(step(format!("create table {name}"), statement::create_table(table)));
        for index in &table.indexes {
            let sql = statement::create_index(name, index);
            self.indexes.push(step(format!("create index {}", index.name), sql));
        }
        for it in table.constraints.iter().filter(|it| is_reference(it)) {
            let sql = statement::add_constraint(name, it);
            self.references.push(step(format!("add {}", constraint_named(name, it)), sql));
        }
        table.triggers.iter().for_each(|it| self.create_trigger(name, it));
    }

    fn create_trigger(&mut self, table: &str, trigger: &str) {
        let what = format!("create trigger {trigger} on {table}");
        self.triggers.push(step(what, create_trigger(table, trigger)));
    }

    fn compare(&mut self, wanted: &Table, found: &Table) {
        for column in &wanted.columns {
            match found.column(&column.name) {
                None => self.columns.push(add_column(&wanted.name, column)),
                Some(stands) => self.compare_column(&wanted.name, column, stands),
            }
        }
        let is_unknown = |it: &&TableColumn| wanted.column(&it.name).is_none();
        let demanding = found.columns.iter().filter(is_unknown).filter(|it| it.is_demanding());
        self.conflicts.extend(demanding.map(|it| unknown_required(&wanted.name, it)));
        for it in found.indexes.iter().filter(|it| is_index_given_up(it, wanted)) {
            // Before constraints: one of them may take its name.
            let sql = statement::drop_index(&it.name);
            self.rules.push(step(format!("drop index {}", it.name), sql));
        }
        for constraint in &wanted.constraints {
            let stands = found.constraints.iter().find(|it| it.name == constraint.name);
            self.compare_constraint(&wanted.name, constraint, stands);
        }
        for it in found.constraints.iter().filter(|it| is_given_up(it, wanted)) {
            let sql = statement::drop_constraint(&wanted.name, &it.name);
            self.rules.push(step(format!("drop {}", constraint_named(&wanted.name, it)), sql));
        }
        for index in &wanted.indexes {
            let stands = found.indexes.iter().find(|it| it.name == index.name);
            self.compare_index(&wanted.name, index, stands);
        }
        for trigger in wanted.triggers.iter().filter(|it| !found.triggers.contains(it)) {
            self.create_trigger(&wanted.name, trigger);
        }
    }

    fn compare_column(&mut self, table: &str, wanted: &TableColumn, found: &TableColumn) {
        let name = &wanted.name;
        if wanted.column_type != found.column_type {
            self.conflicts.push(other_type(table, wanted, found));
        } else if wanted.is_nullable && !found.is_nullable {
            let sql = statement::drop_not_null(table, name);
            self.columns.push(step(format!("make {table}.{name} optional"), sql));
        } else if found.is_nullable && !wanted.is_nullable {
            self.columns.push(require_column(table, wanted));
        }
    }

    fn compare_constraint(&mut self, table: &str, it: &Constraint, found: Option<&Constraint>) {
        let add = statement::add_constraint_to_rows(table, it);
        let named = constraint_named(table, it);
        let done = match found {
            Some(stands) if is_like(stands, it) => return,
            None => step(format!("add {named}"), add),
            Some(_) => {
                let drop = statement::drop_constraint(table, &it.name);
                step(format!("change {named}"), format!("{drop};\n{add}"))
            }
        };
        if is_reference(it) { self.references.push(done) } else { self.rules.push(done) }
    }

    fn compare_index(&mut self, table: &str, it: &Index, found: Option<&Index>) {
        let create = statement::create_index(table, it);
        self.indexes.push(match found {
            Some(stands) if stands == it => return,
            None => step(format!("create index {}", it.name), create),
            Some(_) => {
                let drop = statement::drop_index(&it.name);
                step(format!("change index {}", it.name), format!("{drop};\n{create}"))
            }
        });
    }
}

fn step(what: String, sql: String) -> DraftStep {
    DraftStep { step: Step { what, sql, obstacle: None }, question: None }
}

fn doubtful(step: Step, question: String) -> DraftStep {
    DraftStep { step, question: Some(question) }
}

fn add_column(table: &str, it: &TableColumn) -> DraftStep {
    let what = format!("add column {table}.{}", it.name);
    let fill = if it.is_nullable { None } else { constant(it) };
    let sql = statement::add_column(table, it, fill.as_deref());
    if !it.is_demanding() || fill.is_some() {
        return step(what, sql);
    }
    let question = format!("select exists (select from {})", statement::quoted(table));
    let obstacle = "the table has rows, and the field is required and has no default: give it \
                    one, make it optional, or write a migration";
    doubtful(Step { what, sql, obstacle: Some(obstacle) }, question)
}

fn require_column(table: &str, it: &TableColumn) -> DraftStep {
    let what = format!("make {table}.{} required", it.name);
    let fill = constant(it);
    let sql = statement::set_not_null(table, &it.name, fill.as_deref());
    if fill.is_some() {
        return step(what, sql);
    }
    let (rows, column) = (statement::quoted(table), statement::quoted(&it.name));
    let question = format!("select exists (select from {rows} where {column} is null)");
    let obstacle = "it is absent in some rows, and the field has no default: give it one, keep \
                    it optional, or write a migration";
    doubtful(Step { what, sql, obstacle: Some(obstacle) }, question)
}

/// The declared default as a constant.
fn constant(it: &TableColumn) -> Option<String> {
    match it.filled {
        Filled::ByEngine(default) => default.map(|default| match it.column_type.as_str() {
            "jsonb" => literal(&translated::stored(&default(), translated::COMMON_LANGUAGE)),
            _ => literal(&default()),
        }),
        Filled::ByDatabase(_) => None,
    }
}

/// Whether two constraints of one name demand the same; PostgreSQL takes quotes away from names
/// that need none.
fn is_like(one: &Constraint, other: &Constraint) -> bool {
    match (&one.rule, &other.rule) {
        (Rule::Written(one), Rule::Written(other)) => one == other,
        (Rule::Check(one), Rule::Check(other)) => one.replace('"', "") == other.replace('"', ""),
        _ => one == other,
    }
}

fn is_reference(it: &Constraint) -> bool {
    matches!(it.rule, Rule::Reference { .. })
}

/// Whether it is a limit or uniqueness of our making, over columns that the model still has,
/// which the model does not want any more.
fn is_given_up(found: &Constraint, wanted: &Table) -> bool {
    let is_written = matches!(found.rule, Rule::Written(_));
    let is_limit = matches!(found.rule, Rule::Unique | Rule::Check(_))
        && found.name == name_of(&wanted.name, &found.columns, found.suffix());
    (is_written || is_limit)
        && found.columns.iter().all(|it| wanted.column(it).is_some())
        && wanted.constraints.iter().all(|it| it.name != found.name)
}

/// Whether it keeps apart the rows that are not archived, by columns that the model still has,
/// and the model does not want that any more.
fn is_index_given_up(found: &Index, wanted: &Table) -> bool {
    let columns: Vec<_> = found.keys.iter().map(|it| it.column.as_str()).collect();
    found.unique_while.is_some()
        && found.name == name_of(&wanted.name, &columns, "uq")
        && columns.iter().all(|it| wanted.column(it).is_some())
        && wanted.indexes.iter().all(|it| it.name != found.name)
}

/// `check products.price`, for a list of steps.
fn constraint_named(table: &str, it: &Constraint) -> String {
    if let Rule::Written(_) = it.rule {
        return format!("check {}", it.name);
    }
    let sort = match it.rule {
        Rule::Unique => "unique",
        Rule::Check(_) | Rule::Written(_) => "check",
        Rule::Reference { .. } => "reference",
        Rule::Foreign => "constraint",
    };
    format!("{sort} {table}.{}", it.columns.join(", "))
}

fn unknown_required(table: &str, it: &TableColumn) -> String {
    let (rows, column) = (statement::quoted(table), statement::quoted(&it.name));
    format!(
        "{table}.{} is required in the database and unknown to this program: start the newer \
         program, or let the column be absent (alter table {rows} alter column {column} drop not \
         null)",
        it.name,
    )
}

fn other_type(table: &str, wanted: &TableColumn, found: &TableColumn) -> String {
    format!(
        "{table}.{} is {} in the database and {} in this program: start the program that made \
         it, or write a migration",
        wanted.name, found.column_type, wanted.column_type,
    )
}
