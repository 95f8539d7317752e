const _: () = {
    use ::orm::derive_support as o;
    impl PartnerTax {
        ///The number that they gave.
        pub const INN: o::Column<Partner, Option<String>> = o::Column::new("inn");
        ///The field `kpp`.
        pub const KPP: o::Column<Partner, Option<String>> = o::Column::new("kpp");
        ///The field `rating`.
        pub const RATING: o::Column<Partner, i16> = o::Column::new("rating");
        ///The field `office`.
        pub const OFFICE: o::Column<Partner, Option<Many2One<Office>>> = o::Column::new(
            "office",
        );
    }
    static DEF: o::ExtendDef = o::ExtendDef {
        fields: &[
            o::FieldDef {
                help: "The number that they gave.",
                max: o::Some(12),
                ..o::added_field::<Option<String>>("inn", "inn_id", "inn_ids", "inn_ref")
            },
            o::added_field::<Option<String>>("kpp", "kpp_id", "kpp_ids", "kpp_ref"),
            o::FieldDef {
                default: o::Some(|| o::assigned::<i16>(5)),
                read: &["taxes.clerk"],
                ..o::field::<i16>("rating", "rating_id", "rating_ids", "rating_ref")
            },
            o::added_field::<
                Option<Many2One<Office>>,
            >("office", "office_id", "office_ids", "office_ref"),
        ],
        unique: &[&["inn", "kpp"]],
        unique_unless_archived: &[&["inn"]],
        defaults: &[
            o::AddedDefault {
                field: Partner::KIND.name(),
                value: || o::assigned_to(Partner::KIND, PartnerKind::Company),
            },
        ],
        check: o::Some(|model, row, invalid| o::of_extended::<
            PartnerTax,
        >(judge, model, row, invalid)),
        before: o::Some(|session, raw| o::boxed(async move {
            let mut set = o::ChangeSet::<Partner>::of(raw);
            o::said(hooks::prepare(session, &mut set).await)?;
            o::Ok(set.into_raw())
        })),
        ..o::ExtendDef::of::<Partner>("PartnerTax", o::env!("CARGO_CRATE_NAME"))
    };
    impl o::Extension for PartnerTax {
        type Model = Partner;
        fn def() -> &'static o::ExtendDef {
            &DEF
        }
        fn read(cells: &mut o::Cells<'_>) -> o::Result<Self> {
            o::Ok(Self {
                inn: cells.take()?,
                kpp: cells.take()?,
                rating: cells.take()?,
                office: cells.take()?,
            })
        }
    }
    o::inventory::submit! {
        o::RegisteredExtension(< PartnerTax as o::Extension > ::def)
    }
};
