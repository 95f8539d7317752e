//! A catalogue to look at: 240 products in 12 categories of two levels, in English and Russian.

use artel_core::{Result, Session};
use orm::{Changes, Decimal, Id, Model};

use crate::{Category, MODULE, Product, ProductKind, ProductTag, Unit};

/// Categories and those within them.
const GROUPS: [(&str, [&str; 3]); 3] = [
    ("Свет и мебель", ["Лампы", "Столы", "Стулья"]),
    ("Books and paper", ["Books", "Notebooks", "Calendars"]),
    ("Услуги / Services", ["Монтаж", "Consulting", "Обучение"]),
];

/// What is sold, and in which kind of finish it comes.
const THINGS: [(&str, ProductKind); 9] = [
    ("Лампа", ProductKind::Goods),
    ("Стол", ProductKind::Goods),
    ("Стул", ProductKind::Goods),
    ("Book", ProductKind::Goods),
    ("Notebook", ProductKind::Goods),
    ("Calendar", ProductKind::Bundle),
    ("Монтаж", ProductKind::Service),
    ("Consulting", ProductKind::Service),
    ("Обучение", ProductKind::Service),
];

const VARIANTS: [&str; 9] =
    ["Берёза", "North", "Классик", "Atlas", "Волна", "Field", "Мастер", "River", "Сокол"];

const TAGS: [&str; 4] = ["новинка", "sale", "eco", "хит"];

const PRODUCTS: usize = 240;

pub(crate) async fn fill(session: &Session) -> Result<()> {
    let categories = categories(session).await?;
    let tags = tags(session).await?;
    let units: Vec<Id<Unit>> =
        Unit::query(session).order(Unit::ID).all().await?.iter().map(|it| it.id()).collect();
    let products = (0..PRODUCTS).map(|at| product(at, &categories, &units)).collect();
    let products = Product::create_many(session, products).await?;
    for (at, product) in products.iter().enumerate().step_by(3) {
        let tags = [tags[at % TAGS.len()], tags[(at / 3 + 1) % TAGS.len()]];
        Product::link(session, *product, Product::TAGS, &tags).await?;
    }
    Ok(())
}

/// The categories of the second level, in the order of `THINGS`.
async fn categories(session: &Session) -> Result<Vec<Id<Category>>> {
    let mut leaves = Vec::new();
    for (group, names) in GROUPS {
        let key = format!("demo {group}");
        let group = [Category::NAME.set(group)];
        let parent = Category::seeded(session, MODULE.name, &key, group).await?;
        for name in names {
            let key = format!("demo {name}");
            let changes = [Category::NAME.set(name), Category::PARENT.set(parent)];
            leaves.push(Category::seeded(session, MODULE.name, &key, changes).await?);
        }
    }
    Ok(leaves)
}

async fn tags(session: &Session) -> Result<Vec<Id<ProductTag>>> {
    let tags = TAGS.map(|it| Changes::from([ProductTag::NAME.set(it)]));
    Ok(ProductTag::create_many(session, tags.into()).await?)
}

fn product(at: usize, categories: &[Id<Category>], units: &[Id<Unit>]) -> Changes<Product> {
    let kind = at % THINGS.len();
    let (thing, kind_of_product) = THINGS[kind];
    let variant = VARIANTS[at / THINGS.len() % VARIANTS.len()];
    let series = at / (THINGS.len() * VARIANTS.len()) + 1;
    // Prices spread over three decades; costs leave a margin of a quarter to a half.
    let price = Decimal::new(990 + (at as i64 * 7_919) % 499_000, 2);
    let cost = price * Decimal::new(50 + (at as i64 * 13) % 25, 2);
    // Services are counted in hours and have no cost.
    let is_service = kind_of_product == ProductKind::Service;
    let unit = units[usize::from(is_service)];
    Changes::from([
        Product::NAME.set(format!("{thing} {variant} {series}")),
        Product::SKU.set(format!("{:02}-{at:04}", kind + 1)),
        Product::KIND.set(kind_of_product),
        Product::PRICE.set(price),
        Product::COST.set((!is_service).then(|| cost.round_dp(2))),
        Product::UNIT.set(unit),
        Product::CATEGORY.set(categories[kind]),
        Product::ACTIVE.set(at % 17 != 16),
    ])
}
