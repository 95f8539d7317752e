//! Routes that a module writes itself, in Rust, as whoever asks.

use artel_core::{
    Answer, Ctx, Id, Model, Record, Result,
    http::poem_openapi::{self, OpenApi, param::Path},
};
use orm::Decimal;

use crate::office::Paper;

pub(crate) struct Routes;

#[OpenApi(prefix_path = "/office")]
impl Routes {
    /// Every paper that costs something, the dearest first: fields that are closed to most.
    #[oai(path = "/dear_papers", method = "get")]
    async fn dear_papers(&self, ctx: Ctx) -> Result<Answer<Vec<Record<Paper>>>> {
        let dear = Paper::query(&ctx).filter(Paper::COST.gt(Decimal::ZERO));
        Ok(Answer(dear.order_desc(Paper::COST).all().await?))
    }

    #[oai(path = "/papers/:id", method = "get")]
    async fn find_by_hand(&self, ctx: Ctx, id: Path<i64>) -> Result<Answer<Record<Paper>>> {
        Ok(Answer(Paper::find(&ctx, Id::new(id.0)).await?))
    }

    /// Sets a closed field, which code may and a caller may not.
    #[oai(path = "/papers/:id/price", method = "post")]
    async fn price(&self, ctx: Ctx, id: Path<i64>) -> Result<Answer<Record<Paper>>> {
        let cost = [Paper::COST.set(Decimal::from(77))];
        Ok(Answer(Paper::update(&ctx, Id::new(id.0), cost).await?))
    }

    #[oai(path = "/papers/:id/give/:to", method = "post")]
    async fn give(&self, ctx: Ctx, id: Path<i64>, to: Path<i64>) -> Result<Answer<Record<Paper>>> {
        let owner = [Paper::OWNER.set(Id::new(to.0)), Paper::LEVEL.set(9)];
        Ok(Answer(Paper::update(&ctx, Id::new(id.0), owner).await?))
    }

    #[oai(path = "/papers/:id/labels/:label", method = "post")]
    async fn label(
        &self,
        ctx: Ctx,
        id: Path<i64>,
        label: Path<i64>,
    ) -> Result<Answer<Record<Paper>>> {
        Paper::update(&ctx, Id::new(id.0), [Paper::LABELS.add(&[Id::new(label.0)])]).await?;
        Ok(Answer(Paper::find(&ctx, Id::new(id.0)).await?))
    }

    /// What only the system may: a statement of one's own.
    #[oai(path = "/raw", method = "post")]
    async fn raw(&self, ctx: Ctx) -> Result<Answer<Vec<Record<Paper>>>> {
        ctx.sql("update papers set level = 0", &[]).await?;
        Ok(Answer(Vec::new()))
    }
}
