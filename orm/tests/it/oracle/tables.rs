//! The library's tables as the oracle knows them, written down a second time.

use crate::oracle::Sort;

/// A column that filters may name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    pub(crate) key: &'static str,
    pub(crate) sort: Sort,
}

/// A way to other rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Relation {
    pub(crate) name: &'static str,
    pub(crate) table: &'static str,
    pub(crate) field: Field,
}

/// How a relation finds its rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Field {
    /// By a column here.
    One { key: &'static str },
    /// By a column there.
    Back { key: &'static str },
    /// From a book to its tags.
    Tags,
    /// From a tag to its books.
    Tagged,
}

impl Relation {
    pub(crate) fn is_to_one(&self) -> bool {
        matches!(self.field, Field::One { .. })
    }
}

const fn column(key: &'static str, sort: Sort) -> Column {
    Column { key, sort }
}

const fn one(name: &'static str, key: &'static str, table: &'static str) -> Relation {
    Relation { name, table, field: Field::One { key } }
}

const fn back(name: &'static str, table: &'static str, key: &'static str) -> Relation {
    Relation { name, table, field: Field::Back { key } }
}

/// The columns of a table.
pub(crate) fn columns(table: &str) -> &'static [Column] {
    match table {
        "genres" => GENRES,
        "authors" => AUTHORS,
        "books" => BOOKS,
        "chapters" => CHAPTERS,
        "tags" => TAGS,
        "samples" => SAMPLES,
        other => panic!("the oracle knows no {other}"),
    }
}

/// The relations of a table.
pub(crate) fn relations(table: &str) -> &'static [Relation] {
    match table {
        "genres" => OF_GENRES,
        "authors" => OF_AUTHORS,
        "books" => OF_BOOKS,
        "chapters" => OF_CHAPTERS,
        "tags" => OF_TAGS,
        "samples" => OF_SAMPLES,
        other => panic!("the oracle knows no {other}"),
    }
}

/// The table whose rights a table follows, and the column that leads there.
pub(super) fn parent(table: &str) -> Option<(&'static str, &'static str)> {
    (table == "chapters").then_some(("books", "book_id"))
}

const GENRES: &[Column] = &[
    column("name", Sort::Text),
    column("rank", Sort::Int),
    column("is_open", Sort::Bool),
    column("parent_id", Sort::Key),
    column("id", Sort::Key),
];

const AUTHORS: &[Column] = &[
    column("name", Sort::Text),
    column("country", Sort::Text),
    column("born", Sort::Day),
    column("id", Sort::Key),
];

const BOOKS: &[Column] = &[
    column("title", Sort::Text),
    column("subtitle", Sort::Text),
    column("pages", Sort::Int),
    column("price", Sort::Decimal),
    column("is_rare", Sort::Bool),
    column("state", Sort::Choice),
    column("printed_on", Sort::Day),
    column("bought_at", Sort::Moment),
    column("author_id", Sort::Key),
    column("genre_id", Sort::Key),
    column("id", Sort::Key),
];

const CHAPTERS: &[Column] = &[
    column("number", Sort::Int),
    column("title", Sort::Text),
    column("book_id", Sort::Key),
    column("id", Sort::Key),
];

const TAGS: &[Column] =
    &[column("name", Sort::Text), column("hue", Sort::Int), column("id", Sort::Key)];

const SAMPLES: &[Column] = &[
    column("text", Sort::Text),
    column("small", Sort::Int),
    column("middle", Sort::Int),
    column("large", Sort::Int),
    column("float", Sort::Float),
    column("decimal", Sort::Decimal),
    column("flag", Sort::Bool),
    column("day", Sort::Day),
    column("clock", Sort::Clock),
    column("moment", Sort::Moment),
    column("uuid", Sort::Uuid),
    column("state", Sort::Choice),
    column("other_id", Sort::Key),
];

const OF_GENRES: &[Relation] =
    &[one("parent", "parent_id", "genres"), back("books", "books", "genre_id")];

const OF_AUTHORS: &[Relation] = &[back("books", "books", "author_id")];

const OF_BOOKS: &[Relation] = &[
    one("genre", "genre_id", "genres"),
    one("author", "author_id", "authors"),
    back("chapters", "chapters", "book_id"),
    Relation { name: "tags", table: "tags", field: Field::Tags },
];

const OF_CHAPTERS: &[Relation] = &[one("book", "book_id", "books")];

const OF_TAGS: &[Relation] = &[Relation { name: "books", table: "books", field: Field::Tagged }];

const OF_SAMPLES: &[Relation] = &[one("other", "other_id", "samples")];
