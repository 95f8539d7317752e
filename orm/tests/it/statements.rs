//! How many statements each operation sends.

use orm::{Model, Session, SortKey, engine};

use crate::{
    library::{Book, Genre, Tag},
    shelf::{author, book, genre},
    stage::{Stage, on_stage},
};

#[tokio::test]
async fn reading_is_one_statement() {
    on_stage(async |stage| {
        let id = book(&stage.system(), "a").await;
        let rule = r#"{"or":[{"genre":{"name":"x"}},{"chapters":{"none":{}}}]}"#;
        let rights = || stage.all_rights().rule("books", &[orm::Verb::Read], rule);
        for rights in [stage.all_rights(), rights()] {
            let session = &stage.session(rights);
            counted(session, 1, async || _ = Book::find(session, id).await.unwrap()).await;
            counted(session, 1, async || _ = Book::query(session).all().await.unwrap()).await;
            counted(session, 1, async || _ = Book::query(session).count().await.unwrap()).await;
            counted(session, 1, async || _ = Book::query(session).exists().await.unwrap()).await;
            counted(session, 1, async || list(session, engine::Count::None).await).await;
            counted(session, 2, async || list(session, engine::Count::Exact).await).await;
            counted(session, 2, async || list(session, engine::Count::Estimated).await).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_write_is_one_statement_and_one_more_for_what_it_points_at() {
    on_stage(async |stage| {
        let system = &stage.system();
        let by = author(system, "Ann").await;
        let fiction = genre(system, "fiction").await;
        let session = &stage.session(stage.all_rights());
        let create =
            async |name| drop(Genre::create(session, [Genre::NAME.set(name)]).await.unwrap());
        counted(session, 1, async || create("a").await).await;
        let new = || [Book::TITLE.set("b"), Book::AUTHOR.set(by), Book::GENRE.set(fiction)];
        let many = || vec![new().into(), new().into(), new().into()];
        let genres = r#"{"name":"fiction"}"#;
        let ruled = stage.session(stage.all_rights().rule("genres", &[orm::Verb::Read], genres));
        // Whoever may see all that there is leaves it to the database; else one for all that is
        // pointed at.
        for (session, expected) in [(session, 1), (&ruled, 2)] {
            counted(session, expected, async || _ = Book::create(session, new()).await.unwrap())
                .await;
            counted(session, expected, async || {
                Book::create_many(session, many()).await.unwrap();
            })
            .await;
        }
        let title = |it| [Book::TITLE.set(it)];
        counted(session, 1, async || drop(Book::update(session, 1, title("c")).await.unwrap()))
            .await;
        // The row is locked to see which references change, and those that do are looked for.
        let moved = || [Book::GENRE.set(None)];
        counted(session, 1, async || _ = Book::update(session, 1, moved()).await.unwrap()).await;
        let moved = || [Book::GENRE.set(fiction)];
        counted(session, 3, async || _ = Book::update(session, 1, moved()).await.unwrap()).await;
        // What changes nothing is looked at and read.
        counted(session, 4, async || drop(Book::update(session, 1, title("c")).await.unwrap()))
            .await;
        let every = || Book::ID.gt(0);
        counted(session, 2, async || {
            Book::update_where(session, every(), title("d"), 9).await.unwrap();
        })
        .await;
        let tag = Tag::create(session, [Tag::NAME.set("red")]).await.unwrap().id();
        // The row is locked, the other end looked for, the link made, the version raised.
        let linked = || [Book::TAGS.add(&[tag]), Book::PAGES.set(7)];
        counted(session, 4, async || drop(Book::update(session, 1, linked()).await.unwrap())).await;
        let many = || vec![[Tag::NAME.set("a"), Tag::BOOKS.add(&[1.into()])].into()];
        counted(session, 3, async || drop(Tag::create_many(session, many()).await.unwrap())).await;
        counted(session, 1, async || Book::delete(session, 1).await.unwrap()).await;
        counted(session, 2, async || _ = Book::delete_where(session, every(), 9).await.unwrap())
            .await;
    })
    .await;
}

#[tokio::test]
async fn a_rule_over_own_columns_rides_in_the_statement_and_one_with_a_path_holds_and_asks() {
    on_stage(async |stage: &Stage| {
        let id = genre(&stage.system(), "a").await;
        let verbs = [orm::Verb::Update, orm::Verb::Create];
        let of = |rule| stage.session(stage.all_rights().rule("genres", &verbs, rule));
        let (own, path) = (of(r#"{"is_open":true}"#), of(r#"{"parent":{"null":true}}"#));
        let update = async |session: &Session, rank| {
            Genre::update(session, id, [Genre::RANK.set(rank)]).await.unwrap();
        };
        counted(&own, 1, async || update(&own, 1).await).await;
        // The record is held, written, and judged.
        counted(&path, 3, async || update(&path, 2).await).await;
        let many = async |session: &Session, names: [&str; 3]| {
            let list = names.map(|it| [Genre::NAME.set(it)].into());
            Genre::create_many(session, list.into()).await.unwrap();
        };
        counted(&own, 1, async || many(&own, ["b", "c", "d"]).await).await;
        counted(&path, 2, async || many(&path, ["e", "f", "g"]).await).await;
        let every = || Genre::ID.gt(0);
        counted(&path, 4, async || {
            Genre::update_where(&path, every(), [Genre::RANK.set(3)], 9).await.unwrap();
        })
        .await;
    })
    .await;
}

async fn list(session: &Session, count: engine::Count) {
    let model = session.schema().by_table("books").unwrap();
    let fields = model.columns().map(|it| it.id).collect();
    let sort = SortKey::of_model(model);
    let filter = orm::Filter::all();
    let list =
        engine::List { fields, filter, sort, limit: 20, offset: 0, count, expand: Vec::new() };
    engine::list(session, model, &list).await.unwrap();
}

/// Runs `work` and compares how many statements the session has sent meanwhile.
async fn counted(session: &Session, expected: u64, work: impl AsyncFnOnce()) {
    let before = session.statements().count();
    work().await;
    assert_eq!(session.statements().count() - before, expected);
}
