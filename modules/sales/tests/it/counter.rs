//! A few sales of everyone's and those who ask for them, arranged anew for each test.
//!
//! ```text
//! sale            owner   company
//! Ann's sale      ann     North
//! Boris's sale    boris   North
//! Free sale               North
//! Nobody's sale           (none)
//! Southern sale           South
//! ```
//!
//! All of them to Free firm, and none has lines. A lamp costs 40.00 a piece.

use artel_testing::{Client, Reply, TestApp, seen};
use orm::{Change, Decimal, Id, Model};
use partners::Partner;
use products::{Product, Unit};
use sales::Sale;
use serde_json::{Value, json};
use users::{Company, User};

pub(crate) const SALES: &str = "/api/v1/sales";
pub(crate) const LINES: &str = "/api/v1/sale_lines";

pub(crate) struct Counter {
    pub(crate) app: TestApp,
    /// `sales.user` of North.
    pub(crate) ann: Client,
    pub(crate) boris: Client,
    /// `sales.manager` of North.
    pub(crate) diana: Client,
    /// `sales.manager` of South.
    pub(crate) clara: Client,
    /// `sales.guest` of North: a grant, and no rule.
    pub(crate) fedor: Client,
    /// Has no role of their own.
    pub(crate) grace: Client,
    pub(crate) admin: Client,
    pub(crate) north: Id<Company>,
    pub(crate) south: Id<Company>,
    pub(crate) partner: Id<Partner>,
    pub(crate) lamp: Id<Product>,
    pub(crate) pieces: Id<Unit>,
    pub(crate) ann_sale: i64,
    pub(crate) boris_sale: i64,
    pub(crate) free_sale: i64,
    pub(crate) nobodys_sale: i64,
    pub(crate) southern_sale: i64,
}

impl Counter {
    pub(crate) async fn arrange() -> Self {
        let app = TestApp::start(&[auth_token::MODULE, sales::MODULE]).await;
        let session = app.session();
        let company = async |name: &str| {
            Company::create(&session, [Company::NAME.set(name)]).await.unwrap().id()
        };
        let (north, south) = (company("North").await, company("South").await);
        let user = async |login: &str, role: &str, company: Id<Company>| {
            app.user(login).await;
            let id = id_of(&app, login).await;
            User::update(&session, id, [User::COMPANY.set(company)]).await.unwrap();
            app.user_with(login, &[role]).await
        };
        let ann = user("ann", "sales.user", north).await;
        let boris = user("boris", "sales.user", north).await;
        let diana = user("diana", "sales.manager", north).await;
        let clara = user("clara", "sales.manager", south).await;
        let fedor = user("fedor", "sales.guest", north).await;
        let (grace, admin) = (app.user("grace").await, app.admin().await);
        let (of_ann, of_boris) = (id_of(&app, "ann").await, id_of(&app, "boris").await);

        let partner =
            Partner::create(&session, [Partner::NAME.set("Free firm")]).await.unwrap().id();
        let pieces = Unit::query(&session).filter(Unit::NAME.contains("pcs")).first().await;
        let pieces = pieces.unwrap().unwrap().id();
        let lamp = [
            Product::NAME.set("Lamp"),
            Product::PRICE.set(Decimal::from(40)),
            Product::UNIT.set(pieces),
        ];
        let lamp = Product::create(&session, lamp).await.unwrap().id();
        let sale = async |more: Vec<Change<Sale>>| {
            let mut changes = vec![Sale::PARTNER.set(partner)];
            changes.extend(more);
            Sale::create(&session, changes).await.unwrap().id().get()
        };
        let ann_sale = sale(vec![Sale::OWNER.set(of_ann), Sale::COMPANY.set(north)]).await;
        let boris_sale = sale(vec![Sale::OWNER.set(of_boris), Sale::COMPANY.set(north)]).await;
        let free_sale = sale(vec![Sale::COMPANY.set(north)]).await;
        let nobodys_sale = sale(vec![]).await;
        let southern_sale = sale(vec![Sale::COMPANY.set(south)]).await;
        Self {
            app,
            ann,
            boris,
            diana,
            clara,
            fedor,
            grace,
            admin,
            north,
            south,
            partner,
            lamp,
            pieces,
            ann_sale,
            boris_sale,
            free_sale,
            nobodys_sale,
            southern_sale,
        }
    }

    /// The key of a user.
    pub(crate) async fn user(&self, login: &str) -> i64 {
        id_of(&self.app, login).await.get()
    }

    /// The sales that somebody sees by every path.
    pub(crate) async fn seen(&self, client: &Client) -> Vec<i64> {
        let all =
            [self.ann_sale, self.boris_sale, self.free_sale, self.nobodys_sale, self.southern_sale];
        seen(client, "sales", &all).await
    }

    /// A new sale of somebody's, with nothing said but this.
    pub(crate) async fn sell(&self, client: &Client, more: Value) -> Reply {
        client.post(SALES, self.body(more)).await
    }

    /// The body of a new sale.
    pub(crate) fn body(&self, more: Value) -> Value {
        with(json!({ "partner_id": self.partner.get() }), more)
    }

    /// A new line of lamps, with nothing said but this.
    pub(crate) async fn line(&self, client: &Client, sale: i64, more: Value) -> Reply {
        let line = json!({ "sale_id": sale, "product_id": self.lamp.get() });
        client.post(LINES, with(line, more)).await
    }
}

/// A body, and what is said besides.
pub(crate) fn with(mut one: Value, more: Value) -> Value {
    let (Value::Object(one_map), Value::Object(more)) = (&mut one, more) else {
        panic!("bodies are objects")
    };
    one_map.extend(more);
    one
}

/// The path of a sale.
pub(crate) fn path(sale: i64) -> String {
    format!("{SALES}/{sale}")
}

/// The path of a line.
pub(crate) fn path_of_line(line: i64) -> String {
    format!("{LINES}/{line}")
}

async fn id_of(app: &TestApp, login: &str) -> Id<User> {
    let found = User::query(&app.session()).filter(User::LOGIN.eq(login)).first().await;
    found.unwrap().unwrap().id()
}
