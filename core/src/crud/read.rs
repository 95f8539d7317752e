//! `GET /{m}/{id}`: one record.

use http::StatusCode;
use orm::{At, Error, ErrorKind, Judge, Verb, schema::FieldId};

use crate::{
    Result,
    crud::{Reply, Request, conditional, expand, query_string::QueryString, selection},
};

pub(crate) async fn find(request: &Request<'_>) -> Result<Reply> {
    let session = &**request.ctx;
    let model = request.model()?;
    let mut query = QueryString::parse(request.query)?;
    let names = query.take("fields")?;
    let paths = query.take("expand")?;
    query.finish()?;
    let demanded = conditional::demanded_version(request.headers)?;
    let mut judge = Judge::new(session);
    judge.model(model, Verb::Read);
    let fields = match names {
        Some(names) => {
            let at = || At::Parameter("fields".to_owned());
            selection::named(&mut judge, model, names.split(',').map(|it| (it, at())))?
        }
        None => selection::usual(session, model),
    };
    let expand = match paths {
        Some(paths) => expand::Reader::new(session, &mut judge).paths(model, &paths)?,
        None => Vec::new(),
    };
    judge.verdict()?;
    let wanted = (&*fields, &*expand);
    let (rows, version) = orm::engine::read(session, model, request.id, wanted).await?;
    if demanded.is_some_and(|it| it != version) {
        return Err(Error::from(ErrorKind::VersionMismatch { current: version }).into());
    }
    let mut body = Vec::with_capacity(512);
    rows.write_json(&mut body);
    let moves_alone = |it: &FieldId| !model.at(*it).has_column() || model.at(*it).def.read_only;
    let etag = match fields.iter().any(moves_alone) || !expand.is_empty() {
        true => conditional::etag_of_linked(session, version, &body),
        false => conditional::etag(session, version, &fields),
    };
    // What stands behind relations changes without the record.
    if expand.is_empty() && conditional::is_known(request.headers, &etag) {
        return Ok(Reply { etag: Some(etag), ..Reply::empty(StatusCode::NOT_MODIFIED) });
    }
    Ok(Reply { etag: Some(etag), ..Reply::ok(body) })
}
