//! A line of a new sale, and its arithmetic: each amount is rounded on its line.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::Deserialize;

/// A line as it is sent, with all that a form has filled in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLine {
    pub(crate) product_id: i64,
    pub(crate) name: String,
    pub(crate) qty: Decimal,
    pub(crate) unit_id: i64,
    pub(crate) price: Decimal,
    #[serde(default)]
    pub(crate) discount: Decimal,
    pub(crate) tax_id: Option<i64>,
}

/// What a line, or all of them, come to.
#[derive(Clone, Copy, Default)]
pub(crate) struct Sums {
    pub(crate) untaxed: Decimal,
    pub(crate) tax: Decimal,
    pub(crate) total: Decimal,
}

impl NewLine {
    pub(crate) fn is_valid(&self) -> bool {
        let fits = |it: &Decimal, max: i64, scale| it.abs() <= max.into() && it.scale() <= scale;
        self.name.chars().count() <= 200
            && fits(&self.qty, 1_000_000, 3)
            && fits(&self.price, 1_000_000_000, 2)
            && fits(&self.discount, 100, 2)
            && !self.discount.is_sign_negative()
    }

    /// With so much tax, in per cent.
    pub(crate) fn sums(&self, percent: Option<Decimal>) -> Sums {
        let gross = rounded(self.price * self.qty);
        let left = Decimal::ONE_HUNDRED - self.discount;
        let untaxed = rounded(gross * left / Decimal::ONE_HUNDRED);
        let tax = rounded(untaxed * percent.unwrap_or_default() / Decimal::ONE_HUNDRED);
        Sums { untaxed, tax, total: untaxed + tax }
    }
}

impl Sums {
    /// Both together.
    pub(crate) fn plus(self, other: &Self) -> Self {
        Self {
            untaxed: self.untaxed + other.untaxed,
            tax: self.tax + other.tax,
            total: self.total + other.total,
        }
    }
}

fn rounded(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}
