//! `GET /{m}`: a list by query string.

use orm::{At, parse_parameter};

use crate::{
    Result,
    crud::{
        Reply, Request,
        list_query::ListQuery,
        query_string::{Parameter, QueryString, unknown_parameter},
    },
};

pub(crate) async fn list(request: &Request<'_>) -> Result<Reply> {
    let session = &**request.ctx;
    let mut query = QueryString::parse(request.query)?;
    let mut list = ListQuery::new(session, request.model()?);
    if let Some(names) = query.take("fields")? {
        list.fields(names.split(',').map(|it| (it, parameter("fields"))))?;
    }
    if let Some(keys) = query.take("sort")? {
        keys.split(',').try_for_each(|key| list.sort(key, &parameter("sort")))?;
    }
    if let Some(paths) = query.take("expand")? {
        list.expand_paths(session, &paths)?;
    }
    if let Some(limit) = query.take("limit")? {
        list.limit(number(&limit), &parameter("limit"))?;
    }
    if let Some(offset) = query.take("offset")? {
        list.offset(number(&offset), &parameter("offset"))?;
    }
    if let Some(count) = query.take("count")? {
        list.count(Some(&count), &parameter("count"))?;
    }
    if let Some(text) = query.take("q")? {
        list.search(&text, &parameter("q"))?;
    }
    for parameter in query.rest() {
        condition(&mut list, &parameter)?;
    }
    Ok(Reply::ok(list.run(session).await?))
}

/// A parameter that is a condition: `price[gte]=100`, `category.name=Books`.
fn condition(list: &mut ListQuery<'_>, sent: &Parameter<'_>) -> Result<()> {
    let (path, op) = match sent.name.strip_suffix(']').and_then(|it| it.split_once('[')) {
        Some((path, op)) => (path, Some(op)),
        None => (&*sent.name, None),
    };
    let is_bare = op.is_none() && !path.contains('.');
    let at = parameter(&sent.name);
    let found = list.judge.path(list.model, path, &at).map_err(|error| match is_bare {
        true => unknown_parameter(path),
        false => error.into(),
    })?;
    // A closed field: what is compared with it is not looked at.
    let Some(path) = found else { return Ok(()) };
    let filter = parse_parameter(list.judge.outlook(), &path, op, &sent.values, &sent.name)?;
    list.condition(filter, &at)
}

fn parameter(name: &str) -> At {
    At::Parameter(name.chars().take(80).collect())
}

/// A number as digits alone say it.
fn number(text: &str) -> Option<i64> {
    let is_plain = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain)
}
