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
    /// The highest number that somebody brought: up to it, what is drawn may be taken. Where it is
    /// not known, anything may be.
    #[field(default = 9_223_372_036_854_775_807)]
    pub brought: i64,
}

/// What a counter says while it is held.
pub(crate) struct Drawn {
    /// The last of the numbers drawn.
    pub(crate) last: i64,
    /// The highest number that somebody brought.
    pub(crate) brought: i64,
}

impl SaleCounter {
    /// Moves the counter of a company on, notes the highest of the numbers that somebody brings,
    /// and holds it.
    pub(crate) async fn draw(
        system: &Session,
        company: Option<i64>,
        (count, brought): (usize, i64),
    ) -> Result<Drawn> {
        let series = company.unwrap_or_default().to_string();
        let (count, brought) = (count.to_string(), brought.to_string());
        let rows = system
            .sql(
                "insert into sale_counters as it (series, last, brought) \
                 values ($1::bigint, $2::bigint, $3::bigint) \
                 on conflict (series) do update set last = it.last + excluded.last, \
                 brought = greatest(it.brought, excluded.brought), \
                 version = it.version + 1, updated_at = now() \
                 returning it.last::text, it.brought::text",
                &[&series, &count, &brought],
            )
            .await?;
        let cell = |at: usize| rows.first()?.get(at)?.as_deref()?.parse().ok();
        let drawn = cell(0).zip(cell(1)).map(|(last, brought)| Drawn { last, brought });
        drawn.ok_or_else(|| Error::broken("a counter of sales gave no number"))
    }
}
