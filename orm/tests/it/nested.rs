//! Bodies with lines, as a route would take them.

use orm::{
    ErrorKind, Judge, Purpose, Result, Session, Verb, accept, engine, json::parse_object,
    parse_changes,
};

use crate::outcome::said;

/// Creates a record; its key, or what was said.
pub(crate) async fn post(session: &Session, table: &str, body: &str) -> Result<i64, String> {
    let create = async || {
        let model = session.schema().by_table(table).unwrap();
        let body = parse_object(body.as_bytes())?;
        let mut judge = Judge::new(session);
        judge.model(model, Verb::Create);
        let (changes, faults) = parse_changes(&mut judge, model, &body, Purpose::Create, "");
        judge.verdict()?;
        accept(faults)?;
        engine::create(session, model, changes).await
    };
    create().await.map(|it| it.id).map_err(|it| told(Err::<(), _>(it)))
}

/// Changes a record; what was said, or the version that it has then.
pub(crate) async fn patch(
    session: &Session,
    (table, id): (&str, i64),
    body: &str,
) -> Result<i64, String> {
    patch_if(session, (table, id), body, None).await
}

/// The same if it has a version.
pub(crate) async fn patch_if(
    session: &Session,
    (table, id): (&str, i64),
    body: &str,
    version: Option<i64>,
) -> Result<i64, String> {
    let update = async || {
        let model = session.schema().by_table(table).unwrap();
        let body = parse_object(body.as_bytes())?;
        let mut judge = Judge::new(session);
        judge.model(model, Verb::Read);
        judge.model(model, Verb::Update);
        let (changes, faults) = parse_changes(&mut judge, model, &body, Purpose::Update, "");
        judge.verdict()?;
        accept(faults)?;
        engine::update(session, model, id, changes, version).await
    };
    update().await.map(|it| it.version).map_err(|it| told(Err::<(), _>(it)))
}

/// What was said, with the place of a record that is not unique.
fn told(outcome: Result<()>) -> String {
    match outcome.as_ref().map_err(orm::Error::kind) {
        Err(ErrorKind::NotUnique { fields, record }) => {
            format!("not unique: {record} {}", fields.join(", "))
        }
        _ => said(outcome),
    }
}
