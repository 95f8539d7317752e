const _: () = {
    use ::orm::derive_support as o;
    impl OrderLine {
        ///The field `order`.
        pub const ORDER: o::Column<Self, Many2One<Order>> = o::Column::new("order");
        ///The field `position`.
        pub const POSITION: o::Column<Self, i16> = o::Column::new("position");
        ///The field `active`.
        pub const ACTIVE: o::Column<Self, bool> = o::Column::new("active");
        ///The field `company`.
        pub const COMPANY: o::Column<Self, Option<Many2One<Company>>> = o::Column::new(
            "company",
        );
        ///The field `number`.
        pub const NUMBER: o::Column<Self, Option<String>> = o::Column::new("number");
        ///The field `title`.
        pub const TITLE: o::Column<Self, Option<String>> = o::Column::new("title");
        ///The field `code`.
        pub const CODE: o::Column<Self, Secret> = o::Column::new("code");
        ///The field `owner`.
        pub const OWNER: o::Column<Self, Option<Many2One<User>>> = o::Column::new(
            "owner",
        );
        ///The field `implies`.
        pub const IMPLIES: o::Column<Self, Many2Many<OrderLine>> = o::Column::new(
            "implies",
        );
        ///The field `roles`.
        pub const ROLES: o::Column<Self, Many2Many<Role>> = o::Column::new("roles");
        ///The field `subject`.
        pub const SUBJECT: o::Column<Self, Option<AnyRecord>> = o::Column::new(
            "subject",
        );
    }
    static DEF: o::ModelDef = o::ModelDef {
        help: "One line of an order: what, and how much of it.\n\nLines belong to their order.",
        display: o::Some("title"),
        order: "-position,order_id",
        fields: &[
            o::FieldDef {
                on_delete: o::OnDelete::Cascade,
                ..o::field::<
                    Many2One<Order>,
                >("order", "order_id", "order_ids", "order_ref")
            },
            o::FieldDef {
                label: o::Some("Place"),
                min: o::Some(-5),
                max: o::Some(5),
                default: o::Some(|| o::assigned::<i16>(0)),
                index: true,
                ..o::field::<
                    i16,
                >("position", "position_id", "position_ids", "position_ref")
            },
            o::FieldDef {
                default: o::Some(|| o::assigned::<bool>(true)),
                ..o::field::<bool>("active", "active_id", "active_ids", "active_ref")
            },
            o::field::<
                Option<Many2One<Company>>,
            >("company", "company_id", "company_ids", "company_ref"),
            o::field::<
                Option<String>,
            >("number", "number_id", "number_ids", "number_ref"),
            o::FieldDef {
                unique: true,
                search: true,
                heavy: true,
                ..o::field::<
                    Option<String>,
                >("title", "title_id", "title_ids", "title_ref")
            },
            o::FieldDef {
                seal: o::Some(|text| o::sealed(hashing::seal(text))),
                ..o::field::<Secret>("code", "code_id", "code_ids", "code_ref")
            },
            o::FieldDef {
                on_delete: o::OnDelete::SetNull,
                read: &["sales.user", "sales.manager"],
                ..o::field::<
                    Option<Many2One<User>>,
                >("owner", "owner_id", "owner_ids", "owner_ref")
            },
            o::FieldDef {
                inverse: o::Some("implied_by"),
                ..o::field::<
                    Many2Many<OrderLine>,
                >("implies", "implies_id", "implies_ids", "implies_ref")
            },
            o::FieldDef {
                keeps: true,
                ..o::field::<
                    Many2Many<Role>,
                >("roles", "roles_id", "role_ids", "roles_ref")
            },
            o::FieldDef {
                targets: &["products", "partners"],
                ..o::field::<
                    Option<AnyRecord>,
                >("subject", "subject_id", "subject_ids", "subject_ref")
            },
        ],
        unique: &[&["order", "position"], &["title", "code"]],
        unique_unless_archived: &[&["title", "owner"], &["number"]],
        sql_checks: &[
            o::SqlCheck {
                name: "places",
                expression: "position > 0",
            },
            o::SqlCheck {
                name: "code",
                expression: "title <> ''",
            },
        ],
        is_archivable: true,
        company_owned: o::Some("company"),
        scope_index: &["owner"],
        child_of: o::Some(o::ChildOf {
            field: "order",
            touch: true,
        }),
        is_private: true,
        routes: o::RouteSet::Reading,
        signal: o::Some("orders"),
        options: &["force"],
        before: o::Some(|session, raw| o::boxed(async move {
            let mut set = o::ChangeSet::<OrderLine>::of(raw);
            o::said(guard(session, &mut set).await)?;
            o::Ok(set.into_raw())
        })),
        after: o::Some(|session, raw| o::boxed(async move {
            let set = o::ChangeSet::<OrderLine>::of(raw);
            o::said(rules::check(session, &set).await)?;
            o::Ok(set.into_raw())
        })),
        after_commit: o::Some(|session, raw| o::boxed(async move {
            let mut set = o::ChangeSet::<OrderLine>::of(raw);
            o::said(tell(session, &mut set).await)?;
            o::Ok(set.into_raw())
        })),
        history: o::Some(o::Retention::Days(30u32)),
        ..o::ModelDef::new("OrderLine", "order_lines", o::env!("CARGO_CRATE_NAME"))
    };
    impl o::Model for OrderLine {
        fn def() -> &'static o::ModelDef {
            &DEF
        }
        fn read(cells: &mut o::Cells<'_>) -> o::Result<Self> {
            o::Ok(Self {
                order: cells.take()?,
                position: cells.take()?,
                active: cells.take()?,
                company: cells.take()?,
                number: cells.take()?,
                title: cells.take()?,
                code: cells.take()?,
                owner: cells.take()?,
                implies: cells.take()?,
                roles: cells.take()?,
                subject: cells.take()?,
            })
        }
    }
    o::inventory::submit! {
        o::Registered(< OrderLine as o::Model > ::def)
    }
};
