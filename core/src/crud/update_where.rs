//! `POST /{m}/update_where`: the same changes of every record that passes, all or none.

use orm::Verb;

use crate::{
    Result,
    crud::{Reply, Request, bulk, update},
};

pub(crate) async fn update_where(request: &Request<'_>) -> Result<Reply> {
    let it = bulk::read(request, Verb::Update)?;
    let model = request.model()?;
    let done = orm::engine::update_where(request.ctx, model, &it.filter, it.changes, it.max).await;
    let count = done.map_err(|it| it.within("/data"))?;
    update::end_blocked(request, model).await?;
    Ok(bulk::affected(count))
}
