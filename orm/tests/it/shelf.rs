//! Rows that many tests begin with, put there by the system.

use orm::{Change, Id, Model, Session};

use crate::library::{Author, Book, Chapter, Genre, Pledge, Reader, Tag};

pub(crate) async fn author(session: &Session, name: &str) -> Id<Author> {
    Author::create(session, [Author::NAME.set(name)]).await.unwrap().id()
}

pub(crate) async fn genre(session: &Session, name: &str) -> Id<Genre> {
    Genre::create(session, [Genre::NAME.set(name)]).await.unwrap().id()
}

/// A genre that rules of tests hide.
pub(crate) async fn closed_genre(session: &Session, name: &str) -> Id<Genre> {
    let changes = [Genre::NAME.set(name), Genre::IS_OPEN.set(false)];
    Genre::create(session, changes).await.unwrap().id()
}

pub(crate) async fn reader(session: &Session, name: &str) -> Id<Reader> {
    Reader::create(session, [Reader::NAME.set(name)]).await.unwrap().id()
}

/// A book of an author of its own.
pub(crate) async fn book(session: &Session, title: &str) -> Id<Book> {
    book_with(session, title, []).await
}

pub(crate) async fn book_with<const N: usize>(
    session: &Session,
    title: &str,
    more: [Change<Book>; N],
) -> Id<Book> {
    let author = author(session, "Ann").await;
    let own = [Book::TITLE.set(title), Book::AUTHOR.set(author)];
    let changes: Vec<Change<Book>> = own.into_iter().chain(more).collect();
    Book::create(session, changes).await.unwrap().id()
}

pub(crate) async fn chapter(session: &Session, book: Id<Book>, number: i32) -> Id<Chapter> {
    let changes = [Chapter::BOOK.set(book), Chapter::NUMBER.set(number)];
    Chapter::create(session, changes).await.unwrap().id()
}

pub(crate) async fn tag(session: &Session, name: &str) -> Id<Tag> {
    Tag::create(session, [Tag::NAME.set(name)]).await.unwrap().id()
}

/// The names of the tags of a book, as the system sees them.
pub(crate) async fn tags(session: &Session, book: Id<Book>) -> String {
    let of_book = Tag::BOOKS.some(Book::ID.eq(book));
    let tags = Tag::query(session).filter(of_book).order(Tag::NAME).all().await.unwrap();
    tags.iter().map(|it| it.name.clone()).collect::<Vec<_>>().join(" ")
}

/// All pledges and their tags, as a session sees them: `a(red) b()`.
pub(crate) async fn pledges(session: &Session) -> String {
    let mut all = Vec::new();
    for pledge in Pledge::query(session).order(Pledge::ID).all().await.unwrap() {
        let mut tags = Vec::new();
        for tag in Tag::query(session).order(Tag::NAME).all().await.unwrap() {
            let linked = Pledge::ID.eq(pledge.id()).and(Pledge::TAGS.some(Tag::ID.eq(tag.id())));
            if Pledge::query(session).filter(linked).exists().await.unwrap() {
                tags.push(tag.name.clone());
            }
        }
        all.push(format!("{}({})", pledge.name, tags.join(" ")));
    }
    all.join(" ")
}

/// The titles of all books that a session sees, in order.
pub(crate) async fn titles(session: &Session) -> String {
    let books = Book::query(session).order(Book::ID).all().await.unwrap();
    books.iter().map(|it| it.title.clone()).collect::<Vec<_>>().join(" ")
}
