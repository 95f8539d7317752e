//! What lines take over where nobody says: from their product its name, unit and price, and from
//! the lines before them their place.

use std::collections::BTreeMap;

use orm::{ChangeSet, Id, Model, Record, RecordChange, Result, Session};
use products::Product;

use crate::{Sale, SaleLine};

/// Of new lines, and of lines that get another product, sets what the product says and nobody else
/// does. A product that its asker may not see is refused as a reference, whatever is set here.
///
/// # Errors
/// When the database is away.
pub(crate) async fn of_products(session: &Session, set: &mut ChangeSet<SaleLine>) -> Result<()> {
    let mut wanted = Vec::new();
    for (at, line) in set.iter().enumerate() {
        let lacks = [
            !line.names(SaleLine::NAME),
            !line.names(SaleLine::UNIT),
            !line.names(SaleLine::PRICE),
        ];
        if let (Some(product), true) = (next_product(&line)?, lacks.contains(&true)) {
            wanted.push((at, product, lacks));
        }
    }
    if wanted.is_empty() {
        return Ok(());
    }
    let system = session.as_system("complete lines from their products");
    let ids = wanted.iter().map(|it| Id::<Product>::new(it.1));
    let products = Product::query(&system).filter(Product::ID.one_of(ids)).all().await?;
    let products: BTreeMap<i64, &Record<Product>> =
        products.iter().map(|it| (it.id().get(), it)).collect();
    for (at, product, [name, unit, price]) in wanted {
        let Some(product) = products.get(&product) else { continue };
        if name {
            set.set_at(at, SaleLine::NAME.set(product.name.clone()));
        }
        if unit {
            set.set_at(at, SaleLine::UNIT.set(product.unit.id()));
        }
        if price {
            set.set_at(at, SaleLine::PRICE.set(product.price));
        }
    }
    Ok(())
}

/// The product of a new line, or the one that takes the place of another.
fn next_product(line: &RecordChange<'_, SaleLine>) -> Result<Option<i64>> {
    let next = line.value(SaleLine::PRODUCT).and_then(orm::Value::as_int);
    let earlier = line.old()?.map(|it| it.product.id().get());
    Ok(next.filter(|it| Some(*it) != earlier))
}

/// Puts new lines that name no place behind those that are there.
///
/// # Errors
/// When the database is away.
pub(crate) async fn places(session: &Session, set: &mut ChangeSet<SaleLine>) -> Result<()> {
    let system = session.as_system("complete lines from their products");
    let mut last: BTreeMap<Option<i64>, i32> = BTreeMap::new();
    let mut places = Vec::new();
    for (at, line) in set.iter().enumerate() {
        if line.names(SaleLine::SEQUENCE) {
            continue;
        }
        let sale = line.value(SaleLine::SALE).and_then(orm::Value::as_int);
        let before = match (last.get(&sale), sale) {
            (Some(it), _) => *it,
            (None, Some(sale)) if !set.comes_with_new() => last_of(&system, Id::new(sale)).await?,
            (None, _) => 0,
        };
        let place = before.saturating_add(1);
        last.insert(sale, place);
        places.push((at, place));
    }
    for (at, place) in places {
        set.set_at(at, SaleLine::SEQUENCE.set(place));
    }
    Ok(())
}

async fn last_of(system: &Session, sale: Id<Sale>) -> Result<i32> {
    let lines = SaleLine::query(system).filter(SaleLine::SALE.eq(sale));
    Ok(lines.order_desc(SaleLine::SEQUENCE).first().await?.map_or(0, |it| it.sequence))
}
