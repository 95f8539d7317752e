//! How far the numbers of each company have come.
//!
//! **Invariant:** whoever draws a number, or brings one of their own, holds the counter of the
//! company until their transaction ends: no two get the same.

use orm::{Error, Model, Result, Session};

/// How far the numbers of the sales of a company have come.
#[derive(Debug, Model)]
#[model(table = "sale_counters", display = "series", routes = "none")]
pub struct SaleCounter {
    /// The company; 0 for sales of no company.
    #[field(unique)]
    pub series: i64,
    /// The number that was given last.
    pub last: i64,
}

impl SaleCounter {
    /// Moves the counter of a company on, and holds it; the last of the numbers drawn.
    pub(crate) async fn draw(system: &Session, company: Option<i64>, count: usize) -> Result<i64> {
        let (series, count) = (company.unwrap_or_default().to_string(), count.to_string());
        let rows = system
            .sql(
                "insert into sale_counters as it (series, last) values ($1::bigint, $2::bigint) \
                 on conflict (series) do update \
                 set last = it.last + excluded.last, version = it.version + 1, updated_at = now() \
                 returning it.last::text",
                &[&series, &count],
            )
            .await?;
        let last = rows.first().and_then(|it| it.first()?.as_deref()?.parse().ok());
        last.ok_or_else(|| Error::broken("a counter of sales gave no number"))
    }
}
