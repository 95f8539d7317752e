const _: () = {
    use ::orm::derive_support as o;
    impl Product {
        ///As it stands on orders and price lists.
        pub const NAME: o::Column<Self, String> = o::Column::new("name");
        ///The field `sku`.
        pub const SKU: o::Column<Self, Option<String>> = o::Column::new("sku");
        ///The field `kind`.
        pub const KIND: o::Column<Self, ProductKind> = o::Column::new("kind");
        ///The field `price`.
        pub const PRICE: o::Column<Self, Decimal> = o::Column::new("price");
        ///What one unit costs us.
        pub const COST: o::Column<Self, Option<Decimal>> = o::Column::new("cost");
        ///The field `unit`.
        pub const UNIT: o::Column<Self, Many2One<Unit>> = o::Column::new("unit");
        ///The field `category`.
        pub const CATEGORY: o::Column<Self, Option<Many2One<Category>>> = o::Column::new(
            "category",
        );
        ///The field `tags`.
        pub const TAGS: o::Column<Self, Many2Many<Tag>> = o::Column::new("tags");
        ///The field `prices`.
        pub const PRICES: o::Column<Self, One2Many<PriceRule>> = o::Column::new(
            "prices",
        );
        ///The field `active`.
        pub const ACTIVE: o::Column<Self, bool> = o::Column::new("active");
    }
    static DEF: o::ModelDef = o::ModelDef {
        help: "A thing or a service the company sells.",
        display: o::Some("name"),
        order: "name",
        fields: &[
            o::FieldDef {
                help: "As it stands on orders and price lists.",
                max: o::Some(200),
                search: true,
                ..o::field::<String>("name", "name_id", "name_ids", "name_ref")
            },
            o::FieldDef {
                max: o::Some(40),
                unique: true,
                ..o::field::<Option<String>>("sku", "sku_id", "sku_ids", "sku_ref")
            },
            o::field::<ProductKind>("kind", "kind_id", "kind_ids", "kind_ref"),
            o::FieldDef {
                min: o::Some(0),
                scale: o::Some(2),
                ..o::field::<Decimal>("price", "price_id", "price_ids", "price_ref")
            },
            o::FieldDef {
                help: "What one unit costs us.",
                scale: o::Some(2),
                read: &["products.manager"],
                write: &["products.manager"],
                ..o::field::<Option<Decimal>>("cost", "cost_id", "cost_ids", "cost_ref")
            },
            o::field::<Many2One<Unit>>("unit", "unit_id", "unit_ids", "unit_ref"),
            o::FieldDef {
                index: true,
                on_delete: o::OnDelete::Restrict,
                ..o::field::<
                    Option<Many2One<Category>>,
                >("category", "category_id", "category_ids", "category_ref")
            },
            o::field::<Many2Many<Tag>>("tags", "tags_id", "tag_ids", "tags_ref"),
            o::FieldDef {
                inverse: o::Some("product"),
                ..o::field::<
                    One2Many<PriceRule>,
                >("prices", "prices_id", "price_ids", "prices_ref")
            },
            o::FieldDef {
                default: o::Some(|| o::assigned::<bool>(true)),
                ..o::field::<bool>("active", "active_id", "active_ids", "active_ref")
            },
        ],
        ..o::ModelDef::new("Product", "products", o::env!("CARGO_CRATE_NAME"))
    };
    impl o::Model for Product {
        fn def() -> &'static o::ModelDef {
            &DEF
        }
        fn read(cells: &mut o::Cells<'_>) -> o::Result<Self> {
            o::Ok(Self {
                name: cells.take()?,
                sku: cells.take()?,
                kind: cells.take()?,
                price: cells.take()?,
                cost: cells.take()?,
                unit: cells.take()?,
                category: cells.take()?,
                tags: cells.take()?,
                prices: cells.take()?,
                active: cells.take()?,
            })
        }
    }
    o::inventory::submit! {
        o::Registered(< Product as o::Model > ::def)
    }
};
