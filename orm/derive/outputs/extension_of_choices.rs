const _: () = {
    use ::orm::derive_support as o;
    impl SupplyKind {
        ///Sells to us.
        pub const SUPPLIER: o::Choice = o::Choice("supplier");
        ///The choice `lorry`.
        pub const HIRED_CARRIER: o::Choice = o::Choice("lorry");
    }
    const _: [SupplyKind; 2usize] = [SupplyKind::Supplier, SupplyKind::HiredCarrier];
    static DEF: o::ExtendDef = o::ExtendDef::of_choices(
        "SupplyKind",
        o::env!("CARGO_CRATE_NAME"),
        partners::Partner::KIND,
        &[
            o::SelectionChoice {
                value: "supplier",
                label: "Supplier",
            },
            o::SelectionChoice {
                value: "lorry",
                label: "Carrier, hired",
            },
        ],
    );
    o::inventory::submit! {
        o::RegisteredExtension(|| & DEF)
    }
};
