//! A model may point at itself, by its name or as `Self`.

use orm::{Id, Many2One, Model, One2Many};

#[derive(Debug, Model)]
#[model(table = "categories", display = "name", order = "parent, name", unique = "parent, name")]
pub struct Category {
    pub name: String,
    pub parent: Option<Many2One<Self>>,
    #[expect(clippy::use_self, reason = "both spellings lead to the same model")]
    pub root: Option<Many2One<Category>>,
    #[field(inverse = "parent")]
    pub children: One2Many<Self>,
}

#[test]
fn a_model_points_at_itself() {
    Category::PARENT.set(Id::<Category>::new(1));
    Category::PARENT.to(Category::ROOT).to(Category::NAME).eq("Books");
    Category::CHILDREN.none(Category::NAME.eq("Maps"));

    let keys: Vec<_> = Category::def().fields.iter().map(|it| it.key).collect();
    assert_eq!(keys, ["name", "parent_id", "root_id", "children_ids"]);
    assert_eq!(Category::def().order, "parent,name");
    assert_eq!(Category::def().unique, [["parent", "name"]]);
}
