//! Lists, single records and counts.

use futures_util::future;

use crate::{
    Error, Filter, Result, Scope, Session, Verb,
    engine::{
        expand::{self, Expand, Needs},
        rows::Rows,
    },
    pg::{Lane, Row},
    schema::{FieldId, SchemaModel},
    sql::{self, Select, SortKey},
};

/// What a list is asked for.
#[derive(Debug, Clone)]
pub struct List {
    /// What each record holds, in this order, to-many fields behind the others.
    pub fields: Vec<FieldId>,
    /// Which records.
    pub filter: Filter,
    /// In which order; ends with `id`.
    pub sort: Vec<SortKey>,
    /// Records at the most.
    pub limit: i64,
    /// Records passed over.
    pub offset: i64,
    /// Whether they are counted.
    pub count: Count,
    /// The relations whose records come with them.
    pub expand: Vec<Expand>,
}

/// Whether and how all records that pass are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Count {
    /// Not at all.
    #[default]
    None,
    /// Exactly up to 10 000; beyond that, what the planner expects.
    Estimated,
    /// Exactly, whatever it costs.
    Exact,
}

/// A page of a list.
pub struct Listed {
    /// Its records.
    pub rows: Rows,
    /// Whether more follow.
    pub has_more: bool,
    /// How many there are in all, if that was asked.
    pub total: Option<Total>,
}

/// A number of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    /// The number.
    pub value: i64,
    /// How good it is.
    pub kind: TotalKind,
}

/// How good a total is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TotalKind {
    /// That many.
    Exact,
    /// About that many.
    Estimated,
    /// That many or more.
    AtLeast,
}

/// Up to here an estimated count is exact.
const COUNTED_MAX: i64 = 10_000;

/// A page of the records that pass, as far as the asker may see them.
///
/// One statement, with a count a second one beside it on the same connection, and one for each
/// to-many field and each relation of each level.
///
/// # Errors
/// Denied without a grant; a bad query when too many records would come with them; unavailable
/// when the database is.
pub async fn list(session: &Session, model: &SchemaModel, of: &List) -> Result<Listed> {
    let needs = Needs::of(model, &of.fields, &of.expand, Vec::new());
    let select = Select {
        fields: needs.columns.clone(),
        also: needs.also.clone(),
        filter: of.filter.clone(),
        sort: of.sort.clone(),
        limit: Some(of.limit + 1),
        offset: of.offset,
        lane: Lane::Fresh,
        is_locking: false,
    };
    let select = sql::select(session, model, &select)?;
    let cap = if of.count == Count::Exact { None } else { Some(COUNTED_MAX + 1) };
    let link = session.link().await?;
    let statement = select.statement();
    let (mut list, counted) = if of.count == Count::None {
        (link.fetch(&statement).await?, None)
    } else {
        let count = sql::count(session, model, &of.filter, cap)?;
        let count = count.statement();
        let (list, count) = future::try_join(link.fetch(&statement), link.fetch(&count)).await?;
        (list, Some(first_int(&count)?))
    };
    let limit = usize::try_from(of.limit).map_err(|_| Error::broken("a limit below zero"))?;
    let has_more = list.len() > limit;
    list.truncate(limit);
    let rows = expand::grow(session, &link, (model, Rows::of(select.text, list), needs)).await?;
    drop(link);
    let total = match counted {
        Some(value) if cap.is_some() && value > COUNTED_MAX => {
            Some(beyond(session, model, &of.filter).await?)
        }
        counted => counted.map(|value| Total { value, kind: TotalKind::Exact }),
    };
    Ok(Listed { rows, has_more, total })
}

/// The total of more records than are counted one by one. Whoever stands under a rule is not
/// told what the planner thinks: its figure speaks of rows that they may not see.
async fn beyond(session: &Session, model: &SchemaModel, filter: &Filter) -> Result<Total> {
    if is_ruled(session, model, filter) {
        return Ok(Total { value: COUNTED_MAX, kind: TotalKind::AtLeast });
    }
    let estimate = sql::estimate(session, model, filter)?;
    let rows = session.link().await?.fetch(&estimate.statement()).await?;
    // JSON, which comes as its text.
    let plan = rows.first().and_then(|it| it.raw(0)).unwrap_or_default();
    let value = planned_rows(&String::from_utf8_lossy(plan)).unwrap_or(0).max(COUNTED_MAX + 1);
    Ok(Total { value, kind: TotalKind::Estimated })
}

/// The first `Plan Rows` of an `EXPLAIN (FORMAT JSON)`: that of the whole plan.
fn planned_rows(plan: &str) -> Option<i64> {
    let (_, rest) = plan.split_once("\"Plan Rows\":")?;
    let digits: String = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// Whether a rule narrows what the asker sees of any model that the filter touches.
fn is_ruled(session: &Session, model: &SchemaModel, filter: &Filter) -> bool {
    if !matches!(session.scope(model, Verb::Read), Scope::All) {
        return true;
    }
    let behind = |field: &str, inner: Option<&Filter>| {
        let target = model.field(field).map(|it| session.schema().target(it));
        target.is_some_and(|it| is_ruled(session, it, inner.unwrap_or(&Filter::all())))
    };
    match filter {
        Filter::And(list) | Filter::Or(list) => list.iter().any(|it| is_ruled(session, model, it)),
        Filter::Not(inner) => is_ruled(session, model, inner),
        Filter::Hop { field, inner } | Filter::Related { field, inner, .. } => {
            behind(field, Some(inner))
        }
        Filter::NoRecord { field } => behind(field, None),
        Filter::Compare { .. } | Filter::Absent { .. } | Filter::Given { .. } => false,
    }
}

/// One record and its version; one statement, and one for each to-many field and each relation of
/// each level.
///
/// # Errors
/// Missing when it is not there or hidden; denied without a grant; a bad query when too many
/// records would come with it.
pub async fn read(
    session: &Session,
    model: &SchemaModel,
    id: i64,
    (fields, expand): (&[FieldId], &[Expand]),
) -> Result<(Rows, i64)> {
    let version = model.field("version").map(|it| it.id).into_iter();
    let needs = Needs::of(model, fields, expand, version.collect());
    let select = Select { also: needs.also.clone(), ..Select::one(needs.columns.clone(), id) };
    let select = sql::select(session, model, &select)?;
    let link = session.link().await?;
    let rows = Rows::of(select.text.clone(), link.fetch(&select.statement()).await?);
    let version = rows.extra(0)?;
    Ok((expand::grow(session, &link, (model, rows, needs)).await?, version))
}

/// How many records pass.
///
/// # Errors
/// Denied without a grant.
pub async fn count(session: &Session, model: &SchemaModel, filter: &Filter) -> Result<i64> {
    let count = sql::count(session, model, filter, None)?;
    first_int(&session.link().await?.fetch(&count.statement()).await?)
}

/// Whether any record passes.
///
/// # Errors
/// Denied without a grant.
pub async fn exists(session: &Session, model: &SchemaModel, filter: &Filter) -> Result<bool> {
    let count = sql::count(session, model, filter, Some(1))?;
    Ok(first_int(&session.link().await?.fetch(&count.statement()).await?)? > 0)
}

/// The keys of the records that pass, as far as the asker may see them, in their order.
///
/// # Errors
/// Denied without a grant.
pub async fn ids(session: &Session, model: &SchemaModel, filter: &Filter) -> Result<Vec<i64>> {
    let id = model.field("id").ok_or_else(|| Error::broken("every model has an id"))?.id;
    let select = Select {
        fields: vec![id],
        also: Vec::new(),
        filter: filter.clone(),
        sort: vec![SortKey::id(&[])],
        limit: None,
        offset: 0,
        lane: Lane::Fresh,
        is_locking: false,
    };
    let select = sql::select(session, model, &select)?;
    let rows = session.link().await?.fetch(&select.statement()).await?;
    rows.iter().map(|it| it.int(0)).collect()
}

/// Every column of the records that pass, for typed reads, with what comes with them.
pub(crate) async fn select_whole(
    session: &Session,
    model: &SchemaModel,
    mut of: Select,
    expand: &[Expand],
) -> Result<Rows> {
    let columns: Vec<FieldId> = model.columns().map(|it| it.id).collect();
    let needs = Needs::of(model, &columns, expand, Vec::new());
    of.fields = columns;
    let select = sql::select(session, model, &of)?;
    let link = session.link().await?;
    let list = link.fetch(&select.statement()).await?;
    expand::grow(session, &link, (model, Rows::of(select.text, list), needs)).await
}

fn first_int(rows: &[Row]) -> Result<i64> {
    rows.first().ok_or_else(|| Error::broken("a count without a row"))?.int(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_planner_is_asked_for_the_whole_plan() {
        let plan = r#"[{"Plan": {"Node Type": "Hash Join", "Plan Rows": 4711, "Plans": [{"Plan Rows": 1}]}}]"#;
        assert_eq!(planned_rows(plan), Some(4711));
        assert_eq!(planned_rows("[]"), None);
    }
}
