//! `POST /{m}/delete_where`: the end of every record that passes, all or none.

use orm::Verb;

use crate::{
    Result,
    crud::{Reply, Request, bulk},
};

pub(crate) async fn delete_where(request: &Request<'_>) -> Result<Reply> {
    let it = bulk::read(request, Verb::Delete)?;
    let model = request.model()?;
    Ok(bulk::affected(orm::engine::delete_where(request.ctx, model, &it.filter, it.max).await?))
}
