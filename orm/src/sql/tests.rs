//! The text of statements, to be read: what is asked, and what the rights add to it.
//!
//! The rights of these tests: genres are seen when they are open; books are written by whoever
//! owns them, or when they are in an open genre; parts follow their book.

mod arms;
mod stage;
mod write;

use expect_test::{Expect, expect};

use super::*;
use crate::{
    Filter, Result, Scope, Session, Verb,
    sql::{
        cache::Bound,
        tests::stage::{fields, guest, list, model, owner, system},
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
