//! Statements that write, and those that judge what is written.

use expect_test::expect;

use crate::{
    Session, Value, Verb,
    schema::{FieldId, SchemaModel},
    sql::{
        Bulk, NewRows, Question, Terms, delete, delete_ids, delete_links, insert, insert_links,
        judge, linked_ids, pick_for_bulk,
        tests::{
            check,
            stage::{field, fields, guest, model, owner, parse},
        },
        update, visible_ids,
    },
};

#[test]
fn a_new_record_says_whether_it_may_be() {
    let asked = |session: &Session, model: &SchemaModel, names: &[&str], rows: usize| {
        let fields = fields(model, names);
        let named = |names: &[FieldId]| names.iter().map(|it| (*it, Value::Null)).collect();
        let new = NewRows {
            rows: (0..rows).map(|_| named(&fields)).collect(),
            stamped: named(&[model.field("updated_at").unwrap().id]),
            is_whole: rows == 1,
        };
        insert(session, model, new)
    };
    check(
        &owner(),
        |it| asked(it, model(it, "genres"), &["name", "is_open"], 1),
        &expect![[r#"
            INSERT INTO genres (name, is_open, updated_at)
            VALUES ($1, $2, $3)
            RETURNING genres.id, genres.version, genres.name, genres.parent_id, genres.is_open,
              genres.created_at, genres.created_by_id, genres.updated_at, genres.updated_by_id,
              (genres.is_open = $4) IS TRUE, (genres.is_open = $5) IS TRUE"#]],
    );
    check(
        &owner(),
        |it| asked(it, model(it, "genres"), &["name", "is_open"], 3),
        &expect![[r#"
            INSERT INTO genres (name, is_open, updated_at) SELECT unnest($1), unnest($2), $3
              RETURNING genres.id, (genres.is_open = $4) IS TRUE, (genres.is_open = $5) IS TRUE"#]],
    );
    check(
        &owner(),
        |it| asked(it, model(it, "chapters"), &["book"], 1),
        &expect![[r#"
            INSERT INTO chapters (book_id, updated_at)
            VALUES ($1, $2)
            RETURNING chapters.id, chapters.version, chapters.book_id, chapters.created_at,
              chapters.created_by_id, chapters.updated_at, chapters.updated_by_id, NULL::boolean,
              NULL::boolean"#]],
    );
}

#[test]
fn a_change_looks_at_the_old_row_and_at_the_new() {
    let named = |model: &SchemaModel, name| vec![(fields(model, &[name])[0], Value::Null)];
    let asked = |session: &Session, table: &str, name, version| {
        let model = model(session, table);
        update(session, model, (7, Terms::asked(version)), &named(model, name))
    };
    check(
        &owner(),
        |it| asked(it, "genres", "name", Some(3)),
        &expect![[r#"
            UPDATE genres
            SET name = $1, updated_at = $2, updated_by_id = $3, version = genres.version + (1)
              WHERE genres.id = $4
            AND genres.version = $5
            AND (genres.name IS DISTINCT FROM $6)
            AND genres.is_open = $7
            RETURNING genres.id, genres.version, genres.name, genres.parent_id, genres.is_open,
              genres.created_at, genres.created_by_id, genres.updated_at, genres.updated_by_id,
              (genres.is_open = $8) IS TRUE, (genres.is_open = $9) IS TRUE"#]],
    );
    check(
        &owner(),
        |it| asked(it, "books", "title", None),
        &expect![[r#"
            UPDATE books
            SET title = $1, updated_at = $2, updated_by_id = $3, version = books.version + (1)
              WHERE books.id = $4
            AND (books.title IS DISTINCT FROM $5)
            AND (books.created_by_id = $6 OR books.pages IS NULL)
            AND EXISTS(SELECT 1
              FROM genres AS t1
              WHERE t1.id = books.genre_id
              AND t1.is_open = $7)
            RETURNING books.id, books.version, books.title, books.pages, books.genre_id,
              books.created_at, books.created_by_id, books.updated_at, books.updated_by_id,
              NULL::boolean, (books.created_by_id = $8 OR books.pages IS NULL) IS TRUE"#]],
    );
    check(
        &owner(),
        |it| asked(it, "chapters", "book", None),
        &expect![[r#"
            UPDATE chapters
            SET book_id = $1, updated_at = $2, updated_by_id = $3, version = chapters.version +
              (1)
            WHERE chapters.id = $4
            AND (chapters.book_id IS DISTINCT FROM $5)
            AND (NOT EXISTS(SELECT 1
                FROM books AS t1
                WHERE t1.id = chapters.book_id
                AND (((t1.created_by_id = $6) IS NOT TRUE)
                  AND t1.pages IS NOT NULL)))
            AND EXISTS(SELECT 1
              FROM books AS t2
              WHERE t2.id = chapters.book_id
              AND EXISTS(SELECT 1
                FROM genres AS t3
                WHERE t3.id = t2.genre_id
                AND t3.is_open = $7))
            RETURNING chapters.id, chapters.version, chapters.book_id, chapters.created_at,
              chapters.created_by_id, chapters.updated_at, chapters.updated_by_id, NULL::boolean,
              NULL::boolean"#]],
    );
}

#[test]
fn many_are_locked_first() {
    let asked = |session: &Session| {
        let model = model(session, "books");
        let filter = parse(session, "books", r#"{"or":[{"pages":1},{"pages":2}]}"#);
        let named = [(fields(model, &["title"])[0], Value::Null)];
        let bulk = Bulk { filter: &filter, verb: Verb::Update, named: &named, max: 9 };
        pick_for_bulk(session, model, bulk, true)
    };
    check(
        &owner(),
        asked,
        &expect![[r#"
            SELECT books.id
            FROM books
            WHERE (books.pages = $1 OR books.pages = $2)
            AND (books.created_by_id = $3 OR books.pages IS NULL)
            AND EXISTS(SELECT 1
              FROM genres AS t1
              WHERE t1.id = books.genre_id
              AND t1.is_open = $4)
            AND (books.title IS DISTINCT FROM $5)
            ORDER BY books.id ASC
            LIMIT $6 FOR UPDATE"#]],
    );
    check(
        &owner(),
        |it| delete_ids(it, model(it, "books"), vec![1, 2]),
        &expect![[r#"
        DELETE
        FROM books
        WHERE books.id = ANY($1)"#]],
    );
}

#[test]
fn a_delete_and_a_judgement_ask_the_same_rules() {
    check(
        &owner(),
        |it| delete(it, model(it, "books"), 7, Some(3)),
        &expect![[r#"
            DELETE
            FROM books
            WHERE books.id = $1
            AND books.version = $2
            AND (books.created_by_id = $3 OR books.pages IS NULL)
            AND EXISTS(SELECT 1
              FROM genres AS t1
              WHERE t1.id = books.genre_id
              AND t1.is_open = $4)
            RETURNING books.id"#]],
    );
    let verbs = [Verb::Read, Verb::Update];
    check(
        &owner(),
        |it| judge(it, model(it, "books"), vec![7], Question::locked(&verbs)),
        &expect![[r#"
            SELECT books.id, books.version, (books.created_by_id = $1 OR books.pages IS NULL) IS
              TRUE, (EXISTS(SELECT 1
                FROM genres AS t1
                WHERE t1.id = books.genre_id
                AND t1.is_open = $2)) IS TRUE
            FROM books
            WHERE books.id = ANY($3)
            ORDER BY books.id ASC FOR NO KEY UPDATE"#]],
    );
    check(
        &guest(),
        |it| visible_ids(it, vec![(model(it, "genres"), vec![1, 2])]),
        &expect![[r#"
            SELECT 0::int8, genres.id
            FROM genres
            WHERE (genres.id = ANY($1))
            AND genres.is_open = $2"#]],
    );
}

#[test]
fn links_are_rows_of_their_table() {
    check(
        &owner(),
        |it| {
            insert_links(
                it,
                model(it, "books"),
                field(it, "books", "tags"),
                [vec![7, 7], vec![1, 2]],
            )
        },
        &expect![[r#"
            INSERT INTO books__tags (source_id, target_id) SELECT unnest($1), unnest($2) ON
              CONFLICT DO NOTHING
            RETURNING target_id"#]],
    );
    check(
        &owner(),
        |it| delete_links(it, model(it, "books"), field(it, "books", "tags"), (7, vec![1, 2])),
        &expect![[r#"
            DELETE
            FROM books__tags
            WHERE books__tags.source_id = $1
            AND (books__tags.target_id = ANY($2))
            RETURNING books__tags.target_id"#]],
    );
    check(
        &owner(),
        |it| linked_ids(it, model(it, "books"), field(it, "books", "tags"), (vec![7, 8], 9)),
        &expect![[r#"
            SELECT books__tags.source_id, books__tags.target_id
            FROM books__tags
            WHERE books__tags.source_id = ANY($1)
            ORDER BY books__tags.source_id ASC, books__tags.target_id ASC
            LIMIT $2"#]],
    );
    check(
        &owner(),
        |it| linked_ids(it, model(it, "genres"), field(it, "genres", "books"), (vec![7, 8], 9)),
        &expect![[r#"
            SELECT t1.genre_id, t1.id
            FROM books AS t1
            WHERE (t1.genre_id = ANY($1))
            AND (t1.created_by_id = $2 OR t1.pages IS NULL)
            ORDER BY t1.genre_id ASC, t1.id ASC
            LIMIT $3"#]],
    );
}
