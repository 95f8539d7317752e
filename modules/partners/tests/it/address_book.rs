//! A few partners of everyone's and those who ask for them, arranged anew for each test.
//!
//! ```text
//! partner         owner   company   part of        contacts
//! Ann's firm      ann     North                    ann-firm@, +7 1
//! Ann's person    ann               Boris's firm   ann-person@
//! Boris's firm    boris   North                    boris-firm@
//! Free firm                                        free-firm@
//! Southern firm           South                    (none)
//! ```

use artel_testing::{Client, TestApp, seen};
use orm::{Change, Id, Model};
use partners::{Contact, ContactKind, Partner, PartnerKind};
use users::{Company, User};

pub(crate) const PARTNERS: &str = "/api/v1/partners";
pub(crate) const CONTACTS: &str = "/api/v1/contacts";

pub(crate) struct AddressBook {
    pub(crate) app: TestApp,
    /// Users of North.
    pub(crate) ann: Client,
    pub(crate) boris: Client,
    /// Manager of North.
    pub(crate) diana: Client,
    /// Manager of South.
    pub(crate) clara: Client,
    /// Has no role of their own.
    pub(crate) grace: Client,
    pub(crate) admin: Client,
    pub(crate) south: Id<Company>,
    pub(crate) ann_firm: Id<Partner>,
    pub(crate) ann_person: Id<Partner>,
    pub(crate) boris_firm: Id<Partner>,
    pub(crate) free_firm: Id<Partner>,
    pub(crate) southern_firm: Id<Partner>,
}

impl AddressBook {
    pub(crate) async fn arrange() -> Self {
        let app = TestApp::start(&[auth_token::MODULE, partners::MODULE]).await;
        let session = app.session();
        let company = async |name: &str| {
            Company::create(&session, [Company::NAME.set(name)]).await.unwrap().id()
        };
        let (north, south) = (company("North").await, company("South").await);
        let user = async |login: &str, roles: &[&str], company: Id<Company>| {
            app.user(login).await;
            let id = id_of(&app, login).await;
            User::update(&session, id, [User::COMPANY.set(company)]).await.unwrap();
            app.user_with(login, roles).await
        };
        let ann = user("ann", &["partners.user"], north).await;
        let boris = user("boris", &["partners.user"], north).await;
        let diana = user("diana", &["partners.manager"], north).await;
        let clara = user("clara", &["partners.manager"], south).await;
        let grace = app.user("grace").await;
        let admin = app.admin().await;

        let partner = async |name: &str, more: Vec<Change<Partner>>| {
            let mut changes =
                vec![Partner::NAME.set(name), Partner::KIND.set(PartnerKind::Company)];
            changes.extend(more);
            Partner::create(&session, changes).await.unwrap().id()
        };
        let (of_ann, of_boris) = (id_of(&app, "ann").await, id_of(&app, "boris").await);
        let of = |owner, company| vec![Partner::OWNER.set(owner), Partner::COMPANY.set(company)];
        let ann_firm = partner("Ann's firm", of(of_ann, north)).await;
        let boris_firm = partner("Boris's firm", of(of_boris, north)).await;
        let free_firm = partner("Free firm", vec![]).await;
        let southern_firm = partner("Southern firm", vec![Partner::COMPANY.set(south)]).await;
        let person = vec![
            Partner::KIND.set(PartnerKind::Person),
            Partner::OWNER.set(of_ann),
            Partner::PARENT.set(boris_firm),
        ];
        let ann_person = partner("Ann's person", person).await;

        let contact = async |partner: Id<Partner>, kind: ContactKind, value: &str| {
            let changes = [
                Contact::PARTNER.set(partner),
                Contact::KIND.set(kind),
                Contact::VALUE.set(value),
                Contact::IS_PRIMARY.set(kind == ContactKind::Email),
            ];
            Contact::create(&session, changes).await.unwrap();
        };
        contact(ann_firm, ContactKind::Email, "ann-firm@example.com").await;
        contact(ann_firm, ContactKind::Phone, "+7 1").await;
        contact(ann_person, ContactKind::Email, "ann-person@example.com").await;
        contact(boris_firm, ContactKind::Email, "boris-firm@example.com").await;
        contact(free_firm, ContactKind::Email, "free-firm@example.com").await;
        Self {
            app,
            ann,
            boris,
            diana,
            clara,
            grace,
            admin,
            south,
            ann_firm,
            ann_person,
            boris_firm,
            free_firm,
            southern_firm,
        }
    }

    /// The key of a user.
    pub(crate) async fn user(&self, login: &str) -> i64 {
        id_of(&self.app, login).await.get()
    }

    /// Lets somebody work for South, beside the company that they work for now.
    pub(crate) async fn also_works_for_south(&self, login: &str) {
        let user = id_of(&self.app, login).await;
        let session = self.app.session();
        User::update(&session, user, [User::COMPANIES.add(&[self.south])]).await.unwrap();
    }

    /// Everyone who may ask, with the partners that they see, by name.
    pub(crate) fn everyone(&self) -> [(&Client, &'static str); 5] {
        [
            (&self.ann, "Ann's firm, Ann's person, Free firm"),
            (&self.boris, "Boris's firm, Free firm"),
            (&self.diana, "Ann's firm, Ann's person, Boris's firm, Free firm"),
            (&self.clara, "Ann's person, Free firm, Southern firm"),
            (&self.admin, "Ann's firm, Ann's person, Boris's firm, Free firm, Southern firm"),
        ]
    }

    /// The records of a collection that somebody sees by every path, as `key` names them.
    pub(crate) async fn seen(&self, client: &Client, collection: &str, key: &str) -> String {
        let all = self.admin.get(&format!("/api/v1/{collection}?sort=id&limit=1000")).await;
        let all = all.expect(200).column("id");
        let all: Vec<i64> = all.split(", ").map(|it| it.parse().unwrap()).collect();
        let seen = seen(client, collection, &all).await;
        let known: Vec<String> = seen.iter().map(i64::to_string).collect();
        let path = format!("/api/v1/{collection}?sort={key}&id[in]={}", known.join(","));
        client.get(&path).await.expect(200).column(key)
    }
}

/// The path of a partner.
pub(crate) fn path(partner: Id<Partner>) -> String {
    format!("{PARTNERS}/{}", partner.get())
}

async fn id_of(app: &TestApp, login: &str) -> Id<User> {
    let found = User::query(&app.session()).filter(User::LOGIN.eq(login)).first().await;
    found.unwrap().unwrap().id()
}
