//! Extensions stand wherever models do, and leave no warning behind.

#![deny(warnings, missing_docs, unused_qualifications, unreachable_pub)]

use orm::{Extend, Extension, Id, Many2Many, Many2One, Model, Selection};

/// A module with a model.
pub mod partners {
    use orm::{Choice, Model, Selection};

    /// Somebody.
    #[derive(Model)]
    #[model(table = "ui_partners", archivable)]
    pub struct Partner {
        /// Their name.
        pub name: String,
        /// What they are.
        pub kind: PartnerKind,
        /// Whether it is still there.
        #[field(default = true)]
        pub active: bool,
    }

    /// What somebody is.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Selection)]
    #[selection(open)]
    pub enum PartnerKind {
        /// One.
        Person,
        /// What others know.
        Other(Choice),
    }
}

/// Fields of every sort.
#[derive(Extend)]
#[extend(partners::Partner, default(kind = partners::PartnerKind::Person))]
pub struct PartnerTax {
    /// A number.
    #[field(max = 12, unique = "unless archived")]
    pub inn: Option<String>,
    #[field(default = 5)]
    rating: i16,
    keeper: Option<Many2One<partners::Partner>>,
    friends: Many2Many<partners::Partner>,
    size: Option<Size>,
}

#[derive(Clone, Copy, Selection)]
enum Size {
    Small,
}

/// Has no field.
#[derive(Extend)]
#[extend(partners::Partner)]
pub struct Nothing {}

#[derive(Extend)]
#[extend(partners::Partner::KIND)]
enum SupplyKind {
    Supplier,
}

#[test]
fn an_extension_is_data_of_its_model() {
    let def = PartnerTax::def();
    assert_eq!((def.model)().table, partners::Partner::def().table);
    let nullable: Vec<_> = def.fields.iter().map(|it| (it.key, it.nullable)).collect();
    let expected = [
        ("inn", true),
        ("rating", false),
        ("keeper_id", true),
        ("friend_ids", false),
        ("size", true),
    ];
    assert_eq!(nullable, expected);
    assert_eq!(def.unique_unless_archived, [["inn"]]);
    assert_eq!(def.defaults[0].field, "kind");
}

#[test]
fn a_choice_is_a_pattern() {
    let kind = <partners::PartnerKind as Selection>::of("supplier").unwrap();
    assert!(matches!(kind, partners::PartnerKind::Other(SupplyKind::SUPPLIER)));
    assert_eq!(kind.as_str(), "supplier");
    assert_eq!(<partners::PartnerKind as Selection>::of("ghost"), None);
}

#[test]
fn its_columns_are_set_and_compared_as_the_models_own() {
    let _ = partners::Partner::NAME.eq("x").and(PartnerTax::RATING.gte(3));
    let friend: Id<partners::Partner> = Id::new(1);
    let _ = [PartnerTax::INN.set("x"), PartnerTax::FRIENDS.add(&[friend])];
    let tax = PartnerTax {
        inn: None,
        rating: 1,
        keeper: None,
        friends: Many2Many::default(),
        size: Some(Size::Small),
    };
    let _ = (tax.rating, tax.keeper.is_none(), tax.friends, tax.size.is_some(), Nothing {});
    assert!(tax.inn.is_none() && Nothing::def().fields.is_empty());
}
