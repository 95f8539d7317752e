//! Pages under rules of several arms.

use expect_test::expect;

use crate::sql::tests::{
    check,
    stage::{list, maker, owner},
};

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
