//! A catalogue to look at: 240 products on 12 shelves of 4 groups, in English and Russian; and
//! 1 000 to measure with.

mod shelf;

use artel_core::{
    Result, Session,
    demo::{Chance, Progress, create_all},
};
use orm::{Changes, Decimal, Id, Model, Record};

use crate::{
    Category, Product, ProductKind, ProductTag, Unit,
    demo::shelf::{GROUPS, Shelf},
    seed,
};

const TAGS: [&str; 4] = ["новинка", "eco", "хит", "sale"];

/// With those that were there before, 1 000.
const LARGE: usize = 760;

/// Where the products of a shelf are put, and what they are counted in.
struct Place {
    /// Counted from one, over all groups.
    number: usize,
    category: Id<Category>,
    unit: Id<Unit>,
}

pub(crate) async fn fill(session: &Session) -> Result<()> {
    let mut products = Vec::new();
    let mut number = 0;
    for (name, shelves) in &GROUPS {
        let group = category(session, [Category::NAME.set(*name)]).await?;
        for shelf in shelves {
            number += 1;
            let named = [Category::NAME.set(shelf.name), Category::PARENT.set(group)];
            let category = category(session, named).await?;
            let place = Place { number, category, unit: seed::unit(session, shelf.unit).await? };
            products.extend(on(shelf, &place));
        }
    }
    let tags = TAGS.map(|it| Changes::from([ProductTag::NAME.set(it)]));
    let tags = ProductTag::create_many(session, tags.into()).await?;
    let products = products.into_iter().zip(0..).map(|(it, at)| tagged(it, at, &tags)).collect();
    Product::create_many(session, products).await?;
    Ok(())
}

/// The same things in other sizes, which cost more or less.
pub(crate) async fn fill_large(session: &Session, progress: &dyn Progress) -> Result<()> {
    let products = Product::query(session).order(Product::ID).all().await?;
    let mut chance = Chance::of(1_000);
    let again = (1..=LARGE)
        .filter_map(|at| Some(resized(&mut chance, products.get(at % products.len().max(1))?, at)));
    create_all(session, progress, again.collect()).await?;
    Ok(())
}

fn resized(chance: &mut Chance, of: &Record<Product>, at: usize) -> Changes<Product> {
    let share = Decimal::new(chance.between(60, 180), 2);
    Changes::from([
        Product::NAME.set(format!("{}, № {at}", of.name)),
        Product::SKU.set(format!("90-{at:04}")),
        Product::KIND.set(of.kind),
        Product::PRICE.set((of.price * share).round_dp(2)),
        Product::COST.set(of.cost.map(|it| (it * share).round_dp(2))),
        Product::UNIT.set(of.unit.id()),
        Product::CATEGORY.set(of.category.map(|it| it.id())),
    ])
}

async fn category<const N: usize>(
    session: &Session,
    changes: [orm::Change<Category>; N],
) -> Result<Id<Category>> {
    Ok(Category::create(session, changes).await?.id())
}

/// Every form of a shelf in every finish.
fn on(shelf: &Shelf, place: &Place) -> Vec<Changes<Product>> {
    let forms = shelf.forms.iter().zip(0..);
    let pairs = forms.flat_map(|form| shelf.finishes.iter().zip(0..).map(move |it| (form, it)));
    let named =
        pairs.map(|((form, at), (finish, step))| (format!("{form}, {finish}"), 3 * at + step));
    named.zip(1..).map(|((name, step), row)| product(shelf, place, (name, step), row)).collect()
}

/// The dearer, the later its form and its finish come; a service has no cost.
fn product(
    shelf: &Shelf,
    place: &Place,
    (name, step): (String, i64),
    row: usize,
) -> Changes<Product> {
    let price = Decimal::new(shelf.price + shelf.price * step / 10, 2);
    let share = Decimal::new(55 + step, 2);
    let cost = (shelf.kind != ProductKind::Service).then(|| (price * share).round_dp(2));
    Changes::from([
        Product::NAME.set(name),
        Product::SKU.set(format!("{:02}-{row:03}", place.number)),
        Product::KIND.set(shelf.kind),
        Product::PRICE.set(price),
        Product::COST.set(cost),
        Product::UNIT.set(place.unit),
        Product::CATEGORY.set(place.category),
        // One of each shelf is no longer on sale.
        Product::ACTIVE.set(row != 17),
    ])
}

/// Gives every third product one or two words.
fn tagged(product: Changes<Product>, at: usize, tags: &[Id<ProductTag>]) -> Changes<Product> {
    if !at.is_multiple_of(3) {
        return product;
    }
    let at = at / 3;
    product.with(Product::TAGS.add(&[tags[at % TAGS.len()], tags[at * at % TAGS.len()]]))
}
