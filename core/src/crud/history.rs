//! `GET /{m}/{id}/history`: who changed a record, when, and how.

use orm::{
    Judge, Verb,
    engine::{self, HistoryAsk},
};

use crate::{
    Result,
    crud::{
        LIMIT_MAX, LIMIT_USUAL, Reply, Request,
        query_string::{QueryString, bad_parameter},
    },
};

pub(crate) async fn history(request: &Request<'_>) -> Result<Reply> {
    let ctx = request.ctx;
    let model = request.model()?;
    let mut query = QueryString::parse(request.query)?;
    let limit = number(&mut query, "limit", (0, LIMIT_MAX))?;
    let before = number(&mut query, "before", (1, i64::MAX))?;
    query.finish()?;
    let mut judge = Judge::new(ctx);
    judge.model(model, Verb::Read);
    judge.verdict()?;
    let ask = HistoryAsk {
        id: request.id,
        before,
        limit: limit.unwrap_or(LIMIT_USUAL),
        tells_of_deleted: ctx.is_admin(),
    };
    let page = engine::history(ctx, model, ask).await?;
    let mut body = Vec::with_capacity(1024);
    page.write_json(&mut body);
    Ok(Reply::ok(body))
}

fn number(query: &mut QueryString<'_>, name: &str, (min, max): (i64, i64)) -> Result<Option<i64>> {
    let Some(text) = query.take(name)? else { return Ok(None) };
    let is_plain = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let number = text.parse().ok().filter(|it| is_plain && (min..=max).contains(it));
    number.map(Some).ok_or_else(|| bad_parameter(name, "out_of_range"))
}
