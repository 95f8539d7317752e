//! Taxes that come on top of what lines come to, one a line.

use orm::{Decimal, Model};

/// A tax on what is sold.
#[derive(Debug, Model)]
#[model(table = "taxes", display = "name", order = "name")]
pub struct Tax {
    #[field(max = 60, unique, search)]
    pub name: String,
    /// How much of the price before tax it is, in per cent. A change moves the amounts of every
    /// line that has it.
    #[field(min = 0, max = 100, scale = 3)]
    pub percent: Decimal,
}
