const _: () = {
    use ::orm::derive_support as o;
    impl o::Selection for PartnerKind {
        const DEF: &'static o::SelectionDef = &o::SelectionDef {
            name: "PartnerKind",
            choices: &[
                o::SelectionChoice {
                    value: "person",
                    label: "Person",
                },
            ],
            is_open: true,
        };
        fn of(value: &str) -> o::Option<Self> {
            match value {
                "person" => o::Some(Self::Person),
                _ => o::added_choice(<Self as o::Selection>::DEF, value).map(Self::Other),
            }
        }
        fn as_str(self) -> &'static str {
            match self {
                Self::Person => "person",
                Self::Other(it) => o::Choice::as_str(it),
            }
        }
    }
    impl o::OpenSelection for PartnerKind {}
    impl o::FieldType for PartnerKind {
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
    impl o::Writable for PartnerKind {}
    impl o::Plain for PartnerKind {}
    impl o::Comparable for PartnerKind {}
};
