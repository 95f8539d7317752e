//! A small shop, whose records follow from one another.

use orm::{
    ChangeSet, Changed, Computed, Decimal, Id, Invalid, Many, Many2Many, Many2One, Model, ModelDef,
    One2Many, Result, RoundingStrategy, Session, Value,
};

pub(crate) fn models() -> [&'static ModelDef; 5] {
    [Account::def(), Order::def(), OrderLine::def(), Rate::def(), Label::def()]
}

/// Whoever orders.
#[derive(Debug, Model)]
#[model(table = "accounts", display = "name")]
pub(crate) struct Account {
    pub name: String,
    #[field(inverse = "account")]
    pub orders: One2Many<Order>,
    /// Over two relations.
    #[field(compute = sum(orders.lines.subtotal), stored, scale = 2)]
    pub turnover: Computed<Decimal>,
    /// At every read.
    #[field(compute = initial(name, turnover))]
    pub initial: Computed<String>,
    /// Over what itself follows from others.
    #[field(compute = largest(orders.gross), stored, scale = 2)]
    pub largest: Computed<Option<Decimal>>,
}

/// An order with its sums.
#[derive(Debug, Model)]
#[model(table = "orders", display = "name", check = is_named, check_change = stays_with_account)]
pub(crate) struct Order {
    pub name: String,
    #[field(on_delete = "set_null")]
    pub account: Option<Many2One<Account>>,
    #[field(inverse = "order")]
    pub lines: One2Many<OrderLine>,
    pub labels: Many2Many<Label>,
    #[field(compute = sum(lines.subtotal), stored, scale = 2)]
    pub net: Computed<Decimal>,
    #[field(compute = sum(lines.tax), stored, scale = 2)]
    pub tax: Computed<Decimal>,
    #[field(compute = gross(net, tax), stored, scale = 2)]
    pub gross: Computed<Decimal>,
    #[field(compute = heaviest(labels.weight), stored)]
    pub weight: Computed<Option<i32>>,
    #[field(sql = "{net} + {tax}", scale = 2)]
    pub total: Computed<Decimal>,
}

/// A line of an order.
#[derive(Debug, Model)]
#[model(table = "order_lines", child_of = "order", touch, before = reward, onchange = fill_in)]
pub(crate) struct OrderLine {
    pub order: Many2One<Order>,
    #[field(scale = 3, min = 0)]
    pub qty: Decimal,
    #[field(scale = 2)]
    pub price: Decimal,
    #[field(on_delete = "set_null")]
    pub rate: Option<Many2One<Rate>>,
    #[field(compute = subtotal(qty, price), stored, scale = 2)]
    pub subtotal: Computed<Decimal>,
    #[field(compute = tax(subtotal, rate.percent), stored, scale = 2)]
    pub tax: Computed<Decimal>,
}

/// How much of it is tax.
#[derive(Debug, Model)]
#[model(table = "rates", display = "name")]
pub(crate) struct Rate {
    pub name: String,
    #[field(scale = 2)]
    pub percent: Decimal,
}

/// What sticks on orders.
#[derive(Debug, Model)]
#[model(table = "labels", display = "name")]
pub(crate) struct Label {
    pub name: String,
    pub weight: i32,
    #[field(inverse = "labels")]
    pub orders: Many2Many<Order>,
}

/// Whoever enters a rate and no price yet gets ten; and is told when it is much.
async fn fill_in(session: &Session, set: &mut ChangeSet<OrderLine>) -> Result<()> {
    let [mut wants_price, mut is_much] = [false; 2];
    if let Some(line) = set.iter().next() {
        wants_price = line.names(OrderLine::RATE) && line.given(OrderLine::PRICE).is_none();
        if let Some(id) = line.given(OrderLine::RATE).and_then(Value::as_int) {
            is_much = Rate::find(session, id).await?.percent > Decimal::from(50);
        }
    }
    if wants_price {
        set.set(|| OrderLine::PRICE.set(Decimal::TEN));
    }
    if is_much {
        set.warn("much");
    }
    Ok(())
}

/// Whoever orders a dozen gets one more, for 1.
async fn reward(session: &Session, set: &ChangeSet<OrderLine>) -> Result<()> {
    let dozen = Value::Decimal(Decimal::from(12));
    for line in set.iter().filter(|it| it.value(OrderLine::QTY) == Some(&dozen)) {
        if let Some(order) = line.given(OrderLine::ORDER).and_then(Value::as_int) {
            let order = OrderLine::ORDER.set(Id::new(order));
            let [one, price] = [OrderLine::QTY, OrderLine::PRICE].map(|it| it.set(Decimal::ONE));
            OrderLine::create(session, [order, one, price]).await?;
        }
    }
    Ok(())
}

fn sum(values: Many<Decimal>) -> Decimal {
    values.into_iter().sum()
}

/// The first letter, and how many thousands; without a name there is no letter to take.
fn initial(name: String, turnover: Decimal) -> String {
    let mut initial = name;
    initial.truncate(1);
    assert!(!initial.is_empty(), "without a name there is no letter");
    initial + &turnover.trunc().to_string().len().to_string()
}

fn largest(values: Many<Decimal>) -> Option<Decimal> {
    values.into_iter().max()
}

fn heaviest(weights: Many<i32>) -> Option<i32> {
    weights.into_iter().max()
}

fn gross(net: Decimal, tax: Decimal) -> Decimal {
    net + tax
}

fn subtotal(qty: Decimal, price: Decimal) -> Decimal {
    rounded(qty * price)
}

fn tax(subtotal: Decimal, percent: Option<Decimal>) -> Decimal {
    rounded(subtotal * percent.unwrap_or_default() / Decimal::ONE_HUNDRED)
}

fn rounded(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

fn is_named(order: &Order, invalid: &mut Invalid) {
    if order.name.is_empty() {
        invalid.field(Order::NAME, "required");
    }
    if *order.gross > Decimal::from(1_000_000) {
        invalid.record("check");
    }
}

fn stays_with_account(change: &Changed<'_, Order>, invalid: &mut Invalid) {
    let account = change.old().and_then(|it| it.account.as_ref());
    let is_kept = account.map(Many2One::id) == change.new().account.as_ref().map(Many2One::id);
    if account.is_some() && change.names(Order::ACCOUNT) && !is_kept {
        invalid.field(Order::ACCOUNT, "read_only");
    }
}
