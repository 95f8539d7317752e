//! The text of statements, to be read: what is asked, and what the rights add to it.
//!
//! The rights of these tests: genres are seen when they are open; books are written by whoever
//! owns them, or when they are in an open genre; parts follow their book.

mod stage;

use expect_test::{Expect, expect};

use super::*;
use crate::{
    Filter, Result, Scope, Session, Value, Verb,
    schema::SchemaModel,
    sql::{
        cache::Bound,
        tests::stage::{field, fields, guest, list, maker, model, owner, parse, system},
    },
};

#[test]
fn a_record_is_read_by_its_key() {
    let asked = |session: &Session| {
        let books = model(session, "books");
        select(session, books, &Select::one(fields(books, &["id", "title"]), 7))
    };
    check(
        &owner(),
        asked,
        &expect![[r#"
            SELECT books.id, books.title
            FROM books
            WHERE books.id = $1
            AND (books.created_by_id = $2 OR books.pages IS NULL)"#]],
    );
    check(
        &system(),
        asked,
        &expect![[r#"
        SELECT books.id, books.title
        FROM books
        WHERE books.id = $1"#]],
    );
}

#[test]
fn a_rule_is_shown_as_it_stands_in_statements() {
    let session = owner();
    let books = model(&session, "books");
    let sent = select(&session, books, &Select::one(fields(books, &["id"]), 7)).unwrap();
    let Scope::Where(rule) = session.outlook().scope(books, Verb::Read) else { panic!("a rule") };
    let shown = rule_sql(session.outlook(), books, &rule).unwrap();
    assert_eq!(shown, r#""books"."created_by_id" = $1 OR "books"."pages" IS NULL"#);
    // There it stands behind the key, which is the first parameter.
    assert!(sent.statement().sql.contains(&shown.replace("$1", "$2")));
}

#[test]
fn a_caller_s_or_stays_inside_of_the_rule() {
    let filter = r#"{"or":[{"title":"a"},{"pages":{"gt":3}}]}"#;
    check(
        &owner(),
        |it| list(it, "books", filter, &[]),
        &expect![[r#"
            SELECT books.id
            FROM books
            WHERE (books.title = $1 OR books.pages > $2)
            AND (books.created_by_id = $3 OR books.pages IS NULL)"#]],
    );
}

#[test]
fn a_rule_with_an_or_stays_whole_behind_a_relation() {
    let filter = r#"{"book":{"title":"a"}}"#;
    check(
        &owner(),
        |it| list(it, "chapters", filter, &[]),
        &expect![[r#"
            SELECT chapters.id
            FROM chapters
            WHERE EXISTS(SELECT 1
              FROM books AS t1
              WHERE t1.id = chapters.book_id
              AND (t1.created_by_id = $1 OR t1.pages IS NULL)
              AND t1.title = $2)
            AND (NOT EXISTS(SELECT 1
                FROM books AS t2
                WHERE t2.id = chapters.book_id
                AND (((t2.created_by_id = $3) IS NOT TRUE)
                  AND t2.pages IS NOT NULL)))"#]],
    );
    let order = [(&["book"][..], "title", false), (&[], "id", false)];
    check(
        &owner(),
        |it| list(it, "chapters", "{}", &order),
        &expect![[r#"
            SELECT chapters.id
            FROM chapters
            LEFT JOIN books AS t2 ON t2.id = chapters.book_id
            AND (t2.created_by_id = $1 OR t2.pages IS NULL)
            WHERE (TRUE)
            AND (NOT EXISTS(SELECT 1
                FROM books AS t1
                WHERE t1.id = chapters.book_id
                AND (((t1.created_by_id = $2) IS NOT TRUE)
                  AND t1.pages IS NOT NULL)))
            ORDER BY t2.title ASC, chapters.id ASC
            LIMIT $3"#]],
    );
    let filter = r#"{"books":{"every":{"or":[{"pages":1},{"title":"a"}]}}}"#;
    check(
        &owner(),
        |it| list(it, "genres", filter, &[]),
        &expect![[r#"
            SELECT genres.id
            FROM genres
            WHERE (NOT EXISTS(SELECT 1
                FROM books AS t1
                WHERE t1.genre_id = genres.id
                AND (t1.created_by_id = $1 OR t1.pages IS NULL)
                AND (((t1.pages = $2) IS NOT TRUE)
                  AND ((t1.title = $3) IS NOT TRUE))))
            AND genres.is_open = $4"#]],
    );
}

#[test]
fn opposites_are_exact_and_hops_are_rows_of_absent_values() {
    check(
        &system(),
        |it| list(it, "books", r#"{"not":{"title":{"in":["a"]}},"pages":{"ne":3}}"#, &[]),
        &expect![[r#"
            SELECT books.id
            FROM books
            WHERE ((books.title = ANY($1)) IS NOT TRUE)
            AND ((books.pages = $2) IS NOT TRUE)"#]],
    );
    check(
        &guest(),
        |it| list(it, "books", r#"{"genre":{"name":{"ne":"x"}}}"#, &[]),
        &expect![[r#"
            SELECT books.id
            FROM books
            WHERE NOT EXISTS(SELECT 1
              FROM genres AS t1
              WHERE t1.id = books.genre_id
              AND t1.is_open = $1
              AND t1.name = $2)"#]],
    );
    check(
        &guest(),
        |it| list(it, "books", r#"{"genre":{"parent":{"name":"x"}}}"#, &[]),
        &expect![[r#"
            SELECT books.id
            FROM books
            WHERE EXISTS(SELECT 1
              FROM genres AS t1
              WHERE t1.id = books.genre_id
              AND t1.is_open = $1
              AND EXISTS(SELECT 1
                FROM genres AS t2
                WHERE t2.id = t1.parent_id
                AND t2.is_open = $2
                AND t2.name = $3))"#]],
    );
    check(
        &guest(),
        |it| list(it, "books", r#"{"not":{"genre":{"null":true}}}"#, &[]),
        &expect![[r#"
            SELECT books.id
            FROM books
            WHERE EXISTS(SELECT 1
              FROM genres AS t1
              WHERE t1.id = books.genre_id
              AND t1.is_open = $1)"#]],
    );
}

#[test]
fn to_many_conditions_are_exists() {
    check(
        &guest(),
        |it| list(it, "genres", r#"{"books":{"some":{"pages":1}}}"#, &[]),
        &expect![[r#"
            SELECT genres.id
            FROM genres
            WHERE EXISTS(SELECT 1
              FROM books AS t1
              WHERE t1.genre_id = genres.id
              AND t1.pages = $1)
            AND genres.is_open = $2"#]],
    );
    check(
        &guest(),
        |it| list(it, "books", r#"{"tags":{"every":{"name":"x"}}}"#, &[]),
        &expect![[r#"
            SELECT books.id
            FROM books
            WHERE NOT EXISTS(SELECT 1
              FROM tags AS t1, books__tags AS t2
              WHERE t2.source_id = books.id
              AND t1.id = t2.target_id
              AND ((t1.name = $1) IS NOT TRUE))"#]],
    );
    check(
        &guest(),
        |it| list(it, "chapters", r#"{"book":{"tags":{"none":{}}}}"#, &[]),
        &expect![[r#"
            SELECT chapters.id
            FROM chapters
            WHERE NOT EXISTS(SELECT 1
              FROM books AS t1
              WHERE t1.id = chapters.book_id
              AND EXISTS(SELECT 1
                FROM tags AS t2, books__tags AS t3
                WHERE t3.source_id = t1.id
                AND t2.id = t3.target_id
                AND (TRUE)))"#]],
    );
}

#[test]
fn an_order_behind_a_reference_joins_what_may_be_seen() {
    let order = [(&["genre"][..], "name", true), (&[], "pages", true), (&[], "id", true)];
    check(
        &guest(),
        |it| list(it, "books", "{}", &order),
        &expect![[r#"
            SELECT books.id
            FROM books
            LEFT JOIN genres AS t1 ON t1.id = books.genre_id
            AND t1.is_open = $1
            WHERE TRUE
            ORDER BY t1.name DESC NULLS LAST, books.pages DESC NULLS LAST, books.id DESC
            LIMIT $2"#]],
    );
}

#[test]
fn each_arm_of_a_rule_gives_its_part_of_a_page() {
    let by_id = [(&[][..], "id", true)];
    check(
        &owner(),
        |it| list(it, "books", "{}", &by_id),
        &expect![[r#"
            SELECT books.id
            FROM (SELECT *
              FROM (SELECT books.id
                FROM books
                WHERE (TRUE)
                AND (books.created_by_id = ANY($1))
                ORDER BY books.created_by_id DESC, books.id DESC
                LIMIT 20) AS arm UNION ALL (SELECT books.id
                FROM books
                WHERE (TRUE)
                AND books.pages IS NULL
                AND ((books.created_by_id = $2) IS NOT TRUE)
                ORDER BY books.pages DESC, books.id DESC
                LIMIT 20)) AS books
            ORDER BY books.id DESC
            LIMIT 20"#]],
    );
    check(
        &maker(),
        |it| list(it, "books", r#"{"title":"a"}"#, &by_id),
        &expect![[r#"
        SELECT books.id
        FROM (SELECT *
          FROM (SELECT books.id
            FROM books
            WHERE books.title = $1
            AND books.created_by_id = $2
            ORDER BY books.id DESC
            LIMIT 20) AS arm UNION ALL (SELECT books.id
            FROM books
            WHERE books.title = $3
            AND books.pages = $4
            AND ((books.created_by_id = $5) IS NOT TRUE)
            ORDER BY books.id DESC
            LIMIT 20)) AS books
        ORDER BY books.id DESC
        LIMIT 20"#]],
    );
}

#[test]
fn a_rule_stays_whole_where_no_index_has_the_page() {
    let by_id = [(&[][..], "id", true)];
    let by_title = [(&[][..], "title", true), (&[], "id", true)];
    check(
        &owner(),
        |it| list(it, "books", r#"{"title":"a"}"#, &by_id),
        &expect![[r#"
        SELECT books.id
        FROM books
        WHERE books.title = $1
        AND (books.created_by_id = $2 OR books.pages IS NULL)
        ORDER BY books.id DESC
        LIMIT $3"#]],
    );
    check(
        &owner(),
        |it| list(it, "books", "{}", &by_title),
        &expect![[r#"
        SELECT books.id
        FROM books
        WHERE (TRUE)
        AND (books.created_by_id = $1 OR books.pages IS NULL)
        ORDER BY books.title DESC, books.id DESC
        LIMIT $2"#]],
    );
    check(
        &owner(),
        |it| list(it, "books", "{}", &[]),
        &expect![[r#"
        SELECT books.id
        FROM books
        WHERE (TRUE)
        AND (books.created_by_id = $1 OR books.pages IS NULL)"#]],
    );
}

#[test]
fn a_count_stops_where_it_is_told_to() {
    let filter = Filter::all();
    check(
        &owner(),
        |it| count(it, model(it, "books"), &filter, Some(10)),
        &expect![[r#"
            SELECT COUNT(*)
            FROM (SELECT 1
              FROM books
              WHERE (TRUE)
              AND (books.created_by_id = $1 OR books.pages IS NULL)
              LIMIT $2) AS rows"#]],
    );
    check(
        &owner(),
        |it| count(it, model(it, "chapters"), &filter, None),
        &expect![[r#"
            SELECT COUNT(*)
            FROM (SELECT 1
              FROM chapters
              WHERE (TRUE)
              AND (NOT EXISTS(SELECT 1
                  FROM books AS t1
                  WHERE t1.id = chapters.book_id
                  AND (((t1.created_by_id = $1) IS NOT TRUE)
                    AND t1.pages IS NOT NULL)))) AS rows"#]],
    );
    check(
        &system(),
        |it| estimate(it, model(it, "books"), &filter),
        &expect![[r#"
        EXPLAIN (FORMAT JSON) SELECT 1
        FROM books
        WHERE TRUE"#]],
    );
}

#[test]
fn a_new_record_says_whether_it_may_be() {
    let asked = |session: &Session, model: &SchemaModel, names: &[&str], rows: usize| {
        let row = |_| names.iter().map(|_| Value::Null).collect();
        insert(session, model, &fields(model, names), (0..rows).map(row).collect())
    };
    check(
        &owner(),
        |it| asked(it, model(it, "genres"), &["name", "is_open"], 1),
        &expect![[r#"
            INSERT INTO genres (name, is_open)
            VALUES ($1, $2)
            RETURNING genres.id, genres.version, genres.name, genres.parent_id, genres.is_open,
              genres.created_at, genres.created_by_id, genres.updated_at, genres.updated_by_id,
              (genres.is_open = $3) IS TRUE, (genres.is_open = $4) IS TRUE"#]],
    );
    check(
        &owner(),
        |it| asked(it, model(it, "genres"), &["name", "is_open"], 3),
        &expect![[r#"
            INSERT INTO genres (name, is_open) SELECT unnest($1), unnest($2)
            RETURNING genres.id, genres.version, genres.name, genres.parent_id, genres.is_open,
              genres.created_at, genres.created_by_id, genres.updated_at, genres.updated_by_id,
              (genres.is_open = $3) IS TRUE, (genres.is_open = $4) IS TRUE"#]],
    );
    check(
        &owner(),
        |it| asked(it, model(it, "chapters"), &["book"], 1),
        &expect![[r#"
            INSERT INTO chapters (book_id)
            VALUES ($1)
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
        update(session, model, 7, &named(model, name), version)
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
        lock_for_bulk(session, model, bulk)
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
            WHERE books.id = ANY($3) FOR NO KEY UPDATE"#]],
    );
    check(
        &guest(),
        |it| visible_ids(it, model(it, "genres"), vec![1, 2]),
        &expect![[r#"
            SELECT genres.id
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

#[test]
fn one_shape_has_another_text_for_other_rights() {
    let text = |session: &Session| {
        let bound = list(session, "genres", "{}", &[]).unwrap();
        bound.statement().sql.to_owned()
    };
    // On one database, so that all of them look into the same cache.
    let (owner, guest, system) = stage::on_one_database();
    let first = [text(&system), text(&owner), text(&guest)];
    assert_eq!(first, [text(&system), text(&owner), text(&guest)]);
    assert_ne!(first[0], first[1]);
}

/// Compares the text of a statement, laid out and without the quotes around names.
#[track_caller]
fn check(session: &Session, asked: impl FnOnce(&Session) -> Result<Bound>, expected: &Expect) {
    let bound = asked(session).unwrap();
    let statement = bound.statement();
    let params = statement.sql.matches('$').count();
    assert_eq!(statement.params.len(), params, "each parameter has its value");
    expected.assert_eq(&readable(statement.sql));
}

/// Clauses and conditions on lines of their own, what is in parentheses further in.
fn readable(sql: &str) -> String {
    const CLAUSES: [&str; 9] =
        ["FROM", "LEFT", "WHERE", "AND", "SET", "VALUES", "ORDER", "LIMIT", "RETURNING"];
    let (mut lines, mut line, mut depth) = (Vec::new(), String::new(), 0);
    for word in sql.replace('"', "").split_whitespace() {
        let is_clause = CLAUSES.contains(&word) && !line.ends_with(" DISTINCT");
        let is_full = line.len() + word.len() > 84;
        if is_clause || is_full {
            lines.push(std::mem::replace(&mut line, "  ".repeat(depth + usize::from(is_full))));
        } else if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        depth += word.matches('(').count();
        depth -= word.matches(')').count();
    }
    lines.push(line);
    lines.join("\n")
}
