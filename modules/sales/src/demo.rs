//! 120 sales to look at, and 5 000 to measure with: of four owners and of nobody, in every stage,
//! of the last two years.

use std::ops::RangeInclusive;

use artel_core::{
    Result, Session,
    demo::{Chance, Progress, Unwatched, create_all},
};
use orm::{
    Changes, Decimal, Id, Model, Record,
    chrono::{Days, NaiveDate},
};
use partners::Partner;
use products::Product;

use crate::{Sale, SaleLine, SaleStage, Tax, seed};

/// How many sales, of how many lines, by which row of chance.
struct Plan {
    sales: usize,
    lines: RangeInclusive<i64>,
    seed: u64,
}

const SMALL: Plan = Plan { sales: 120, lines: 1..=5, seed: 120 };
/// With those of the small one 5 000.
const LARGE: Plan = Plan { sales: 5_000 - SMALL.sales, lines: 3..=8, seed: 5_000 };

const DAYS: usize = 730;

/// What sales point at.
struct Around {
    today: NaiveDate,
    stages: Vec<Id<SaleStage>>,
    taxes: Vec<Id<Tax>>,
    partners: Vec<Record<Partner>>,
    products: Vec<Record<Product>>,
}

pub(crate) async fn fill(session: &Session) -> Result<()> {
    make(session, &SMALL, &Unwatched).await
}

pub(crate) async fn fill_large(session: &Session, progress: &dyn Progress) -> Result<()> {
    make(session, &LARGE, progress).await
}

async fn make(session: &Session, plan: &Plan, progress: &dyn Progress) -> Result<()> {
    let around = Around {
        today: session.now().date_naive(),
        stages: seed::stages(session).await?,
        taxes: seed::taxes(session).await?,
        partners: Partner::query(session).order(Partner::ID).all().await?,
        products: Product::query(session).order(Product::ID).all().await?,
    };
    let mut chance = Chance::of(plan.seed);
    let sales: Vec<_> = (0..plan.sales).filter_map(|_| sale(&mut chance, &around)).collect();
    let sales = create_all(session, progress, sales).await?;
    let mut lines = Vec::new();
    for sale in sales {
        let count = chance.between(*plan.lines.start(), *plan.lines.end());
        let of_sale = (1..=count).filter_map(|place| line(&mut chance, &around, sale, place));
        lines.extend(of_sale);
    }
    create_all(session, progress, lines).await?;
    Ok(())
}

/// A sale to a partner, by whoever looks after them; now and then nobody's yet.
fn sale(chance: &mut Chance, around: &Around) -> Option<Changes<Sale>> {
    let partner = chance.one(&around.partners)?;
    let owner = partner.owner.filter(|_| !chance.percent(8));
    let company = partner.company.map(|it| it.id());
    let days = chance.below(DAYS);
    Some(Changes::from([
        Sale::PARTNER.set(partner.id()),
        Sale::OWNER.set(owner.map(|it| it.id())),
        Sale::COMPANY.set(company),
        Sale::STAGE.set(stage(chance, days, &around.stages)?),
        Sale::DATE.set(around.today.checked_sub_days(Days::new(days as u64))?),
    ]))
}

/// What is older than a season is decided: mostly done, sometimes cancelled.
fn stage(chance: &mut Chance, days: usize, stages: &[Id<SaleStage>]) -> Option<Id<SaleStage>> {
    let [open @ .., done, cancelled] = stages else { return None };
    match days > 90 {
        true if chance.percent(15) => Some(*cancelled),
        true => Some(*done),
        false => chance.one(open).copied(),
    }
}

fn line(
    chance: &mut Chance,
    around: &Around,
    sale: Id<Sale>,
    place: i64,
) -> Option<Changes<SaleLine>> {
    let product = chance.one(&around.products)?;
    // Mostly whole pieces, sometimes by the gram.
    let qty = match chance.percent(80) {
        true => Decimal::from(chance.between(1, 40)),
        false => Decimal::new(chance.between(1, 25_000), 3),
    };
    let discount = if chance.percent(25) { chance.between(1, 40) * 50 } else { 0 };
    let tax = if chance.percent(90) { chance.one(&around.taxes).copied() } else { None };
    Some(Changes::from([
        SaleLine::SALE.set(sale),
        SaleLine::SEQUENCE.set(i32::try_from(place).ok()?),
        SaleLine::PRODUCT.set(product.id()),
        SaleLine::QTY.set(qty),
        SaleLine::DISCOUNT.set(Decimal::new(discount, 2)),
        SaleLine::TAX.set(tax),
    ]))
}
