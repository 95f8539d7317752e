//! Who changed what: written with the change, shown to whoever may see the record now.

use orm::{
    Error, Id, Json, Model, Session, Verb,
    chrono::TimeDelta,
    engine::{HistoryAsk, forget_history, history},
};

use crate::{
    library::{Fine, Tag},
    outcome::said,
    rights::Rights,
    shelf::{genre, reader, tag},
    stage::on_stage,
};

#[tokio::test]
async fn every_write_leaves_who_when_and_what() {
    on_stage(async |stage| {
        let system = &stage.system();
        let ann = reader(system, "Ann").await.get();
        let session = &stage.session_of(Some(ann), stage.all_rights());
        let (red, blue) = (tag(system, "red").await, tag(system, "blue").await);
        let novel = genre(system, "novel").await;
        let made = [
            Fine::NAME.set("a"),
            Fine::AMOUNT.set("1.5".parse::<orm::Decimal>().unwrap()),
            Fine::PIN.set("1234"),
            Fine::NOTE.set(Json::parse(r#"{"b": 1, "a": [0.10]}"#).unwrap()),
            Fine::TAGS.add(&[red, red]),
        ];
        let id = Fine::create(session, made).await.unwrap().id();
        let change = [Fine::AMOUNT.set(None), Fine::GENRE.set(novel), Fine::TAGS.replace(&[blue])];
        Fine::update(session, id, change).await.unwrap();
        Fine::update(session, id, [Fine::PIN.set("5678")]).await.unwrap();
        Fine::update(session, id, [Fine::NAME.set("a")]).await.unwrap();
        Fine::update_where(system, Fine::ID.eq(id), [Fine::NAME.set("b")], 9).await.unwrap();
        check(
            session,
            id,
            r#"{"data":[
            {"id":3,"at":"NOW","by_id":null,"verb":"update","changes":[
                {"field":"name","old":"a","new":"b"}]},
            {"id":2,"at":"2026-03-31T13:14:15Z","by_id":1,"verb":"update","changes":[
                {"field":"amount","old":"1.50","new":null},
                {"field":"genre_id","old":null,"new":1},
                {"field":"tag_ids","added":[2],"removed":[1]}]},
            {"id":1,"at":"2026-03-31T13:14:15Z","by_id":1,"verb":"create","changes":[
                {"field":"name","old":null,"new":"a"},
                {"field":"amount","old":null,"new":"1.50"},
                {"field":"note","old":null,"new":{"b": 1, "a": [0.10]}},
                {"field":"tag_ids","added":[1],"removed":[]}]}
            ],"page":{"has_more":false}}"#,
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn several_records_have_each_their_own_and_undone_ones_none() {
    on_stage(async |stage| {
        let system = &stage.system();
        let rows = ["a", "b"].map(|it| [Fine::NAME.set(it)].into());
        let ids = Fine::create_many(system, rows.into()).await.unwrap();
        let undone: Result<(), Error> = system
            .transaction(async |tx| {
                Fine::update(tx, ids[0], [Fine::NAME.set("c")]).await?;
                Err(Error::missing())
            })
            .await;
        assert_eq!(said(undone), "missing");
        Fine::update_where(system, Fine::ID.gte(0), [Fine::NAME.set("b")], 9).await.unwrap();
        assert_eq!(told(system, ids[0]).await, "4 update name, 1 create name");
        assert_eq!(told(system, ids[1]).await, "2 create name");
    })
    .await;
}

#[tokio::test]
async fn whoever_may_not_see_the_record_is_told_nothing() {
    on_stage(async |stage| {
        let system = &stage.system();
        let (open, hidden) = (fine(system, "open").await, fine(system, "hidden").await);
        let rule = stage.all_rights().rule("fines", &[Verb::Read], r#"{"name":"open"}"#);
        let narrow = &stage.session(rule);
        assert_eq!(told(narrow, open).await, "1 create name");
        assert_eq!(told(narrow, hidden).await, "missing");
        assert_eq!(told(narrow, Id::new(404)).await, "missing");
        // What it was while it was hidden is told, too, of what is there to be seen now.
        Fine::update(system, hidden, [Fine::NAME.set("open")]).await.unwrap();
        assert_eq!(told(narrow, hidden).await, "3 update name, 2 create name");
        let denied = &stage.session(stage.all_rights().deny("fines", &[Verb::Read]));
        assert_eq!(told(denied, open).await, "denied");
        assert_eq!(told(&stage.session(stage.no_rights()), open).await, "denied");
    })
    .await;
}

#[tokio::test]
async fn closed_fields_are_left_out_and_pages_stay_full() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = fine(system, "a").await;
        for at in 0..7 {
            Fine::update(system, id, [Fine::CODE.set(at.to_string())]).await.unwrap();
        }
        let both = [Fine::NAME.set("b"), Fine::CODE.set("last")];
        Fine::update(system, id, both).await.unwrap();
        for at in 0..7 {
            Fine::update(system, id, [Fine::CODE.set(at.to_string())]).await.unwrap();
        }
        let closed = &stage.session(stage.all_rights().close_reading("fines", &["code"]));
        assert_eq!(told(closed, id).await, "9 update name, 1 create name");
        assert_eq!(page(closed, id, None, 1).await, "9 update name …");
        assert_eq!(page(closed, id, Some(9), 1).await, "1 create name");
        assert_eq!(page(closed, id, Some(1), 1).await, "");
        assert_eq!(page(closed, id, None, 0).await, " …");
        assert_eq!(page(system, id, Some(3), 1).await, "2 update code …");
        let stamps = ["updated_by", "updated_at"];
        let closed = &stage.session(stage.all_rights().close_reading("fines", &stamps));
        let text = raw(closed, id, None, 1).await.unwrap();
        assert!(!text.contains("by_id") && !text.contains("\"at\""), "{text}");
    })
    .await;
}

#[tokio::test]
async fn links_to_hidden_records_are_left_out() {
    on_stage(async |stage| {
        let system = &stage.system();
        let (red, blue) = (tag(system, "red").await, tag(system, "blue").await);
        let id = fine(system, "a").await;
        Fine::update(system, id, [Fine::TAGS.add(&[red, blue])]).await.unwrap();
        Fine::update(system, id, [Fine::TAGS.remove(&[red])]).await.unwrap();
        let narrow = |rights: Rights| stage.session(rights);
        let red_only = stage.all_rights().rule("tags", &[Verb::Read], r#"{"name":"red"}"#);
        let blue_only = stage.all_rights().rule("tags", &[Verb::Read], r#"{"name":"blue"}"#);
        for (session, expected) in [
            (system.clone(), "3 update tag_ids[]-[1], 2 update tag_ids[1,2]-[], 1 create name"),
            (narrow(red_only), "3 update tag_ids[]-[1], 2 update tag_ids[1]-[], 1 create name"),
            (narrow(blue_only), "2 update tag_ids[2]-[], 1 create name"),
            (narrow(stage.all_rights().deny("tags", &[Verb::Read])), "1 create name"),
        ] {
            assert_eq!(told(&session, id).await, expected);
        }
        Tag::delete(system, blue).await.unwrap();
        let expected = "3 update tag_ids[]-[1], 2 update tag_ids[1,2]-[], 1 create name";
        assert_eq!(told(system, id).await, expected);
    })
    .await;
}

#[tokio::test]
async fn of_a_deleted_record_administrators_alone_are_told() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = fine(system, "a").await;
        Fine::delete(system, id).await.unwrap();
        let session = &stage.session(stage.all_rights());
        assert_eq!(told(session, id).await, "missing");
        let ask = |id: i64, before| HistoryAsk { id, before, limit: 9, tells_of_deleted: true };
        let model = session.schema().by_table("fines").unwrap();
        let page = history(session, model, ask(id.get(), None)).await.unwrap();
        let mut text = Vec::new();
        page.write_json(&mut text);
        assert_eq!(short(&String::from_utf8(text).unwrap()), "2 delete name, 1 create name");
        assert_eq!(said(history(session, model, ask(404, None)).await.map(drop)), "missing");
        // One that is there and hidden is not gone.
        let there = fine(system, "b").await;
        let rule = stage.all_rights().rule("fines", &[Verb::Read], r#"{"name":"a"}"#);
        let narrow = &stage.session(rule);
        let hidden = history(narrow, model, ask(there.get(), None)).await;
        assert_eq!(said(hidden.map(drop)), "missing");
    })
    .await;
}

#[tokio::test]
async fn what_is_older_than_its_model_wants_is_forgotten() {
    on_stage(async |stage| {
        let system = &stage.system();
        let id = fine(system, "a").await;
        let later = system.at(system.now() + TimeDelta::days(20));
        Fine::update(&later, id, [Fine::NAME.set("b")]).await.unwrap();
        assert_eq!(forget_history(&later, 9).await.unwrap(), 0);
        let late = system.at(system.now() + TimeDelta::days(31));
        assert_eq!(forget_history(&late, 9).await.unwrap(), 1);
        assert_eq!(told(system, id).await, "2 update name");
        let session = stage.session(stage.all_rights());
        assert_eq!(said(forget_history(&session, 9).await), "denied");
    })
    .await;
}

async fn fine(session: &Session, name: &str) -> Id<Fine> {
    Fine::create(session, [Fine::NAME.set(name)]).await.unwrap().id()
}

/// The whole answer, but for white space and the time of the system.
async fn check(session: &Session, id: Id<Fine>, expected: &str) {
    let found = raw(session, id, None, 9).await.unwrap();
    let at = found.split("\"at\":\"").nth(1).and_then(|it| it.split('"').next()).unwrap();
    let expected: String = expected.lines().map(str::trim_start).collect();
    assert_eq!(found.replacen(at, "NOW", 1), expected);
}

async fn raw(
    session: &Session,
    id: Id<Fine>,
    before: Option<i64>,
    limit: i64,
) -> orm::Result<String> {
    let model = session.schema().by_table("fines").unwrap();
    let ask = HistoryAsk { id: id.get(), before, limit, tells_of_deleted: false };
    let mut text = Vec::new();
    history(session, model, ask).await?.write_json(&mut text);
    Ok(String::from_utf8(text).unwrap())
}

/// `2 update name, 1 create name`, or why not.
async fn told(session: &Session, id: Id<Fine>) -> String {
    page(session, id, None, 9).await
}

/// The same of a page, with an ellipsis where more follows.
async fn page(session: &Session, id: Id<Fine>, before: Option<i64>, limit: i64) -> String {
    match raw(session, id, before, limit).await {
        Ok(text) => short(&text),
        Err(error) => said::<()>(Err(error)),
    }
}

fn short(text: &str) -> String {
    let whole: serde_json::Value = serde_json::from_str(text).unwrap();
    let entry = |it: &serde_json::Value| {
        let changes = it["changes"].as_array().unwrap().iter().map(|it| {
            let links = it.get("added").map(|added| format!("{added}-{}", it["removed"]));
            format!("{}{}", it["field"].as_str().unwrap(), links.unwrap_or_default())
        });
        let changes: Vec<String> = changes.collect();
        format!("{} {} {}", it["id"], it["verb"].as_str().unwrap(), changes.join(" "))
    };
    let entries: Vec<String> = whole["data"].as_array().unwrap().iter().map(entry).collect();
    let more = if whole["page"]["has_more"] == true { " …" } else { "" };
    format!("{}{more}", entries.join(", "))
}
