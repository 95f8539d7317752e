//! The numbers of sales: `S00001`, counted by each company on its own. There may be gaps.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use orm::{ChangeSet, Cond, Error, ErrorKind, Id, Model, RecordChange, Result, Session, Value};
use users::Company;

use crate::{Sale, sale_counter::SaleCounter};

/// What the sales of one company need.
#[derive(Default)]
struct Wishes {
    /// Positions of those that get the next number.
    open: Vec<usize>,
    /// Numbers that somebody brings, and the sales that get them, where they stand already.
    brought: Vec<(String, Option<i64>)>,
}

/// Gives each sale a number that has none, and each that moves to another company a new one. A
/// number that somebody brings is theirs, unless it is taken.
///
/// # Errors
/// Not unique.
pub(crate) async fn give(session: &Session, set: &mut ChangeSet<Sale>) -> Result<()> {
    let mut wishes: BTreeMap<Option<i64>, Wishes> = BTreeMap::new();
    for (at, sale) in set.iter().enumerate() {
        let (company, is_new) = next_company(&sale)?;
        match sale.value(Sale::NUMBER).and_then(Value::as_text) {
            Some(number) => {
                let brought = &mut wishes.entry(company).or_default().brought;
                brought.push((number.to_owned(), sale.id()));
            }
            None if is_new && !sale.names(Sale::NUMBER) => {
                wishes.entry(company).or_default().open.push(at);
            }
            None => {}
        }
    }
    let system = session.as_system("number sales");
    for (company, Wishes { open, brought }) in wishes {
        if !brought.is_empty() {
            let highest = brought.iter().filter_map(|it| read(&it.0)).max().unwrap_or_default();
            SaleCounter::draw(&system, company, (0, highest)).await?;
            if is_taken(&system, company, &brought).await? {
                return Err(not_unique());
            }
        }
        let numbers = draw(&system, company, open.len(), &brought).await?;
        for (at, number) in open.into_iter().zip(numbers) {
            set.set_at(at, Sale::NUMBER.set(number));
        }
    }
    Ok(())
}

/// The company that a sale will be of, and whether it was not of it before.
fn next_company(sale: &RecordChange<'_, Sale>) -> Result<(Option<i64>, bool)> {
    let named = sale.value(Sale::COMPANY).map(Value::as_int);
    let old = sale.old()?.map(|it| it.company.map(|it| it.id().get()));
    let next = named.or(old).flatten();
    Ok((next, old != Some(next)))
}

fn of_company(company: Option<i64>) -> Cond<Sale> {
    match company {
        Some(it) => Sale::COMPANY.eq(Id::<Company>::new(it)),
        None => Sale::COMPANY.is_none(),
    }
}

/// Whether one of the numbers that somebody brings is another sale's. A constraint cannot say so:
/// to it, sales without a company have nothing in common.
async fn is_taken(
    system: &Session,
    company: Option<i64>,
    brought: &[(String, Option<i64>)],
) -> Result<bool> {
    let mut seen = BTreeSet::new();
    if !brought.iter().all(|it| seen.insert(&it.0)) {
        return Ok(true);
    }
    let taken = taken(system, company, brought.iter().map(|it| it.0.clone())).await?;
    let is_own = |number: &str, id| brought.iter().any(|it| it.0 == number && it.1 == Some(id));
    Ok(taken.iter().any(|(number, id)| !is_own(number, *id)))
}

/// That many numbers that no sale of the company has.
async fn draw(
    system: &Session,
    company: Option<i64>,
    count: usize,
    brought: &[(String, Option<i64>)],
) -> Result<Vec<String>> {
    let mut numbers = Vec::with_capacity(count);
    while numbers.len() < count {
        let missing = count - numbers.len();
        let counter = SaleCounter::draw(system, company, (missing, 0)).await?;
        let drawn = (0..missing as i64).rev().map(|it| counter.last - it);
        let (doubtful, free): (Vec<i64>, Vec<i64>) = drawn.partition(|it| *it <= counter.brought);
        if !doubtful.is_empty() {
            let doubtful: Vec<String> = doubtful.into_iter().map(written).collect();
            let taken = taken(system, company, doubtful.iter().cloned()).await?;
            let mut taken: BTreeSet<String> = taken.into_iter().map(|it| it.0).collect();
            taken.extend(brought.iter().map(|it| it.0.clone()));
            numbers.extend(doubtful.into_iter().filter(|it| !taken.contains(it)));
        }
        numbers.extend(free.into_iter().map(written));
    }
    Ok(numbers)
}

fn written(number: i64) -> String {
    format!("S{number:05}")
}

/// The number that is written so, if it is one of ours.
fn read(number: &str) -> Option<i64> {
    number.strip_prefix('S')?.parse().ok()
}

/// Those of the numbers that sales of the company have, with their sales.
async fn taken(
    system: &Session,
    company: Option<i64>,
    numbers: impl Iterator<Item = String>,
) -> Result<Vec<(String, i64)>> {
    let cond = of_company(company).and(Sale::NUMBER.one_of(numbers));
    let sales = Sale::query(system).filter(cond).all().await?;
    Ok(sales.iter().map(|it| (it.number.clone(), it.id().get())).collect())
}

fn not_unique() -> Error {
    ErrorKind::NotUnique { fields: vec![Cow::Borrowed("number")], record: String::new() }.into()
}
