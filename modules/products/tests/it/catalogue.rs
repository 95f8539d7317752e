//! A small catalogue, arranged anew for each test, and those who ask for it.
//!
//! ```text
//! Home ── Light ── Lamps    Desk lamp    40.00  cost 25.50  L-1  [new, sale]
//!                           Floor lamp   90.00  cost 60.00  L-2  [sale], not on sale
//! Home                      Chair        55.00              C-1  []
//! (none)                    Lesson       20.00  by the hour      [new]
//! ```

use artel_testing::{Client, Reply, TestApp};
use orm::{Changes, Decimal, Id, Model};
use products::{Category, Product, ProductKind, ProductTag, Unit};
use serde_json::{Value, json};

pub(crate) const PRODUCTS: &str = "/api/v1/products";

pub(crate) struct Catalogue {
    pub(crate) app: TestApp,
    /// Has no role of their own.
    pub(crate) reader: Client,
    pub(crate) manager: Client,
    pub(crate) home: Id<Category>,
    pub(crate) lamps: Id<Category>,
    pub(crate) pieces: Id<Unit>,
    /// The tags `new` and `sale`.
    pub(crate) tags: [i64; 2],
    pub(crate) desk_lamp: Id<Product>,
    pub(crate) chair: Id<Product>,
}

impl Catalogue {
    pub(crate) async fn arrange() -> Self {
        let app = TestApp::start(&[auth_token::MODULE, products::MODULE]).await;
        let reader = app.user("reader").await;
        let manager = app.user_with("manager", &["products.manager"]).await;
        let session = app.session();

        let home = Category::create(&session, [Category::NAME.set("Home")]).await.unwrap().id();
        let within = async |parent: Id<Category>, name: &str| {
            let changes = [Category::NAME.set(name), Category::PARENT.set(parent)];
            Category::create(&session, changes).await.unwrap().id()
        };
        let light = within(home, "Light").await;
        let lamps = within(light, "Lamps").await;

        let unit = async |name: &str| {
            let cond = Unit::NAME.contains(name);
            Unit::query(&session).filter(cond).first().await.unwrap().unwrap().id()
        };
        let (pieces, hours) = (unit("pcs").await, unit("/ h").await);

        let tag = async |name: &str| {
            ProductTag::create(&session, [ProductTag::NAME.set(name)]).await.unwrap().id()
        };
        let (new, sale) = (tag("new").await, tag("sale").await);

        let product = async |changes: Vec<orm::Change<Product>>| {
            Product::create(&session, Changes::from(changes)).await.unwrap().id()
        };
        let desk_lamp = product(vec![
            Product::NAME.set("Desk lamp"),
            Product::SKU.set("L-1".to_owned()),
            Product::PRICE.set(Decimal::from(40)),
            Product::COST.set(Decimal::new(2_550, 2)),
            Product::UNIT.set(pieces),
            Product::CATEGORY.set(lamps),
            Product::TAGS.add(&[new, sale]),
        ])
        .await;
        product(vec![
            Product::NAME.set("Floor lamp"),
            Product::SKU.set("L-2".to_owned()),
            Product::PRICE.set(Decimal::from(90)),
            Product::COST.set(Decimal::from(60)),
            Product::UNIT.set(pieces),
            Product::CATEGORY.set(lamps),
            Product::ACTIVE.set(false),
            Product::TAGS.add(&[sale]),
        ])
        .await;
        let chair = product(vec![
            Product::NAME.set("Chair"),
            Product::SKU.set("C-1".to_owned()),
            Product::PRICE.set(Decimal::from(55)),
            Product::UNIT.set(pieces),
            Product::CATEGORY.set(home),
        ])
        .await;
        product(vec![
            Product::NAME.set("Lesson"),
            Product::KIND.set(ProductKind::Service),
            Product::PRICE.set(Decimal::from(20)),
            Product::UNIT.set(hours),
            Product::TAGS.add(&[new]),
        ])
        .await;
        let tags = [new.get(), sale.get()];
        Self { app, reader, manager, home, lamps, pieces, tags, desk_lamp, chair }
    }

    /// A search of the reader.
    pub(crate) async fn search(&self, body: Value) -> Reply {
        self.reader.post(&format!("{PRODUCTS}/search"), body).await
    }

    /// The names that a filter finds, by query string.
    pub(crate) async fn check_query(&self, query: &str, expected: &str) {
        let found = self.reader.get(&format!("{PRODUCTS}?{query}")).await.expect(200);
        assert_eq!(found.column("name"), expected, "{query}");
    }

    /// The names that a filter finds, by body; and that its opposite finds exactly the others.
    pub(crate) async fn check_filter(&self, filter: Value, expected: &str) {
        let found = self.search(json!({ "filter": filter })).await.expect(200).column("name");
        assert_eq!(found, expected, "{filter}");
        let others = self.search(json!({ "filter": { "not": filter } })).await.expect(200);
        let others = others.column("name");
        let names = found.split(", ").chain(others.split(", ")).filter(|it| !it.is_empty());
        let mut names: Vec<&str> = names.collect();
        names.sort_unstable();
        assert_eq!(names, ["Chair", "Desk lamp", "Floor lamp", "Lesson"], "not {filter}");
    }
}

/// The path of a product.
pub(crate) fn path(product: Id<Product>) -> String {
    format!("{PRODUCTS}/{}", product.get())
}
