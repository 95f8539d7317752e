//! Records with what stands behind their relations: level by level, each relation of a level by
//! one statement for all of its records, all statements of a level at once on one connection.
//!
//! **Invariant:** nothing is cut silently. A list that was cut says so, and an answer that would
//! hold too many records is refused.

use futures_util::future;

use crate::{
    At, Error, Filter, Result, Schema, Scope, Session, SortKey, Verb, Violation,
    engine::{
        at_read,
        branch::{Branch, Stem},
        links,
        rows::Rows,
    },
    pg::Row,
    schema::{FieldId, ModelId, SchemaField, SchemaModel},
    session::Link,
    sql::{self, Bound, Edge},
};

/// A relation whose records are to come with those that have it.
#[derive(Debug, Clone)]
pub struct Expand {
    /// The relation.
    pub field: FieldId,
    /// What each record behind it holds, in this order.
    pub fields: Vec<FieldId>,
    /// Which of them.
    pub filter: Filter,
    /// In which order; ends with `id`. Of no meaning for a relation to one record.
    pub sort: Vec<SortKey>,
    /// How many for each record that has the relation; without one, all.
    pub limit: Option<i64>,
    /// What is to come with them.
    pub expand: Vec<Self>,
    /// Where the request names it.
    pub at: At,
}

/// Records that one answer holds at the most, each as often as it is written.
pub const EXPANDED_MAX: u64 = 20_000;

/// What must be read of a level beside what its records hold.
pub(crate) struct Needs<'e> {
    /// What they hold and their table has.
    pub(crate) columns: Vec<FieldId>,
    /// Columns behind those.
    pub(crate) also: Vec<FieldId>,
    /// To-many fields whose ids they hold.
    collections: Vec<FieldId>,
    /// Fields that they hold and that are worked out at read.
    worked: Vec<FieldId>,
    expand: &'e [Expand],
}

/// Rows of one level of one branch, while what belongs to them is read.
struct Level<'e> {
    model: &'e SchemaModel,
    needs: Needs<'e>,
    rows: Rows,
    /// How often each row is written: once for every record that shows it.
    times: Vec<u64>,
    /// The level that it belongs to, and how.
    from: Option<(usize, Stem)>,
}

/// What one statement of a level asks.
struct Question<'e> {
    /// The level that it belongs to.
    of: usize,
    field: &'e SchemaField,
    /// For each row of the level, by which key it finds its answer.
    keys: Vec<Option<i64>>,
    statement: Bound,
    /// Whether there is nobody to ask for.
    is_idle: bool,
    /// The relation and what its records need; without them, only their ids are asked for.
    records: Option<(&'e Expand, &'e SchemaModel, Needs<'e>)>,
}

/// All levels so far; each stands behind the one that it belongs to.
struct Tree<'e> {
    session: &'e Session,
    levels: Vec<Level<'e>>,
    /// Records that are written.
    written: u64,
    /// Ids of to-many fields that are written.
    ids: u64,
}

impl<'e> Needs<'e> {
    /// Of records with these fields and relations; `also` is read in any case.
    pub(crate) fn of(
        model: &SchemaModel,
        fields: &[FieldId],
        expand: &'e [Expand],
        also: Vec<FieldId>,
    ) -> Self {
        let (columns, others): (Vec<FieldId>, Vec<FieldId>) =
            fields.iter().partition(|it| model.at(**it).has_column());
        let (collections, worked) =
            others.into_iter().partition(|it| model.at(*it).def.kind.is_to_many());
        let mut needs = Self { columns, also, collections, worked, expand };
        for field in needs.worked.clone() {
            at_read::inputs(model, model.at(field)).for_each(|it| needs.add(it.id));
        }
        for field in expand.iter().map(|it| model.at(it.field)).filter(|it| it.has_column()) {
            needs.add(field.id);
        }
        let has_column = |it: &Expand| model.at(it.field).has_column();
        if !needs.collections.is_empty() || !expand.iter().all(has_column) {
            model.field("id").into_iter().for_each(|it| needs.add(it.id));
        }
        needs
    }

    fn add(&mut self, field: FieldId) {
        if self.position(field).is_none() {
            self.also.push(field);
        }
    }

    /// Where a column stands in the rows.
    pub(crate) fn position(&self, field: FieldId) -> Option<usize> {
        let stands = |list: &[FieldId]| list.iter().position(|it| *it == field);
        stands(&self.columns).or_else(|| stands(&self.also).map(|it| it + self.columns.len()))
    }
}

/// Puts to rows what they hold behind their columns, and what stands behind their relations.
///
/// # Errors
/// Denied without a grant on a model; a bad query when the answer would be too large.
pub(crate) async fn grow<'e>(
    session: &'e Session,
    link: &Link,
    (model, mut rows, needs): (&'e SchemaModel, Rows, Needs<'e>),
) -> Result<Rows> {
    prepare(model, &mut rows, &needs)?;
    if needs.collections.is_empty() && needs.expand.is_empty() {
        return Ok(rows);
    }
    let written = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    let times = vec![1; rows.len()];
    let root = Level { model, needs, rows, times, from: None };
    let mut tree = Tree { session, levels: vec![root], written, ids: 0 };
    let mut from = 0;
    while from < tree.levels.len() {
        let until = tree.levels.len();
        tree.deepen(link, from..until).await?;
        from = until;
    }
    tree.folded()
}

/// Puts to rows what they hold and no statement gives.
fn prepare(model: &SchemaModel, rows: &mut Rows, needs: &Needs<'_>) -> Result<()> {
    rows.work_out(model, &needs.worked, |it| needs.position(it))?;
    for field in needs.expand.iter().map(|it| model.at(it.field)) {
        if field.target.is_none() {
            rows.leads_to_any(field.def.name);
        }
    }
    Ok(())
}

impl<'e> Tree<'e> {
    /// Asks everything that belongs to these levels at once.
    async fn deepen(&mut self, link: &Link, levels: std::ops::Range<usize>) -> Result<()> {
        let mut questions = Vec::new();
        for at in levels {
            self.ask(at, &mut questions)?;
        }
        // All are waited for, whichever fails: none is left behind on the connection.
        let answers = future::join_all(questions.iter().map(|it| it.fetch(link))).await;
        for (question, rows) in questions.into_iter().zip(answers) {
            self.take(question, rows?)?;
        }
        Ok(())
    }

    /// Adds the questions of a level.
    fn ask(&self, at: usize, questions: &mut Vec<Question<'e>>) -> Result<()> {
        let Level { model, needs, .. } = &self.levels[at];
        for field in &needs.collections {
            questions.push(self.ids(at, model.at(*field))?);
        }
        for expand in needs.expand {
            match model.at(expand.field).target {
                Some(_) => questions.push(self.records(at, expand)?),
                None => self.of_any(at, expand, questions)?,
            }
        }
        Ok(())
    }

    fn ids(&self, at: usize, field: &'e SchemaField) -> Result<Question<'e>> {
        let level = &self.levels[at];
        let keys = level.keys(field)?;
        let ids = distinct(&keys);
        let is_idle = ids.is_empty();
        let statement = links::linked_statement(self.session, level.model, field, ids)?;
        Ok(Question { of: at, field, keys, statement, is_idle, records: None })
    }

    fn records(&self, at: usize, expand: &'e Expand) -> Result<Question<'e>> {
        let level = &self.levels[at];
        let field = level.model.at(expand.field);
        let keys = level.keys(field)?;
        let target = self.session.schema().target(field);
        self.of_model(at, (expand, target, &expand.fields), keys)
    }

    /// The records of each model that a relation to any leads to, as far as the asker may read any
    /// of them at all: all that they hold and nothing behind it.
    fn of_any(
        &self,
        at: usize,
        expand: &'e Expand,
        questions: &mut Vec<Question<'e>>,
    ) -> Result<()> {
        let level = &self.levels[at];
        let schema = self.session.schema();
        let named = level.named_records(schema, level.model.at(expand.field))?;
        let mut models: Vec<ModelId> = named.iter().flatten().map(|it| it.0).collect();
        models.sort_unstable();
        models.dedup();
        for model in models {
            let target = schema.model(model);
            if matches!(self.session.scope(target, Verb::Read), Scope::Denied) {
                continue;
            }
            let key = |it: &Option<(ModelId, i64)>| it.filter(|it| it.0 == model).map(|it| it.1);
            let keys = named.iter().map(key).collect();
            let fields = usual_fields(self.session, target);
            questions.push(self.of_model(at, (expand, target, &fields), keys)?);
        }
        Ok(())
    }

    /// The records of one model behind a relation.
    fn of_model(
        &self,
        at: usize,
        (expand, target, fields): (&'e Expand, &'e SchemaModel, &[FieldId]),
        keys: Vec<Option<i64>>,
    ) -> Result<Question<'e>> {
        let level = &self.levels[at];
        let field = level.model.at(expand.field);
        let ids = distinct(&keys);
        let needs = Needs::of(target, fields, &expand.expand, Vec::new());
        // One more of each tells whether there are more; one more of all, whether it is too much.
        let left = EXPANDED_MAX.saturating_sub(self.written);
        let max = i64::try_from(left).unwrap_or(i64::MAX).saturating_add(count(&ids) + 1);
        let edge = Edge {
            model: level.model,
            field,
            target,
            fields: &needs.columns,
            also: &needs.also,
            filter: &expand.filter,
            sort: &expand.sort,
            each: expand.limit.map(|it| it.saturating_add(1)),
            max,
        };
        let is_idle = ids.is_empty();
        let statement = sql::behind(self.session, &edge, ids)?;
        let records = Some((expand, target, needs));
        Ok(Question { of: at, field, keys, statement, is_idle, records })
    }

    /// Puts the answer where it belongs.
    fn take(&mut self, question: Question<'e>, rows: Vec<Row>) -> Result<()> {
        let Question { of, field, keys, statement, records, .. } = question;
        let level = &mut self.levels[of];
        let Some((expand, model, needs)) = records else {
            let ids = distinct(&keys);
            let lists = links::linked_lists(field, &ids, &rows)?;
            let of_row = |key: &Option<i64>| key.and_then(|it| ids.binary_search(&it).ok());
            let of_row: Option<Vec<usize>> = keys.iter().map(of_row).collect();
            let of_row = of_row.ok_or_else(|| Error::broken("a record without an id"))?;
            let sizes = of_row.iter().map(|it| lists[*it].len() as u64);
            self.ids += sizes.zip(&level.times).map(|(size, times)| size * times).sum::<u64>();
            if self.ids > links::LINKED_MAX {
                return Err(links::too_many(field));
            }
            level.rows.link(field, lists, of_row);
            return Ok(());
        };
        let (stem, rows) = Stem::of(field, (rows, expand.limit), &keys)?;
        let times = stem.times(&level.times);
        self.written = self.written.saturating_add(times.iter().sum());
        if self.written > EXPANDED_MAX {
            return Err(too_many(expand, field));
        }
        let mut rows = Rows::of(statement.text, rows);
        prepare(model, &mut rows, &needs)?;
        self.levels.push(Level { model, needs, rows, times, from: Some((of, stem)) });
        Ok(())
    }

    /// Each level inside the one that it belongs to.
    fn folded(mut self) -> Result<Rows> {
        while let Some(Level { rows, from, .. }) = self.levels.pop() {
            match from {
                Some((of, stem)) => self.levels[of].rows.put_first(Branch { stem, rows }),
                None => return Ok(rows),
            }
        }
        Err(Error::broken("a tree without its root"))
    }
}

impl Question<'_> {
    async fn fetch(&self, link: &Link) -> Result<Vec<Row>> {
        match self.is_idle {
            true => Ok(Vec::new()),
            false => Ok(link.fetch(&self.statement.statement()).await?),
        }
    }
}

impl Level<'_> {
    /// For each row, the record that a reference to any names.
    fn named_records(
        &self,
        schema: &Schema,
        field: &SchemaField,
    ) -> Result<Vec<Option<(ModelId, i64)>>> {
        let at = self.needs.position(field.id);
        let at = at.ok_or_else(|| Error::broken("the key of a relation was not read"))?;
        let named = |row: &Row| {
            let text = row.optional_text(at)?;
            let record = text.and_then(|it| schema.named_record(&it).map(|it| (it.0.id, it.1)));
            Ok(record)
        };
        self.rows.list.iter().map(named).collect()
    }

    /// For each row, the key that finds what is behind a relation: where that is a column, its
    /// value; else the id of the row.
    fn keys(&self, field: &SchemaField) -> Result<Vec<Option<i64>>> {
        let key = match field.has_column() {
            true => Some(field.id),
            false => self.model.field("id").map(|it| it.id),
        };
        let at = key.and_then(|it| self.needs.position(it));
        let at = at.ok_or_else(|| Error::broken("the key of a relation was not read"))?;
        self.rows.list.iter().map(|it| it.optional_int(at)).collect()
    }
}

/// The fields that records hold where nobody says: all that the asker may read, but for to-many
/// ones and those that are marked heavy.
pub fn usual_fields(session: &Session, model: &SchemaModel) -> Vec<FieldId> {
    let readable = session.access().readable(model.id);
    let may = |id: FieldId| readable.as_ref().is_none_or(|it| it.contains(id));
    let is_usual = |it: &&SchemaField| !it.def.kind.is_to_many() && !it.def.heavy;
    let open = model.fields().iter().filter(|it| !it.def.is_secret() && may(it.id));
    open.filter(is_usual).map(|it| it.id).collect()
}

fn distinct(keys: &[Option<i64>]) -> Vec<i64> {
    let mut ids: Vec<i64> = keys.iter().flatten().copied().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn count(ids: &[i64]) -> i64 {
    i64::try_from(ids.len()).unwrap_or(i64::MAX)
}

/// The fault of a relation that would bring more records than an answer holds.
fn too_many(expand: &Expand, field: &SchemaField) -> Error {
    let violation = Violation { at: expand.at.clone(), code: "bad_parameter", params: Vec::new() };
    let violation = violation.with("reason", "too_many_records");
    Error::bad_query(violation.with("relation", field.def.name).with("max", EXPANDED_MAX))
}
