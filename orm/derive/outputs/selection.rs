const _: () = {
    use ::orm::derive_support as o;
    impl o::Selection for ProductKind {
        const DEF: &'static o::SelectionDef = &o::SelectionDef {
            name: "ProductKind",
            choices: &[
                o::SelectionChoice {
                    value: "goods",
                    label: "Goods",
                },
                o::SelectionChoice {
                    value: "svc",
                    label: "Service",
                },
                o::SelectionChoice {
                    value: "made_to_order",
                    label: "Made to order",
                },
            ],
            is_open: false,
        };
        fn of(value: &str) -> o::Option<Self> {
            match value {
                "goods" => o::Some(Self::Goods),
                "svc" => o::Some(Self::Service),
                "made_to_order" => o::Some(Self::MadeToOrder),
                _ => o::None,
            }
        }
        fn as_str(self) -> &'static str {
            match self {
                Self::Goods => "goods",
                Self::Service => "svc",
                Self::MadeToOrder => "made_to_order",
            }
        }
    }
    impl o::FieldType for ProductKind {
        type Base = Self;
        type Nullable = o::Option<Self>;
        const KIND: o::Kind = o::Kind::Selection(<Self as o::Selection>::DEF);
        fn take(value: o::Value) -> o::Result<Self> {
            o::take_choice(&value)
        }
        fn give(&self) -> o::Value {
            o::give_choice(self)
        }
    }
    impl o::Writable for ProductKind {}
    impl o::Plain for ProductKind {}
    impl o::Comparable for ProductKind {}
};
