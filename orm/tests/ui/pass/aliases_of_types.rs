//! What a field is, its type says: an alias is as good as the type that it stands for.

use orm::{Decimal, Id, Many2Many, Many2One, Model, One2Many};

type Money = Option<Decimal>;
type Within<T> = Option<Many2One<T>>;
type Labels = Many2Many<Category>;
type Flag = bool;

#[derive(Debug, Model)]
#[model(table = "categories")]
pub struct Category {
    pub name: String,
    #[field(inverse = "category")]
    pub products: One2Many<Product>,
}

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    #[field(scale = 2)]
    pub cost: Money,
    pub category: Within<Category>,
    pub labels: Labels,
    #[field(default = true)]
    pub active: Flag,
}

#[test]
fn an_alias_is_as_good_as_its_type() {
    Product::COST.set(Some(Decimal::ONE));
    Product::COST.gte(Decimal::ONE);
    Product::CATEGORY.set(Id::<Category>::new(1));
    Product::CATEGORY.to(Category::NAME).eq("Books");
    Product::LABELS.some(Category::NAME.eq("New"));
    Product::ACTIVE.eq(false);

    let keys: Vec<_> = Product::def().fields.iter().map(|it| it.key).collect();
    assert_eq!(keys, ["cost", "category_id", "label_ids", "active"]);
    let optional: Vec<_> = Product::def().fields.iter().map(|it| it.nullable).collect();
    assert_eq!(optional, [true, true, false, false]);
}
