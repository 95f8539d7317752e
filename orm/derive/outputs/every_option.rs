const _: () = {
    use ::orm::derive_support as o;
    impl OrderLine {
        ///The field `order`.
        pub const ORDER: o::Column<Self, Many2One<Order>> = o::Column::new("order");
        ///The field `position`.
        pub const POSITION: o::Column<Self, i16> = o::Column::new("position");
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
    }
    static DEF: o::ModelDef = o::ModelDef {
        help: "One line of an order: what, and how much of it.\n\nLines belong to their order.",
        display: o::Some("title"),
        order: "-position,order_id",
        fields: &[
            o::FieldDef {
                on_delete: o::OnDelete::Cascade,
                ..o::field::<Many2One<Order>>("order", "order_id", "order_ids")
            },
            o::FieldDef {
                label: o::Some("Place"),
                min: o::Some(-5),
                max: o::Some(5),
                default: o::Some(|| o::assigned::<i16>(0)),
                index: true,
                ..o::field::<i16>("position", "position_id", "position_ids")
            },
            o::FieldDef {
                unique: true,
                search: true,
                heavy: true,
                ..o::field::<Option<String>>("title", "title_id", "title_ids")
            },
            o::FieldDef {
                seal: o::Some(|text| o::sealed(hashing::seal(text))),
                ..o::field::<Secret>("code", "code_id", "code_ids")
            },
            o::FieldDef {
                on_delete: o::OnDelete::SetNull,
                read: &["sales.user", "sales.manager"],
                ..o::field::<Option<Many2One<User>>>("owner", "owner_id", "owner_ids")
            },
            o::FieldDef {
                inverse: o::Some("implied_by"),
                ..o::field::<
                    Many2Many<OrderLine>,
                >("implies", "implies_id", "implies_ids")
            },
            o::FieldDef {
                keeps: true,
                ..o::field::<Many2Many<Role>>("roles", "roles_id", "role_ids")
            },
        ],
        unique: &[&["order", "position"], &["title", "code"]],
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
            let set = o::ChangeSet::<OrderLine>::of(raw);
            o::said(tell(session, &set).await)?;
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
                title: cells.take()?,
                code: cells.take()?,
                owner: cells.take()?,
                implies: cells.take()?,
                roles: cells.take()?,
            })
        }
    }
    o::inventory::submit! {
        o::Registered(< OrderLine as o::Model > ::def)
    }
};
