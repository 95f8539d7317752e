//! A few leads of everyone's and those who ask for them, arranged anew for each test.
//!
//! ```text
//! lead           owner   stage   team    partner (its owner)      amount
//! Ann's lead     ann     new     North   Boris's firm (boris)     100.00
//! Boris's lead   boris   won     North   Free firm                300.00
//! Free lead              new                                      (none)
//! ```
//!
//! Boris's firm is a part of Free firm; the team North is Ann and Boris.

use artel_testing::{Client, TestApp, seen};
use leads::{Lead, LeadKind, LeadStage, Team};
use orm::{Change, Decimal, Id, Model};
use partners::Partner;
use users::User;

pub(crate) const LEADS: &str = "/api/v1/leads";

pub(crate) struct Funnel {
    pub(crate) app: TestApp,
    /// `leads.user`, and sees own and free partners.
    pub(crate) ann: Client,
    /// `leads.user`, and may not read partners.
    pub(crate) boris: Client,
    /// `leads.manager`, and sees every partner.
    pub(crate) diana: Client,
    /// `leads.guest`: a grant, and no rule.
    pub(crate) fedor: Client,
    /// Has no role of their own.
    pub(crate) grace: Client,
    pub(crate) admin: Client,
    pub(crate) new: Id<LeadStage>,
    pub(crate) won: Id<LeadStage>,
    pub(crate) boris_firm: Id<Partner>,
    pub(crate) free_firm: Id<Partner>,
    pub(crate) ann_lead: Id<Lead>,
    pub(crate) boris_lead: Id<Lead>,
    pub(crate) free_lead: Id<Lead>,
}

impl Funnel {
    pub(crate) async fn arrange() -> Self {
        let app = TestApp::start(&[auth_token::MODULE, leads::MODULE]).await;
        let ann = app.user_with("ann", &["leads.user", "partners.user"]).await;
        let boris = app.user_with("boris", &["leads.user"]).await;
        let diana = app.user_with("diana", &["leads.manager", "partners.manager"]).await;
        let fedor = app.user_with("fedor", &["leads.guest"]).await;
        let grace = app.user("grace").await;
        let admin = app.admin().await;
        let session = app.session();
        let (of_ann, of_boris) = (id_of(&app, "ann").await, id_of(&app, "boris").await);

        let stages = LeadStage::query(&session).order(LeadStage::SEQUENCE).all().await.unwrap();
        let (new, won) = (stages[0].id(), stages[3].id());
        let team = [Team::NAME.set("North"), Team::MEMBERS.add(&[of_ann, of_boris])];
        let team = Team::create(&session, team).await.unwrap().id();

        let partner = async |changes: Vec<Change<Partner>>| {
            Partner::create(&session, changes).await.unwrap().id()
        };
        let free_firm = partner(vec![Partner::NAME.set("Free firm")]).await;
        let boris_firm = partner(vec![
            Partner::NAME.set("Boris's firm"),
            Partner::OWNER.set(of_boris),
            Partner::PARENT.set(free_firm),
        ])
        .await;

        let lead =
            async |changes: Vec<Change<Lead>>| Lead::create(&session, changes).await.unwrap().id();
        let ann_lead = lead(vec![
            Lead::NAME.set("Ann's lead"),
            Lead::STAGE.set(new),
            Lead::OWNER.set(of_ann),
            Lead::TEAM.set(team),
            Lead::PARTNER.set(boris_firm),
            Lead::AMOUNT.set(Decimal::from(100)),
        ])
        .await;
        let boris_lead = lead(vec![
            Lead::NAME.set("Boris's lead"),
            Lead::KIND.set(LeadKind::Opportunity),
            Lead::STAGE.set(won),
            Lead::OWNER.set(of_boris),
            Lead::TEAM.set(team),
            Lead::PARTNER.set(free_firm),
            Lead::AMOUNT.set(Decimal::from(300)),
        ])
        .await;
        let free_lead = lead(vec![Lead::NAME.set("Free lead"), Lead::STAGE.set(new)]).await;
        Self {
            app,
            ann,
            boris,
            diana,
            fedor,
            grace,
            admin,
            new,
            won,
            boris_firm,
            free_firm,
            ann_lead,
            boris_lead,
            free_lead,
        }
    }

    /// The key of a user.
    pub(crate) async fn user(&self, login: &str) -> i64 {
        id_of(&self.app, login).await.get()
    }

    /// The leads that somebody sees by every path.
    pub(crate) async fn seen(&self, client: &Client) -> Vec<Id<Lead>> {
        let all = [self.ann_lead, self.boris_lead, self.free_lead].map(Id::get);
        seen(client, "leads", &all).await.into_iter().map(Id::new).collect()
    }

    /// The names that a query finds, the latest first, in one statement.
    pub(crate) async fn found(&self, client: &Client, query: &str) -> String {
        let found = client.get(&format!("{LEADS}?{query}")).await.expect(200);
        assert_eq!(found.statements(), 1, "{query}");
        found.column("name")
    }
}

/// The path of a lead.
pub(crate) fn path(lead: Id<Lead>) -> String {
    format!("{LEADS}/{}", lead.get())
}

async fn id_of(app: &TestApp, login: &str) -> Id<User> {
    let found = User::query(&app.session()).filter(User::LOGIN.eq(login)).first().await;
    found.unwrap().unwrap().id()
}
