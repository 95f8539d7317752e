//! Pages under a rule of several arms: the same rows in the same order as the administrator gets
//! who asks for just those, however the engine puts the arms together.

use std::hash::{BuildHasher, RandomState};

use orm::{
    Changes, Filter, Id, Model, Session, SortKey, Value, Verb,
    engine::{self, Count, List},
};
use proptest::{
    collection::vec,
    prelude::any,
    test_runner::{Config, RngSeed, TestCaseError, TestRunner},
};
use tokio::runtime;

use crate::{
    library::{Book, Genre, Reader},
    oracle::Choices,
    shelf::{author, genre, reader},
    stage::Stage,
};

const WORLDS: u32 = 12;
const PAGES: usize = 60;
const BOOKS: usize = 40;

const ORDERS: [&str; 8] =
    ["title", "-title", "pages", "-pages", "id", "-id", "-pages,title", "owner,title"];
const FILTERS: [&str; 6] = [
    "{}",
    "{}",
    "{}",
    r#"{"pages":{"gt":2}}"#,
    r#"{"is_rare":true,"title":{"in":["a","b","c"]}}"#,
    r#"{"owner":{"name":{"ne":"ann"}}}"#,
];

#[test]
fn a_page_under_a_rule_is_that_of_the_rule_as_a_filter() {
    let seed = match Config::default().rng_seed {
        RngSeed::Fixed(it) => it,
        RngSeed::Random => RandomState::new().hash_one(()),
    };
    println!("PROPTEST_RNG_SEED={seed} makes the same worlds again");
    let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let stage = runtime.block_on(Stage::open());
    let config = Config {
        cases: WORLDS,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        ..Config::default()
    };
    let numbers = (vec(any::<u16>(), 4 * BOOKS), vec(vec(any::<u16>(), 24), PAGES));
    let outcome = TestRunner::new(config)
        .run(&numbers, |(books, pages)| runtime.block_on(agree(&stage, &books, &pages)));
    runtime.block_on(stage.close());
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// Who and what books belong to.
struct World {
    readers: Vec<Id<Reader>>,
    genres: Vec<Id<Genre>>,
}

async fn agree(stage: &Stage, books: &[u16], pages: &[Vec<u16>]) -> Result<(), TestCaseError> {
    let world = fill(&stage.system(), &mut Choices::of(books)).await;
    for numbers in pages {
        let from = &mut Choices::of(numbers);
        let all = stage.all_rights().with_macro("me", Value::Int(from.one(&world.readers).get()));
        let rule = world.rule(from);
        let of = page(&stage.system(), from);
        let filter = all.parse("books", FILTERS[from.below(FILTERS.len())]);
        let ruled = stage.session(all.clone().rule("books", &[Verb::Read], &rule));
        let as_filter = filter.clone().and(all.parse("books", &rule));
        let expected = titles(&stage.session(all), &List { filter: as_filter, ..of.clone() }).await;
        // Again, when its text is known, and again, when it may be kept prepared.
        for time in 1..=3 {
            let found = titles(&ruled, &List { filter: filter.clone(), ..of.clone() }).await;
            if found != expected {
                return Err(TestCaseError::fail(format!(
                    "time {time}, under {rule}, {filter:?} in {of:?} found {found} and not {expected}"
                )));
            }
        }
    }
    Ok(())
}

/// Other books, of three readers or of nobody.
async fn fill(system: &Session, from: &mut Choices<'_>) -> World {
    let every = || Book::ID.gt(0);
    Book::delete_where(system, every(), 1_000).await.unwrap();
    let mut world = World { readers: Vec::new(), genres: Vec::new() };
    for name in ["ann", "bob", "cid"] {
        world.readers.push(reader(system, name).await);
    }
    for _ in 0..2 {
        let count = Genre::query(system).count().await.unwrap();
        world.genres.push(genre(system, &format!("genre {count}")).await);
    }
    let author = author(system, "Ann").await;
    let mut books = Vec::new();
    for _ in 0..BOOKS {
        let title = *from.one(&["a", "b", "c", "d"]);
        let pages = [None, Some(1), Some(2), Some(3)][from.below(4)];
        let owner = world.readers.get(from.below(5)).copied();
        let genre = world.genres.get(from.below(4)).copied();
        books.push(Changes::from([
            Book::TITLE.set(title),
            Book::AUTHOR.set(author),
            Book::PAGES.set(pages),
            Book::OWNER.set(owner),
            Book::GENRE.set(genre),
            Book::IS_RARE.set(title == "a"),
        ]));
    }
    Book::create_many(system, books).await.unwrap();
    world
}

impl World {
    /// Two arms or more, sometimes with something on top.
    fn rule(&self, from: &mut Choices<'_>) -> String {
        let reader = from.one(&self.readers).get();
        let genre = from.one(&self.genres).get();
        let arms = [
            r#"{"owner_id":"@me"}"#.to_owned(),
            r#"{"owner_id":{"null":true}}"#.to_owned(),
            r#"{"owner":{"null":true}}"#.to_owned(),
            r#"{"genre_id":{"null":true}}"#.to_owned(),
            format!(r#"{{"owner_id":{reader}}}"#),
            format!(r#"{{"genre_id":{genre}}}"#),
            format!(r#"{{"owner_id":{reader},"is_rare":true}}"#),
            format!(r#"{{"genre_id":{genre},"owner_id":{{"null":true}}}}"#),
            r#"{"is_rare":true}"#.to_owned(),
        ];
        let count = 2 + from.below(3);
        let arms: Vec<&str> = (0..count).map(|_| from.one(&arms).as_str()).collect();
        let arms = format!(r#"{{"or":[{}]}}"#, arms.join(","));
        match from.below(4) {
            0 => format!(r#"{{"and":[{arms},{{"title":{{"ne":"b"}}}}]}}"#),
            1 => format!(r#"{{"and":[{{"pages":{{"lt":3}}}},{arms}]}}"#),
            _ => arms,
        }
    }
}

/// A page in any order.
fn page(session: &Session, from: &mut Choices<'_>) -> List {
    let model = session.schema().by_table("books").unwrap();
    let key = |it: &'static str| {
        let field = it.trim_start_matches('-');
        SortKey { hops: Vec::new(), field, is_descending: it.starts_with('-') }
    };
    let mut sort: Vec<SortKey> = from.one(&ORDERS).split(',').map(key).collect();
    if sort[0].field != "id" {
        sort.push(SortKey::id(&sort));
    }
    let fields: &[&str] = [&["id", "title"][..], &["title", "pages", "id"]][from.below(2)];
    List {
        fields: fields.iter().map(|it| model.field(it).unwrap().id).collect(),
        filter: Filter::all(),
        sort,
        limit: i64::try_from(from.below(9)).unwrap(),
        offset: [0, 0, 1, 7, 30][from.below(5)],
        count: Count::None,
        expand: Vec::new(),
    }
}

/// The rows of a page as JSON, and whether more follow.
async fn titles(session: &Session, of: &List) -> String {
    let model = session.schema().by_table("books").unwrap();
    let listed = engine::list(session, model, of).await.unwrap();
    let mut json = Vec::new();
    listed.rows.write_json(&mut json);
    format!("{} {}", String::from_utf8(json).unwrap(), listed.has_more)
}
