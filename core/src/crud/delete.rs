//! `DELETE /{m}/{id}`: the end of a record.

use http::StatusCode;

use crate::{
    Result,
    crud::{Reply, Request, conditional, query_string::QueryString},
};

pub(crate) async fn delete(request: &Request<'_>) -> Result<Reply> {
    QueryString::parse(request.query)?.finish()?;
    let demanded = conditional::demanded_version(request.headers)?;
    orm::engine::delete(request.ctx, request.model()?, request.id, demanded).await?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
