//! The models of the tests: a library with its books, and a table of every kind of field.

use std::sync::Arc;

use orm::{
    AnyRecord, Decimal, Invalid, Json, Many2Many, Many2One, Model, ModelDef, One2Many, One2One,
    RegisteredExtension, Result, Schema, Secret, Selection, Translated, Uuid,
    chrono::{DateTime, NaiveDate, NaiveTime, Utc},
};

use crate::{fine, pledge, shop, yard::Plot};

/// What a book is about; some of it stands below something else.
#[derive(Debug, Model)]
#[model(table = "genres", display = "name", order = "name")]
pub(crate) struct Genre {
    #[field(unique)]
    pub name: String,
    pub parent: Option<Many2One<Self>>,
    pub rank: Option<i16>,
    #[field(default = true)]
    pub is_open: bool,
    #[field(inverse = "genre")]
    pub books: One2Many<Book>,
    #[field(inverse = "genre")]
    pub pledges: One2Many<Pledge>,
}

/// Who wrote it.
#[derive(Debug, Model)]
#[model(table = "authors", display = "name", order = "name")]
pub(crate) struct Author {
    pub name: String,
    pub country: Option<String>,
    pub born: Option<NaiveDate>,
    #[field(inverse = "author")]
    pub books: One2Many<Book>,
}

/// What the library lends.
#[derive(Debug, Model)]
#[model(table = "books", display = "title", order = "title")]
#[model(scope_index = "owner", scope_index = "genre")]
pub(crate) struct Book {
    #[field(max = 60)]
    pub title: String,
    pub subtitle: Option<String>,
    #[field(unique)]
    pub isbn: Option<String>,
    pub author: Many2One<Author>,
    pub genre: Option<Many2One<Genre>>,
    pub state: Option<State>,
    #[field(min = 1, index)]
    pub pages: Option<i32>,
    #[field(scale = 2, default = 10)]
    pub price: Option<Decimal>,
    pub is_rare: Option<bool>,
    pub printed_on: Option<NaiveDate>,
    pub bought_at: Option<DateTime<Utc>>,
    pub owner: Option<Many2One<Reader>>,
    pub tags: Many2Many<Tag>,
    #[field(inverse = "book")]
    pub chapters: One2Many<Chapter>,
    #[field(inverse = "book")]
    pub copies: One2Many<Copy>,
    #[field(inverse = "book")]
    pub loans: One2Many<Loan>,
}

/// Where a book is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Selection)]
pub(crate) enum State {
    Shelf,
    Lent,
    Lost,
}

/// A part of a book.
#[derive(Debug, Model)]
#[model(table = "chapters", order = "number", child_of = "book", unique = "book, number")]
pub(crate) struct Chapter {
    pub book: Many2One<Book>,
    pub number: i32,
    pub title: Option<String>,
    #[field(inverse = "chapter")]
    pub footnotes: One2Many<Footnote>,
}

/// A part of a chapter.
#[derive(Debug, Model)]
#[model(table = "footnotes", child_of = "chapter")]
pub(crate) struct Footnote {
    pub chapter: Many2One<Chapter>,
    pub text: String,
}

/// One of several things that are the same book: what becomes of it is a change of the book.
#[derive(Debug, Model)]
#[model(table = "copies", child_of = "book", touch, check = not_on_the_floor)]
pub(crate) struct Copy {
    pub book: Many2One<Book>,
    pub shelf: Option<String>,
}

fn not_on_the_floor(copy: &Copy, invalid: &mut Invalid) {
    if copy.shelf.as_deref() == Some("floor") {
        invalid.field(Copy::SHELF, "on_the_floor");
    }
}

/// A word that books are found by.
#[derive(Debug, Model)]
#[model(table = "tags", display = "name", order = "name")]
pub(crate) struct Tag {
    #[field(unique)]
    pub name: String,
    pub hue: Option<i16>,
    #[field(inverse = "tags")]
    pub books: Many2Many<Book>,
}

/// Who asks.
#[derive(Debug, Model)]
#[model(table = "readers", display = "name")]
pub(crate) struct Reader {
    pub name: String,
    #[field(seal = hidden)]
    pub password: Option<Secret>,
}

/// Stands for a slow hash.
async fn hidden(text: String) -> Result<String> {
    Ok(format!("sealed:{}", text.len()))
}

/// That somebody has a book; the book cannot go meanwhile.
#[derive(Debug, Model)]
#[model(table = "loans", unique = "book, reader")]
pub(crate) struct Loan {
    pub book: Many2One<Book>,
    pub reader: Many2One<Reader>,
}

/// That somebody waits for a book.
#[derive(Debug, Model)]
#[model(table = "holds")]
pub(crate) struct Hold {
    pub book: Many2One<Book>,
}

/// What an author has a word in, and what raises a counter.
#[derive(Debug, Model)]
#[model(table = "pledges", signal = "pledges", options = "force, quietly")]
#[model(before = pledge::before, after = pledge::after)]
pub(crate) struct Pledge {
    pub name: String,
    pub genre: Option<Many2One<Genre>>,
    #[field(keeps)]
    pub tags: Many2Many<Tag>,
}

/// What somebody owes: who changes it is remembered, and told.
#[derive(Debug, Model)]
#[model(table = "fines", history = "30 days")]
#[model(before = fine::encode, after = fine::send, after_commit = fine::tell)]
pub(crate) struct Fine {
    pub name: String,
    pub code: Option<String>,
    #[field(scale = 2)]
    pub amount: Option<Decimal>,
    pub note: Option<Json>,
    #[field(seal = hidden)]
    pub pin: Option<Secret>,
    pub genre: Option<Many2One<Genre>>,
    pub tags: Many2Many<Tag>,
}

/// One optional field of every kind.
#[derive(Debug, Model)]
#[model(table = "samples")]
pub(crate) struct Sample {
    pub text: Option<String>,
    pub small: Option<i16>,
    pub middle: Option<i32>,
    pub large: Option<i64>,
    pub float: Option<f64>,
    #[field(scale = 4)]
    pub decimal: Option<Decimal>,
    pub flag: Option<bool>,
    pub day: Option<NaiveDate>,
    pub clock: Option<NaiveTime>,
    pub moment: Option<DateTime<Utc>>,
    pub uuid: Option<Uuid>,
    pub json: Option<Json>,
    pub bytes: Option<Vec<u8>>,
    pub state: Option<State>,
    pub secret: Option<Secret>,
    pub other: Option<Many2One<Self>>,
    #[field(inverse = "other")]
    pub others: One2Many<Self>,
    pub twin: Option<One2One<Self>>,
    pub subject: Option<AnyRecord>,
    #[field(max = 20, search)]
    pub caption: Option<Translated>,
    #[field(inverse = "twin")]
    pub twins: One2Many<Self>,
    pub tags: Many2Many<Tag>,
}

/// What somebody wrote about something.
#[derive(Debug, Model)]
#[model(table = "remarks", order = "title", scope_index = "genre")]
pub(crate) struct Remark {
    #[field(max = 20, search)]
    pub title: Translated,
    #[field(targets = "books, genres, chapters")]
    pub subject: Option<AnyRecord>,
    pub reply: Option<One2One<Self>>,
    #[field(index, default = 0)]
    pub rank: i32,
    #[field(on_delete = "set_null")]
    pub genre: Option<One2One<Genre>>,
}

/// The models, readers being those who ask.
pub(crate) fn schema() -> Arc<Schema> {
    let models = [
        Genre::def(),
        Author::def(),
        Book::def(),
        Chapter::def(),
        Footnote::def(),
        Copy::def(),
        Tag::def(),
        Reader::def(),
        Loan::def(),
        Hold::def(),
        Pledge::def(),
        Fine::def(),
        Sample::def(),
        Remark::def(),
        Plot::def(),
    ];
    let models: Vec<&'static ModelDef> = models.into_iter().chain(shop::models()).collect();
    let of_all = inventory::iter::<RegisteredExtension>().map(|it| (it.0)());
    let extensions: Vec<_> = of_all.collect();
    Arc::new(Schema::extended(&models, &extensions, Some("readers")).unwrap())
}
