//! What stands behind relations, loaded with the records: in Rust and as JSON.

use orm::{
    At, Filter, Id, Model, Record, Session, SortKey, Verb,
    engine::{self, Expand},
    schema::SchemaModel,
};

use crate::{
    library::{Book, Chapter, Footnote, Genre, Tag},
    outcome::said,
    shelf::{author, book, book_with, chapter, closed_genre, genre, tag},
    stage::on_stage,
};

const READ: &[Verb] = &[Verb::Read];

#[tokio::test]
async fn loaded_or_not_is_in_the_type() {
    on_stage(async |stage| {
        let system = &stage.system();
        let fiction = genre(system, "fiction").await;
        let (red, blue) = (tag(system, "red").await, tag(system, "blue").await);
        let more = [Book::GENRE.set(fiction), Book::TAGS.add(&[red, blue])];
        book_with(system, "a", more).await;
        book(system, "b").await;
        let session = &stage.session(stage.all_rights());
        let books =
            Book::query(session).expand(Book::GENRE).expand(Book::TAGS).all().await.unwrap();
        let [a, b] = &books[..] else { panic!("two books") };
        assert_eq!(a.loaded(Book::GENRE).unwrap().unwrap().name, "fiction");
        assert_eq!(names(a.loaded(Book::TAGS).unwrap()), ["blue", "red"]);
        // Loaded, and there is none.
        assert!(b.loaded(Book::GENRE).unwrap().is_none());
        assert!(b.loaded(Book::TAGS).unwrap().is_empty());
        // Not loaded.
        assert!(a.loaded(Book::CHAPTERS).is_none() && a.loaded(Book::AUTHOR).is_none());
        let plain = Book::query(session).first().await.unwrap().unwrap();
        assert!(plain.loaded(Book::GENRE).is_none());
    })
    .await;
}

#[tokio::test]
async fn each_record_has_its_own_limit_and_order_at_every_level() {
    on_stage(async |stage| {
        let system = &stage.system();
        let mut books = Vec::new();
        for title in ["a", "b", "c"] {
            books.push(book(system, title).await);
        }
        for (of, count) in [(books[0], 4), (books[1], 1)] {
            for number in 1..=count {
                let chapter = chapter(system, of, number).await;
                for text in ["x", "y"] {
                    let note = [Footnote::CHAPTER.set(chapter), Footnote::TEXT.set(text)];
                    Footnote::create(system, note).await.unwrap();
                }
            }
        }
        let session = &stage.session(stage.all_rights());
        let found = Book::query(session)
            .expand(Book::CHAPTERS.with(|it| {
                it.filter(Chapter::NUMBER.ne(3))
                    .order_desc(Chapter::NUMBER)
                    .limit(2)
                    .expand(Chapter::BOOK)
                    .expand(Chapter::FOOTNOTES.with(|it| it.filter(Footnote::TEXT.eq("y"))))
            }))
            .all()
            .await
            .unwrap();
        let chapters = found.iter().map(|it| {
            let chapters = it.loaded(Book::CHAPTERS).unwrap();
            for chapter in chapters {
                assert_eq!(chapter.loaded(Chapter::BOOK).unwrap().unwrap().id(), it.id());
                let notes = chapter.loaded(Chapter::FOOTNOTES).unwrap();
                assert_eq!(notes.iter().map(|it| &*it.text).collect::<Vec<_>>(), ["y"]);
            }
            chapters.iter().map(|it| it.number).collect::<Vec<_>>()
        });
        assert_eq!(chapters.collect::<Vec<_>>(), [vec![4, 2], vec![1], vec![]]);
        let mut json = Vec::new();
        found[0].write_json(&mut json);
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(json["chapters_page"]["has_more"], true);
        assert_eq!(json["chapters"][0]["footnotes"][0]["text"], "y");
        assert_eq!(json["chapters"][0]["book"]["id"], json["id"]);
    })
    .await;
}

#[tokio::test]
async fn one_statement_for_each_level_and_relation_however_many_records() {
    on_stage(async |stage| {
        let system = &stage.system();
        fill(system, 100).await;
        let session = &stage.session(stage.all_rights());
        let sent = session.statements().count();
        let three = || Book::query(session).expand(Book::GENRE).expand(Book::AUTHOR);
        let all = three().expand(Book::TAGS).all().await.unwrap();
        assert_eq!((all.len(), session.statements().count() - sent), (100, 4));
        let sent = session.statements().count();
        let tags = Book::TAGS.with(|it| it.expand(Tag::BOOKS.with(|it| it.limit(1))));
        three().expand(tags).limit(30).all().await.unwrap();
        assert_eq!(session.statements().count() - sent, 5);
        // Nobody to ask for, nothing asked.
        let sent = session.statements().count();
        let none = three().filter(Book::TITLE.eq("none"));
        assert!(none.all().await.unwrap().is_empty());
        assert_eq!(session.statements().count() - sent, 1);
        // In a transaction as outside.
        let tx = session.begin().await.unwrap();
        Book::update(&tx, 1, [Book::TITLE.set("new")]).await.unwrap();
        let author = Book::AUTHOR.with(|it| it);
        let found = Book::query(&tx).expand(author).filter(Book::TITLE.eq("new")).first().await;
        assert!(found.unwrap().unwrap().loaded(Book::AUTHOR).unwrap().is_some());
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_rights_of_every_edge_hold() {
    on_stage(async |stage| {
        let system = &stage.system();
        let (open, closed) = (genre(system, "open").await, closed_genre(system, "closed").await);
        let (red, blue) = (tag(system, "red").await, tag(system, "blue").await);
        for (title, genre) in [("a", open), ("b", closed)] {
            let more = [Book::GENRE.set(genre), Book::TAGS.add(&[red, blue])];
            book_with(system, title, more).await;
        }
        let rights = stage.all_rights().rule("genres", READ, r#"{"is_open":true}"#).rule(
            "tags",
            READ,
            r#"{"name":"blue"}"#,
        );
        let session = &stage.session(rights);
        let books = || Book::query(session).expand(Book::GENRE).expand(Book::TAGS);
        let found = books().all().await.unwrap();
        let genre = |at: usize| found[at].loaded(Book::GENRE).unwrap().map(Record::id);
        assert_eq!((genre(0), genre(1)), (Some(open), None));
        // The id is a part of the visible record.
        assert_eq!(found[1].genre.map(|it| it.id()), Some(closed));
        for book in &found {
            assert_eq!(names(book.loaded(Book::TAGS).unwrap()), ["blue"]);
        }
        let denied = &stage.session(stage.all_rights().deny("tags", READ));
        assert_eq!(said(Book::query(denied).expand(Book::TAGS).all().await), "denied");
        let deep = Book::GENRE.with(|it| it.expand(Genre::BOOKS.with(|it| it.expand(Book::TAGS))));
        assert_eq!(said(Book::query(denied).expand(deep).all().await), "denied");
        assert_eq!(said(Book::query(denied).expand(Book::GENRE).all().await), "done");
    })
    .await;
}

#[tokio::test]
async fn an_answer_of_too_many_records_is_refused_and_names_the_relation() {
    on_stage(async |stage| {
        let system = &stage.system();
        fill(system, 150).await;
        let session = &stage.session(stage.all_rights());
        let model = session.schema().by_table("books").unwrap();
        let fault = "expand bad_parameter reason=too_many_records relation=books max=20000";
        // 150 books, 150 genres written, 150 times 150 books.
        let books = |limit| {
            vec![expand(
                session,
                session.schema().by_table("genres").unwrap(),
                "books",
                (limit, vec![]),
            )]
        };
        let genre = |limit| vec![expand(session, model, "genre", (None, books(limit)))];
        assert_eq!(said(list(session, model, genre(Some(150))).await), fault);
        assert_eq!(said(list(session, model, genre(None)).await), fault);
        // 150 + 150 + 150 × 131 are 19 950; with 132, 20 100.
        let json = list(session, model, genre(Some(131))).await.unwrap();
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(json[149]["genre"]["books"].as_array().unwrap().len(), 131);
        assert_eq!(json[149]["genre"]["books_page"]["has_more"], true);
        assert_eq!(said(list(session, model, genre(Some(132))).await), fault);
    })
    .await;
}

#[tokio::test]
async fn levels_hold_the_ids_of_to_many_fields_and_nothing_that_was_only_needed() {
    on_stage(async |stage| {
        let system = &stage.system();
        let red = tag(system, "red").await;
        for title in ["a", "b"] {
            book_with(system, title, [Book::TAGS.add(&[red])]).await;
        }
        let session = &stage.session(stage.all_rights());
        let (books, tags) =
            ["books", "tags"].map(|it| session.schema().by_table(it).unwrap()).into();
        let mut of_tags = expand(session, tags, "books", (Some(1), vec![]));
        of_tags.fields = vec![books.field("tags").unwrap().id];
        let mut of_books = expand(session, books, "tags", (Some(5), vec![of_tags]));
        of_books.fields = vec![tags.field("books").unwrap().id, tags.field("name").unwrap().id];
        let json = list_of(session, books, (&["title"], vec![of_books])).await.unwrap();
        let tag = r#"{"name":"red","book_ids":[1,2],"books":[{"tag_ids":[1]}],"books_page":{"has_more":true}}"#;
        let expected =
            format!(r#"[{{"title":"a","tags":[{tag}]}},{{"title":"b","tags":[{tag}]}}]"#);
        assert_eq!(String::from_utf8(json).unwrap(), expected);
    })
    .await;
}

/// Books with one author, one genre and one tag.
async fn fill(system: &Session, count: usize) {
    author(system, "Ann").await;
    genre(system, "fiction").await;
    tag(system, "red").await;
    let book = |at: usize| {
        [
            Book::TITLE.set(format!("{at:03}")),
            Book::AUTHOR.set(Id::new(1)),
            Book::GENRE.set(Id::new(1)),
            Book::TAGS.add(&[1.into()]),
        ]
        .into()
    };
    Book::create_many(system, (0..count).map(book).collect()).await.unwrap();
}

fn expand(
    session: &Session,
    model: &SchemaModel,
    name: &str,
    (limit, expand): (Option<i64>, Vec<Expand>),
) -> Expand {
    let field = model.field(name).unwrap();
    let target = session.schema().target(field);
    Expand {
        field: field.id,
        fields: vec![target.field("id").unwrap().id],
        filter: Filter::all(),
        sort: SortKey::of_model(target),
        limit,
        expand,
        at: At::Parameter("expand".to_owned()),
    }
}

async fn list(session: &Session, model: &SchemaModel, expand: Vec<Expand>) -> orm::Result<Vec<u8>> {
    list_of(session, model, (&["id"], expand)).await
}

async fn list_of(
    session: &Session,
    model: &SchemaModel,
    (fields, expand): (&[&str], Vec<Expand>),
) -> orm::Result<Vec<u8>> {
    let fields = fields.iter().map(|it| model.field(it).unwrap().id).collect();
    let (sort, count) = (SortKey::of_model(model), engine::Count::None);
    let filter = Filter::all();
    let list = engine::List { fields, filter, sort, limit: 1000, offset: 0, count, expand };
    let mut json = vec![b'['];
    engine::list(session, model, &list).await?.rows.write_json(&mut json);
    json.push(b']');
    Ok(json)
}

fn names(tags: &[Record<Tag>]) -> Vec<&str> {
    tags.iter().map(|it| &*it.name).collect()
}
