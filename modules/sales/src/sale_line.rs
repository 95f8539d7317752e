//! The lines of sales: parts of them, with no rights of their own. Here is all the arithmetic.
//!
//! **Invariant:** every amount is rounded on its line, half away from zero, to 2 places; sums are
//! sums of what is rounded, so that a paper adds up for whoever checks it by hand.

use orm::{ChangeSet, Computed, Decimal, Many2One, Model, Result, RoundingStrategy, Session, Verb};
use products::{Product, Unit};

use crate::{Sale, Tax, line_defaults};

/// Something that is sold, and what it comes to.
#[derive(Debug, Model)]
#[model(table = "sale_lines", display = "name", order = "sale, sequence")]
#[model(child_of = "sale", touch, before = complete, onchange = fill_in)]
pub struct SaleLine {
    /// What it is a part of.
    pub sale: Many2One<Sale>,
    /// Its place among the others, from above: the last, where nobody says.
    #[field(min = 0, filled)]
    pub sequence: i32,
    /// What is sold.
    #[field(on_delete = "restrict", index)]
    pub product: Many2One<Product>,
    /// As it stands on paper: the name of the product, where nobody says.
    #[field(max = 200, filled, search)]
    pub name: String,
    /// How many units; less than 0 where something comes back.
    #[field(min = -1_000_000, max = 1_000_000, scale = 3, default = 1)]
    pub qty: Decimal,
    /// What it is counted in: the unit of the product, where nobody says.
    #[field(on_delete = "restrict", filled)]
    pub unit: Many2One<Unit>,
    /// Of one unit, before discount and taxes: the price of the product, where nobody says.
    #[field(min = -1_000_000_000, max = 1_000_000_000, scale = 2, filled)]
    pub price: Decimal,
    /// What is let off the price, in per cent.
    #[field(min = 0, max = 100, scale = 2, default = 0)]
    pub discount: Decimal,
    /// The tax that comes on top.
    #[field(on_delete = "restrict", index)]
    pub tax: Option<Many2One<Tax>>,
    /// Before tax.
    #[field(compute = subtotal(price, qty, discount), stored, scale = 2)]
    pub subtotal: Computed<Decimal>,
    // What a paper comes to is no secret to whoever sees it, whoever may read the list of taxes:
    // therefore `reveals`, here and on all sums.
    #[field(compute = tax_amount(subtotal, tax.percent), stored, scale = 2, reveals)]
    pub tax_amount: Computed<Decimal>,
    /// With tax.
    #[field(compute = total(subtotal, tax_amount), stored, scale = 2, reveals)]
    pub total: Computed<Decimal>,
}

fn subtotal(price: Decimal, qty: Decimal, discount: Decimal) -> Decimal {
    let gross = rounded(price * qty);
    rounded(gross * (Decimal::ONE_HUNDRED - discount) / Decimal::ONE_HUNDRED)
}

fn tax_amount(subtotal: Decimal, percent: Option<Decimal>) -> Decimal {
    rounded(subtotal * percent.unwrap_or_default() / Decimal::ONE_HUNDRED)
}

fn total(subtotal: Decimal, tax_amount: Decimal) -> Decimal {
    subtotal + tax_amount
}

fn rounded(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// A form whose product was chosen shows what comes with it.
async fn fill_in(session: &Session, set: &mut ChangeSet<SaleLine>) -> Result<()> {
    line_defaults::of_products(session, set).await
}

async fn complete(session: &Session, set: &mut ChangeSet<SaleLine>) -> Result<()> {
    match set.verb() {
        Verb::Create => {
            line_defaults::of_products(session, set).await?;
            line_defaults::places(session, set).await
        }
        Verb::Update if set.names(SaleLine::PRODUCT) => {
            line_defaults::of_products(session, set).await
        }
        Verb::Update | Verb::Read | Verb::Delete => Ok(()),
    }
}
