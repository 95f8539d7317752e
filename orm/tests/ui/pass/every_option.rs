//! Everything that can be said of a model and its fields, and what becomes of it.

use orm::{
    AnyRecord, Decimal, Many2Many, Many2One, Model, OnDelete, One2Many, One2One, Result, RouteSet,
    Secret, Selection, Translated, Value,
};

#[derive(Debug, Clone, Copy, PartialEq, Selection)]
pub enum State {
    Draft,
    #[selection(value = "sent", label = "On its way")]
    SentToCustomer,
}

#[derive(Debug, Model)]
#[model(table = "orders")]
pub struct Order {
    pub state: State,
    #[field(inverse = "order")]
    pub lines: One2Many<OrderLine>,
}

/// One line of an order:
/// what, and how much of it.
///
/// Lines belong to their order.
#[derive(Debug, Model)]
#[model(table = "order_lines", display = "title", order = "-position, order_id, created_at")]
#[model(unique = "order, position", unique = "title, state", scope_index = "order")]
#[model(child_of = "order", touch, private, routes = "reading")]
#[model(signal = "orders", options = "force, quietly")]
#[model(check = hooks::row, check_change = hooks::invalid, before = hooks::raw, after = hooks::set)]
pub struct OrderLine {
    #[field(on_delete = "cascade")]
    pub order: Many2One<Order>,
    /// Where it stands.
    #[field(min = -5, max = 5, default = 1 + 1, index, label = "Place")]
    pub position: i16,
    #[field(unique, search, heavy, max = 80, default = "Line")]
    pub title: Option<String>,
    #[field(default = State::Draft)]
    pub state: State,
    #[field(scale = 3, default = 0)]
    pub quantity: Decimal,
    #[field(seal = hashing::text)]
    pub code: Secret,
    #[field(on_delete = "set_null", read = "sales.user, sales.manager", write = "sales.manager")]
    pub after: Option<Many2One<Self>>,
    #[field(ids = "implies_ids", keeps)]
    pub implies: Many2Many<Self>,
    #[field(targets = "order_lines, orders", read_only)]
    pub subject: Option<AnyRecord>,
    pub twin: Option<One2One<Self>>,
    pub caption: Option<Translated>,
}

mod hooks {
    use super::OrderLine;

    // Called like what the derive itself binds.
    pub(super) fn row(_: &OrderLine, _: &mut orm::Invalid) {}

    pub(super) fn invalid(it: &orm::Changed<'_, OrderLine>, invalid: &mut orm::Invalid) {
        if it.old().is_some() && it.names(OrderLine::TITLE) {
            invalid.field(OrderLine::TITLE, "fixed");
        }
    }

    pub(super) async fn raw(
        _: &orm::Session,
        _: &mut orm::ChangeSet<OrderLine>,
    ) -> super::Result<()> {
        Ok(())
    }

    pub(super) async fn set(
        _: &orm::Session,
        set: &orm::ChangeSet<OrderLine>,
    ) -> super::Result<()> {
        if set.has_option("force") { Ok(()) } else { Err(orm::Error::refused("gentle")) }
    }
}

mod hashing {
    pub(super) async fn text(text: String) -> super::Result<String> {
        Ok(text.to_uppercase())
    }
}

#[test]
fn every_option_is_in_the_description() {
    let def = OrderLine::def();
    assert_eq!(
        def.help,
        "One line of an order: what, and how much of it.\n\nLines belong to their order."
    );
    assert_eq!(
        (def.name, def.table, def.krate),
        ("OrderLine", "order_lines", env!("CARGO_CRATE_NAME"))
    );
    assert_eq!((def.display, def.order), (Some("title"), "-position,order_id,created_at"));
    assert_eq!(def.unique, [["order", "position"], ["title", "state"]]);
    assert_eq!(def.scope_index, ["order"]);
    assert_eq!(def.child_of.map(|it| (it.field, it.touch)), Some(("order", true)));
    assert_eq!((def.is_private, def.routes), (true, RouteSet::Reading));
    assert_eq!((def.signal, def.options), (Some("orders"), &["force", "quietly"][..]));
    assert!(def.before.is_some() && def.after.is_some() && def.check_change.is_some());

    let [order, position, title, state, quantity, code, after, implies, subject, twin, caption] =
        def.fields
    else {
        panic!("{} fields", def.fields.len())
    };
    assert_eq!((order.key, order.on_delete), ("order_id", OnDelete::Cascade));
    assert_eq!((position.help, position.label), ("Where it stands.", Some("Place")));
    assert_eq!((position.min, position.max, position.index), (Some(-5), Some(5), true));
    assert_eq!(position.default.map(|it| it()), Some(Value::Int(2)));
    assert_eq!((title.unique, title.search, title.heavy, title.nullable), (true, true, true, true));
    assert_eq!(title.default.map(|it| it()), Some(Value::Text("Line".to_owned())));
    assert_eq!(state.default.map(|it| it()), Some(Value::Text("draft".to_owned())));
    assert_eq!((quantity.scale, quantity.default.is_some()), (Some(3), true));
    assert!(code.seal.is_some() && code.is_secret());
    assert_eq!(
        (after.read, after.on_delete),
        (&["sales.user", "sales.manager"][..], OnDelete::SetNull)
    );
    assert_eq!(after.write, ["sales.manager"]);
    assert_eq!((implies.name, implies.key, implies.keeps), ("implies", "implies_ids", true));
    assert_eq!((subject.key, subject.targets), ("subject_ref", &["order_lines", "orders"][..]));
    assert_eq!((subject.read_only, twin.read_only), (true, false));
    assert_eq!((twin.key, twin.unique), ("twin_id", true));
    assert_eq!((caption.key, caption.is_translated(), caption.nullable), ("caption", true, true));

    let labels: Vec<_> = State::DEF.choices.iter().map(|it| (it.value, it.label)).collect();
    assert_eq!(labels, [("draft", "Draft"), ("sent", "On its way")]);
    assert_eq!(State::of("sent"), Some(State::SentToCustomer));
    assert_eq!(State::of("lost"), None);
}
