//! The ids at the other end of to-many fields.

use orm::{Model, Session, Verb, engine};

use crate::{
    library::{Book, Tag},
    outcome::said,
    shelf::{book, book_with, chapter, genre, tag},
    stage::on_stage,
};

#[tokio::test]
async fn they_are_ascending_for_each_record_from_either_side_in_one_statement() {
    on_stage(async |stage| {
        let system = &stage.system();
        let (red, blue) = (tag(system, "red").await, tag(system, "blue").await);
        let a = book_with(system, "a", [Book::TAGS.add(&[blue, red])]).await.get();
        let b = book(system, "b").await.get();
        let c = book_with(system, "c", [Book::TAGS.add(&[red])]).await.get();
        let session = &stage.session(stage.all_rights());
        let before = session.statements().count();
        assert_eq!(
            linked(session, "books", "tags", &[c, a, b, 404]).await,
            "[[1], [1, 2], [], []]"
        );
        assert_eq!(session.statements().count() - before, 1);
        assert_eq!(linked(session, "tags", "books", &[1, 2]).await, format!("[[{a}, {c}], [{a}]]"));
    })
    .await;
}

#[tokio::test]
async fn those_whose_reference_leads_here_have_ids_too() {
    on_stage(async |stage| {
        let system = &stage.system();
        let fiction = genre(system, "fiction").await;
        let a = book_with(system, "a", [Book::GENRE.set(fiction)]).await;
        let b = book_with(system, "b", [Book::GENRE.set(fiction)]).await;
        chapter(system, b, 1).await;
        let session = &stage.session(stage.all_rights());
        assert_eq!(linked(session, "genres", "books", &[1]).await, format!("[[{a}, {b}]]"));
        assert_eq!(linked(session, "books", "chapters", &[b.get(), a.get()]).await, "[[1], []]");
        // Of a child, the parent's rule decides.
        let rights = stage.all_rights().rule("books", &[Verb::Read], r#"{"title":"a"}"#);
        let session = &stage.session(rights);
        assert_eq!(linked(session, "books", "chapters", &[b.get(), a.get()]).await, "[[], []]");
        assert_eq!(linked(session, "genres", "books", &[1]).await, format!("[[{a}]]"));
    })
    .await;
}

#[tokio::test]
async fn ids_of_a_to_many_are_those_of_visible_records() {
    on_stage(async |stage| {
        let system = &stage.system();
        let (red, blue) = (tag(system, "red").await, tag(system, "blue").await);
        let a = book_with(system, "a", [Book::TAGS.add(&[blue, red])]).await.get();
        let rules = [r#"{"name":"blue"}"#, r#"{"books":{"some":{"tags":{"some":{"id":2}}}}}"#];
        for (rule, expected) in rules.into_iter().zip(["[[2]]", "[[1, 2]]"]) {
            let session = &stage.session(stage.all_rights().rule("tags", &[Verb::Read], rule));
            assert_eq!(linked(session, "books", "tags", &[a]).await, expected, "{rule}");
        }
        let blind = &stage.session(stage.all_rights().deny("tags", &[Verb::Read]));
        assert_eq!(linked(blind, "books", "tags", &[a]).await, "denied");
        Tag::delete(system, red).await.unwrap();
        assert_eq!(linked(system, "books", "tags", &[a]).await, "[[2]]");
    })
    .await;
}

#[tokio::test]
async fn more_of_them_than_an_answer_holds_are_refused_and_never_cut() {
    on_stage(async |stage| {
        let system = &stage.system();
        for fill in [
            "insert into authors (name) values ('Ann')",
            "insert into tags (name) select n::text from generate_series(1, 317) n",
            "insert into books (title, author_id) select n::text, 1 from generate_series(1, 317) n",
            "insert into books__tags (source_id, target_id) \
             select b.id, t.id from books b, tags t",
        ] {
            system.sql(fill, &[]).await.unwrap();
        }
        let books: Vec<i64> = (1..=317).collect();
        let expected = "fields bad_parameter reason=too_many field=tag_ids max=100000";
        assert_eq!(linked(system, "books", "tags", &books).await, expected);
        let model = system.schema().by_table("books").unwrap();
        let tags = model.field("tags").unwrap();
        let lists = engine::linked(system, model, tags, &books[..315]).await.unwrap();
        assert!(lists.iter().all(|it| it.len() == 317));
    })
    .await;
}

async fn linked(session: &Session, table: &str, field: &str, of: &[i64]) -> String {
    let model = session.schema().by_table(table).unwrap();
    match engine::linked(session, model, model.field(field).unwrap(), of).await {
        Ok(lists) => format!("{lists:?}"),
        Err(error) => said::<()>(Err(error)),
    }
}
