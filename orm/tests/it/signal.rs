//! The counter of a model rises with whatever changes its tables, and with nothing else.

use orm::{Error, Model, Session};

use crate::{
    library::{Genre, Pledge},
    shelf::{genre, tag},
    stage::on_stage,
};

#[tokio::test]
async fn it_rises_with_every_statement_that_writes() {
    on_stage(async |stage| {
        let system = &stage.system();
        let red = tag(system, "red").await;
        let fiction = genre(system, "fiction").await;
        assert_eq!(number(system).await, 0);
        let mut last = 0;
        let mut rose = async |what: &str, by: i64| {
            let now = number(system).await;
            assert_eq!(now - last, by, "{what}");
            last = now;
        };
        let made = [Pledge::NAME.set("a"), Pledge::GENRE.set(fiction)];
        let pledge = Pledge::create(system, made).await.unwrap().id();
        rose("a new record", 1).await;
        let rows = ["b", "c", "d"].map(|it| [Pledge::NAME.set(it)].into());
        Pledge::create_many(system, rows.into()).await.unwrap();
        rose("several new records", 1).await;
        Pledge::update(system, pledge, [Pledge::NAME.set("e")]).await.unwrap();
        rose("a change", 1).await;
        Pledge::update(system, pledge, [Pledge::TAGS.add(&[red])]).await.unwrap();
        rose("a link, and the version of its record", 2).await;
        system.sql("delete from pledges__tags returning 1::text", &[]).await.unwrap();
        rose("a link taken by other programs", 1).await;
        system.sql("insert into pledges (name) values ('x') returning name", &[]).await.unwrap();
        rose("a row of other programs", 1).await;
        system.sql("update pledges set name = name where false", &[]).await.unwrap();
        rose("a statement that finds no row", 1).await;
        // Not known by name to whoever deletes it: PostgreSQL clears the reference.
        Genre::query(system).all().await.unwrap();
        rose("reading", 0).await;
        tag(system, "blue").await;
        rose("a write elsewhere", 0).await;
        system.sql("truncate pledges cascade", &[]).await.unwrap();
        assert!(number(system).await > last, "the emptying of a table");
    })
    .await;
}

#[tokio::test]
async fn it_rises_with_what_goes_along_with_another_record() {
    on_stage(async |stage| {
        let system = &stage.system();
        let red = tag(system, "red").await;
        let made = [Pledge::NAME.set("a"), Pledge::TAGS.add(&[red])];
        let pledge = Pledge::create(system, made).await.unwrap().id();
        let before = number(system).await;
        Pledge::delete(system, pledge).await.unwrap();
        // The record, and its links with it.
        assert_eq!(number(system).await - before, 2);
    })
    .await;
}

#[tokio::test]
async fn it_stands_where_it_was_when_the_change_is_undone() {
    on_stage(async |stage| {
        let system = &stage.system();
        let undone: Result<(), Error> = system
            .transaction(async |tx| {
                Pledge::create(tx, [Pledge::NAME.set("a")]).await?;
                assert_eq!(number(tx).await, 1);
                assert_eq!(number(system).await, 0);
                Err(Error::missing())
            })
            .await;
        assert!(undone.is_err());
        assert_eq!(number(system).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_session_knows_that_it_has_raised_one() {
    on_stage(async |stage| {
        let session = &stage.session(stage.all_rights());
        genre(session, "fiction").await;
        assert!(!session.statements().has_signalled());
        Pledge::create(session, [Pledge::NAME.set("a")]).await.unwrap();
        assert!(session.statements().has_signalled());
        // Also by way of the system, on behalf of whoever asks.
        let session = &stage.session(stage.all_rights());
        Pledge::create(&session.as_system("test"), [Pledge::NAME.set("b")]).await.unwrap();
        assert!(session.statements().has_signalled());
    })
    .await;
}

async fn number(session: &Session) -> i64 {
    let sql = "select coalesce((select number from signals where name = 'pledges'), 0)::text";
    // Inside of a transaction of somebody, as they see it.
    let rows = session.sql(sql, &[]).await.unwrap();
    rows[0][0].as_deref().unwrap().parse().unwrap()
}
